"""A run as it is told: weeks as a table, lists by what differs in them."""

from typing import Any

from provisioner.kinds import read_address
from provisioner.report.history import Row, history_text, run_text
from provisioner.state.model import Tenant
from provisioner.state.run import Ending, Field, Run, Step

RUN = Run(1, "first", "apply", "2026-01-01T00:00", "ana@host", "0", Tenant("host", "1"), "digest")


def told(address: str, name: str, before: Any, after: Any, *, undo: bool = False) -> str:
    step = Step(read_address(address), "update", "7", (Field(name, before, after),))
    run = Run(**{**{n: getattr(RUN, n) for n in RUN.__slots__}, "undoes": 1 if undo else None})
    return run_text(Row(1, run, Ending("2026-01-01T00:01:00", 0, {step.address: "7"})), [step], 80)


def test_hours_are_told_as_a_plan_tells_them() -> None:
    week = {"mon": "09:00-17:00", "tue": "09:00-17:00", "wed": "09:00-17:00", "thu": "09:00-17:00"}
    before, after = (
        [{"dates": "2026-01-01..2026-12-31", "week": {**week, "fri": fri}}] for fri in ("09:00-17:00", "12:00-20:00")
    )
    text = told("hours/ana/hq", "hours", before, after)
    assert "12-20" in text or "12:00-20:00" in text
    assert "'" not in text
    assert "{" not in text


def test_a_list_is_told_by_what_differs() -> None:
    before = [f"https://hooks.example/a/long/path/{n}" for n in range(9)]
    text = told("order/services", "keys", before, None)
    assert "'" not in text
    assert text.splitlines()[-1].startswith("      ~ keys")


def test_a_plain_field_stays_on_one_line() -> None:
    assert '      ~ name = "Cut" -> "Trim"' in told("service/cut", "name", "Cut", "Trim")
    assert "      ~ price = 38 -> 40" in told("service/cut", "price", "38", "40")


def test_an_undo_tells_nothing_of_a_person() -> None:
    assert '(not shown) -> "5550002"' in told("client/livia", "phone", "5550001", "5550002")
    assert "(not shown) -> (not shown)" in told("client/livia", "phone", "5550001", "5550002", undo=True)


def test_what_failed_stands_apart_from_what_was_done() -> None:
    row = Row(1, RUN, Ending("2026-01-01T00:01:00", 5, counts={"create": 1, "update": 2, "failed": 1}))
    assert "+1 ~2, 1 failed" in history_text([row], 100)
