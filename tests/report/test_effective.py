"""A location's week fits its width and keeps its columns, whoever works there and however they are called."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import merge
from provisioner.opening import Cause, LocationWeek, Span
from provisioner.opening.week import Cell, Note, Row
from provisioner.report.effective import effective_week
from provisioner.report.layout import columns

MONDAY = date(2027, 1, 4)
NAMES = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["Ana", "山田太郎" * 6, "e\u0301" * 30, "a\u202eb", "x" * 200, "Zoë Ångström-Łukasiewicz", "\x1b[31m"]
    ),
)
MINUTES = st.lists(
    st.builds(
        lambda start, length: (start * 5, min(1440, (start + length) * 5)), st.integers(0, 287), st.integers(1, 99)
    ),
    max_size=4,
).map(merge)


def span(day: date, start: int, end: int) -> Span:
    midnight = datetime.combine(day, time())
    return Span(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))


@st.composite
def rows(draw: st.DrawFn, name: str | None = None) -> Row:
    cells, minutes = [], 0
    for ahead in range(7):
        day = draw(MINUTES)
        cut = draw(st.sampled_from([None, Cause.AWAY, Cause.HOLIDAY])) if not day else None
        cells.append(Cell(tuple(span(MONDAY + timedelta(days=ahead), *each) for each in day), cut))
        minutes += sum(end - start for start, end in day)
    return Row(draw(NAMES) if name is None else name, tuple(cells), minutes, minutes + draw(st.integers(0, 600)))


@st.composite
def location_weeks(draw: st.DrawFn) -> LocationWeek:
    days = st.lists(st.integers(0, 6), unique=True).map(
        lambda each: tuple(MONDAY + timedelta(days=d) for d in sorted(each))
    )
    own = draw(st.lists(rows(), max_size=3))
    together = draw(rows(name="")) if len(own) > 1 else None
    notes = draw(st.lists(st.builds(Note, days, NAMES), max_size=2))
    address = Address("west", "location", ("downtown",))
    timed = draw(st.lists(rows(), max_size=2))
    return LocationWeek(draw(NAMES), address, "Europe/Paris", MONDAY, tuple(own), together, tuple(timed), tuple(notes))


@given(week=location_weeks())
def test_every_week_fits_and_keeps_its_columns(week: LocationWeek) -> None:
    lines = effective_week(week, "the manifests", 80)
    head = next((line for line in lines if line.endswith("  week")), None)
    table = lines[lines.index(head) :] if head else []
    drawn = table[: next((number for number, line in enumerate(table) if line.startswith("  # ")), None)]
    assert all(columns(line) <= 80 and line == line.rstrip() and line.isprintable() for line in drawn)
    if head:
        mondays = columns(head[: head.index("Mo 4")])
        for line in drawn:
            # What is left of the first day is name and blanks, so a row's first cell begins where the heading does.
            left = _cut(line, mondays)
            assert left.endswith(" ") or columns(line) < mondays or line == "  at set times"


def _cut(line: str, room: int) -> str:
    """The beginning of a line that takes so many columns."""
    end = 0
    while end < len(line) and columns(line[: end + 1]) <= room:
        end += 1
    return line[:end]


def test_a_week_without_anybody_says_so() -> None:
    address = Address("", "location", ("downtown",))
    lines = effective_week(LocationWeek("Downtown", address, None, MONDAY, (), None, (), ()), "the manifests", 80)
    assert lines == [
        "Downtown (location/downtown)",
        "  Mo 4 Jan to Su 10 Jan 2027, no time zone is named; from the manifests",
        "",
        "  Nobody works here, and nothing takes place at set times.",
    ]


def test_spans_are_broken_only_where_there_is_no_room() -> None:
    day = span(MONDAY, 555, 1065)
    cells = tuple(Cell((Span(*(end + timedelta(days=ahead) for end in day)),)) for ahead in range(7))
    address = Address("", "location", ("downtown",))

    def drawn(name: str, width: int) -> list[str]:
        week = LocationWeek("downtown", address, "UTC", MONDAY, (Row(name, cells, 3570, 3570),), None, (), ())
        return effective_week(week, "the manifests", width)[4:]

    assert drawn("Ana", 120) == [f"  Ana{' 9:15-17:45' * 7}  59:30 h"]
    first, second = drawn("Ana", 80)
    assert first == f"  Ana{' 9:15- ' * 7} 59:30 h".replace("  59", "   59")
    assert second.split() == ["17:45"] * 7
