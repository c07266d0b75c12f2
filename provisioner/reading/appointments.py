"""Reads what is booked, for a plan that may strand some of it: after the diff, and only for the changes that can.

One paged list for each account that has such changes. What else it takes to judge the bookings that those changes have
to do with is read where the survey had no need of it: lists that are missing, and the hours of employees, one request
for each whose bookings would be outside of the open time if their hours were all day long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import starmap

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.calendar import MIDNIGHT, Dates
from provisioner.kinds.hours import Shift
from provisioner.kinds.live import Evidence
from provisioner.kinds.webhook import hears
from provisioner.opening import Facts
from provisioner.plan.change import Action, Change, Echo
from provisioner.plan.match import Matches
from provisioner.providers.base import Ask, Provider
from provisioner.risk import Ahead, Ids, can_strand, facts_of, steps_of

HEARING = "webhook"
"""What is told of appointments."""
NEEDED = ("location", "service", "employee", "holiday")
"""The lists that say what a booking stands on; links come with employees."""
_WIDE = Shift(Dates(date(1970, 1, 1), date(2999, 12, 31)), (((0, MIDNIGHT),),) * 7)
"""Hours of somebody whose hours were not read: they stand in nobody's way."""
Stranded = Mapping[Address, tuple[Booking, ...]]


@dataclass(slots=True)
class Appointments:
    """Looks at what is booked."""

    provider: Provider
    evidence: Evidence
    matches: Matches
    accounts: Mapping[str, str]
    """Scope -> account id, of every account that exists."""

    async def stranded(self, changes: Sequence[Change], now: datetime) -> Stranded | None:
        """The bookings after a moment (aware) that each change strands.

        None where no change can strand any, or the vendor has no list of bookings.
        """
        ids = {a: live.id for a, live in self.matches.live.items() if not BY_NAME[a.kind].key_kinds}
        able = [change for change in changes if can_strand(change, ids) and change.scope in self.accounts]
        if not able or not self.provider.books:
            return None
        scopes = dict.fromkeys(change.scope for change in able)
        found = await asyncio.gather(
            *(self._of(scope, [c for c in changes if c.scope == scope], ids, now) for scope in scopes)
        )
        return {address: bookings for each in found for address, bookings in each.items()}

    async def echoes(self, changes: Sequence[Change], stranded: Stranded) -> tuple[Echo, ...]:
        """The messages that may go out about the appointments of what is deleted; webhooks are read for it."""
        lost: dict[str, set[str]] = {}
        for change in changes:
            if change.action is Action.DELETE and not BY_NAME[change.address.kind].key_kinds:
                ids = {booking.id for booking in stranded.get(change.address, ())}
                lost.setdefault(change.scope, set()).update(ids)
        counts = {scope: len(ids) for scope, ids in lost.items() if ids}
        if not counts:
            return ()
        asks = [Ask(HEARING, scope, self.accounts[scope]) for scope in counts if HEARING in self.provider.capabilities]
        heard = await self.provider.read(asks) if asks else Evidence()
        calls: dict[str, int] = {}
        for scope, count in counts.items():
            for live in heard.of(scope, HEARING):
                if host := hears(live.fields):
                    calls[host] = calls.get(host, 0) + count
        return (*starmap(Echo, sorted(calls.items())), Echo("", sum(counts.values())))

    async def _of(self, scope: str, changes: Sequence[Change], ids: Ids, now: datetime) -> Stranded:
        """Those of one account."""
        account_id = self.accounts[scope]
        bookings = await self.provider.bookings(account_id, now)
        ahead = Ahead(steps_of(changes, ids), Facts(), bookings, now, scope)
        concerned = ahead.concerned()
        if not concerned:
            return {}
        evidence = await self._with_lists(scope, account_id)
        facts = facts_of(evidence, scope, account_id)
        ahead = replace(ahead, facts=facts)
        unread = self._unread(scope, evidence, concerned)
        if not unread:
            return ahead.stranded()
        wide = replace(ahead, facts=_widened(facts, scope, unread))
        if closed := sorted({each.employee for each in wide.closed()} & {who for who, _ in unread}):
            more = await self._hours(scope, account_id, closed)
            facts = facts_of(_joined(evidence, more), scope, account_id)
        left = [pair for pair in unread if pair[0] not in closed]
        return replace(ahead, facts=_widened(facts, scope, left)).stranded()

    async def _with_lists(self, scope: str, account_id: str) -> Evidence:
        """The evidence with the lists that are missing in it."""
        offered = self.provider.capabilities
        missing = [k for k in NEEDED if k in offered and (scope, k) not in self.evidence.objects]
        if not missing:
            return self.evidence
        return _joined(self.evidence, await self.provider.read([Ask(kind, scope, account_id) for kind in missing]))

    async def _hours(self, scope: str, account_id: str, employees: Sequence[str]) -> Evidence:
        kind = next(k for k, can in self.provider.capabilities.items() if can.per_parent == "employee")
        return await self.provider.read([Ask(kind, scope, account_id, parents=tuple(employees))])

    def _unread(self, scope: str, evidence: Evidence, bookings: Iterable[Booking]) -> list[tuple[str, str]]:
        """The employees whose hours were not read, each with a location at which they are booked."""
        known = {live.refs[0] for kind in ("hours", "away") for live in evidence.of(scope, kind) if live.refs}
        return sorted({(b.employee, b.location) for b in bookings if b.employee not in known})


def _widened(facts: Facts, scope: str, pairs: Iterable[tuple[str, str]]) -> Facts:
    wide = {Address(scope, "hours", (f"#{who}", f"#{where}")): {"hours": (_WIDE,)} for who, where in pairs}
    return facts.changed(wide)


def _joined(one: Evidence, other: Evidence) -> Evidence:
    objects = dict(one.objects)
    for place, found in other.objects.items():
        objects[place] = (*objects.get(place, ()), *found)
    return replace(one, objects=objects)
