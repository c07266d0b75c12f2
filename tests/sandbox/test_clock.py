"""The clock: frozen, shifted, restored, and the only one that anything in the sandbox looks at."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import provisioner.sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

NOON = "2027-06-01T12:00:00+00:00"


def now(sandbox: Sandbox) -> str:
    """What time a call is recorded at."""
    sandbox.call("GET", "/tz/list")
    return str(sandbox.control("GET", "/calls")[-1]["at"])


def test_it_tells_the_real_time(sandbox: Sandbox) -> None:
    assert sandbox.control("GET", "/clock") == {"now": "2026-03-02T09:00:00+00:00", "frozen": False, "offset": 0}
    sandbox.clock.advance(5)
    assert now(sandbox) == "2026-03-02T09:00:05+00:00"


def test_it_stands_still_when_frozen(sandbox: Sandbox) -> None:
    told = sandbox.control("PUT", "/clock", {"now": "2027-06-01T14:00:00+02:00"})
    assert told == {"now": NOON, "frozen": True, "offset": 0}
    sandbox.clock.advance(99)
    assert now(sandbox) == NOON


def test_it_goes_on_when_shifted(sandbox: Sandbox) -> None:
    told = sandbox.control("PUT", "/clock", {"offset": -3600})
    assert told == {"now": "2026-03-02T08:00:00+00:00", "frozen": False, "offset": -3600}
    sandbox.clock.advance(60)
    assert now(sandbox) == "2026-03-02T08:01:00+00:00"


def test_it_is_restored(sandbox: Sandbox) -> None:
    for change in ({"now": NOON}, {"offset": 1e6}):
        sandbox.control("PUT", "/clock", change)
        told = sandbox.control("DELETE", "/clock")
        assert told == {"now": "2026-03-02T09:00:00+00:00", "frozen": False, "offset": 0}


def test_a_reset_restores_it(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/clock", {"now": NOON})
    sandbox.control("POST", "/reset")
    assert sandbox.control("GET", "/clock")["frozen"] is False


def test_all_who_open_the_file_see_the_same(opened: Callable[..., Sandbox]) -> None:
    first, second = opened(), opened()
    first.control("PUT", "/clock", {"now": NOON})
    assert now(second) == NOON
    second.control("DELETE", "/clock")
    assert now(first) == "2026-03-02T09:00:00+00:00"


def test_sessions_end_by_it(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/clock", {"offset": 3599})
    sandbox.ok("GET", "/account")
    sandbox.control("PUT", "/clock", {"offset": 3600})
    sandbox.refused(2, "GET", "/account")
    sandbox.sign_in()
    sandbox.ok("GET", "/account")


def test_what_is_written_and_offered_goes_by_it(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/clock", {"now": NOON})
    sandbox.sign_in()
    massage = sandbox.ok("POST", "/service", {"name": "Massage", "duration": 60})
    assert massage["created_at"] == "2027-06-01T12:00:00Z"
    child = sandbox.child()
    assert sandbox.ok("GET", "/account", company_id=child)["date_created"] == "2027-06-01T12:00:00Z"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "a clock is"),
        ({}, "a clock is"),
        ({"now": NOON, "offset": 1}, "a clock is"),
        ({"then": NOON}, "a clock is"),
        ({"now": "tomorrow"}, "now must be a time such as"),
        ({"now": 1_800_000_000}, "now must be a time such as"),
        ({"now": None}, "now must be a time such as"),
        ({"now": "2027-06-01T12:00:00"}, "now needs a zone"),
        ({"now": "2027-06-01"}, "now needs a zone"),
        ({"now": "1900-01-01T00:00:00Z"}, "between 1971 and 2999"),
        ({"now": "0001-01-01T00:00:00+10:00"}, "between 1971 and 2999"),
        ({"now": "9999-12-31T23:59:59-10:00"}, "between 1971 and 2999"),
        ({"offset": "1"}, "offset must be a number of seconds"),
        ({"offset": True}, "offset must be a number of seconds"),
        ({"offset": 1e30}, "between 1971 and 2999"),
        ({"offset": 10**400}, "between 1971 and 2999"),
        ({"offset": -2_000_000_000}, "between 1971 and 2999"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(sandbox: Sandbox, body: Any, words: str) -> None:
    refused = sandbox.request("PUT", "/_sandbox/clock", json=body)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert sandbox.control("GET", "/clock")["now"] == "2026-03-02T09:00:00+00:00"


def test_not_a_number_is_no_offset(sandbox: Sandbox) -> None:
    for word in ("NaN", "Infinity", "1e999"):
        refused = sandbox.request("PUT", "/_sandbox/clock", content=f'{{"offset": {word}}}')
        assert (refused.status_code, "no finite number" in refused.json()["error"]) == (400, True)


@settings(deadline=None)
@given(st.integers(0, 32_400_000_000), st.integers(-23, 23))
def test_any_moment_can_be_frozen(shared_sandbox: Sandbox, seconds: int, hours: int) -> None:
    wanted = datetime(1971, 1, 1, tzinfo=timezone(timedelta(hours=hours))) + timedelta(days=1, seconds=seconds)
    told = shared_sandbox.control("PUT", "/clock", {"now": wanted.isoformat()})
    assert datetime.fromisoformat(told["now"]) == wanted
    shared_sandbox.control("DELETE", "/clock")


def test_nothing_in_the_sandbox_looks_at_another_clock() -> None:
    """Only `utc_now` asks the system; the time that a call takes is measured, not told."""
    asked = set()
    for file in Path(next(iter(provisioner.sandbox.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "time"}:
                of = ast.unparse(node.value)
                if of in {"datetime", "date", "datetime.datetime", "datetime.date", "time"}:
                    asked.add((file.name, f"{of}.{node.attr}"))
    assert asked == {("world.py", "datetime.now")}
