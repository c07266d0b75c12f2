"""What a change does to a series, worked out once: what is written, and on which dates it is before and after.

The plan tells it and the calls are spelled from it, so that neither can say what the other does not do.

Assumption: a change of a series may wipe what is its occurrences' own, so overrides are sent again after it, without a
message: nobody needs to be told of them twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from provisioner.kinds.recurring_appointment import RECEIVERS
from provisioner.plan.change import Action, Change
from provisioner.providers.timetap.fields import FIELDS, PATTERN, Body, carried, encode
from provisioner.providers.timetap.memory import OVERRIDES, Memory, Parts, Span, memory_of, split

_ZONE = timedelta(1)
"""How far from days of UTC the vendor's own may be."""


class Step(NamedTuple):
    """One occurrence that is written."""

    day: date
    parts: Parts
    """What is other then than in its series."""
    restored: frozenset[str]
    """Parts that are its series' again."""
    loud: bool
    """Whether it is news: what may have been sent already, and what is only sent again, is not."""


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of one series."""

    before: tuple[date, ...]
    """When it takes place now, each date as often as it has an occurrence then."""
    after: tuple[date, ...]
    steps: tuple[Step, ...]
    strays: tuple[date, ...]
    """Days of overrides that are none of its own."""
    past: tuple[date, ...]
    """Days whose overrides come too late: they stay as they are."""
    memory: Memory
    earlier: tuple[Span, ...]
    """What it was before each of these dates, once it is changed."""
    last: Memory
    """What is remembered in the end."""
    days: frozenset[date]
    """The days of its pattern afterwards, wherever its occurrences were moved."""

    def terms(self, day: date) -> Body | None:
        """What its series has on a day, where that is not what is read of it afterwards."""
        return next((each.body for each in self.earlier if day < each.until), None)


def rewrites(change: Change) -> bool:
    """Whether the series itself changes, and not only some of its occurrences."""
    return any(f.name in FIELDS for f in change.fields)


def since(change: Change) -> date | None:
    """From which date a change takes effect; None for the whole series."""
    given: date | None = change.values.get("effective_from")
    return given if change.action is Action.UPDATE and rewrites(change) else None


def receivers(change: Change) -> tuple[str, ...]:
    """Who gets a message with each call of a change: a series without a client has none to tell."""
    told = RECEIVERS if change.notify else change.values.get("confirmations") or ()
    raw: Body = change.live.raw if change.live else {}
    client = change.values["client"] if "client" in change.values else raw.get("client") or raw.get("clientId")
    return tuple(each for each in told if each != "client" or client)


def invites(change: Change) -> bool:
    """Whether those who wait for a date that is cancelled are invited."""
    return change.action is not Action.CREATE and bool(change.notify or change.values.get("waitlist_invites"))


def asks_dates(change: Change) -> bool:
    """Whether only the vendor can say on which days it will be."""
    if change.action is Action.CREATE or (change.live and change.live.raw.get("dates") is None):
        return True
    return any(f.name in PATTERN for f in change.fields) or (rewrites(change) and bool(memory_of(change).earlier))


def dates_of(raw: Any) -> list[date]:
    """Dates as the vendor writes them. Raises ValueError or TypeError."""
    if raw is not None and not isinstance(raw, list):
        raise TypeError("no list of dates")
    return sorted(date.fromisoformat(str(each)[:10]) for each in raw or ())


def course(change: Change, today: date, laid: Iterable[date] | None = None) -> Course:
    """What becomes of a series that is made or changed; `laid` is its new pattern, where the vendor was asked."""
    memory, begin = memory_of(change), since(change)
    told = change.live.raw.get("dates") if change.live else []
    before = list(laid or ()) if told is None else dates_of(told)
    standing, others = _standing(before, memory)
    renewed = _Renewed(change.action is Action.CREATE or rewrites(change), begin)
    days = frozenset(standing)
    if laid is not None:
        days = frozenset(d for d in standing if not renewed.holds(d)) | frozenset(filter(renewed.holds, laid))
    wanted = _wanted(change, memory)
    steps, strays, past = _steps(memory, wanted, days, renewed, today)
    if OVERRIDES not in change.values:
        strays = []
    elif laid is None:  # one that was cancelled elsewhere stays so, and its override with it
        strays = [day for day in strays if wanted[day] != memory.own.get(day)]
    sent = {step.day: step.parts for step in steps}
    where = [_where(day, sent[day]) if day in sent else standing.get(day, day) for day in days]
    earlier = split(memory.earlier, carried(change.live.raw), begin) if renewed.any and change.live else memory.earlier
    after = tuple(sorted([*(day for day in where if day), *others]))
    last = _last(memory, steps, wanted, days, earlier, today)
    return Course(tuple(before), after, tuple(steps), tuple(strays), tuple(past), memory, earlier, last, days)


class _Renewed(NamedTuple):
    """Which days a change of the series itself reaches."""

    any: bool
    begin: date | None

    def holds(self, day: date) -> bool:
        return self.any and (self.begin is None or day >= self.begin)


def _wanted(change: Change, memory: Memory) -> Mapping[date, Parts]:
    """What is to be other on single dates. Where nobody says so, what was sent last, so that it stays."""
    if OVERRIDES not in change.values:
        return {day: parts for day, parts in {**memory.own, **memory.doubt}.items() if parts}
    return {each.day: each.values for each in change.values[OVERRIDES] or ()}


def _standing(live: Sequence[date], memory: Memory) -> tuple[dict[date, date | None], list[date]]:
    """The days of the pattern, each with the date of its occurrence now; and what else takes place.

    The vendor says only when they take place. What was moved and cancelled by us is known, and undone here.
    """
    left, found = Counter(live), dict[date, date | None]()
    for day in sorted({*memory.own, *memory.doubt}):
        told = (memory.doubt.get(day, {}), memory.own.get(day, {}))
        dates = (*(parts["date"] for parts in told if "date" in parts), day)
        at = next((each for each in dates if left[each]), None)
        left[at or day] -= at is not None
        if at or any("date" in parts or "cancelled" in parts for parts in told):
            found[day] = at
    others = [day for day, count in left.items() for _ in range(count - (day not in found))]
    return found | {day: day for day, count in left.items() if count and day not in found}, others


def _steps(
    memory: Memory, wanted: Mapping[date, Parts], days: frozenset[date], renewed: _Renewed, today: date
) -> tuple[list[Step], list[date], list[date]]:
    """The occurrences to write; and the days of overrides that cannot be, for they are none of its own, or past."""
    steps, strays, past = list[Step](), list[date](), list[date]()
    for day in sorted({*wanted, *memory.own, *memory.doubt}):
        parts, known = wanted.get(day, {}), memory.own.get(day, {})
        sent = memory.doubt.get(day, known)
        again = bool(parts) and renewed.holds(day)
        if parts == known and day not in memory.doubt and not again:
            continue
        if _is_past(day, (parts, known, sent), today):
            past += [day] if parts and parts != known else []
        elif day in days:
            steps.append(Step(day, parts, frozenset({*known, *sent}) - frozenset(parts), parts != sent))
        elif parts:
            strays.append(day)
    return steps, strays, past


def _is_past(day: date, told: Iterable[Parts], today: date) -> bool:
    latest: date = max(day, *(parts.get("date", day) for parts in told))
    return latest < today - _ZONE


def _where(day: date, parts: Parts) -> date | None:
    return None if "cancelled" in parts else parts.get("date", day)


def _last(
    memory: Memory,
    steps: Iterable[Step],
    wanted: Mapping[date, Parts],
    days: frozenset[date],
    earlier: tuple[Span, ...],
    today: date,
) -> Memory:
    """What is remembered once all is done: nothing of dates that are gone or past, unless it is still wanted."""
    for step in steps:
        memory = memory.done(step.day, step.parts)
    own = {
        day: parts
        for day, parts in memory.own.items()
        if wanted.get(day) == parts or (day in days and not _is_past(day, (parts,), today))
    }
    return replace(memory, own=own, doubt={}, earlier=earlier)


def body_after(change: Change) -> Body:
    """The series as it will be read, as far as that is known."""
    live = change.live.raw if change.live else {}
    return {**carried(live), **encode(change.values, live)}
