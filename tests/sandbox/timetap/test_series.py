"""A series is made and read as the page's table says: every property, with its type, and what is required."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.timetap.conftest import API, CLASS, DATES, PATH, TimeTap

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

# The test's own copy of the page's table: each property with its type. Where the page has none there is null;
# `type` is not in the table, and `repeatStaffIds` are called an integer and described as a list.
TABLE = {
    "array": (
        "additionalStaffIdList blockStaffIdList blockedStaffList classScheduleIdList classScheduleList dates fields"
        " repeatStaffIds timeSlotList"
    ),
    "boolean": (
        "fri getSendConfirmationToClient mon paid sat sendConfirmationToClient sendConfirmationToStaff sun thu tue wed"
    ),
    "integer": (
        "businessId clientEndTime clientId clientReminderHours clientStartTime dateCreated dateModified discount"
        " endTime everyXMonths everyXWeeks locationId reasonId recurringAppointmentId remindClientSmsHours"
        " remindStaffSmsHours seats staffId staffReminderHours startTime waitListId"
    ),
    "object": "client coordinatorStaff location locationGroup locationSuperGroup reason resource staff",
    "string": (
        "address cancelReason changeReason color createdBy customFieldData endDate modifiedBy note price startDate"
        " status tax1Amount type"
    ),
    "null": "adhoc recurringSchedule waitListOrigRecurringAppointmentId",
}
PYTHON = {"array": list, "boolean": bool, "integer": int, "object": dict, "string": str, "null": type(None)}
TYPES = {name: PYTHON[kind] for kind, names in TABLE.items() for name in names.split()}
# Nothing the page describes sets these.
NEVER_SET = {"color", "tax1Amount"}

EVERYTHING: dict[str, Any] = CLASS | {
    "additionalStaffIdList": [34],
    "address": "1 Main Street",
    "blockStaffIdList": [35],
    "businessId": 71_300,
    "cancelReason": "none yet",
    "changeReason": "none",
    "classScheduleList": [{"classScheduleId": 5}],
    "client": {"clientId": 44, "firstName": "Ann"},
    "clientEndTime": 1010,
    "clientReminderHours": 24,
    "clientStartTime": 935,
    "coordinatorStaff": {"staffId": 36},
    "discount": 5,
    "everyXMonths": 3,
    "fields": [{"label": "Level", "value": "2", "mode": "APPT"}, {"label": "x", "value": "y", "mode": "CLIENT"}],
    "fri": False,
    "locationGroup": {"groupId": 1},
    "locationSuperGroup": {"groupId": 2},
    "note": "Bring a mat ☀",
    "price": "20.00",
    "remindClientSmsHours": 2,
    "remindStaffSmsHours": 3,
    "resource": {"resourceId": 6},
    "seats": 12,
    "sendConfirmationToClient": True,
    "sendConfirmationToStaff": True,
    "staffReminderHours": 4,
    "status": "Open",
    "timeSlotList": [{"timeSlotId": 7}],
}


def test_every_property_is_read_with_the_type_of_the_table(timetap: TimeTap) -> None:
    made = timetap.make(**EVERYTHING)
    timetap.sandbox.control(
        "POST",
        "/timetap/waitlist",
        {"recurringAppointmentId": made["recurringAppointmentId"], "date": "2027-01-04", "clientId": 9},
    )
    series = timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}")
    assert set(series) == set(TYPES)
    for name, kind in TYPES.items():
        assert type(series[name]) is (type(None) if name in NEVER_SET else kind), name


def test_what_was_written_is_read(timetap: TimeTap) -> None:
    series = timetap.make(**EVERYTHING)
    computed = {"blockStaffIdList": [35, 34]}
    assert {name: series[name] for name in EVERYTHING} == EVERYTHING | computed


def test_times_are_military_integers(timetap: TimeTap) -> None:
    for start, end in ((0, 1), (930, 1015), (2358, 2359)):
        series = timetap.make(startTime=start, endTime=end)
        assert (series["startTime"], series["endTime"]) == (start, end)


def test_an_unwritten_property_is_empty(timetap: TimeTap) -> None:
    series = timetap.make()
    empty = {"array": [], "boolean": False, "integer": None, "object": None, "string": None, "null": None}
    kinds = {name: empty[kind] for kind, names in TABLE.items() for name in names.split()}
    own = timetap.ok("GET", f"{PATH}/{series['recurringAppointmentId']}")
    assert own == kinds | CLASS | {
        "businessId": 71_300,
        "clientStartTime": 930,
        "clientEndTime": 1015,
        "createdBy": "sandbox",
        "customFieldData": "",
        "dateCreated": 1_772_442_000_000,
        "dateModified": 1_772_442_000_000,
        "dates": DATES,
        "locationId": 11,
        "modifiedBy": "sandbox",
        "reasonId": 22,
        "recurringAppointmentId": series["recurringAppointmentId"],
        "repeatStaffIds": [33],
        "seats": 1,
        "staffId": 33,
        "status": "Open",
    }
    assert own == series


def test_what_follows_from_other_fields_is_computed(timetap: TimeTap) -> None:
    series = timetap.make(**EVERYTHING)
    assert (series["clientId"], series["locationId"], series["reasonId"], series["staffId"]) == (44, 11, 22, 33)
    assert series["blockedStaffList"] == [{"staffId": 35}, {"staffId": 34}]
    assert series["repeatStaffIds"] == [33, 34]
    assert series["classScheduleIdList"] == [5]
    assert series["customFieldData"] == "Level: 2"
    assert series["getSendConfirmationToClient"] is True


def test_staff_can_be_blocked_by_their_objects(timetap: TimeTap) -> None:
    named = {"staffId": 8, "firstName": "Bo"}
    series = timetap.make(blockedStaffList=[named])
    assert (series["blockStaffIdList"], series["blockedStaffList"]) == ([8], [named])
    series = timetap.make(blockedStaffList=[named], blockStaffIdList=[9], additionalStaffIdList=[8, 9])
    assert (series["blockStaffIdList"], series["blockedStaffList"]) == ([9, 8], [{"staffId": 9}, named])


def test_what_is_not_writable_is_ignored(timetap: TimeTap) -> None:
    silent = {
        "adhoc": True,
        "clientId": 1,
        "color": "red",
        "createdBy": "me",
        "dateCreated": 1,
        "dates": ["2020-01-01"],
        "locationId": 5,
        "paid": True,
        "recurringAppointmentId": 5,
        "staffId": "x",
        "waitListId": 3,
        "anything": {"else": []},
    }
    plain, told = timetap.make(), timetap.make(**silent)
    assert told == plain | {"recurringAppointmentId": plain["recurringAppointmentId"] + 1}


@pytest.mark.parametrize("name", ["endTime", "location", "reason", "staff", "startDate", "startTime", "type"])
def test_a_required_property_is_required(timetap: TimeTap, name: str) -> None:
    without = {key: value for key, value in CLASS.items() if key != name}
    assert timetap.refused(400, "POST", PATH, without) == f"{name} must be given"
    assert timetap.refused(400, "POST", PATH, CLASS | {name: None}) == f"{name} must be given"


def test_what_is_missing_is_said_at_once(timetap: TimeTap) -> None:
    words = timetap.refused(400, "POST", PATH, {})
    assert words == "endTime, location, reason, staff, startDate, startTime, type must be given"


@pytest.mark.parametrize(("kind", "name"), [("W", "everyXWeeks"), ("M", "everyXMonths")])
def test_the_type_requires_its_frequency(timetap: TimeTap, kind: str, name: str) -> None:
    body = CLASS | {"type": kind, "everyXWeeks": None}
    assert timetap.refused(400, "POST", PATH, body) == f"{name} must be given"
    assert timetap.refused(400, "POST", f"{PATH}/get/dates", body) == f"{name} must be given"
    timetap.make(**body | {name: 2})


MILITARY = "must be a time in military format from 0 to 2359"
UNFIT = [
    ("startTime", "09:30", "must be a whole number"),
    ("startTime", "930", "must be a whole number"),
    ("startTime", 930.0, "must be a whole number"),
    ("startTime", True, "must be a whole number"),
    ("startTime", 2400, MILITARY),
    ("startTime", -1, MILITARY),
    ("endTime", 1060, MILITARY),
    ("endTime", 930, "must be after startTime"),
    ("clientEndTime", 900, None),
    ("startDate", "04/01/2027", "must be a date written as YYYY-MM-DD"),
    ("startDate", "20270104", "must be a date written as YYYY-MM-DD"),
    ("startDate", 20270104, "must be a date written as YYYY-MM-DD"),
    ("startDate", "2027-02-29", "must be a date of the calendar"),
    ("startDate", "0000-01-01", "must be a date of the calendar"),
    ("startDate", "٢٠٢٧-01-04", "must be a date written as YYYY-MM-DD"),
    ("endDate", "2027-01-03", "must not be before startDate"),
    ("type", "D", "must be one of W, M"),
    ("type", ["W"], "must be one of W, M"),
    ("everyXWeeks", 0, "must be 1 or more"),
    ("everyXWeeks", 2**31, "must be a whole number"),
    ("mon", 1, "must be true or false"),
    ("mon", "true", "must be true or false"),
    ("status", "cancelled", "must be one of Open, Closed, Cancelled"),
    ("seats", 0, "must be 1 or more"),
    ("staff", 33, "must be an object with a staffId"),
    ("staff", {"id": 33}, "must be an object with a staffId"),
    ("staff", {"staffId": "33"}, "must be an object with a staffId"),
    ("location", {"locationId": 0}, "must be an object with a locationId"),
    ("client", {}, "must be an object with a clientId"),
    ("resource", [], "must be an object"),
    ("additionalStaffIdList", 34, "must be an array"),
    ("additionalStaffIdList", ["34"], "must be a whole number"),
    ("fields", {"label": "x"}, "must be an array"),
    ("fields", ["x"], "must be an object"),
    ("price", 20, "must be text"),
    ("note", ["x"], "must be text"),
]


@pytest.mark.parametrize(("name", "value", "words"), UNFIT, ids=str)
def test_an_unfit_value_is_explained(timetap: TimeTap, name: str, value: Any, words: str | None) -> None:
    body = CLASS | {name: value}
    if words is None:
        timetap.make(**body)
        timetap.refused(400, "POST", PATH, body | {"clientStartTime": 900})
    else:
        assert timetap.refused(400, "POST", PATH, body) == f"{name} {words}"
    assert len(timetap.sandbox.control("GET", "/timetap/series")) == (words is None)


def test_a_series_without_dates_is_refused(timetap: TimeTap) -> None:
    words = timetap.refused(400, "POST", PATH, CLASS | {"startDate": "2027-01-05", "endDate": "2027-01-05"})
    assert words == "the series has no dates between its startDate and its endDate"


def test_a_series_of_another_business_is_refused(timetap: TimeTap) -> None:
    assert timetap.refused(403, "POST", PATH, CLASS | {"businessId": 1}) == "business 1 is not yours"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"1", b"{} {}", b'{"seats": NaN}', b"[" * 10**5])
def test_a_body_has_to_be_an_object(timetap: TimeTap, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {timetap.token}"}
    for method, path in (("POST", PATH), ("POST", f"{PATH}/get/dates")):
        answer = timetap.sandbox.request(method, API + path, content=raw, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["message"] in ("the body is no valid JSON", "the body must be an object")


def test_ids_are_new_and_never_come_again(timetap: TimeTap) -> None:
    first, second = timetap.make(), timetap.make()
    assert second["recurringAppointmentId"] == first["recurringAppointmentId"] + 1
    calendar = [
        each["calendarId"]
        for series in timetap.sandbox.control("GET", "/timetap/series")
        for each in series["occurrences"]
    ]
    assert len(set(calendar)) == 2 * len(DATES)


@pytest.mark.parametrize("number", ["1", "0", "x", "-1", "٣", "1.0", "9" * 40, "get"])
def test_an_unknown_series_is_404(timetap: TimeTap, number: str) -> None:
    for method, path in (("GET", number), ("PUT", number), ("PUT", f"{number}/updateByAppt")):
        assert timetap.refused(404, method, f"{PATH}/{path}", {}) == f"recurring appointment {number} not found"


NOT_ALLOWED = [
    ("GET", PATH, "POST"),
    ("DELETE", PATH, "POST"),
    ("DELETE", f"{PATH}/{{id}}", "GET, PUT"),
    ("POST", f"{PATH}/{{id}}", "GET, PUT"),
    ("PATCH", f"{PATH}/{{id}}", "GET, PUT"),
    ("DELETE", f"{PATH}/{{id}}/updateByAppt", "PUT"),
    ("GET", f"{PATH}/get/dates", "POST"),
    ("POST", "/sessionToken", "GET"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), NOT_ALLOWED)
def test_there_is_no_list_and_no_delete(timetap: TimeTap, method: str, path: str, allowed: str) -> None:
    made = timetap.make()
    answer = timetap.send(method, path.format(id=made["recurringAppointmentId"]))
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}") == made


@pytest.mark.parametrize("path", ["/", "/staff", f"{PATH}/", f"{PATH}/get", f"{PATH}/1/x", f"{PATH}/list", "/api/v2/x"])
def test_other_paths_are_404(timetap: TimeTap, path: str) -> None:
    assert timetap.send("GET", path).status_code == 404
    assert timetap.send("DELETE", "/staff").status_code == 404


def test_everything_survives_the_process(timetap: TimeTap, opened: Callable[..., Sandbox]) -> None:
    made = timetap.make()
    later = TimeTap(opened(), timetap.token)
    assert later.ok("GET", f"{PATH}/{made['recurringAppointmentId']}") == made
    assert later.make()["recurringAppointmentId"] == made["recurringAppointmentId"] + 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*TYPES, "recurringAppt", "updatedAppt", "calendarId"])
PARAMETERS = ("dateSelected", "effectiveFollowingThisDate", "resetStartDay", "sendWaitListInvites")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(NAMES, ANYTHING, max_size=4),
    query=st.dictionaries(
        st.sampled_from(PARAMETERS), st.text(max_size=6) | st.sampled_from(["1", "true"]), max_size=2
    ),
)
def test_nothing_that_can_be_sent_breaks_it(
    shared_timetap: TimeTap, fields: dict[str, Any], query: dict[str, str]
) -> None:
    made = shared_timetap.make()
    path = f"{PATH}/{made['recurringAppointmentId']}"
    appointment = {"recurringAppt": made, "updatedAppt": {"startDate": DATES[0]} | fields}
    for method, where, body in (
        ("POST", PATH, CLASS | fields),
        ("POST", f"{PATH}/get/dates", CLASS | fields),
        ("PUT", path, made | fields),
        ("PUT", f"{path}/updateByAppt", appointment),
        ("PUT", f"{path}/updateByAppt", fields | {"recurringAppt": made}),
    ):
        answer = shared_timetap.send(method, where, json.loads(json.dumps(body)), **query)
        assert answer.status_code in (200, 400, 403, 404), answer.text
        answer.json()
    assert shared_timetap.ok("GET", path)["recurringAppointmentId"] == made["recurringAppointmentId"]
