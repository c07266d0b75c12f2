"""Every field that a series can have: written as the vendor spells it, read back, changed, and as wanted afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds.base import Unreadable, specs
from provisioner.kinds.frequency import Frequency
from provisioner.kinds.period import Period
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.kinds.values import Duration
from provisioner.manifest.renamed import RENAMED
from provisioner.providers.timetap.fields import FIELDS, decode, encode
from tests.providers.timetap.studio import NULL, Json, Studio

OTHERS: Mapping[str, tuple[Any, Any]] = {
    "every": ("1 week", "3 weeks"),
    "days": ("mon-fri", "sun"),
    "time": ("00:00-23:59", "12:00-12:30"),
    "client_time": ("09:15-10:30", "09:20-10:20"),
    "dates": ("2083-01-04..", "2083-01-05..2083-12-31"),
    "staff": (34, 35),
    "location": (12, 13),
    "reason": (23, 24),
    "client": (77, None),
    "coordinator": (44, None),
    "additional_staff": ([55, 54], []),
    "blocked_staff": ([66], [67, 68]),
    "location_group": (5, None),
    "location_super_group": (6, None),
    "resource": (7, None),
    "class_schedules": ([8, 9], []),
    "address": ("1 Mat Lane", None),
    "seats": (12, 1),
    "price": ("12.50", 13),
    "discount": (2, 0),
    "note": ("Bring a mat", None),
    "change_reason": ("Holiday", None),
    "cancel_reason": ("Flood", None),
    "custom_fields": ({"Level": "Beginners", "Mat": "own"}, {"Level": "Advanced"}),
    "status": ("closed", "open"),
    "reminders": ({"client_email": "24 h", "staff_sms": "2 h"}, {"client_email": None, "client_sms": "1 h"}),
}
# What the page's table marks as writable, or as required on PUT calls, and what its text says is written all the same.
WRITABLE = """
    additionalStaffIdList address blockStaffIdList blockedStaffList businessId cancelReason changeReason
    classScheduleList client clientEndTime clientReminderHours clientStartTime coordinatorStaff discount endDate endTime
    everyXMonths everyXWeeks fields location locationGroup locationSuperGroup note price reason remindClientSmsHours
    remindStaffSmsHours resource seats sendConfirmationToClient sendConfirmationToStaff staff staffReminderHours
    startDate startTime status type mon tue wed thu fri sat sun
"""
ELSEWHERE = {"businessId", "sendConfirmationToClient", "sendConfirmationToStaff"}
"""Sent with every creation, or every write."""
SAME = {"blockedStaffList"}
"""The objects of `blockStaffIdList`."""


def test_every_writable_property_has_a_field() -> None:
    assert {name for each in FIELDS.values() for name in each.names} == set(WRITABLE.split()) - ELSEWHERE - SAME


def test_every_field_is_tried_here() -> None:
    named = {name.partition(".")[0] for name in specs(RecurringAppointment)}
    instructions = {name for name, spec in specs(RecurringAppointment).items() if spec.instruction}
    assert set(OTHERS) == named - instructions - {"overrides"}


@pytest.mark.parametrize("name", OTHERS)
def test_a_field_is_written_and_changed(studio: Studio, name: str) -> None:
    beside: Json = {"additional_staff": []} if name == "blocked_staff" else {}
    first, other = OTHERS[name]
    assert len(studio.done(yoga={**beside, name: first})) == 1
    sent = studio.done(yoga=beside) if other is None else studio.done(yoga={**beside, name: other})
    assert len(sent) == (0 if other is None else 1)  # a field that is not named is not managed


@pytest.mark.parametrize("name", [name for name, (_, other) in OTHERS.items() if other is None])
def test_null_clears(studio: Studio, name: str) -> None:
    studio.done(yoga={name: OTHERS[name][0]})
    assert len(studio.done(yoga={name: NULL})) == 1


def test_a_series_by_months(studio: Studio) -> None:
    (post,) = studio.done(yoga={"every": "1 month", "days": None, "dates": "2083-01-31..2083-06-30"})
    assert (post.body["type"], post.body["everyXMonths"], post.body["everyXWeeks"]) == ("M", 1, None)
    assert studio.one()["dates"] == ["2083-01-31", "2083-03-31", "2083-05-31"]
    assert len(studio.done(yoga={"every": "4 weeks", "days": "sun", "dates": "2083-01-31..2083-06-30"})) == 1


def test_the_additional_staff_that_the_vendor_blocks_are_no_difference(studio: Studio) -> None:
    studio.done(yoga={"additional_staff": [55], "blocked_staff": [66]})
    assert studio.one()["blockStaffIdList"] == [66, 55]


def test_a_custom_field_keeps_what_else_the_vendor_says_of_it() -> None:
    live = {"fields": [{"label": "Level", "value": "a", "mode": "APPT", "fieldId": 9}, {"label": "Old", "value": "b"}]}
    body = encode({"custom_fields": (("Level", "c"), ("New", "d"))}, live)
    assert body["fields"] == [
        {"label": "Level", "value": "c", "mode": "APPT", "fieldId": 9},
        {"label": "New", "value": "d", "mode": "APPT"},
    ]


IDS = st.integers(1, 2**31 - 1)
SETS = st.frozensets(IDS, max_size=4).map(lambda ids: tuple(sorted(ids)))
TEXTS = st.none() | st.text(min_size=1, max_size=20)
HOURS = st.none() | st.integers(0, 500).map(lambda hours: Duration(hours * 60))
TIMES = st.tuples(st.integers(0, 1438), st.integers(1, 1439)).map(sorted).map(tuple).filter(lambda t: t[0] < t[1])
DAYS = st.dates(date(1970, 1, 1), date(2900, 12, 31))
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "every": st.builds(Frequency, st.integers(1, 999), st.sampled_from(("week", "month"))),
    "days": st.frozensets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    "time": TIMES,
    "client_time": TIMES,
    "dates": st.builds(
        lambda start, length: Period(start, start + timedelta(length) if length is not None else None),
        DAYS,
        st.none() | st.integers(0, 9999),
    ),
    **dict.fromkeys(("staff", "location", "reason"), IDS),
    **dict.fromkeys(("client", "coordinator", "location_group", "location_super_group", "resource"), st.none() | IDS),
    **dict.fromkeys(("additional_staff", "class_schedules"), SETS),
    **dict.fromkeys(("address", "note", "change_reason", "cancel_reason"), TEXTS),
    "seats": st.integers(1, 999),
    "price": st.decimals(0, 10**6, places=2).map(abs),
    "discount": st.integers(0, 999),
    "custom_fields": st.dictionaries(st.text(), st.text(), max_size=3).map(lambda each: tuple(sorted(each.items()))),
    "status": st.sampled_from(("open", "closed")),
    **dict.fromkeys((name for name in FIELDS if name.startswith("reminders.")), HOURS),
}


@given(st.fixed_dictionaries({}, optional=dict(VALUES)))
def test_decoding_what_was_encoded_gives_it_back(values: Json) -> None:
    assert decode(encode(values)) == values


@given(
    st.dictionaries(
        st.sampled_from([n for each in FIELDS.values() for n in each.names]),
        st.none()
        | st.integers()
        | st.text()
        | st.booleans()
        | st.lists(st.integers() | st.text())
        | st.dictionaries(st.text(), st.none()),
    )
)
def test_whatever_comes_back_is_shown_and_never_dropped(raw: Json) -> None:
    found = decode(raw)
    assert {name for name, each in FIELDS.items() if each.names[0] in raw} == set(found)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"type": "Y"}, "every"),
        ({"startTime": 990, "endTime": 1000}, "time"),
        ({"startDate": "04.01.2083", "endDate": None}, "dates"),
        ({"price": "dear"}, "price"),
        ({"seats": True}, "seats"),
    ],
)
def test_what_makes_no_sense_is_not_readable(raw: Json, field: str) -> None:
    assert isinstance(decode(raw)[field], Unreadable)


def test_a_price_is_exact() -> None:
    assert decode({"price": "12.50"})["price"] == Decimal("12.5")
    assert encode({"price": Decimal("12.5")}) == {"price": "12.50"}


def test_who_writes_the_vendors_name_of_a_field_is_told_ours() -> None:
    known = specs(RecurringAppointment)
    told = RENAMED["recurring_appointment"]
    assert {ours for ours in told.values() if ours not in known} == set()
    spelled = {name: ours for ours, spelling in FIELDS.items() for name in spelling.names}
    assert {n: told.get(n) for n, ours in spelled.items() if n not in known and told.get(n) != ours} == {}
