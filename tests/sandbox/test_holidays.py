"""Holidays: weekdays whose dates are computed, dates of their own, and many deleted at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import opened_salon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

SAVE, GET = "/availability/saveHoliday", "/availability/getHoliday"
CHRISTMAS = {"name": "Christmas", "type": 2, "start_date": "2018-12-25 00:00:00", "end_date": "2018-12-26 23:59:59"}
THANKS = {"name": "Thanks", "type": 1, "day_in_week": 3, "month": 10, "day_order": 3}


def test_dates_are_kept_and_captioned(sandbox: Sandbox) -> None:
    made = sandbox.ok("POST", SAVE, CHRISTMAS)
    assert made.items() >= CHRISTMAS.items()
    assert (made["caption"], made["enabled"], made["timestamp"]) == ("Dec 25th 2018 (Christmas)", 1, 1545696000)
    assert sandbox.ok("GET", f"{GET}/{made['id']}") == made
    assert sandbox.ok("GET", GET) == [made]


LAX = [
    ("2026-3-10 0:0:0", "2026-3-10 23:59:59"),
    ("2026-03-10  00:00:00", "2026-03-10\t23:59:59"),
    ("\uff12026-03-10 00:00:00", "2026-03-10 23:59:5\uff19"),
]


@pytest.mark.parametrize(("start", "end"), LAX)
def test_a_date_without_all_of_its_noughts_is_kept_with_them(sandbox: Sandbox, start: str, end: str) -> None:
    salon = opened_salon(sandbox)
    made = sandbox.ok("POST", SAVE, CHRISTMAS | {"start_date": start, "end_date": end})
    assert (made["start_date"], made["end_date"]) == ("2026-03-10 00:00:00", "2026-03-10 23:59:59")
    sandbox.refused(9, "POST", "/appointment", salon.body("2026-03-10 12:00"))
    assert sandbox.request("GET", "/tenants/2345").status_code == 200


def test_a_file_that_has_such_a_date_is_read(sandbox: Sandbox) -> None:
    salon, store = opened_salon(sandbox), sandbox.app.state.store
    number = sandbox.ok("POST", SAVE, CHRISTMAS)["id"]
    (body,) = store.one("SELECT body FROM objects WHERE id = ? AND kind = 'holiday'", number)
    old = json.loads(body) | {"start_date": "2026-3-10 0:0:0", "end_date": "2026-3-10 23:59:59"}
    store.run("UPDATE objects SET body = ? WHERE id = ? AND kind = 'holiday'", json.dumps(old), number)
    sandbox.refused(9, "POST", "/appointment", salon.body("2026-03-10 12:00"))
    salon.book("2026-03-11 12:00")


@pytest.mark.parametrize(
    ("order", "weekday", "month", "day"),
    [(3, 3, 10, "2026-11-26"), (0, 0, 8, "2026-09-07"), (4, 0, 4, "2026-05-25"), (4, 6, 7, "2026-08-30")],
)
def test_a_weekday_of_a_month_has_dates_of_this_year(
    sandbox: Sandbox, order: int, weekday: int, month: int, day: str
) -> None:
    fields = {"day_order": order, "day_in_week": weekday, "month": month}
    made = sandbox.ok("POST", SAVE, THANKS | fields | {"start_date": "2001-01-01 00:00:00"})
    assert (made["start_date"], made["end_date"]) == (f"{day} 00:00:00", f"{day} 23:59:59")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "No type"},
        {"type": 3},
        {"type": 1, "month": 0, "day_in_week": 0},
        {"type": 1, "month": 12, "day_in_week": 0, "day_order": 0},
        {"type": 2, "start_date": "2018-12-25 00:00:00"},
        {"type": 2, "start_date": "12/25/2018", "end_date": "12/26/2018"},
        {"type": 2, "start_date": "2018-12-25 00:00:00", "end_date": "2018-12-24 23:59:59"},
    ],
    ids=str,
)
def test_a_body_that_does_not_say_when_is_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    sandbox.refused(1, "POST", SAVE, body)
    assert sandbox.ok("GET", GET) == []


def test_a_modification_is_partial_or_full_as_the_dialect_says(opened: Callable[..., Sandbox]) -> None:
    for put in ("partial", "full"):
        sandbox = opened({"put": put}, db=":memory:")
        number = sandbox.ok("POST", SAVE, CHRISTMAS | {"enabled": 0})["id"]
        changed = sandbox.ok("POST", f"{SAVE}/{number}", CHRISTMAS | {"name": "Yule"})
        assert (changed["name"], changed["enabled"]) == ("Yule", 0 if put == "partial" else 1)
        if put == "partial":
            assert sandbox.ok("POST", f"{SAVE}/{number}", {"enabled": 1})["start_date"] == CHRISTMAS["start_date"]
        else:
            sandbox.refused(1, "POST", f"{SAVE}/{number}", {"enabled": 1})
        turned = sandbox.ok("POST", f"{SAVE}/{number}", THANKS)
        assert (turned["type"], turned["start_date"]) == (1, "2026-11-26 00:00:00")


def test_many_are_deleted_at_once_or_none(sandbox: Sandbox) -> None:
    one, two = (sandbox.ok("POST", SAVE, each)["id"] for each in (CHRISTMAS, THANKS))
    sandbox.refused(7, "POST", f"/availability/deleteHoliday/{one},1")
    sandbox.refused(7, "POST", f"/availability/deleteHoliday/{one},x")
    assert len(sandbox.ok("GET", GET)) == 2
    assert sandbox.ok("POST", f"/availability/deleteHoliday/{one},{two}") is True
    assert sandbox.ok("GET", GET) == []
