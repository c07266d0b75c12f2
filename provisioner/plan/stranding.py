"""Appointments at risk in a plan: which change strands how many, and what holds it back until somebody says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Removal
from provisioner.plan.change import Action, Booked, Change, Plan

EACH = 5
"""Up to so many changes of one kind in one account each say what to pass; more say one thing for all."""
UNKNOWN_FATE = (
    "what the vendor does with the appointments of something that is deleted is not known: it may keep them, or cancel "
    "them, and then tell clients and webhooks"
)
_GIVEN = re.compile(r"(?P<pattern>\S+)=(?P<count>[0-9]{1,9})", re.ASCII)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A reviewer's word: what is called like this may strand so many appointments, all of it together."""

    pattern: str
    """An address, or a glob."""
    count: int


def read_allowed(text: str) -> Allowed:
    """`ADDRESS=N`. Raises ValueError with the remedy."""
    found = _GIVEN.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} does not say how many: write ADDRESS=N, such as hours/ana/downtown=6")
    return Allowed(found["pattern"], int(found["count"]))


def strand(
    plan: Plan,
    stranded: Mapping[Address, Sequence[Booking]],
    removed: Mapping[Address, Removal],
    allowed: Iterable[Allowed],
    read_at: datetime,
    *,
    whole: bool = False,
) -> Plan:
    """The plan with the appointments that its changes strand, and with those changes blocked that nobody allowed.

    `whole` has one word for all that is not allowed, as it all goes together.
    """
    told = {address: tuple(sorted(each, key=_start)) for address, each in stranded.items()}
    each_once = {booking.id: booking for own in told.values() for booking in own}
    reviewed = [Allowed(str(address), removal.strands) for address, removal in removed.items()]
    free = {a for a in told if any(_covers(one, a, told) for one in (*reviewed, *allowed))}
    gone = {c.address for c in plan.changes if c.action is Action.DELETE and c.address in free}
    free |= {address for address in told if _goes_with(address, gone, told)}
    held = {address: own for address, own in told.items() if address not in free}
    words = dict.fromkeys(held, _all_of(held)) if whole else _words(held)
    changes = tuple(
        _told(c, told[c.address], words.get(c.address, "")) if c.address in told else c for c in plan.changes
    )
    vague = any(c.stranded and c.action is Action.DELETE and not BY_NAME[c.address.kind].key_kinds for c in changes)
    return replace(
        plan,
        notes=(*plan.notes, *([UNKNOWN_FATE] if vague and UNKNOWN_FATE not in plan.notes else [])),
        changes=changes,
        booked=Booked(read_at, tuple(sorted(each_once.values(), key=_start))),
    )


def _covers(one: Allowed, address: Address, told: Mapping[Address, Sequence[Booking]]) -> bool:
    """Whether a word holds for a change: all that it names strands no more than it says."""
    if not address.matches(one.pattern):
        return False
    return len({b.id for other, own in told.items() if other.matches(one.pattern) for b in own}) <= one.count


def _goes_with(address: Address, gone: Collection[Address], told: Mapping[Address, Sequence[Booking]]) -> bool:
    """Whether it strands nobody but those of whom somebody knows that an object which it joins is deleted."""
    kinds = BY_NAME[address.kind].key_kinds
    joined = (Address(address.account, kind, (key,)) for kind, key in zip(kinds, address.key, strict=False))
    return any(each in gone and {b.id for b in told[address]} <= {b.id for b in told[each]} for each in joined)


def _all_of(told: Mapping[Address, Sequence[Booking]]) -> str:
    return f"pass --allow-stranded '*={len({b.id for own in told.values() for b in own})}'"


def _words(told: Mapping[Address, Sequence[Booking]]) -> dict[Address, str]:
    """What to pass for each change that strands."""
    groups: dict[tuple[str, str], list[Address]] = {}
    for address in told:
        groups.setdefault((address.account, address.kind), []).append(address)
    words: dict[Address, str] = {}
    for (account, kind), own in groups.items():
        everything = len({b.id for address in own for b in told[address]})
        lead = f"{account}/{kind}" if account else kind
        for address in own:
            named = f"{address}={len(told[address])}" if len(own) <= EACH else f"'{lead}/*={everything}'"
            words[address] = f"pass --allow-stranded {named}"
    return words


def _told(change: Change, bookings: tuple[Booking, ...], word: str) -> Change:
    if not word:
        return replace(change, stranded=bookings)
    blocked = f"{change.blocked}; and {word}" if change.blocked else word
    return replace(change, stranded=bookings, unallowed=word, blocked=blocked)


def _start(booking: Booking) -> tuple[datetime, str]:
    return booking.start or _LATEST, booking.id
