"""What the state remembers of a series: single dates as they were sent, what may have been sent, what was before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.providers.timetap.studio import DATES, FIELDS, YOGA, Json, Studio, written

LATE: Json = {"time": "10:00-10:45"}
FAILING = {"fault": "refuse", "status": 400, "method": "PUT", "path": "*updateByAppt"}
APPLIED_IN_PART = "some changes were not made"


@pytest.fixture(params=["keep", "wipe"])
def either(request: pytest.FixtureRequest, studio: Studio) -> Studio:
    """A vendor that keeps what single dates have of their own, and one that wipes it with every change."""
    studio.control("/timetap", "PUT", {"own": request.param})
    return studio


def own(studio: Studio) -> dict[str, Json]:
    """What single dates have of their own."""
    return {date: each["ownChanges"] for date, each in studio.occurrences().items() if each["ownChanges"]}


def faults(studio: Studio, *rules: Json) -> None:
    studio.control("/faults", "PUT", {"rules": list(rules)})


def times(studio: Studio) -> dict[str, Any]:
    return {date: each["startTime"] for date, each in studio.occurrences().items()}


# -- an apply that ends in the middle


def test_overrides_come_back_after_an_apply_that_ended_between(either: Studio) -> None:
    either.done(yoga={"overrides": {"2083-03-03": LATE, "2083-01-18": {"cancelled": True}}})
    before = own(either)
    either.want(yoga={"note": "x", "overrides": {"2083-03-03": LATE, "2083-01-18": {"cancelled": True}}})
    faults(either, {**FAILING, "times": 1})
    assert APPLIED_IN_PART in str(either.apply())
    faults(either)
    assert "# sent again, as nobody knows what became of it: 2083-01-18, 2083-03-03" in either.text()
    either.done()
    assert own(either) == before


@pytest.mark.sweep(4)
@pytest.mark.parametrize("share", range(7))
def test_an_override_outlives_a_death_at_any_point(studio: Studio, tmp_path: Path, share: int) -> None:
    """Others took its day away, the apply that puts it back dies, and the next one has nothing to see of it."""
    studio.control("/timetap", "PUT", {"own": "wipe"})
    studio.done(yoga={"overrides": {"2083-03-03": LATE}})
    studio.want(yoga={"staff": 34, "overrides": {"2083-03-03": LATE}})
    reference = studio.copy(tmp_path / "reference")
    count = reference.die(0).count
    reference.close()
    for at in range(1 + share, count + 1, 7):
        dying = studio.copy(tmp_path / str(at))
        dying.die(at)
        dying.done()
        assert times(dying)["2083-03-03"] == 1000, at
        dying.close()


def test_half_of_the_overrides_can_be_taken_back(studio: Studio) -> None:
    kept = {"2083-03-17": {"note": "z"}}
    studio.done(yoga={"overrides": kept})
    studio.want(yoga={"overrides": {"2083-03-03": {"note": "x"}, "2083-03-15": {"note": "y"}, **kept}})
    faults(studio, {**FAILING, "skip": 1})
    studio.apply()
    faults(studio)
    assert own(studio) == {"2083-03-03": {"note": "x"}, "2083-03-17": {"note": "z"}}
    (put,) = studio.done(yoga={"overrides": kept})
    assert put.query["dateSelected"] == "2083-03-03"
    assert own(studio) == {"2083-03-17": {"note": "z"}}


@pytest.mark.parametrize("then", [{"overrides": {}}, {}])
def test_what_a_creation_left_half_done_can_be_taken_back(studio: Studio, then: Json) -> None:
    studio.want(yoga={"overrides": {"2083-03-03": {"note": "x"}, "2083-03-15": {"note": "y"}}})
    faults(studio, {**FAILING, "skip": 1})
    studio.apply()
    faults(studio)
    studio.done(yoga=then)
    assert own(studio) == ({} if then else {"2083-03-03": {"note": "x"}})
    studio.done(yoga={"overrides": {}})
    assert own(studio) == {}


@pytest.mark.parametrize("fault", ["reset", "error", "html"])
def test_who_may_have_been_told_is_not_told_again(studio: Studio, fault: str) -> None:
    studio.done(yoga={"client": 77})
    studio.want(yoga={"client": 77, "confirmations": ["client"], "overrides": {"2083-03-03": {"note": "x"}}})
    faults(studio, {"fault": fault, "executed": True, "method": "PUT", "path": "*updateByAppt"})
    studio.apply()
    faults(studio)
    told = "# sent again, and without a message, as nobody knows what became of it: 2083-03-03"
    assert {told, "Messages: none will go out."} <= set(studio.text())
    studio.done()
    assert studio.messages() == [("confirmation", "client")]
    assert own(studio) == {"2083-03-03": {"note": "x"}}


# -- overrides that the manifests no longer name, or did not name yet


def test_overrides_that_nobody_names_any_more_are_still_known(studio: Studio) -> None:
    studio.done(yoga={"overrides": {"2083-02-15": LATE}})
    assert studio.done(yoga={}) == []
    assert len(studio.done(yoga={"overrides": {}})) == 1
    assert own(studio) == {}


def test_overrides_that_nobody_names_stay_when_the_series_changes(either: Studio) -> None:
    either.done(yoga={"overrides": {"2083-02-15": LATE}})
    either.done(yoga={})
    either.done(yoga={"staff": 34})
    assert times(either)["2083-02-15"] == 1000


def test_taking_a_series_over_sends_its_overrides(studio: Studio) -> None:
    studio.done(yoga={})
    series = studio.one()["recurringAppointmentId"]
    assert studio.command("state", "rm", YOGA) == 0
    fields = {**FIELDS, "overrides": {"2083-03-03": LATE}, "lifecycle": {"id": series}}
    studio.write(written(yoga=fields))
    assert any("overrides = (not known) -> {2083-03-03" in line for line in studio.text())
    assert len(studio.done()) == 1
    assert times(studio)["2083-03-03"] == 1000


def test_nothing_to_clear_is_no_change(studio: Studio) -> None:
    studio.done(yoga={})
    assert studio.done(yoga={"overrides": {}}) == []


# -- what it was before a date


def test_a_date_from_before_gets_back_what_it_had(studio: Studio) -> None:
    studio.done(yoga={"overrides": {"2083-02-15": LATE}})
    later: Json = {"time": "11:00-11:45", "effective_from": "2083-03-01"}
    studio.done(yoga={**later, "overrides": {"2083-02-15": LATE}})
    studio.want(yoga={**later, "overrides": {}})
    assert "# 2083-02-15 is as its series again, time 09:30-10:15" in studio.text()
    assert not [line for line in studio.text() if "effective_from" in line], "nothing of it is carried out so"
    studio.done()
    assert times(studio) == {date: 1100 if date >= "2083-03-01" else 930 for date in DATES}
    assert own(studio) == {}


def test_it_gets_it_back_in_the_same_apply(studio: Studio) -> None:
    studio.done(yoga={"overrides": {"2083-02-15": LATE}})
    studio.done(yoga={"time": "11:00-11:45", "effective_from": "2083-03-01", "overrides": {}})
    assert times(studio)["2083-02-15"] == 930


def test_a_change_that_evens_out_an_earlier_one_says_so(studio: Studio) -> None:
    studio.done(yoga={})
    studio.done(yoga={"time": "11:00-11:45", "effective_from": "2083-03-01"})
    studio.want(yoga={"time": "11:00-11:45", "note": "n"})
    said = " ".join(line.lstrip("# ") for line in studio.text())
    assert "before 2083-03-01 as well: time 09:30-10:15 becomes 11:00-11:45. To leave those dates as they are:" in said
    assert "effective_from: 2083-03-01" in said
    studio.done()
    studio.want(yoga={"time": "11:00-11:45", "note": "o"})
    assert not [line for line in studio.text() if "becomes" in line], "it is told once"


def test_three_stretches_are_told_apart(studio: Studio) -> None:
    overrides = {"2083-01-18": LATE, "2083-02-15": LATE}
    studio.done(yoga={"overrides": overrides})
    studio.done(yoga={"overrides": overrides, "time": "11:00-11:45", "effective_from": "2083-02-01"})
    studio.done(yoga={"overrides": overrides, "time": "12:00-12:45", "effective_from": "2083-03-01"})
    studio.done(yoga={"overrides": {}, "time": "12:00-12:45"})
    assert (times(studio)["2083-01-18"], times(studio)["2083-02-15"]) == (930, 1100)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("share", range(7))
def test_whether_a_change_evened_it_out_is_known_after_a_death(studio: Studio, tmp_path: Path, share: int) -> None:
    studio.done(yoga={"overrides": {"2083-01-18": LATE}})
    studio.done(yoga={"overrides": {"2083-01-18": LATE}, "time": "11:00-11:45", "effective_from": "2083-03-01"})
    studio.want(yoga={"overrides": {"2083-01-18": LATE}, "time": "11:00-11:45", "note": "n"})
    reference = studio.copy(tmp_path / "reference")
    count = reference.die(0).count
    expected = reference.summary()
    reference.close()
    for at in range(1 + share, count + 1, 7):
        dying = studio.copy(tmp_path / str(at))
        dying.die(at)
        dying.done()
        assert dying.summary() == expected, at
        dying.close()
