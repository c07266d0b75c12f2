"""Appointments at risk in a plan: which change strands how many, and what holds it back until somebody says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Removal
from provisioner.plan.change import Action, Booked, Change, Echo, Plan

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
    echoes: tuple[Echo, ...] = (),
) -> Plan:
    """The plan with the appointments that its changes strand, and with those changes blocked that nobody allowed.

    `whole` has one word for all that is not allowed, as it all goes together.
    """
    told = {address: tuple(sorted(each, key=_start)) for address, each in stranded.items()}
    each_once = {booking.id: booking for own in told.values() for booking in own}
    allowed = tuple(allowed)
    reviewed = [Allowed(str(address), removal.strands) for address, removal in removed.items() if removal.strands]
    free = {a for a in told if any(_covers(one, a, told) for one in (*reviewed, *allowed))}
    gone = {c.address for c in plan.changes if c.action is Action.DELETE and c.address in free}
    free |= {address for address in told if _goes_with(address, gone, told)}
    held = {address: own for address, own in told.items() if address not in free}
    words = dict.fromkeys(held, _all_of(held)) if whole else _words(held)
    words = {address: _short_of(address, (*reviewed, *allowed), told) + word for address, word in words.items()}
    changes = tuple(
        _told(c, told[c.address], words.get(c.address, "")) if c.address in told else c for c in plan.changes
    )
    vague = any(c.stranded and c.action is Action.DELETE and not BY_NAME[c.address.kind].key_kinds for c in changes)
    notes = [*([UNKNOWN_FATE] if vague else []), *idle_words(allowed, told)]
    return replace(
        plan,
        notes=(*plan.notes, *(note for note in notes if note not in plan.notes)),
        changes=changes,
        booked=Booked(read_at, tuple(sorted(each_once.values(), key=_start)), echoes),
    )


def idle_words(allowed: Iterable[Allowed], stranded: Collection[Address] = ()) -> list[str]:
    """A sentence on each word that allows nothing, as nothing of what it names strands anybody."""
    return [
        f"--allow-stranded {one.pattern}={one.count}: nothing that it names strands anybody: it can be left out"
        for one in allowed
        if not any(address.matches(one.pattern) for address in stranded)
    ]


def _short_of(address: Address, words: Iterable[Allowed], told: Mapping[Address, Sequence[Booking]]) -> str:
    """How far the words for a change do not reach; "" where nobody said any."""
    given = [one for one in words if address.matches(one.pattern)]
    if not given:
        return ""
    most = max(given, key=lambda one: one.count)
    count = _number(most, told)
    return (
        f"{most.count} allowed{'' if most.pattern == str(address) else f' for {most.pattern}'}, {count} are stranded: "
    )


def _number(one: Allowed, told: Mapping[Address, Sequence[Booking]]) -> int:
    """How many all that a word names strands together."""
    return len({b.id for address, own in told.items() if address.matches(one.pattern) for b in own})


def _covers(one: Allowed, address: Address, told: Mapping[Address, Sequence[Booking]]) -> bool:
    """Whether a word holds for a change: all that it names strands no more than it says."""
    return address.matches(one.pattern) and _number(one, told) <= one.count


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
