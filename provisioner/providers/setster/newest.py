"""The newest evidence of what is about to be written over, and whether it still is what the plan decided on.

A person may take minutes to say yes to a plan, and an apply may take an hour: what was read longer ago than `MAX_AGE`
is read again before it is written over. What the plan decided on must be as it was; all else is sent back as it is now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.kinds.live import Evidence, Live
from provisioner.providers.base import Ask
from provisioner.providers.decided import MAX_AGE, ChangedError, check
from provisioner.providers.setster import hours
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.read import employee_entries, read_account, read_list, read_one
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.table import Table

Key = tuple[str, ...]
Found = Mapping[str, Live]
"""id -> what is live."""


@dataclass(slots=True)
class Newest:
    """What was read last of each list, employee's hours and account of one tenant. Raises what reading raises."""

    session: Session
    _found: dict[Key, tuple[float, Found]] = field(default_factory=dict)
    _reading: dict[Key, asyncio.Lock] = field(default_factory=dict)

    def saw(self, asks: Sequence[Ask], evidence: Evidence, at: float) -> None:
        """Take in what was read, at a time of the client's clock."""
        for ask in asks:
            account = ask.account_id
            if ask.kind == "account":
                for live in evidence.of("", "account"):
                    self._found |= {(live.id, aspect): (at, {live.id: live}) for aspect in live.raw}
            elif ask.parents:
                entries = {live.id: live for live in evidence.of(ask.scope, "availability")}
                self._found |= {(account, "availability", id_): (at, entries) for id_ in ask.parents}
            elif ask.known or ask.seek:
                live_ones = evidence.of(ask.scope, ask.kind)
                self._found |= {(account, ask.kind, live.id): (at, {live.id: live}) for live in live_ones}
            elif not ask.role:
                self._found[account, ask.kind] = (at, {live.id: live for live in evidence.of(ask.scope, ask.kind)})

    async def object(self, table: Table, company: str, id_: str, zones: Zones) -> Live:
        """One object. Raises ChangedError when it is gone."""
        if table.seek:  # of a list that may be long it is read by itself
            key: Key = (company, table.kind, id_)
            found = await self._look(key, lambda: read_one(self.session, table, company, id_, zones))
        else:
            found = await self.objects(table, company, zones)
        if id_ not in found:
            raise ChangedError("it is gone since the plan was made: plan again")
        return found[id_]

    async def objects(self, table: Table, company: str, zones: Zones) -> Found:
        """The objects of a kind, by id, in the order of the list."""
        return await self._look((company, table.kind), lambda: read_list(self.session, table, company, zones))

    async def account(self, id_: str, aspect: str, zones: Zones) -> Live:
        """An account, as far as one aspect goes."""

        async def read() -> Found:
            return {id_: await read_account(self.session, id_, zones, options=aspect == "options")}

        return (await self._look((id_, aspect), read))[id_]

    async def entries(self, company: str, employee: str) -> Sequence[Mapping[str, Any]]:
        """An employee's whole list of availability."""

        async def read() -> Found:
            entries = await employee_entries(self.session, company, employee)
            return {employee: Live("availability", employee, raw=entries)}

        entries: Sequence[Mapping[str, Any]] = (await self._look((company, "availability", employee), read))[
            employee
        ].raw
        return entries

    async def _look(self, key: Key, read: Callable[[], Awaitable[Found]]) -> Found:
        """What was read last; read again when that is too old, once for all who want to know."""
        async with self._reading.setdefault(key, asyncio.Lock()):
            now = self.session.client.clock.now()
            if key not in self._found or now - self._found[key][0] > MAX_AGE:
                self._found[key] = (now, await read())
            return self._found[key][1]


def check_hours(employee: str, entries: Sequence[Mapping[str, Any]], decided: Mapping[Key, tuple[Any, Any]]) -> None:
    """The same for whose hours and days off a list of availability has (`decided` is by `hours.Slot`)."""
    now = {(live.kind, *live.refs[1:]): live.fields[live.kind] for live in hours.decode(employee, entries)}
    for slot, (seen, wanted) in decided.items():
        kind = slot[0]
        check(kind, {kind: (seen or None, wanted or None)}, {kind: now.get(slot) or None})
