"""What a planned change of a series will lead to: its dates (seed: get/dates, which makes nothing), and its mail."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from provisioner.errors import ManifestError, Problem, VendorError
from provisioner.kinds import Address
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Place
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.plan.change import WRITES, Action, Change, Outlook
from provisioner.providers.http import Message
from provisioner.providers.timetap.calls import build_calls
from provisioner.providers.timetap.course import (
    Course,
    asks_dates,
    body_after,
    course,
    dates_of,
    invites,
    receivers,
    rewrites,
    since,
)
from provisioner.providers.timetap.fields import FIELDS, PATTERN, Body, decode, encode
from provisioner.providers.timetap.memory import OVERRIDES, Span
from provisioner.providers.timetap.session import PATH, Session

SHOWN = 5
_INVITED = "invitations"
_PATTERN_NAMES = tuple(name for ours in PATTERN for name in FIELDS[ours].names)
_KNOWN = specs(RecurringAppointment)
Looked = tuple[Address, Outlook | list[Problem]]


async def foresee(session: Session, changes: Sequence[Change]) -> dict[Address, Outlook]:
    """The outlook of each change that writes. Raises ManifestError for what no series of the vendor's can be."""
    now = session.client.clock.today()
    found = await asyncio.gather(*(_look(session, change, now) for change in changes if change.action in WRITES))
    problems = [problem for _, each in found if isinstance(each, list) for problem in each]
    if problems:
        raise ManifestError(problems)
    return {address: each for address, each in found if isinstance(each, Outlook)}


async def _look(session: Session, change: Change, now: date) -> Looked:
    if change.action is Action.DELETE:
        told = change.live.raw.get("dates") if change.live else []
        live = dates_of(told)
        what = "every date of it" if told is None else _counted(live)
        lines = [f"{what} will be cancelled{_next(live, now)}"]
        return change.address, _told(change, lines, now, fewer=told is None or bool(live))
    try:
        laid = await _pattern(session, change) if asks_dates(change) else None
    except VendorError as error:
        return change.address, [_problem(change, "", f"its dates cannot be told: {error}")]
    if laid is not None and not laid:
        return change.address, [_problem(change, "", "it would have no date at all: correct every, days or dates")]
    ahead = course(change, now, laid)
    view = _View(change, ahead, now)
    problems = list(view.problems())
    return change.address, problems or view.outlook()


async def _pattern(session: Session, change: Change) -> list[date]:
    values = {name: change.values[name] for name in PATTERN if change.values.get(name) is not None}
    live = change.live.raw if change.live else {}
    body = {name: live.get(name) for name in _PATTERN_NAMES if name in live} | encode(values)
    answer = await session.read(Message("POST", f"{PATH}/get/dates", body=body, reads=True))
    try:
        return dates_of({} if answer is None else answer)
    except (TypeError, ValueError):
        raise VendorError("the vendor answered no list of dates") from None


@dataclass(frozen=True, slots=True)
class _View:
    """One change as people are told of it."""

    change: Change
    course: Course
    today: date

    # -- what cannot be

    def problems(self) -> Iterator[Problem]:
        for day in self.course.strays:
            near = min(self.course.days, key=lambda each: (abs(each - day), each), default=None)
            remedy = f"write one of its own, such as {near}" if near else "remove it"
            yield self._stray(day, f"{day} is no date of the series: {remedy}")
        start = self._start()
        for step in self.course.steps:
            target = step.parts.get("date")
            if step.day == start and target and target != start and self._taken(step.day, target):
                why = f"{step.day}, the first date, cannot be moved onto {target}, when it takes place anyway"
                yield self._stray(step.day, f"{why}: the vendor could not tell them apart. Choose another date")

    def _start(self) -> date | None:
        dates = self.change.values.get("dates")
        if dates is not None:
            return dates.start if isinstance(dates.start, date) else None
        return date.fromisoformat(self.change.live.raw["startDate"]) if self.change.live else None

    def _taken(self, day: date, target: date) -> bool:
        moved = (step.parts.get("date") for step in self.course.steps if step.day != day)
        known = (parts.get("date") for each, parts in self.course.last.own.items() if each != day)
        return target in self.course.days or target in {*moved, *known}

    def _stray(self, day: date, why: str) -> Problem:
        return _problem(self.change, f"{OVERRIDES}.{day}", f"{OVERRIDES}: {why}")

    # -- what will be

    def outlook(self) -> Outlook:
        change, ahead = self.change, self.course
        late = [f"{day} is past: it stays as it is" for day in ahead.past]
        if change.action is Action.UPDATE and not rewrites(change) and not ahead.steps:
            record = ahead.last.on(change.record, confirmed=True) if change.record else None
            return Outlook(tuple(late), idle=True, learnt=record)
        lines = [*self._effect(), *self._evened(), *self._again(), *self._restored()]
        lines.append(f"{_counted(ahead.after)}{self._endless()}{_next(ahead.after, self.today)}")
        if change.action is Action.UPDATE:
            lines += _differences(ahead.before, ahead.after)
        lines += [*self._twice(), *self._late(), *late]
        fewer = bool(Counter(ahead.before) - Counter(ahead.after))
        return _told(change, lines, self.today, ahead, fewer=fewer)

    def _endless(self) -> str:
        dates = self.change.values.get("dates") or (self.change.live and self.change.live.fields.get("dates"))
        return ", and more, as it has no end" if dates and getattr(dates, "end", dates) is None else ""

    def _effect(self) -> list[str]:
        if self.change.action is Action.CREATE:
            return []
        if not rewrites(self.change):
            return ["the other dates stay as they are"]
        begin = since(self.change)
        return [f"takes effect from {begin}" if begin else "takes effect for the whole series, from its start"]

    def _evened(self) -> Iterator[str]:
        """What was left as it was before a date by an earlier change, and is no longer."""
        if not rewrites(self.change):
            return
        begin, first = since(self.change), None
        live = self.change.live.raw if self.change.live else {}
        now = body_after(self.change)
        for span in self.course.memory.earlier:
            reached = [day for day in self.course.before if (first is None or day >= first) and day < span.until]
            if (begin is None or begin < span.until) and any(begin is None or day >= begin for day in reached):
                yield from _differs(span, live, now)
            first = span.until

    def _again(self) -> list[str]:
        """What may be live already; whoever was to be told of it may have been told."""
        days = [step.day for step in self.course.steps if step.day in self.course.memory.doubt]
        if not days:
            return []
        silent = receivers(self.change) and any(not s.loud for s in self.course.steps if s.day in days)
        how = ", and without a message" if silent else ""
        return [f"sent again{how}, as nobody knows what became of it: {_listed(days)}"]

    def _restored(self) -> Iterator[str]:
        for step in self.course.steps:
            terms = self.course.terms(step.day) or body_after(self.change)
            words = "".join(f", {each}" for each in _values(step.restored, terms))
            if step.restored and not (step.parts.keys() & {"cancelled"}):
                yield f"{step.day} is as its series again{words}"

    def _twice(self) -> Iterator[str]:
        already = Counter(self.course.before)
        for day, count in sorted(Counter(self.course.after).items()):
            if count > 1 and count > already[day]:
                yield f"{day} has {count} of its occurrences"

    def _late(self) -> Iterator[str]:
        for step in self.course.steps:
            if (target := step.parts.get("date")) and target < self.today:
                yield f"{step.day} is moved to {target}, which is past"


def _told(change: Change, lines: list[str], now: date, ahead: Course | None = None, *, fewer: bool) -> Outlook:
    """`fewer` is whether it takes place on fewer dates, so that those who wait for one are invited."""
    told = receivers(change)
    planned = Outlook(tuple(lines), payload=ahead)
    count = sum(len(call.payload.manner.told) for call in build_calls([replace(change, outlook=planned)], now))
    if count:
        lines.append(f"{count} message{'s' if count > 1 else ''} will go out, to the {' and the '.join(told)}")
    more = _INVITED if invites(change) and fewer else ""
    if more:
        lines.append("whoever waits for a date that is cancelled will be invited: the vendor does not say how many")
    return Outlook(tuple(lines), count, more, payload=ahead)


def _problem(change: Change, name: str, why: str) -> Problem:
    place: Place | None = change.places.get(name) or change.places.get(name.partition(".")[0]) or change.place
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    return Problem(*where, f"{change.address}: {why}")


def _differs(span: Span, live: Body, now: Body) -> Iterator[str]:
    """What was other before a date and no longer is; which days it is on is told by the dates themselves."""
    before, present, after = decode(span.body), decode(live), decode(now)
    told = [
        f"{name} {_text(name, before.get(name))} becomes {_text(name, after.get(name))}"
        for name in FIELDS
        if name not in ("dates", "client_time")
        and not any(_KNOWN[name].same(before.get(name), each.get(name)) for each in (present, after))
    ]
    if told:
        until = span.until
        yield f"before {until} as well: {', '.join(told)}. To leave those dates as they are: effective_from: {until}"


def _values(names: Iterable[str], terms: Body) -> list[str]:
    values = decode(terms)
    return [f"{name} {_text(name, values.get(name))}" for name in FIELDS if name in names and name != "dates"]


def _text(name: str, value: Any) -> str:
    return _KNOWN[name].text(value)


def _next(days: Sequence[date], now: date) -> str:
    ahead = [day for day in days if day >= now]
    return f"; next {_listed(ahead)}" if ahead else ", all of them past" if days else ""


def _differences(before: Sequence[date], after: Sequence[date]) -> list[str]:
    new = sorted((Counter(after) - Counter(before)).elements())
    gone = sorted((Counter(before) - Counter(after)).elements())
    if not new and not gone:
        return ["the same dates as now"]
    return [
        *([f"{len(new)} new: {_listed(new)}"] if new else []),
        *([f"{len(gone)} no longer: {_listed(gone)}"] if gone else []),
    ]


def _listed(days: Sequence[date]) -> str:
    return ", ".join(map(str, days[:SHOWN])) + (", ..." if len(days) > SHOWN else "")


def _counted(days: Sequence[date]) -> str:
    return f"{len(days)} date{'' if len(days) == 1 else 's'}"
