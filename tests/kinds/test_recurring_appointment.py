"""A recurring appointment in a manifest: what is said in words, and every mistake in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from provisioner.kinds.base import specs
from provisioner.kinds.frequency import FREQUENCY, UNITS, Frequency, parse_frequency
from provisioner.kinds.override import parse_overrides, text_overrides
from provisioner.kinds.recurring_appointment import RecurringAppointment

EXAMPLE = "{2027-03-01: {time: 10:00-10:45}}"
FIELDS: Mapping[str, Any] = {
    "every": "2 weeks",
    "days": "mon wed",
    "time": "09:30-10:15",
    "dates": "2027-01-04..2027-06-30",
    "staff": "33",
    "location": "11",
    "reason": "22",
}


def _told(**fields: Any) -> str:
    """What is wrong with these fields, "" when nothing is; None leaves one out."""
    named = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    try:
        found = RecurringAppointment(**named)
    except ValidationError as error:
        return str(error.errors()[0]["ctx"]["error"])
    return "; ".join(f"{field}: {why}" if field else why for field, why in found.faults())


@pytest.mark.parametrize(
    ("raw", "remedy"),
    [
        ("weekly", "1 week"),
        ("Every other month", "2 months"),
        ("2w", "2 weeks"),
        ("fortnightly", "2 weeks"),
        ("a month", "1 month"),
        ("2 days", "1 week, 2 weeks or 1 month, for example"),
        ("0 weeks", "1 week, 2 weeks or 1 month, for example"),
        ("2", "1 week, 2 weeks or 1 month, for example"),
    ],
)
def test_what_was_meant_by_how_often(raw: str, remedy: str) -> None:
    assert _told(every=raw) == f"'{raw}' does not say how often: write {remedy}"


@given(st.integers(1, 999), st.sampled_from(UNITS))
def test_a_frequency_is_read_as_it_is_written(number: int, unit: str) -> None:
    assert parse_frequency(FREQUENCY.dump(Frequency(number, unit))) == (number, unit)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"days": None}, "it lacks its days: add `days: mon`, for example"),
        (
            {"every": "1 month"},
            "days: by months it is on its start's day of the month: remove days, or write every: 4 weeks",
        ),
        (
            {"dates": "..2027-06-30"},
            "'..2027-06-30' has no start: write 2027-01-04..2027-06-30, or 2027-01-04.. where it goes on",
        ),
        (
            {"time": "22:00-24:00"},
            "'22:00-24:00' ends at 24:00, and an appointment ends before midnight: write 22:00-23:59",
        ),
        (
            {"time": "22:00-01:00"},
            "'22:00-01:00' does not end after it begins, on the same day: write a later end, such as 09:30-10:15",
        ),
        ({"time": "9-10"}, "'9-10' is not an interval: write 09:00-10:00"),
        (
            {"status": "Cancelled"},
            (
                "'Cancelled' is not written: a series is cancelled by taking it out of the manifests, and one date "
                "with overrides: {2027-03-01: {cancelled: true}}"
            ),
        ),
        ({"staff": "0"}, "'0' is no id: write its id, a number such as 4711"),
        ({"staff": "Ana"}, "'Ana' is not a whole number in plain digits: write digits, for example 5"),
        ({"additional_staff": ["5", "5"]}, "5 stands there twice: remove one"),
        ({"additional_staff": "5"}, "'5' is no list of ids: write [4711, 4712], for example, or [] for none"),
        (
            {"blocked_staff": ["5"]},
            "blocked_staff: the additional staff are blocked as well, so both are needed: add `additional_staff: []`",
        ),
        (
            {"blocked_staff": ["5"], "additional_staff": ["5"]},
            "blocked_staff: 5 is additional staff, which is blocked anyway: remove it here",
        ),
        ({"seats": "0"}, "'0' is no number of seats: write 1 or more"),
        (
            {"confirmations": "client"},
            "'client' is no list of who is told: write [client], [client, staff], or [] for nobody",
        ),
        ({"confirmations": ["boss"]}, "'boss' is nobody who can be told: write client or staff"),
        (
            {"custom_fields": ["a"]},
            "a list is no mapping of labels to values: write {Level: Beginners}, or {} for none",
        ),
        ({"custom_fields": {"Level": None}}, "Level: null is not text: write one such as Haircut"),
        ({"status": "full"}, '"full" is not one of open, closed'),
        (
            {"effective_from": "2026-12-31"},
            "effective_from: 2026-12-31 is outside 2027-01-04..2027-06-30: correct or remove it",
        ),
        (
            {"overrides": {"2027-07-01": {"note": "x"}}},
            "overrides: 2027-07-01: it is no date of the series (2027-01-04..2027-06-30): correct it",
        ),
        (
            {"effective_from": "2027-07-02"},
            "effective_from: 2027-07-02 is outside 2027-01-04..2027-06-30: correct or remove it",
        ),
        (
            {"client_time": "09:20-10:15", "overrides": {"2027-03-01": {"time": "10:00-10:45"}}},
            "overrides: 2027-03-01: the client is told another time than this, so both are needed: add client_time",
        ),
        (
            {"overrides": {"2027-03-01": {"time": "23:00-24:00"}}},
            "2027-03-01: time: '23:00-24:00' ends at 24:00, and an appointment ends before midnight: write 23:00-23:59",
        ),
        ({"overrides": []}, "a list is no mapping of dates: write {2027-03-01: {time: 10:00-10:45}}, or {} for none"),
        (
            {"overrides": {"2027-03-01": {"tiem": "10:00-10:45"}}},
            "2027-03-01: unknown key 'tiem': did you mean time?",
        ),
        (
            {"overrides": {"2027-03-01": {"time": "9"}}},
            "2027-03-01: time: '9' is not an interval: write one such as 09:00-17:00",
        ),
        ({"overrides": {"2027-03-01": {"note": None}}}, "2027-03-01: note: null is not allowed here: remove the line"),
        (
            {"overrides": {"2027-03-01": {"cancelled": "true", "note": "x"}}},
            "2027-03-01: what is cancelled has nothing else: keep cancelled, or the rest",
        ),
        (
            {"overrides": {"2027-03-01": {"cancelled": "false"}}},
            "2027-03-01: cancelled: one that takes place is not named: remove the line, or write true",
        ),
        (
            {"overrides": {"2027-03-01": {}}},
            f"2027-03-01: a mapping says nothing of it: write what is other then, such as {EXAMPLE}",
        ),
    ],
)
def test_a_mistake_names_its_remedy(fields: dict[str, Any], why: str) -> None:
    assert _told(**fields) == why


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"dates": "2027-01-04.."},
        {"every": "1 month", "days": None},
        {"client": None},
        {"days": "daily"},
        {"effective_from": "2027-07-01"},  # the day after the end: from then on it is over
        {"client_time": "9:20-10:15", "overrides": {"2027-03-01": {"time": "9:00-9:45", "client_time": "8:50-9:45"}}},
    ],
)
def test_what_is_right_is_taken(fields: dict[str, Any]) -> None:
    assert _told(**fields) == ""


def test_overrides_are_in_the_order_of_their_dates() -> None:
    raw = {"2027-03-03": {"note": "b"}, "2027-03-01": {"seats": "3", "time": "10:00-10:45", "date": "2027-03-02"}}
    found = parse_overrides(raw)
    assert text_overrides(found) == {
        "2027-03-01": {"date": "2027-03-02", "time": "10:00-10:45", "seats": 3},
        "2027-03-03": {"note": "b"},
    }
    assert parse_overrides(text_overrides(found)) == found


def test_null_lets_the_vendor_work_the_clients_time_out() -> None:
    assert RecurringAppointment(**{**FIELDS, "client_time": None}).wanted()["client_time"] is None


def test_hours_before_are_written_in_hours() -> None:
    series = RecurringAppointment(**FIELDS, reminders={"client_email": "24 h", "staff_sms": "1 d 2 h"})
    known, wanted = specs(RecurringAppointment), series.wanted()
    assert [known[name].dump(wanted[name]) for name in wanted if "." in name] == ["24 h", "26 h"]


def test_a_field_that_says_how_is_marked_so() -> None:
    said = {name for name, spec in specs(RecurringAppointment).items() if spec.instruction}
    assert said == {"effective_from", "confirmations", "waitlist_invites"}
