"""Mail is quiet unless someone asks for it, and the plan counts it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioner.plan.change import Action
from tests.providers.timetap.studio import Json, Studio

LIFE: tuple[Json, ...] = (
    {},
    {"time": "10:00-10:45"},
    {"time": "10:00-10:45", "overrides": {"2083-03-01": {"note": "x"}, "2083-03-03": {"cancelled": True}}},
    {"time": "11:00-11:45", "overrides": {"2083-03-01": {"note": "x"}, "2083-03-03": {"cancelled": True}}},
)


def _live(studio: Studio, **more: Any) -> list[int]:
    """Live the life of a series to its end; how many messages each plan counted, which are those that went out."""
    counted = []
    for fields in (*LIFE, None):
        studio.want(**({"yoga": {"client": 77, **fields, **more}} if fields is not None else {}))
        told, before = studio.plan().messages, len(studio.messages())
        assert told is not None
        studio.done()
        assert len(studio.messages()) - before == told
        counted.append(told)
    return counted


def test_nobody_is_told_by_default(studio: Studio) -> None:
    studio.want(yoga={})
    assert "Messages: none will go out." in studio.text()
    assert _live(studio) == [0, 0, 0, 0, 0]
    assert studio.messages() == []


def test_the_manifest_says_who_is_told(studio: Studio) -> None:
    """Each call tells each of them; when the series left the manifests, nobody says so any more."""
    assert _live(studio, confirmations=["client", "staff"]) == [2, 2, 4, 2, 0]


def test_only_those_who_are_there_are_told(studio: Studio) -> None:
    assert _live(studio, confirmations=["client", "staff"], client=None) == [1, 1, 2, 1, 0]


def test_notify_tells_everybody(studio: Studio) -> None:
    studio.options = replace(studio.options, notify=True)
    assert _live(studio) == [2, 2, 4, 2, 2]


def test_what_was_stored_loud_is_quiet_again(studio: Studio) -> None:
    """The vendor keeps the flags: a series that was made with a message must not send one at every change."""
    studio.done(yoga={"client": 77, "confirmations": ["client", "staff"]})
    before = studio.messages()
    studio.done(yoga={"client": 77, "overrides": {"2083-03-01": {"note": "x"}}})
    studio.done(yoga={"client": 77, "overrides": {"2083-03-01": {"note": "x"}}, "note": "y"})
    assert studio.messages() == before == [("confirmation", "client"), ("confirmation", "staff")]


def test_who_is_told_is_no_difference(studio: Studio) -> None:
    studio.done(yoga={})
    assert studio.done(yoga={"confirmations": ["staff"], "waitlist_invites": True}) == []


@pytest.mark.parametrize("asked", [True, False])
def test_those_who_wait_are_invited_when_that_is_asked_for(studio: Studio, asked: bool) -> None:
    studio.done(yoga={})
    id_ = studio.one()["recurringAppointmentId"]
    waiting = {"recurringAppointmentId": id_, "date": "2083-03-03", "clientId": 9}
    studio.control("/timetap/waitlist", "POST", waiting)
    studio.want(yoga={"overrides": {"2083-03-03": {"cancelled": True}}, "waitlist_invites": asked})
    lines = " ".join(studio.change().outlook.lines)
    assert ("whoever waits for a date that is cancelled will be invited" in lines) is asked
    studio.done()
    assert studio.messages() == ([("invitation", "client")] if asked else [])


def test_a_plan_that_tells_is_another_plan(studio: Studio) -> None:
    studio.want(yoga={"client": 77})
    quiet = studio.plan()
    studio.options = replace(studio.options, notify=True)
    loud = studio.plan()
    assert quiet.changes[0].action is loud.changes[0].action is Action.CREATE
    assert quiet.digest != loud.digest


@pytest.mark.parametrize(("told", "sent"), [(["client"], 1), ([], 2)])
def test_a_write_that_tells_is_not_sent_again_when_its_answer_is_lost(
    studio: Studio, told: list[str], sent: int
) -> None:
    studio.done(yoga={"client": 77})
    studio.want(yoga={"client": 77, "note": "x", "confirmations": told})
    studio.control(
        "/faults", "PUT", {"rules": [{"fault": "error", "executed": True, "method": "PUT", "path": "/timetap/*"}]}
    )
    ended = studio.apply()
    assert (ended == 0) is (sent == 2)
    assert len([call for call in studio.calls() if call.startswith("PUT")]) == sent
    assert studio.done() == []
    assert len(studio.messages()) == len(told)
