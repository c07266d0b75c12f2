"""Webhooks: events as words and as objects, 201 for a new one, and what a second write of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

URL = "https://crm.example/hook"


def events(body: dict[str, Any]) -> dict[str, int]:
    return {each["event"]: each["active"] for each in body["events"]}


def test_a_webhook_is_created_with_201_and_a_key(sandbox: Sandbox) -> None:
    params = {"session_token": sandbox.token, "company_id": 2345}
    body = {"target_url": URL, "events": ["*", {"event": "appointment.created", "active": 0}]}
    answer = sandbox.request("POST", f"{API}/subscribe", params=params, json=body)
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert events(made) == {"*": 1, "appointment.created": 0}
    assert (made["active"], len(made["verification_key"])) == (1, 32)
    assert sandbox.ok("GET", f"/subscribe/{made['id']}") == sandbox.ok("GET", "/subscribe") == [made]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target_url": None}, "target_url is required"),
        ({"target_url": "crm"}, "target_url must be a web address"),
        ({"events": "*"}, "events must be a list"),
        ({"events": ["*", "appointment.new"]}, "events entry 2 must be one of appointment.created, "),
        ({"events": [{"event": "*", "active": 2}]}, "events entry 1 must be one of 0, 1"),
        ({"events": [{}]}, "events entry 1 must be text"),
        ({"active": 3}, "active must be one of 0, 1"),
    ],
)
def test_a_value_that_does_not_fit_is_named(sandbox: Sandbox, change: dict[str, Any], words: str) -> None:
    assert sandbox.refused(1, "POST", "/subscribe", {"target_url": URL} | change).startswith(words)


@pytest.mark.parametrize(
    ("dialect", "left"),
    [
        ({"links": "replace"}, {"appointment.deleted": 1}),
        ({"links": "merge"}, {"appointment.created": 1, "appointment.updated": 1, "appointment.deleted": 1}),
    ],
)
def test_written_events_replace_or_merge(
    opened: Callable[..., Sandbox], dialect: dict[str, str], left: dict[str, int]
) -> None:
    sandbox = opened(dialect)
    body = {"target_url": URL, "events": ["appointment.created", "appointment.updated"]}
    made = sandbox.ok("POST", "/subscribe", body)
    changed = sandbox.ok("PUT", f"/subscribe/{made['id']}", {"target_url": URL, "events": ["appointment.deleted"]})
    assert events(changed) == left


@pytest.mark.parametrize(("put", "left"), [("partial", {"appointment.created": 1}), ("full", {})])
def test_a_body_without_events_leaves_them_or_takes_them_away(
    opened: Callable[..., Sandbox], put: str, left: dict[str, int]
) -> None:
    sandbox = opened({"put": put})
    made = sandbox.ok("POST", "/subscribe", {"target_url": URL, "events": ["appointment.created"]})
    assert events(sandbox.ok("PUT", f"/subscribe/{made['id']}", {"target_url": f"{URL}/2"})) == left


def test_webhooks_can_be_filtered_and_deleted(sandbox: Sandbox) -> None:
    on = sandbox.ok("POST", "/subscribe", {"target_url": URL})["id"]
    off = sandbox.ok("POST", "/subscribe", {"target_url": f"{URL}/2", "active": 0})["id"]
    assert [each["id"] for each in sandbox.ok("GET", "/subscribe")] == [on, off]
    assert [each["id"] for each in sandbox.ok("GET", "/subscribe", active=0)] == [off]
    assert [each["id"] for each in sandbox.ok("GET", "/subscribe", target_url=URL)] == [on]
    assert sandbox.ok("DELETE", f"/subscribe/{on}") == {}
    assert sandbox.refused(7, "GET", f"/subscribe/{on}") == f"webhook {on} not found"
