"""Whether the parameters that plans rely on do what the vendor's page says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from provisioner.errors import VendorError
from provisioner.finding import Finding, failed, look, passed, skipped
from provisioner.providers.setster.checkup.shape import Body
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.registry import TABLES
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.sought import listed_objects

PAGE = 100
"""Clients on a page (seed: List Clients)."""
UNUSABLE = "no plan can be made on it: tell us what the vendor answers"


async def employee_flags(session: Session, everyone: Sequence[Body]) -> list[Finding]:
    """`include_links` shows links, and `statuses=all` those who are inactive (seed: List Employees)."""
    check, all_ = "Links in lists", "Inactive people"
    silent = sum("links" not in body for body in everyone)
    shown = passed(check, "include_links=1 is honoured")
    if silent:
        remedy = "links cannot be managed here: every plan would make them anew"
        shown = failed(check, f"include_links=1 shows no links of {silent} of {len(everyone)} employees", remedy)
    active = _ids(await _list(session, "/employee"), "id")
    ids = _ids(everyone, "id")
    if not active <= ids:
        remedy = "inactive people would be made a second time: do not apply"
        return [shown, failed(all_, f"statuses=all leaves out {len(active - ids)} who are listed without it", remedy)]
    if active == ids:
        return [shown, passed(all_, "nobody is inactive, as far as statuses=all shows")]
    return [shown, passed(all_, f"statuses=all shows {len(ids - active)} more")]


async def default_service(session: Session, services: Sequence[Body]) -> list[Finding]:
    """`tmp_default` lists the service that an account came with (seed: List Services)."""
    check, count = "Default service", len(await _list(session, "/service", tmp_default="1"))
    if count < 2:
        return [passed(check, "tmp_default=1 lists one" if count else "tmp_default=1 lists none: it was deleted")]
    all_ = "all " if count == len(services) else ""
    remedy = "do not write `default: true` in a manifest: another service may be taken for it"
    return [failed(check, f"tmp_default=1 lists {all_}{count} services", remedy)]


async def paging(session: Session) -> list[Finding]:
    """`end=all` lists more than a page of clients, and `end=1` one (seed: List Clients)."""
    check = "Paging"
    page = await _list(session, "/client")
    if len(page) < 2:
        return [skipped(check, "there are too few clients to tell")]
    one = await _list(session, "/client", start="0", end="1")
    if len(one) != 1:
        remedy = "nothing relies on short pages, but the page of the vendor is wrong there"
        return [look(check, f"start=0&end=1 lists {len(one)} of the clients", remedy)]
    if len(page) < PAGE:
        return [passed(check, "start and end are honoured; all clients fit on a page")]
    whole = await _list(session, "/client", **TABLES["client"].query)
    if len(whole) > len(page):
        return [passed(check, f"end=all lists {len(whole)} clients, a page {len(page)}")]
    remedy = "unless there are exactly so many, clients behind the first page are not found by large plans"
    return [look(check, f"end=all lists {len(whole)} clients, which is one page", remedy)]


def zones(table: Zones) -> Finding:
    """The vendor's numbers of time zones."""
    check = "Time zones"
    if not table:
        return failed(check, "the list has none that can be read", UNUSABLE)
    known = available_timezones()
    strange = sorted({name for name in table.values() if name not in known})
    if strange:
        remedy = "objects in such a zone cannot be read: ask the vendor what it means"
        return look(check, f"{len(table)} zones, {len(strange)} with names that this computer does not know", remedy)
    return passed(check, f"{len(table)} zones, and every name is known")


async def _list(session: Session, path: str, **params: str) -> Sequence[Any]:
    id_ = next(table.id for table in TABLES.values() if table.path == path)
    try:
        return listed_objects(await session.get(path, session.company_id, **params), id_)
    except VendorError as error:
        raise VendorError(f"{path}: {error}") from None


def _ids(bodies: Sequence[Body], name: str) -> set[str]:
    return {str(body[name]) for body in bodies}
