"""Reading a tenant: one list per kind and account, one request per employee whose hours are managed. Never writes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.errors import VendorError
from provisioner.kinds.live import Evidence, Live
from provisioner.providers.base import Ask
from provisioner.providers.setster import account, hours
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.employee import read_links
from provisioner.providers.setster.listing import read_order
from provisioner.providers.setster.registry import TABLES
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.sought import listed_objects, one, sought, whole
from provisioner.providers.setster.table import Table
from provisioner.stage import stage

Found = dict[tuple[str, str], tuple[Live, ...]]


async def read(session: Session, asks: Sequence[Ask], zones: Zones) -> Evidence:
    """Answer all asks at once; the client bounds how many are in flight."""
    started, before = time.perf_counter(), session.client.traffic.reads
    answers = await asyncio.gather(*(_told(session, ask, zones) for ask in asks))
    objects: dict[tuple[str, str], tuple[Live, ...]] = {}
    for answer in answers:
        for place, found in answer.items():
            objects[place] = _united(objects.get(place, ()), found)
    return Evidence(objects, zones, session.client.traffic.reads - before, time.perf_counter() - started)


def _united(one: tuple[Live, ...], other: tuple[Live, ...]) -> tuple[Live, ...]:
    """Both lists; an object that is in both keeps the roles of both."""
    if not one or not other:
        return one or other
    seen = {live.id: live for live in one}
    for live in other:
        known = seen.get(live.id)
        seen[live.id] = replace(live, roles=live.roles | known.roles) if known else live
    return tuple(seen.values())


async def _told(session: Session, ask: Ask, zones: Zones) -> Found:
    with stage("read", kind=ask.kind, account=ask.scope):
        return await _answer(session, ask, zones)


async def _answer(session: Session, ask: Ask, zones: Zones) -> Found:
    if ask.kind == "account":
        return {("", "account"): await _accounts(session, ask, zones)}
    if ask.parents:
        return await _hours(session, ask)
    table = TABLES[ask.kind]
    if ask.role:
        data = await session.get(table.path, ask.account_id, **table.query, tmp_default="1")
        found = [table.decode(raw, zones) for raw in listed_objects(data)]
        role = frozenset({ask.role})
        return {(ask.scope, ask.kind): tuple(replace(live, roles=role) for live in found[:1])}
    bodies = await sought(session, table, ask)
    objects = tuple(table.decode(raw, zones) for raw in bodies)
    answer: Found = {(ask.scope, ask.kind): objects}
    if order := read_order(ask.kind, objects):
        answer[ask.scope, "order"] = order
    if ask.kind == "employee":
        answer[ask.scope, "link"] = tuple(link for raw in bodies for link in read_links(raw))
    return answer


async def read_list(session: Session, table: Table, account_id: str, zones: Zones) -> dict[str, Live]:
    """The objects of a kind in an account by id, without what comes with them."""
    found = [table.decode(raw, zones) for raw in await whole(session, table, account_id)]
    return {live.id: live for live in found}


async def read_one(session: Session, table: Table, account_id: str, id_: str, zones: Zones) -> dict[str, Live]:
    """One object of a kind that is sought by its id, or none."""
    found = [table.decode(raw, zones) for raw in await one(session, table, account_id, id_)]
    return {live.id: live for live in found}


async def _hours(session: Session, ask: Ask) -> Found:
    lists = await asyncio.gather(*(employee_entries(session, ask.account_id, parent) for parent in ask.parents))
    found = [live for parent, entries in zip(ask.parents, lists, strict=True) for live in hours.decode(parent, entries)]
    raw = tuple(Live("availability", p, refs=(p,), raw=e) for p, e in zip(ask.parents, lists, strict=True))
    return {
        (ask.scope, "hours"): tuple(live for live in found if live.kind == "hours"),
        (ask.scope, "away"): tuple(live for live in found if live.kind == "away"),
        (ask.scope, "availability"): raw,
    }


async def employee_entries(session: Session, account_id: str, employee: str) -> list[Mapping[str, Any]]:
    """An employee's whole list of availability, as it came."""
    data = await session.get(f"/employee/getAvailabilityTime/{employee}", account_id)
    entries = data.get("availabilities", data) if isinstance(data, Mapping) else data
    if entries in (None, {}, ""):
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise VendorError("hours came back in an unknown shape: nothing is planned on them")
    return entries


async def _accounts(session: Session, ask: Ask, zones: Zones) -> tuple[Live, ...]:
    ids = sorted({*ask.known, *(await _sub_accounts(session, set(ask.known)) if ask.whole else ())})
    options = any(name.startswith("options.") for name in ask.fields)

    async def look(ids: Iterable[str]) -> list[Live]:
        return list(await asyncio.gather(*(read_account(session, id_, zones, options=options) for id_ in ids)))

    found = await look(ids)
    missing = {nick.casefold(): name for nick, name in ask.seek.items()}
    if missing:
        for batch in _likely_first(await _sub_accounts(session, set(ids)), set(missing.values())):
            looked = await look(batch)
            found += looked
            for live in looked:
                missing.pop(str(live.fields.get("nick_name")).casefold(), None)
            if not missing:
                break
    return tuple(found)


async def _sub_accounts(session: Session, known: set[str]) -> dict[str, str]:
    data = await session.get("/account/companies", session.company_id)
    rows = data or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and "company_id" in row for row in rows):
        raise VendorError("the list of accounts came back in an unknown shape: nothing is planned on it")
    listed = {str(row["company_id"]): str(row.get("company_name", "")) for row in rows}
    return {id_: name for id_, name in listed.items() if id_ not in known and id_ != session.company_id}


def _likely_first(listed: Mapping[str, str], names: set[str]) -> Iterable[list[str]]:
    """The list has names only (seed: List Sub-Accounts): look into those with a wanted name before all others."""
    likely = [id_ for id_, name in listed.items() if name in names]
    others = [id_ for id_ in listed if id_ not in set(likely)]
    return [batch for batch in (likely, others) if batch]


async def read_account(session: Session, id_: str, zones: Zones, *, options: bool) -> Live:
    """One account; its options are a request of their own."""
    paths = {"business": "/account/getAccountInfo"}
    if options:
        paths["options"] = "/account/getOptions"
    bodies = await asyncio.gather(*(session.get(path, id_) for path in paths.values()))
    raw = {aspect: _one(body) for aspect, body in zip(paths, bodies, strict=True)}
    roles = frozenset({"parent"}) if id_ == session.company_id else frozenset[str]()
    return account.decode({**raw, "business": {**raw["business"], "company_id": id_}}, zones, roles)


def _one(data: Any) -> Mapping[str, Any]:
    """An object, or a list of one (seed: the shapes differ from page to page)."""
    body = data[0] if isinstance(data, list) and data else data
    if not isinstance(body, Mapping) or not body:
        raise VendorError("an account came back in an unknown shape: nothing is planned on it")
    return body


async def read_zones(session: Session) -> Zones:
    """The vendor's zones by id (seed: List Time Zones)."""
    data = await session.get("/tz/list", session.company_id)
    if not isinstance(data, Mapping):
        raise VendorError("the list of time zones came back in an unknown shape: nothing is planned on it")
    return {
        str(id_): str(zone["dbName"]) for id_, zone in data.items() if isinstance(zone, Mapping) and "dbName" in zone
    }
