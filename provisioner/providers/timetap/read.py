"""Reading series: one by one, by id, for there is no list (seed: GET /recurringappointments/{id})."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from provisioner.errors import VendorError
from provisioner.kinds.live import Live
from provisioner.providers.base import Ask
from provisioner.providers.known import read_each
from provisioner.providers.timetap.course import dates_of
from provisioner.providers.timetap.fields import CANCELLED, ID, REQUIRED, Body, decode
from provisioner.providers.timetap.session import Session
from provisioner.stage import stage

KIND = "recurring_appointment"
_LONGEST = 19
"""Digits of an id: no database counts further."""


async def read(session: Session, asks: Sequence[Ask], company_id: str) -> dict[tuple[str, str], tuple[Live, ...]]:
    """What is named of each ask. One that is cancelled is gone: nothing else ends a series."""
    found = await asyncio.gather(*(_known(session, ask, company_id) for ask in asks))
    return {(ask.scope, ask.kind): each for ask, each in zip(asks, found, strict=True)}


async def _known(session: Session, ask: Ask, company_id: str) -> tuple[Live, ...]:
    with stage("read", kind=ask.kind, account=ask.scope):
        bodies = await read_each(ask.known, lambda id_: series(session, id_, company_id))
    return tuple(live_of(raw) for raw in bodies if raw.get("status") != CANCELLED)


async def series(session: Session, id_: str, company_id: str) -> Body:
    """One series. Raises VendorError where it is not, or is another business's.

    That a series is not there is no reason to make it again: nothing deletes one, so these may be the wrong keys.
    """
    if not is_id(id_):
        raise VendorError(f"{id_} is no id of a recurring appointment: an id is a number")
    reply = await session.get(id_)
    if not reply.ok:
        raise VendorError(
            f"reading recurring appointment {id_}: {reply.why}. A series is cancelled and never deleted: are these the "
            f"keys of business {company_id}, and is the id right?"
        )
    raw = reply.body
    if not isinstance(raw, Mapping) or str(raw.get(ID)) != id_:
        raise VendorError(f"recurring appointment {id_} came back in an unknown shape: nothing is planned on it")
    if missing := [name for name in REQUIRED if raw.get(name) is None and raw.get(f"{name}Id") is None]:
        raise VendorError(
            f"recurring appointment {id_} came back without {', '.join(missing)}: nothing is planned on it"
        )
    try:
        date.fromisoformat(raw["startDate"])
        dates_of(raw.get("dates"))
    except (TypeError, ValueError):
        raise VendorError(f"the dates of recurring appointment {id_} came back in an unknown shape") from None
    owner = raw.get("businessId")
    if owner is not None and str(owner) != company_id:
        raise VendorError(f"recurring appointment {id_} is of business {owner}, and company_id says {company_id}")
    return raw


def is_id(text: str) -> bool:
    """Whether a series may have this id: a number as a vendor writes it."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _LONGEST


def live_of(raw: Body) -> Live:
    """A series as it was read."""
    return Live(KIND, str(raw.get(ID)), decode(raw), raw=dict(raw))
