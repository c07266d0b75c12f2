"""The bookings of one account held against the steps of its changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.opening import Facts, Opening
from provisioner.risk.here import may_use, used
from provisioner.risk.step import Step
from provisioner.risk.trouble import CLOSED, NOT_READABLE, ZONE, Token, crowded, moved, troubles

Taken = frozenset[int]
"""Steps by their number that are thought to be done; none is how it is live."""
_NOW: Taken = frozenset()


@dataclass(frozen=True)
class Ahead:
    """One account: what is live in it, and what is booked from a moment on."""

    steps: Sequence[Step]
    facts: Facts
    """By ids (`facts_of`)."""
    bookings: Sequence[Booking]
    now: datetime
    scope: str = ""
    _openings: dict[tuple[tuple[Address, ...], Taken], Opening] = field(default_factory=dict, init=False)
    _found: dict[tuple[str, Taken], frozenset[Token]] = field(default_factory=dict, init=False)

    def stranded(self) -> dict[Address, tuple[Booking, ...]]:
        """The bookings that each change strands, in their order; a change that strands none is left out."""
        found: dict[Address, list[Booking]] = {}
        for booking in self._standing:
            for number in sorted(self._by(booking)):
                found.setdefault(self.steps[number].address, []).append(booking)
        return {address: tuple(each) for address, each in found.items()}

    def concerned(self) -> tuple[Booking, ...]:
        """Those that a change that can strand has anything to do with."""
        return tuple(booking for booking in self._standing if self._strand(self._near(booking)))

    def closed(self) -> tuple[Booking, ...]:
        """Those that would lie outside of the time that is open, as far as the hours are known that were read."""
        return tuple(each for each in self._standing if _judged(each) and CLOSED in self._worse(each, self._all(each)))

    @cached_property
    def _standing(self) -> tuple[Booking, ...]:
        return tuple(self._settled(booking) for booking in self.bookings if booking.stands)

    def _settled(self, booking: Booking) -> Booking:
        place = self.facts.resources.get(Address(self.scope, "location", (f"#{booking.location}",)), {})
        zone = place.get("timezone") or self.facts.account.get("timezone")
        return booking.settled(zone) if isinstance(zone, str) else booking

    # -- which step does it

    def _by(self, booking: Booking) -> Iterable[int]:
        near = self._near(booking)
        can = self._strand(near)
        if not can or not _judged(booking):
            return can
        after = self._all(booking)
        worse = self._worse(booking, after)
        unclear = NOT_READABLE in self._troubles(booking, after)
        if not worse:
            return can if unclear else ()
        alone = [n for n in can if self._worse(booking, frozenset({n}))]
        needed = alone or [n for n in can if self._worse(booking, after - {n}) < worse]
        return needed or can

    def _worse(self, booking: Booking, done: Taken) -> AbstractSet[Token]:
        """What is wrong with a booking then and was not before; that nothing can be known is told apart.

        When somebody of it is gone or out already, the time that is open is no news: nobody serves it anyway.
        """
        before = self._troubles(booking, _NOW)
        lost = {CLOSED} if any(token[0] == "needed" for token in before) else set[Token]()
        return self._troubles(booking, done) - before - lost - {NOT_READABLE}

    def _strand(self, numbers: Iterable[int]) -> list[int]:
        return [number for number in numbers if self.steps[number].strands]

    def _all(self, booking: Booking) -> Taken:
        return frozenset(self._near(booking))

    # -- which steps a booking has to do with

    def _near(self, booking: Booking) -> list[int]:
        if not _judged(booking):
            return [
                n for n, step in enumerate(self.steps) if step.account or any(may_use(booking, a) for a in step.after)
            ]
        own = (number for address in used(booking, self.scope) for number in self._steps_at.get(address, ()))
        return sorted({*own, *self._for_all})

    @cached_property
    def _steps_at(self) -> Mapping[Address, list[int]]:
        places: dict[Address, list[int]] = {}
        for number, step in enumerate(self.steps):
            for address in step.after:
                places.setdefault(address, []).append(number)
        return places

    @cached_property
    def _for_all(self) -> tuple[int, ...]:
        """The steps that are about no booking in particular."""
        holidays = (number for address, own in self._steps_at.items() if address.kind == "holiday" for number in own)
        return (*holidays, *(number for number, step in enumerate(self.steps) if step.account is not None))

    # -- what is wrong with it

    def _troubles(self, booking: Booking, done: Taken) -> frozenset[Token]:
        key = booking.id, done
        if key not in self._found:
            self._found[key] = frozenset(self._look(booking, done))
        return self._found[key]

    def _look(self, booking: Booking, done: Taken) -> Iterator[Token]:
        opening = self._opening(used(booking, self.scope), done)
        yield from troubles(booking, opening, self.now)
        yield from self._other_hour(booking, done)
        if self._paused:
            pause = self._pause(booking, opening.facts)
            if crowded(booking, self._of_employee.get(booking.employee, ()), pause):
                yield ("crowded",)

    def _opening(self, resources: tuple[Address, ...], done: Taken) -> Opening:
        """What is open of all that one booking stands on: a small account of its own."""
        key = resources, done
        if key not in self._openings:
            own: dict[Address, Any] = {a: self.facts.resources[a] for a in resources if a in self.facts.resources}
            facts, account = Facts(self.facts.account, own | self._holidays), self.facts.account
            for number in sorted(done):
                step = self.steps[number]
                facts = facts.changed({a: v for a, v in step.after.items() if a in resources or a.kind == "holiday"})
                account = account if step.account is None else step.account
            unzoned = {a: {n: v for n, v in values.items() if n != "timezone"} for a, values in facts.resources.items()}
            account = {name: value for name, value in account.items() if name != "timezone"}
            self._openings[key] = Opening(Facts(account, unzoned), self.now)
        return self._openings[key]

    @cached_property
    def _holidays(self) -> dict[Address, Any]:
        return {a: values for a, values in self.facts.resources.items() if a.kind == "holiday"}

    def _other_hour(self, booking: Booking, done: Taken) -> Iterator[Token]:
        """Whether a zone of it changes to one whose clock reads otherwise then."""
        place = Address(self.scope, "location", (f"#{booking.location}",))
        own = live = self.facts.resources.get(place, {}).get("timezone")
        common = usual = self.facts.account.get("timezone")
        for number in done:
            step = self.steps[number]
            own = (step.after.get(place) or {}).get("timezone", own)
            common = (step.account or {}).get("timezone", common)
        changed = own != live or (own is None and common != usual)
        if changed and moved(booking, common if own is None else own):
            yield ZONE

    def _pause(self, booking: Booking, facts: Facts) -> timedelta:
        """The pause that its service wants around it. Assumption: on both sides, as the sandbox's offers have it."""
        service = facts.resources.get(Address(self.scope, "service", (f"#{booking.service}",)), {})
        own = service.get("active_rules") is not False
        minutes = service.get("duration_padding") if own else facts.account.get("options.duration_padding")
        return timedelta(minutes=minutes) if isinstance(minutes, int) else timedelta()

    @cached_property
    def _paused(self) -> bool:
        """Whether any step changes a pause."""
        services = ((self.facts.resources.get(a, {}), v) for step in self.steps for a, v in step.after.items() if v)
        accounts = ((self.facts.account, step.account) for step in self.steps if step.account)
        return any(
            before.get(name) != after.get(name)
            for before, after in (*services, *accounts)
            for name in ("active_rules", "duration_padding", "options.duration_padding")
        )

    @cached_property
    def _of_employee(self) -> Mapping[str, list[Booking]]:
        busy: dict[str, list[Booking]] = {}
        for booking in self._standing:
            busy.setdefault(booking.employee, []).append(booking)
        return busy


def _judged(booking: Booking) -> bool:
    """Whether enough of it could be read."""
    ids = booking.location and booking.employee and booking.service
    return bool(ids and booking.start and booking.end and booking.start < booking.end)
