"""Every scalar type of the manifest, as a table of what is accepted, how it is printed, and how it is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from provisioner.kinds import calendar, values, zones

if TYPE_CHECKING:
    from collections.abc import Callable


class Row(NamedTuple):
    kind: str
    text: str
    accepted: bool
    expected: str


class Scalar(NamedTuple):
    parse: Callable[[Any], Any]
    text: Callable[[Any], Any]


def same(value: Any) -> Any:
    return value


SCALARS = {
    "boolean": Scalar(values.parse_bool, values.text_bool),
    "integer": Scalar(values.parse_int, values.text_int),
    "money": Scalar(values.parse_money, values.text_money),
    "duration": Scalar(values.parse_duration, values.text_duration),
    "limit": Scalar(values.parse_limit, values.text_limit),
    "key": Scalar(lambda x: values.parse_key(x, reserved={"service"}), same),
    "e-mail": Scalar(values.parse_email, same),
    "url": Scalar(values.parse_url, same),
    "text": Scalar(values.parse_text, same),
    "time": Scalar(calendar.parse_time, calendar.text_time),
    "interval": Scalar(calendar.parse_interval, calendar.text_interval),
    "hours": Scalar(calendar.parse_intervals, calendar.text_intervals),
    "days": Scalar(calendar.parse_days, calendar.text_days),
    "week": Scalar(calendar.parse_week, calendar.text_week),
    "date": Scalar(calendar.parse_date, str),
    "dates": Scalar(calendar.parse_dates, calendar.text_dates),
    "zone": Scalar(zones.parse_zone, same),
}


def read_table() -> list[Row]:
    lines = (Path(__file__).parent / "scalar_table.txt").read_text(encoding="utf-8").splitlines()
    return [read_row(line) for line in lines if line and not line.startswith("#")]


def read_row(line: str) -> Row:
    kind, text, outcome = (part.strip() for part in line.split(" | "))
    sign, _, expected = outcome.partition(" ")
    assert sign in ("=", "!"), line
    return Row(kind, text, sign == "=", expected)


def read_cell(cell: str) -> Any:
    """A cell's text, or what it says in JSON when it is quoted, a list, a mapping or null."""
    return json.loads(cell) if cell == "null" or cell[:1] in ('"', "[", "{") else cell


ROWS = read_table()


@pytest.mark.parametrize("row", [row for row in ROWS if row.accepted], ids=lambda row: f"{row.kind} {row.text}")
def test_an_accepted_scalar_has_one_canonical_spelling(row: Row) -> None:
    scalar, expected = SCALARS[row.kind], read_cell(row.expected)
    value = scalar.parse(read_cell(row.text))
    assert scalar.text(value) == expected
    assert scalar.parse(expected) == value
    assert scalar.parse(value) == value


@pytest.mark.parametrize("row", [row for row in ROWS if not row.accepted], ids=lambda row: f"{row.kind} {row.text}")
def test_a_refused_scalar_is_told_what_is_wrong_and_what_to_write(row: Row) -> None:
    with pytest.raises(ValueError, match=r"write|remove") as caught:
        SCALARS[row.kind].parse(read_cell(row.text))
    message = str(caught.value)
    assert row.expected in message
    assert message.isprintable()


def test_every_type_has_rows_that_are_accepted_and_rows_that_are_refused() -> None:
    seen = Counter((row.kind, row.accepted) for row in ROWS)
    assert set(seen) == {(kind, accepted) for kind in SCALARS for accepted in (True, False)}


# A remedy that is no advice in words is a promise: it is accepted as it stands.
ADVICE = re.compile(r"\b(one|or|to|and|on|for|digits|Region|a-z|YYYY|of|closed)\b")
PROMISES = [
    (row.kind, remedy)
    for row in ROWS
    if not row.accepted and (remedy := row.expected.partition("write ")[2]) and not ADVICE.search(remedy)
]


@pytest.mark.parametrize(("kind", "remedy"), PROMISES)
def test_what_a_message_says_to_write_is_accepted(kind: str, remedy: str) -> None:
    SCALARS["hours" if kind == "week" else kind].parse(read_remedy(remedy))


def read_remedy(remedy: str) -> Any:
    return remedy[1:-1].split(", ") if remedy.startswith("[") else remedy


def test_most_remedies_are_promises() -> None:
    assert len(PROMISES) > 80
