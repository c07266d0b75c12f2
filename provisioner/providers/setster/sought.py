"""Reading a few objects of a list that may be long: each by its id or natural key, or, when they are many, all at once.

A list of clients has every person who ever booked. What nobody manages of it is not asked for where that can be helped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from provisioner.errors import VendorError
from provisioner.providers.base import Ask
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.table import Table

FEW = 20
"""Up to so many are looked for one by one."""
Bodies = list[Mapping[str, Any]]


async def sought(session: Session, table: Table, ask: Ask) -> Bodies:
    """The bodies of what an ask names, without any that it does not; of all there are when it names none."""
    if not table.seek or not (ask.known or ask.seek):
        return await whole(session, table, ask.account_id)
    keys = {key.casefold(): key for key in ask.seek}
    if max(len(ask.known), len(keys)) > FEW:
        found = await whole(session, table, ask.account_id)
    else:
        found = await _each(session, table, ask.account_id, table.id, sorted(ask.known))
        left = sorted(keys[key] for key in keys.keys() - {_key(table, raw) for raw in found})
        found += await _each(session, table, ask.account_id, table.seek, left)
    wanted = [raw for raw in found if str(raw[table.id]) in ask.known or _key(table, raw) in keys]
    return list({str(raw[table.id]): raw for raw in wanted}.values())


async def one(session: Session, table: Table, account_id: str, id_: str) -> Bodies:
    """The body of one object, or none."""
    return await sought(session, table, Ask(table.kind, account_id=account_id, known=frozenset({id_})))


async def whole(session: Session, table: Table, account_id: str) -> Bodies:
    """The bodies of a whole list."""
    return listed_objects(await session.get(table.path, account_id, **table.query), table.id)


async def _each(session: Session, table: Table, account_id: str, name: str, values: list[str]) -> Bodies:
    lists = await asyncio.gather(*(session.get(table.path, account_id, **{name: value}) for value in values))
    return [raw for data in lists for raw in listed_objects(data, table.id)]


def _key(table: Table, raw: Mapping[str, Any]) -> str:
    return str(raw.get(table.fields[table.seek].name, "")).casefold()


def listed_objects(data: Any, id_: str = "id") -> Bodies:
    """The objects of a list. Anything that is no object with an id is an answer we cannot trust."""
    if data in (None, {}):
        return []
    if not isinstance(data, list) or not all(isinstance(raw, Mapping) and id_ in raw for raw in data):
        raise VendorError("a list came back in an unknown shape: nothing is planned on it")
    return data
