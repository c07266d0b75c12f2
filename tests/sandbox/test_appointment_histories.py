"""Random histories of a small salon: nobody is booked twice at once, and what is refused leaves no trace."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import Sandbox
from tests.sandbox.salon import Salon, opened_salon

FREE = (3, 9)
starts = st.builds(
    "2026-03-{:02}T{:02}:{}".format, st.integers(9, 11), st.integers(8, 17), st.sampled_from(("00", "30"))
)
durations = st.sampled_from((None, 30, 90))
who = st.sampled_from((0, 1, None))
steps = st.one_of(
    st.tuples(st.just("book"), starts, durations, who),
    st.tuples(st.just("move"), starts, durations, who, st.integers(0, 9)),
    st.tuples(st.just("status"), st.sampled_from((0, 1, 2, 3, 8, 9)), st.integers(0, 9)),
    st.tuples(st.sampled_from(("confirm", "decline", "verify", "delete")), st.integers(0, 9)),
)


class History:
    """A salon with two employees, half an hour between appointments' starts and a quarter after each."""

    def __init__(self, sandbox: Sandbox) -> None:
        sandbox.control("POST", "/reset")
        sandbox.sign_in()
        self.sandbox = sandbox
        self.salon: Salon = opened_salon(sandbox, start_step=30, duration_padding=15)
        self.staff = (self.salon.employee, self.salon.hired("bo@example.com"))
        sandbox.ok("POST", "/subscribe", {"company_id": 2345, "target_url": "", "events": ["*"]})

    def shown(self) -> list[dict[str, Any]]:
        return list(self.sandbox.ok("GET", "/appointment", end="all"))

    def events(self) -> int:
        return len(self.sandbox.control("GET", "/deliveries"))

    def body(self, start: str, duration: int | None, whose: int | None) -> dict[str, Any]:
        employee = None if whose is None else self.staff[whose]
        return self.salon.body(start.replace("T", " "), duration=duration, employee_id=employee)

    def take(self, step: tuple[Any, ...]) -> dict[str, Any] | None:
        """Take one step and return the envelope; None where there is nothing to take it on."""
        known = self.shown()
        kind, *values = step
        if kind == "book":
            return self.sandbox.call("POST", "/appointment", self.body(*values))
        if not known:
            return None
        one = known[values[-1] % len(known)]
        match kind:
            case "move":
                return self.sandbox.call("PUT", f"/appointment/{one['id']}", self.body(*values[:3]))
            case "status":
                body = self.salon.body(one["start_date"], employee_id=None, status=values[0])
                return self.sandbox.call("PUT", f"/appointment/{one['id']}", body)
            case "delete":
                return self.sandbox.call("DELETE", f"/appointment/{one['id']}")
        return self.sandbox.call("POST", f"/appointment/{kind}", {"appointment_id": one["id"], "reason": "x"})


def check(history: History, step: tuple[Any, ...]) -> None:
    """Take a step; a refusal changes nothing, and whoever holds a slot holds it alone."""
    before, told = history.shown(), history.events()
    envelope = history.take(step)
    after = history.shown()
    if envelope is None or envelope["statusCode"] != 0:
        assert envelope is None or envelope["statusCode"] in (9, 10), envelope
        assert (after, history.events()) == (before, told)
    else:
        unchanged = step[0] in ("confirm", "decline", "verify") and after == before
        assert history.events() == told + (0 if unchanged else 1)
    for employee in history.staff:
        held = [each for each in after if each["employee_id"] == employee and each["status"] not in FREE]
        for first, second in pairwise(held):
            end = datetime.fromisoformat(first["end_date"]) + timedelta(minutes=first["duration_padding"])
            assert datetime.fromisoformat(second["start_date"]) >= end, held


@given(taken=st.lists(steps, min_size=4, max_size=16))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_booked_twice_at_once(shared_sandbox: Sandbox, taken: list[tuple[Any, ...]]) -> None:
    history = History(shared_sandbox)
    for step in taken:
        check(history, step)


@pytest.mark.slow
@given(taken=st.lists(steps, min_size=10, max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_booked_twice_at_once_in_long_histories(
    shared_sandbox: Sandbox, taken: list[tuple[Any, ...]]
) -> None:
    history = History(shared_sandbox)
    for step in taken:
        check(history, step)
