"""The published schemas of what other tools read: every document that is written fits, key for key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jsonschema
from hypothesis import given, settings

from provisioner.errors import ManifestError, Problem, StaleError
from provisioner.kinds import Address, read_address
from provisioner.kinds.booking import Booking
from provisioner.plan.change import Action, Booked, Cannot, Change, Kept, Left, Plan, Undone
from provisioner.providers.base import Absent, Call, Done, Effect, NotExecuted, Outcome, Part, Unknown
from provisioner.report import events
from provisioner.report.failure import failure_json
from provisioner.report.json import FORMAT_VERSION, outcome_json, plan_json
from provisioner.schema import events_schema, plan_schema
from tests.report.printing import BANNER, EFFORT
from tests.report.strategies import outcomes, plans

PLAN, EVENT = (jsonschema.Draft7Validator(made(closed=True)) for made in (plan_schema, events_schema))
NOW = datetime(2026, 9, 28, 15, 0, tzinfo=UTC)
HAIRCUT = read_address("service/haircut")
CALL = Call("c1", Effect.CREATE, (Part(HAIRCUT), Part(HAIRCUT, "photo")), frozenset({"c0"}))


def fits(document: Any, validator: Any = PLAN) -> None:
    found = jsonschema.exceptions.best_match(validator.iter_errors(json.loads(json.dumps(document))))
    assert found is None, (found.message, [*found.path])


def test_the_version_is_one_that_the_schema_takes() -> None:
    assert FORMAT_VERSION.split(".")[0] == "1"
    fits(plan_json(Plan(()), BANNER, EFFORT, ()))


@settings(max_examples=30)
@given(plan=plans(), outcome=outcomes())
def test_any_plan_and_any_outcome(plan: Plan, outcome: Any) -> None:
    fits(plan_json(plan, BANNER, EFFORT, (CALL,)) | {"outcome": outcome_json(outcome)})


def test_all_that_a_plan_may_hold() -> None:
    booking = Booking("7", NOW)
    change = replace(
        Change(HAIRCUT, Action.DELETE, "", id="1"), stranded=(booking,), unallowed="say so", hint="it looks like b",
        resembles=(HAIRCUT,), moved_from=HAIRCUT,
    )  # fmt: skip
    plan = Plan(
        (change,),
        left=(Left(HAIRCUT, "1", gone=True),),
        booked=Booked(NOW, (booking, Booking("8", None, unreadable=("start",)))),
        undone=Undone(3, (Kept(HAIRCUT, ("name",), "why"),), (Cannot(HAIRCUT, (), "why"),), asked=(HAIRCUT,)),
    )
    unmanaged = [{"account": "", "kind": "service", "id": "1", "name": None}]
    fits(plan_json(plan, BANNER, EFFORT, (CALL,)) | {"unmanaged": unmanaged})


def test_what_is_said_when_there_is_no_plan() -> None:
    fits(failure_json(ManifestError([Problem("a.yaml", 1, 2, "wrong")])))
    fits(failure_json(StaleError("stale", ["a: was edited"])))


def test_a_key_that_the_schema_does_not_know_is_noticed_here_and_passed_over_by_readers() -> None:
    document = plan_json(Plan(()), BANNER, EFFORT, ()) | {"new": 1}
    assert not PLAN.is_valid(document)
    assert jsonschema.Draft7Validator(plan_schema()).is_valid(document)


def test_every_line_of_the_events() -> None:
    outcome: Outcome = {
        Part(HAIRCUT): Done("1"), Part(HAIRCUT, "photo"): NotExecuted("no"),
        Part(Address("", "link", ("a", "b", "c"))): Done("1"), Part(HAIRCUT, "x"): Unknown("?"),
        Part(HAIRCUT, "y"): Absent(),
    }  # fmt: skip
    lines = [
        events.run_started(Plan((), digest="7f3a9c41d2"), BANNER, 3, "id", 7),
        events.call_started(CALL),
        events.call_done(CALL, outcome),
        events.waiting(2.5, 1),
        events.finished(5, "some changes were not made", None),
    ]
    for line in lines:
        fits({"format_version": events.FORMAT_VERSION, "at": "2026-11-21T20:15:03.123+00:00", **line}, EVENT)
    became = events.call_done(CALL, outcome)["parts"]
    assert [each["id"] for each in became] == ["1", None, None, None, None]
