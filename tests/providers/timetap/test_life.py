"""The life of a series: made, seen again, changed from a date on, one occurrence moved, cancelled."""

from __future__ import annotations

from provisioner.plan.change import Action
from tests.providers.timetap.studio import BUSINESS, DATES, YOGA, Studio

QUIET = "effectiveFollowingThisDate=0&sendWaitListInvites=false"


def test_a_series_is_made_with_one_call_and_seen_again(studio: Studio) -> None:
    (post,) = studio.done(yoga={"price": "12.50", "note": "Bring a mat"})
    assert (post.method, post.path, post.query) == ("POST", "/recurringappointments", {})
    assert post.body == {
        "businessId": int(BUSINESS),
        "type": "W",
        "everyXWeeks": 2,
        "everyXMonths": None,
        **{name: name in ("mon", "wed") for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        "startTime": 930,
        "endTime": 1015,
        "startDate": "2083-01-04",
        "endDate": "2083-03-31",
        "staff": {"staffId": 33},
        "location": {"locationId": 11},
        "reason": {"reasonId": 22},
        "price": "12.50",
        "note": "Bring a mat",
        "sendConfirmationToClient": False,
        "sendConfirmationToStaff": False,
    }
    assert studio.calls() == ["POST /recurringappointments"]
    assert studio.one()["dates"] == DATES
    record = studio.state.records[next(iter(studio.state.records))]
    assert (record.owned, record.id) == (True, str(studio.one()["recurringAppointmentId"]))


def test_a_change_takes_effect_from_a_date(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"time": "10:00-10:45", "effective_from": "2083-03-01"})
    assert [f.name for f in studio.change().fields] == ["time", "effective_from"]
    (put,) = studio.done()
    id_ = studio.one()["recurringAppointmentId"]
    query = "dateSelected=2083-03-01&effectiveFollowingThisDate=1&sendWaitListInvites=false"
    assert studio.calls()[1:] == [f"PUT /recurringappointments/{id_} {query}"]
    assert (put.body["recurringAppointmentId"], put.body["startDate"]) == (id_, "2083-01-04")
    told = {date: (each["startTime"], each["endTime"]) for date, each in studio.occurrences().items()}
    assert told == {date: (1000, 1045) if date >= "2083-03-01" else (930, 1015) for date in DATES}


def test_a_change_without_a_date_is_for_the_whole_series(studio: Studio) -> None:
    studio.done(yoga={})
    studio.done(yoga={"staff": 34})
    id_ = studio.one()["recurringAppointmentId"]
    assert studio.calls()[1:] == [f"PUT /recurringappointments/{id_} dateSelected=2083-01-04&{QUIET}"]
    assert {each["staffId"] for each in studio.occurrences().values()} == {34}


def test_an_effective_date_alone_changes_nothing(studio: Studio) -> None:
    studio.done(yoga={})
    assert studio.done(yoga={"effective_from": "2083-03-01"}) == []


def test_what_is_not_managed_is_not_sent_back(studio: Studio) -> None:
    """The vendor works the client's times out, and a time that is sent back would stay."""
    studio.done(yoga={})
    (put,) = studio.done(yoga={"time": "11:00-11:45"})
    assert "clientStartTime" not in put.body
    assert {each["clientStartTime"] for each in studio.occurrences().values()} == {1100}


def test_one_occurrence_is_moved(studio: Studio) -> None:
    studio.done(yoga={})
    (put,) = studio.done(yoga={"overrides": {"2083-03-01": {"time": "10:00-10:45"}}})
    id_ = studio.one()["recurringAppointmentId"]
    assert studio.calls()[1:] == [f"PUT /recurringappointments/{id_}/updateByAppt dateSelected=2083-03-01&{QUIET}"]
    told = {"startDate": "2083-03-01", "startTime": 1000, "endTime": 1045, "status": "Open", "staff": {"staffId": 33}}
    assert put.body["updatedAppt"].items() >= {**told, "sendConfirmationToClient": False}.items()
    assert studio.occurrences()["2083-03-01"]["ownChanges"] == {"startTime": 1000, "endTime": 1045}
    assert put.body["recurringAppt"]["recurringAppointmentId"] == id_
    changed = {date: each["startTime"] for date, each in studio.occurrences().items() if each["startTime"] != 930}
    assert changed == {"2083-03-01": 1000}


def test_a_new_series_gets_its_overrides_at_once(studio: Studio) -> None:
    overrides = {"2083-01-04": {"date": "2083-01-05"}, "2083-01-06": {"cancelled": True}, "2083-01-18": {"note": "x"}}
    sent = studio.done(yoga={"overrides": overrides})
    assert [each.method for each in sent] == ["POST", "PUT", "PUT", "PUT"]
    assert studio.one()["dates"] == ["2083-01-05", *DATES[2:]]
    assert studio.occurrences()["2083-01-18"]["note"] == "x"


def test_what_an_override_says_no_more_is_the_series_again(studio: Studio) -> None:
    before = {
        "2083-01-04": {"time": "11:00-11:30", "note": "late"},
        "2083-01-06": {"date": "2083-01-07"},
        "2083-01-18": {"cancelled": True},
    }
    studio.done(yoga={"note": "all", "overrides": before})
    sent = studio.done(yoga={"note": "all", "overrides": {"2083-01-04": {"note": "late"}}})
    assert [each.query["dateSelected"] for each in sent] == ["2083-01-04", "2083-01-06", "2083-01-18"]
    assert studio.one()["dates"] == DATES
    told = {date: (each["startTime"], each["note"], each["status"]) for date, each in studio.occurrences().items()}
    assert told == {**dict.fromkeys(DATES, (930, "all", "Open")), "2083-01-04": (930, "late", "Open")}
    studio.done(yoga={"note": "all"})  # an unnamed field is not managed: what is live of it stays
    assert studio.occurrences()["2083-01-04"]["note"] == "late"


def test_overrides_are_sent_again_after_the_series(studio: Studio) -> None:
    overrides = {"2083-01-06": {"time": "08:00-08:30"}, "2083-03-03": {"time": "08:00-08:30"}}
    studio.done(yoga={"overrides": overrides})
    sent = studio.done(yoga={"overrides": overrides, "staff": 34, "effective_from": "2083-03-01"})
    assert [(each.query["dateSelected"], each.path.endswith("/updateByAppt")) for each in sent] == [
        ("2083-03-01", False),
        ("2083-03-03", True),
    ]
    own = {date: each["startTime"] for date, each in studio.occurrences().items() if each["startTime"] != 930}
    assert own == dict.fromkeys(overrides, 800)


def test_what_is_past_stays_as_it_was(studio: Studio) -> None:
    """It is told, it is no change, and it is not remembered as if it had been sent."""
    old = {"dates": "2020-01-06..2083-03-31", "overrides": {"2020-01-06": {"note": "first"}}}
    assert [each.method for each in studio.done(yoga=old)] == ["POST"]
    (record,) = studio.state.records.values()
    assert record.applied["overrides"] == {}
    assert f"Note: {YOGA}: 2020-01-06 is past: it stays as it is" in studio.text()
    assert studio.done(yoga={**old, "overrides": {}}) == []
    assert not [line for line in studio.text() if "past" in line]


def test_removing_a_series_cancels_it(studio: Studio) -> None:
    studio.done(yoga={"client": 77})
    studio.want()
    change = studio.change()
    assert change.action is Action.DELETE
    assert f"# {YOGA} will be cancelled" in studio.text()
    assert "Plan: 0 to add, 0 to change, 1 to destroy." in studio.text()
    (put,) = studio.done()
    assert put.body["status"] == "Cancelled"
    assert {name for name, value in put.body.items() if value is None} == set()
    assert (studio.one()["status"], studio.one()["dates"]) == ("Cancelled", [])
    assert studio.state.records == {}


def test_a_series_that_was_cancelled_outside_is_made_again(studio: Studio) -> None:
    studio.done(yoga={})
    first = studio.state
    studio.want()
    studio.done()
    studio.file().push(first)
    studio.want(yoga={})
    assert studio.change().reason == "it was cancelled outside since the last apply"
    assert f"+ {YOGA}   was cancelled outside: will be created again" in studio.text()
    studio.done()
    assert [each["status"] for each in studio.series()] == ["Cancelled", "Open"]


def test_a_series_that_moved_after_the_plan_is_not_written_over(studio: Studio) -> None:
    """Between the plan and the write somebody gives it to other staff."""
    studio.done(yoga={})
    studio.want(yoga={"staff": 34})
    fields = studio.one() | {"staff": {"staffId": 99}}
    seen: list[str] = []

    def meddle(app: object) -> object:
        async def between(scope: dict[str, str], receive: object, send: object) -> None:
            seen.append(scope["method"])
            if seen.count("GET") == 3:  # signing in, the plan, and right before the write
                with studio.app.state.store.transaction():
                    studio.app.state.store.run("UPDATE series SET body = json_set(body, '$.staff.staffId', 99)")
            await app(scope, receive, send)  # type: ignore[operator]

        return between

    assert fields["staffId"] == 33
    ended = studio.apply(wrap=meddle)
    assert "some changes were not made" in str(ended)
    assert studio.one()["staffId"] == 99
    assert not [call for call in studio.calls() if call.startswith("PUT")]
