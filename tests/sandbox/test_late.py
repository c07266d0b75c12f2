"""Work that is done after its request was given up: when, with whose authority, and that it is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.conftest import API, Met, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox

SPA = {"name": "Spa"}


def names(sandbox: Sandbox) -> list[str]:
    """The names of the locations beside the main one."""
    return [each["name"] for each in sandbox.dump()["locations"][1:]]


def send_late(sandbox: Sandbox, seconds: float, name: str = "Spa", **rule: str) -> Met:
    sandbox.script({"fault": "late", "seconds": seconds} | rule)
    return sandbox.attempt("POST", "/location", {"name": name})


def test_work_is_done_when_it_is_due(sandbox: Sandbox) -> None:
    assert send_late(sandbox, 30) == Met("reset")
    sandbox.clock.advance(29)
    assert names(sandbox) == []
    assert sandbox.control("GET", "/faults")["waiting"] == 1
    sandbox.clock.advance(1)
    assert names(sandbox) == ["Spa"]
    assert sandbox.control("GET", "/faults")["waiting"] == 0


def test_the_first_call_that_comes_finds_it_done(sandbox: Sandbox) -> None:
    send_late(sandbox, 30)
    sandbox.clock.advance(30)
    assert [each["name"] for each in sandbox.ok("GET", "/location")][1:] == ["Spa"]


def test_the_client_may_be_left_waiting_instead(sandbox: Sandbox) -> None:
    assert send_late(sandbox, 0, answer="timeout") == Met("timeout")
    assert names(sandbox) == ["Spa"]


def test_the_earliest_is_done_first(sandbox: Sandbox) -> None:
    for seconds, name in ((20, "second"), (10, "first"), (20, "third"), (40, "not yet")):
        send_late(sandbox, seconds, name)
    sandbox.clock.advance(30)
    assert names(sandbox) == ["first", "second", "third"]


def test_the_calls_show_what_became_of_it(sandbox: Sandbox) -> None:
    send_late(sandbox, 30)
    send_late(sandbox, 30, name="")
    sandbox.control("DELETE", "/calls")
    sandbox.clock.advance(60)
    good, bad = sandbox.control("GET", "/calls")
    assert (good["method"], good["path"], good["query"]) == ("POST", f"{API}/location", {"company_id": "2345"})
    assert (good["fault"], good["status"], good["status_code"]) == ("late", 200, 0)
    assert (bad["fault"], bad["status"], bad["status_code"]) == ("late", 200, 1)
    assert good["at"] == "2026-03-02T09:01:00+00:00"
    assert names(sandbox) == ["Spa"]


def test_work_that_breaks_the_sandbox_is_not_tried_for_ever(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    send_late(sandbox, 30)
    sandbox.clock.advance(30)
    monkeypatch.setattr("provisioner.sandbox.tables.objects.insert", None)
    assert names(sandbox) == []
    monkeypatch.undo()
    assert names(sandbox) == []
    assert [call["status"] for call in sandbox.control("GET", "/calls")][-1] == 500


def test_it_has_the_session_that_it_was_sent_with(sandbox: Sandbox) -> None:
    send_late(sandbox, 30)
    sandbox.control("POST", "/sessions/expire")
    sandbox.clock.advance(30)
    assert names(sandbox) == ["Spa"]
    assert sandbox.attempt("GET", "/location").end == 403


def test_a_session_that_was_over_does_not_come_back(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/sessions/expire")
    send_late(sandbox, 30)
    sandbox.clock.advance(30)
    assert names(sandbox) == []
    assert [call["status"] for call in sandbox.control("GET", "/calls")][-2:] == [None, 403]


def test_every_operation_can_be_late(sandbox: Sandbox) -> None:
    number = sandbox.location()
    sandbox.script({"fault": "late", "seconds": 1, "times": 3})
    sandbox.attempt("PUT", f"/location/{number}", {"name": "Spä"})
    sandbox.attempt("POST", "/account/saveOptions", {"lang": "fr"})
    sandbox.attempt("DELETE", f"/location/{number}")
    sandbox.clock.advance(1)
    assert names(sandbox) == []
    assert [call["status_code"] for call in sandbox.control("GET", "/calls")][-3:] == [0, 0, 0]
    assert [call["method"] for call in sandbox.control("GET", "/calls")][-3:] == ["PUT", "POST", "DELETE"]


def test_a_new_script_does_not_call_back_what_was_sent(sandbox: Sandbox) -> None:
    send_late(sandbox, 30)
    sandbox.control("DELETE", "/faults")
    sandbox.script({"fault": "refuse", "times": None})
    sandbox.clock.advance(30)
    assert names(sandbox) == ["Spa"]


def test_it_survives_the_end_of_the_process(opened: Callable[..., Sandbox], tmp_path: Path) -> None:
    first = open_sandbox(tmp_path / "sandbox.db")
    send_late(first, 30)
    first.close()
    second = opened()
    assert names(second) == []
    second.clock.advance(30)
    assert names(second) == ["Spa"]


def test_it_is_done_once_however_many_come_at_once(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    first = open_sandbox(db)
    expected = [str(n) for n in range(20)]
    for name in expected:
        send_late(first, 30, name)
    first.close()

    def look(_: int) -> list[str]:
        sandbox = open_sandbox(db)
        sandbox.clock.advance(30)
        try:
            return names(sandbox)
        finally:
            sandbox.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, range(4))) == [expected] * 4
