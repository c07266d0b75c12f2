"""A week drawn: seven columns on a wide screen, seven lists on a narrow one, from the same HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.page.html import Html, join, table, tag
from provisioner.sandbox.page.words import status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from provisioner.sandbox.page.week import Day, Held
    from provisioner.sandbox.slots.spans import Span

_HOUR = 3600
TO = "\N{EN DASH}"
_BRIEF, _SHORT = 40 * 60, 55 * 60
_CONFIRMED = frozenset({2, 8, 10, 11, 12, 13})


class Names(NamedTuple):
    """What ids are called: employees and services."""

    employees: Mapping[int, str]
    services: Mapping[int, str]


class Drawing(NamedTuple):
    """A week in HTML, and the CSS rules that put its parts into their places; they hold on wide screens only."""

    html: Html
    rules: str


def draw(prefix: str, days: Sequence[Day], names: Names, today: date) -> Drawing:
    """Draw a week; `prefix` makes the ids of its parts its own."""
    if not any(day.open or day.held for day in days):
        closed = ", ".join(dict.fromkeys(name for day in days for name in day.holidays))
        return Drawing(tag("p", f"Closed all week{f' ({closed})' if closed else ''}.", class_="soft"), "")
    frame = _Frame(prefix, _hours(days))
    drawn = tag("ol", frame.axis(), *(frame.day(day, names, today) for day in days), class_="week", id=prefix)
    rules = f"#{prefix}{{--hours:{len(frame.hours)}}}@media(min-width:56rem){{{''.join(frame.rules)}}}"
    return Drawing(join((drawn, _rota(days, names))), rules)


def _hours(days: Iterable[Day]) -> range:
    """Return the hours that are drawn: all in which anything is."""
    spans = [span for day in days for span in (*day.open, *(held.span for held in day.held))]
    return range(min(start for start, _ in spans) // _HOUR, -(-max(end for _, end in spans) // _HOUR))


class _Frame:
    """The rows of a drawing, and the places that were given away in them."""

    def __init__(self, prefix: str, hours: range) -> None:
        self.prefix = prefix
        self.hours = hours
        self.rules: list[str] = []

    def axis(self) -> Html:
        marks = [
            tag("span", clock(hour * _HOUR), id=self._put((hour * _HOUR, hour * _HOUR), "top:{top}"))
            for hour in self.hours
        ]
        return tag(
            "li", tag("div", class_="head"), tag("div", *marks, class_="column"), class_="axis", aria_hidden="true"
        )

    def day(self, day: Day, names: Names, today: date) -> Html:
        bands = [tag("div", class_="band", id=self._put(span, "top:{top};height:{height}")) for span in day.open]
        held = [self._held(each, names) for each in day.held]
        column = tag(
            "div",
            *bands,
            tag("div", class_="lines"),
            tag("ol", *held, class_="held") if held else Html(),
            class_="column",
        )
        return tag("li", _head(day), column, class_="day today" if day.date == today else "day")

    def _held(self, each: Held, names: Names) -> Html:
        record = each.record
        left, width = 100 * each.lane / each.lanes, 100 / each.lanes
        place = f"top:{{top}};height:{{height}};left:{left:.4g}%;width:{width:.4g}%"
        service = names.services.get(record["service_id"], f"service {record['service_id']}")
        employee = names.employees.get(record["employee_id"], f"employee {record['employee_id']}")
        told = f"{hours([each.span])} {service}, {employee}, {record['client_name']}, {status(record['status'])}"
        return tag(
            "li",
            tag("b", clock(each.span[0]), tag("i", f"{TO}{clock(each.span[1])}"), f" {service}"),
            tag("span", tag("bdi", employee), " · ", tag("bdi", record["client_name"])),
            id=self._put(each.span, place),
            class_=" ".join(_looks(each)) or None,
            title=told,
        )

    def _put(self, span: Span, place: str) -> str:
        """Write the rule that puts something where a span of the day is, and return the id that it is for."""
        number = f"{self.prefix}-{len(self.rules)}"
        first, length = self.hours.start * _HOUR, len(self.hours) * _HOUR
        top, height = (f"{100 * part / length:.5g}%" for part in (span[0] - first, span[1] - span[0]))
        self.rules.append(f"#{number}{{{place.format(top=top, height=height)}}}")
        return number


def _looks(held: Held) -> Iterator[str]:
    """Yield the classes of an appointment; a brief one has room for one line, and a short one for two.

    One that is as narrow as others beside it has little room, too.
    """
    if held.record["status"] not in _CONFIRMED:
        yield "wait"
    if held.lanes > 1:
        yield "narrow"
    length = held.span[1] - held.span[0]
    if length < _SHORT:
        yield "short"
    if length < _BRIEF:
        yield "brief"


def _head(day: Day) -> Html:
    return tag(
        "div",
        tag("h4", f"{day.date:%a} {day.date.day} {day.date:%b}"),
        tag("p", hours(day.open) or "closed", class_="hours"),
        *(tag("p", name, class_="holiday") for name in day.holidays),
        class_="head",
    )


def _rota(days: Sequence[Day], names: Names) -> Html:
    """Say who is there when."""
    employees = dict.fromkeys(employee for day in days for employee in day.there)
    rows = [
        (names.employees.get(each, str(each)), *(hours(day.there.get(each, [])) for day in days)) for each in employees
    ]
    headings = ("Employee", *(f"{day.date:%a}" for day in days))
    return table("Who is there", headings, rows, class_="rota") if rows else Html()


def hours(spans: Iterable[Span]) -> str:
    """Write spans as the clock reads."""
    return ", ".join(f"{clock(start)}{TO}{clock(end)}" for start, end in spans)


def clock(seconds: int) -> str:
    """Write a time of the day; its end is 24:00."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}"


def legend() -> Html:
    """Explain the colours."""
    keys: tuple[tuple[str, str], ...] = (
        ("open", "working hours"),
        ("sure", "confirmed"),
        ("wait", "unverified, unconfirmed or busy"),
    )
    return tag("ul", *(tag("li", tag("i", class_=name), text) for name, text in keys), class_="key")
