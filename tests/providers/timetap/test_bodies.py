"""What writes carry, and what answers are taken for, whatever sort of vendor this is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from provisioner.kinds.base import Unreadable
from provisioner.providers.timetap.fields import carried, decode
from tests.providers.timetap.studio import DATES, Json, Studio

LATE: Json = {"time": "10:00-10:45"}
RICH: Json = {
    "note": "keep",
    "price": "5",
    "client": 7,
    "address": "1 Mat Lane",
    "additional_staff": [55],
    "blocked_staff": [66],
    "custom_fields": {"Level": "Beginners"},
    "reminders": {"client_email": "24 h"},
}


@pytest.fixture(params=["partial", "full"])
def either(request: pytest.FixtureRequest, studio: Studio) -> Studio:
    """A vendor whose PUT leaves what is left out as it is, and one that clears it."""
    studio.control("/timetap", "PUT", {"put": request.param})
    return studio


# -- whole bodies


def test_a_change_leaves_what_is_not_managed(either: Studio) -> None:
    either.done(yoga=RICH)
    before = either.one()
    either.done(yoga={"seats": 5})
    after = either.one()
    assert {name for name in before if before[name] != after[name]} - {"dateModified", "occurrences"} == {"seats"}


def test_a_single_date_keeps_what_its_series_has(either: Studio) -> None:
    either.done(yoga=RICH)
    overrides: Json = {"2083-03-03": {**LATE, "note": "own"}, "2083-03-01": {"date": "2083-03-02"}}
    either.done(yoga={"overrides": overrides})
    assert either.occurrences()["2083-03-03"]["ownChanges"] == {"startTime": 1000, "endTime": 1045, "note": "own"}
    either.done(yoga={"overrides": {"2083-03-03": {"note": "own"}}})
    assert either.occurrences()["2083-03-03"]["ownChanges"] == {"note": "own"}
    assert either.one()["dates"] == DATES


def test_a_series_can_be_cancelled(either: Studio) -> None:
    either.done(yoga=RICH)
    either.want()
    either.done()
    assert either.one()["status"] == "Cancelled"


def test_fields_are_cleared(either: Studio) -> None:
    either.done(yoga=RICH)
    either.done(yoga={**RICH, "additional_staff": [], "custom_fields": {}, "blocked_staff": [66]})
    assert (either.one()["blockStaffIdList"], either.one()["fields"]) == ([66], [])


def test_a_date_that_takes_place_again_is_as_closed_as_its_series(either: Studio) -> None:
    either.done(yoga={"status": "closed", "overrides": {"2083-01-18": {"cancelled": True}, "2083-01-20": {"seats": 4}}})
    either.done(yoga={"status": "closed", "overrides": {}})
    assert {each["status"] for each in either.occurrences().values()} == {"Closed"}
    either.done(yoga={"status": "open", "seats": 9, "overrides": {}})
    assert {(each["status"], each["seats"]) for each in either.occurrences().values()} == {("Open", 9)}


def test_the_clients_time_of_a_single_date(either: Studio) -> None:
    series: Json = {"client_time": "09:20-10:15"}
    single = {"2083-03-03": {"time": "14:00-14:45", "client_time": "13:50-14:45"}}
    either.done(yoga={**series, "overrides": single})
    assert either.occurrences()["2083-03-03"]["clientStartTime"] == 1350
    either.done(yoga={**series, "overrides": {}})
    assert {each["clientStartTime"] for each in either.occurrences().values()} == {920}


def test_what_the_vendor_works_out_is_left_out() -> None:
    raw = {"startTime": 930, "endTime": 1015, "clientStartTime": 930, "clientEndTime": 1015, "staffId": 3}
    raw |= {"additionalStaffIdList": [5], "blockStaffIdList": [5, 6], "color": "red", "note": None, "seats": "12"}  # type: ignore[dict-item]
    assert carried(raw) == {
        "startTime": 930,
        "endTime": 1015,
        "staff": {"staffId": 3},
        "additionalStaffIdList": [5],
        "blockStaffIdList": [6],
        "seats": 12,
    }


def test_what_cannot_be_read_goes_back_as_it_came_but_not_to_an_end() -> None:
    raw = {"fields": 5, "note": "x"}
    assert carried(raw) == raw
    assert carried(raw, strange=False) == {"note": "x"}


# -- hostile answers


@pytest.mark.parametrize("price", ["NaN", "sNaN", "Infinity", "1e999999", "1e-999999"])
def test_no_price(price: str) -> None:
    assert isinstance(decode({"price": price})["price"], Unreadable)


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ([{"label": "a", "value": None}], (("a", ""),)),
        ([{"label": "a", "value": 5}], (("a", "5"),)),
        ([{"label": ["a"], "value": "x"}], None),
        (["x"], None),
        (5, None),
    ],
)
def test_custom_fields(fields: Any, read: Any) -> None:
    found = decode({"fields": fields})["custom_fields"]
    assert found == read or (read is None and isinstance(found, Unreadable))


def test_a_number_in_other_digits_is_none() -> None:
    assert isinstance(decode({"seats": "\N{ARABIC-INDIC DIGIT ONE}"})["seats"], Unreadable)
    assert decode({"price": "12.50"})["price"] == Decimal("12.5")


def answering(change: Callable[[Json], Any], method: str, status: int = 200) -> Callable[[Any], Any]:
    """A vendor whose answers about series are these, for one method."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            held: list[Any] = []

            async def hold(message: Any) -> None:
                held.append(message)

            await app(scope, receive, hold)
            path = scope["path"]
            if scope["method"] == method and "/recurringappointments" in path and not path.endswith("/get/dates"):
                body = change(json.loads(held[1]["body"]))
                text = b"" if body is None else json.dumps(body).encode()
                held = [
                    {"type": "http.response.start", "status": status, "headers": []},
                    {"type": "http.response.body", "body": text},
                ]
            for message in held:
                await send(message)

        return between

    return wrap


def but(**fields: Any) -> Callable[[Json], Json]:
    return lambda body: {name: value for name, value in {**body, **fields}.items() if value is not ...}


def test_made_is_made_with_201(studio: Studio) -> None:
    studio.want(yoga={})
    assert studio.apply(wrap=answering(lambda body: body, "POST", 201)) == 0
    studio.settled()


def test_changed_is_changed_with_204(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"note": "x", "overrides": {"2083-03-03": LATE}})
    assert studio.apply(wrap=answering(lambda _: None, "PUT", 204)) == 0
    assert len(studio.calls()) == 3
    studio.settled()


@pytest.mark.parametrize("id_", [0, -5, "\N{SUPERSCRIPT TWO}", "9" * 3000, "x", True, ["7"], None, ...])
def test_what_is_no_id_leaves_a_doubt(studio: Studio, id_: Any) -> None:
    studio.want(yoga={})
    studio.apply(wrap=answering(but(recurringAppointmentId=id_), "POST"))
    assert (studio.state.records, len(studio.state.pending)) == ({}, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"startDate": ..., "startTime": None}, "recurring appointment 902101 came back without startDate, startTime"),
        ({"startDate": "someday"}, "the dates of recurring appointment 902101 came back in an unknown shape"),
        ({"dates": ["01/04/2083"]}, "the dates of recurring appointment 902101 came back in an unknown shape"),
        ({"dates": 5}, "the dates of recurring appointment 902101 came back in an unknown shape"),
    ],
)
def test_a_series_in_another_shape_is_named(studio: Studio, fields: Mapping[str, Any], words: str) -> None:
    studio.done(yoga={})
    studio.want(yoga={"note": "x"})
    assert words in str(studio.apply(wrap=answering(but(**fields), "GET")))


@pytest.mark.parametrize("fields", [{"fields": 5}, {"fields": [{"label": ["x"], "value": "1"}]}, {"price": "sNaN"}])
def test_what_cannot_be_read_is_written_over(studio: Studio, fields: Mapping[str, Any]) -> None:
    wanted: Json = {"custom_fields": {"Level": "B"}, "price": "3"}
    studio.done(yoga=wanted)
    studio.want(yoga={**wanted, "note": "x"})
    assert studio.apply(wrap=answering(but(**fields), "GET")) == 0
    assert studio.one()["fields"][0]["value"] == "B"


def test_dates_that_are_not_told_are_asked_for(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"overrides": {"2083-03-03": LATE}})
    assert studio.apply(wrap=answering(but(dates=...), "GET")) == 0
    assert studio.occurrences()["2083-03-03"]["startTime"] == 1000


def test_a_refused_date_is_named(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    studio.done(yoga={})
    studio.want(yoga={"overrides": {"2083-03-03": LATE}})
    fault = {"fault": "refuse", "status": 404, "method": "PUT", "path": "*updateByAppt"}
    studio.control("/faults", "PUT", {"rules": [fault]})
    studio.apply()
    assert "2083-03-03: the vendor refused it (404)" in " ".join(capsys.readouterr().out.split())
