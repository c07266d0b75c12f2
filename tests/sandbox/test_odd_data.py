"""What no file, encoding or reader likes: lone surrogates, depth, secrets where none belong, and a full disk."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.sandbox.exchange import DEEPEST
from provisioner.sandbox.store import Store
from provisioner.sandbox.tables import calls, late
from tests.sandbox.conftest import API
from tests.sandbox.salon import opened_salon
from tests.sandbox.timetap.conftest import CLASS, PATH, TimeTap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox

LONE = "\ud800"


@pytest.fixture
def timetap(sandbox: Sandbox) -> TimeTap:
    client = TimeTap(sandbox)
    client.sign_in()
    return client


def send(sandbox: Sandbox, method: str, path: str, body: str, **query: str) -> Any:
    """Send JSON as it is written: not every client refuses to write what is in here."""
    params = {"session_token": sandbox.token, "company_id": sandbox.company} | query
    return sandbox.request(method, path, params=params, content=body.encode()).json()


def nested(depth: int) -> str:
    return '{"a":' * (depth - 1) + "[]" + "}" * (depth - 1)


# -- text that is none


def test_half_a_character_is_shown_as_it_was_written(sandbox: Sandbox) -> None:
    salon = opened_salon(sandbox)
    sandbox.ok("POST", "/subscribe", {"company_id": 2345, "target_url": "https://crm.example", "events": ["*"]})
    assert send(sandbox, "POST", f"{API}/appointment", json.dumps(salon.body(custom_data={"a": LONE})))["data"]
    assert sandbox.dump()["appointments"][0]["custom_data"]["a"] == LONE
    assert sandbox.control("GET", "/deliveries")[0]["payload"]["data"]["custom_data"]["a"] == LONE


def test_half_a_character_of_the_other_vendors(timetap: TimeTap) -> None:
    headers = {"Authorization": f"Bearer {timetap.token}"}
    body = json.dumps(CLASS | {"note": LONE}).encode()
    assert timetap.sandbox.request("POST", f"/timetap{PATH}", content=body, headers=headers).status_code == 200
    assert set(timetap.told("note").values()) == {LONE}
    assert timetap.sandbox.control("GET", "/dump")["timetap"][0]["body"]["note"] == LONE


def test_a_refusal_may_have_half_a_character(sandbox: Sandbox) -> None:
    answer = sandbox.request("PUT", "/_sandbox/dialect", content=json.dumps({LONE: "x"}).encode())
    assert (answer.status_code, LONE in json.loads(answer.content)["error"]) == (400, True)


# -- depth


def test_what_is_nested_too_deeply_is_refused(sandbox: Sandbox) -> None:
    for body in (nested(DEEPEST), "[" * DEEPEST + "]" * DEEPEST):
        assert "nested" not in str(send(sandbox, "POST", f"{API}/service", body))
    for depth in (DEEPEST + 1, 960, 100_000):
        for body in (nested(depth), "[" * depth + "]" * depth, json.dumps({"data": nested(depth)})):
            answer = send(sandbox, "POST", f"{API}/service", body)
            assert (answer["statusCode"], answer["statusDescriptions"]) == (1, "the body is no valid JSON")
            refused = sandbox.request("PUT", "/_sandbox/dialect", content=body)
            assert refused.status_code == 400


def test_what_is_nested_too_deeply_is_refused_by_the_other_vendor(timetap: TimeTap) -> None:
    body = json.dumps(CLASS)[:-1] + f', "fields": [{nested(DEEPEST - 1)}]}}'
    headers = {"Authorization": f"Bearer {timetap.token}"}
    answer = timetap.sandbox.request("POST", f"/timetap{PATH}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (400, "the body is no valid JSON")


@pytest.mark.parametrize("ttl", ["nan", "inf", "-inf"])
def test_sessions_last_for_a_number_of_seconds(sandbox: Sandbox, ttl: str) -> None:
    assert sandbox.request("PUT", "/_sandbox/sessions", json={"ttl": ttl}).status_code == 400


# -- secrets


@pytest.mark.parametrize(
    "name",
    [
        *("Token", "Password", "SESSION_TOKEN", "session_token[]", "session_token[0]", "amp;session_token"),
        *("amp;amp;session_token", "privatekey", "private_key", "sessionToken", "api-key", "New_Password", " token"),
    ],
)
def test_a_misspelt_secret_is_none_the_less_one(sandbox: Sandbox, name: str) -> None:
    sandbox.call("GET", "/location", **{name: "hush", "city": "Rome"})
    sandbox.request("GET", f"{API}/location&{name}=hush&city=Rome")
    listed = sandbox.control("GET", "/calls")
    assert listed[-2]["query"] == {"company_id": "2345", "city": "Rome"}
    assert "hush" not in json.dumps(listed)
    assert "city=Rome" in listed[-1]["path"]


def test_the_token_of_an_open_session_is_not_shown_wherever_it_is(timetap: TimeTap) -> None:
    sandbox = timetap.sandbox
    for token in (sandbox.token, timetap.token):
        for path in (f"/location/{token}", f"/location&sesion={token}", f"/{token}/photo"):
            sandbox.request("GET", API + path)
            sandbox.request("GET", f"{API}/location", params={"sesion": token})
    listed = sandbox.control("GET", "/calls")[2:]
    ends = [each["path"].removeprefix(API) for each in listed if not each["query"]]
    assert ends == ["/location/***", "/location&sesion=***", "/***/photo"] * 2
    assert [each["query"] for each in listed if each["query"]] == [{"sesion": "***"}] * 6


@pytest.mark.parametrize("unit", ["a", "=", "&", "a=", "=a", "a;", "&=a", "-"])
def test_a_long_path_is_recorded_as_quickly_as_a_short_one(sandbox: Sandbox, unit: str) -> None:
    """A million characters: whatever looks at them in pairs would take hours."""
    path = f"{API}/{unit * (1_000_000 // len(unit))}&=&token=hush"
    assert calls._masked(sandbox.app.state.store, path) == path.replace("hush", "***")


# -- a full disk


def test_a_full_disk_is_said_and_changes_nothing(sandbox: Sandbox) -> None:
    store = sandbox.app.state.store
    before = sandbox.control("GET", "/faults")
    (pages,) = store.one("PRAGMA page_count")
    (most,) = store.one("PRAGMA max_page_count")
    store.run(f"PRAGMA max_page_count = {pages}")
    rules = {"rules": [{"fault": "refuse", "path": "/x" * 100}] * 900}
    refused = sandbox.request("PUT", "/_sandbox/faults", json=rules)
    assert (refused.status_code, refused.json()) == (
        *(500, {"error": "the sandbox's file cannot be used: database or disk is full"}),
    )
    store.run(f"PRAGMA max_page_count = {most}")
    assert sandbox.control("GET", "/faults") == before


def test_what_is_due_and_fails_leaves_no_transaction_open(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(late, "due", full)
    assert sandbox.request("GET", "/_sandbox/calls").status_code == 500
    monkeypatch.undo()
    assert sandbox.control("GET", "/calls")


def test_a_commit_that_fails_is_taken_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db", ("CREATE TABLE a(n INTEGER PRIMARY KEY)",))
    store.run("PRAGMA foreign_keys = ON")
    store.run("CREATE TABLE b(n INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.run("INSERT INTO b VALUES (1)")
    with store.transaction():
        assert store.rows("SELECT * FROM b") == []
    store.close()
