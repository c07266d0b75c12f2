"""Ends of appointments in nights in which clocks change: they are told without an offset of their own."""

from datetime import datetime, timedelta

import pytest

from provisioner.kinds.booking import Booking

ZONE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("start", "told", "minutes"),
    [
        ("2027-03-14T01:00-08:00", "2027-03-14T03:00-08:00", 60),
        ("2027-11-07T01:30-07:00", "2027-11-07T01:30-07:00", 60),
        ("2027-11-07T01:30-07:00", "2027-11-07T01:15-07:00", 45),
        ("2027-11-07T00:30-07:00", "2027-11-07T03:00-07:00", 210),
        ("2027-06-01T09:00-07:00", "2027-06-01T10:00-07:00", 60),
    ],
)
def test_an_end_is_read_on_its_own_clock(start: str, told: str, minutes: int) -> None:
    booking = Booking("1", datetime.fromisoformat(start), datetime.fromisoformat(told)).settled(ZONE)
    assert booking.start is not None
    assert booking.end is not None
    assert booking.end - booking.start == timedelta(minutes=minutes)
    assert booking.end.utcoffset() == booking.start.utcoffset()


def test_a_zone_that_the_start_was_not_told_in_says_nothing() -> None:
    booking = Booking(
        "1", datetime.fromisoformat("2027-03-14T01:00-08:00"), datetime.fromisoformat("2027-03-14T03:00-08:00")
    )
    assert booking.settled("Europe/Berlin") == booking


def test_without_an_end_there_is_nothing_to_read() -> None:
    booking = Booking("1", datetime.fromisoformat("2027-03-14T01:00-08:00"))
    assert booking.settled(ZONE) == booking
