"""Weeks before and after, drawn: for each stretch of dates whose hours change, seven days with two bars each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.kinds.calendar import text_dates
from provisioner.kinds.hours import Shifts, parse_shifts
from provisioner.report.html.build import Html, join, tag
from provisioner.report.layout import counted
from provisioner.report.week import Stretch, stretches, time_text, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from provisioner.kinds.calendar import Interval
    from provisioner.report.printed import Document, Printed

MOST = 40
"""Weeks that are drawn; the rest stands with its change."""
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WIDTH, _LEFT, _TOP, _HOUR = 40, 26, 14, 9
"""Of a day, of the hours beside it, of the names above it, and of an hour, in units of the drawing."""
_KEY = (("kept", "as now"), ("gone", "goes"), ("come", "comes"))


def calendars(printed: Printed) -> Html:
    """A calendar for each stretch of each change of hours."""
    every = [(change, stretch) for change in printed.changes for stretch in _changed(change)]
    if not every:
        return Html()
    key = tag("p", *(part for name, words in _KEY for part in (tag("i", class_=name), f" {words} ")), class_="key")
    more = [tag("p", f"{counted(len(every) - MOST, 'more week')}: see the changes.")] if len(every) > MOST else []
    return join((key, tag("div", *(_figure(*each) for each in every[:MOST]), class_="weeks"), *more))


def tables(before: Any, after: Any) -> Iterator[tuple[str, list[list[str]]]]:
    """For each stretch of dates in which another week holds: its dates, and a table whose first row is its head."""
    for each in _stretches(before, after):
        yield text_dates(each.dates), _rows(each)


def _changed(change: Document) -> Iterator[Stretch]:
    if change["kind"] == "hours":
        for field in change["fields"]:
            yield from _stretches(field["before"], field["after"])


def _stretches(before: Any, after: Any) -> Iterator[Stretch]:
    now, planned = _shifts(before), _shifts(after)
    if now is not None and planned is not None:
        yield from (each for each in stretches(now, planned) if each.now != each.planned)


def _shifts(spelled: Any) -> Shifts | None:
    """The hours that a document spells; None where they could not be read."""
    try:
        return parse_shifts(spelled or [])
    except ValueError:
        return None


def _figure(change: Document, stretch: Stretch) -> Html:
    title = tag("b", change["address"])
    hours = f" {text_dates(stretch.dates)}: {total(stretch.now)} now, {total(stretch.planned)} planned"
    caption = tag("figcaption", title, hours)
    return tag("figure", caption, _drawing(stretch), tag("details", tag("summary", "as a table"), _table(stretch)))


def _drawing(stretch: Stretch) -> Html:
    spans = [span for week in (stretch.now, stretch.planned) for day in week for span in day]
    first, last = min(start for start, _ in spans) // 60, -(-max(end for _, end in spans) // 60)
    height = _TOP + (last - first) * _HOUR + 4
    parts = [*_grid(first, last), *_bars(stretch, first)]
    width = _LEFT + 7 * _WIDTH
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", role="img", aria_label="hours now and planned")


def _grid(first: int, last: int) -> Iterator[Html]:
    for day, name in enumerate(_DAYS):
        yield tag("text", name, x=_LEFT + day * _WIDTH + _WIDTH // 2, y=10, class_="day")
    for hour in range(first, last + 1):
        y = _TOP + (hour - first) * _HOUR
        yield tag("path", d=f"M{_LEFT} {y}h{7 * _WIDTH}", class_="line")
        if (hour - first) % 2 == 0:
            yield tag("text", str(hour), x=_LEFT - 5, y=y + 3, class_="hour")


def _bars(stretch: Stretch, first: int) -> Iterator[Html]:
    """On the left of a day what is now, on the right what is planned; what both have is set apart."""
    half = _WIDTH // 2 - 3
    for day, (now, planned) in enumerate(zip(stretch.now, stretch.planned, strict=True)):
        x = _LEFT + day * _WIDTH + 2
        yield from (_bar(span, x, half, first, "now") for span in now)
        yield from (_bar(span, x, half, first, "gone") for span in _without(now, planned))
        yield from (_bar(span, x + half + 2, half, first, "kept") for span in planned)
        yield from (_bar(span, x + half + 2, half, first, "come") for span in _without(planned, now))


def _bar(span: Interval, x: int, width: int, first: int, class_: str) -> Html:
    y = _TOP + (span[0] / 60 - first) * _HOUR
    height = (span[1] - span[0]) / 60 * _HOUR
    return tag("rect", x=x, y=f"{y:.4g}", width=width, height=f"{height:.4g}", class_=class_)


def _without(spans: Sequence[Interval], others: Sequence[Interval]) -> Iterator[Interval]:
    """What is left of spans when others are taken away."""
    for start, end in spans:
        at = start
        for begin, stop in sorted(others):
            if begin < end and stop > at:
                if begin > at:
                    yield at, begin
                at = stop
        if at < end:
            yield at, end


def _rows(stretch: Stretch) -> list[list[str]]:
    weeks = (("now", stretch.now), ("planned", stretch.planned))
    return [["", *_DAYS], *([label, *map(_times, week)] for label, week in weeks)]


def _table(stretch: Stretch) -> Html:
    rows = (
        tag("tr", *(tag("td" if column else "th", cell) for column, cell in enumerate(row))) for row in _rows(stretch)
    )
    return tag("table", *rows, class_="plain")


def _times(day: Sequence[Interval]) -> str:
    return ", ".join(f"{time_text(start)}-{time_text(end)}" for start, end in day) or "-"
