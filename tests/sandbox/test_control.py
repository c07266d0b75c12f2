"""The control API, and what survives the process."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import provisioner.sandbox
from provisioner.sandbox.app import create_app
from provisioner.sandbox.tables import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox


def test_calls_are_listed_without_secrets(sandbox: Sandbox) -> None:
    sandbox.ok("GET", "/location", city="Rome")
    sandbox.refused(7, "GET", "/location/1")
    signin, listed, missed = sandbox.control("GET", "/calls")
    assert signin["query"] == {"email": "owner@example.com", "company_id": "2345"}
    assert listed["query"] == {"company_id": "2345", "city": "Rome"}
    assert (listed["method"], listed["path"], listed["company_id"]) == ("GET", "/api/v2/location", 2345)
    assert (missed["status"], missed["status_code"], missed["n"]) == (200, 7, listed["n"] + 1)
    assert listed["ms"] >= 0
    assert listed["at"] == "2026-03-02T09:00:00+00:00"
    sandbox.control("DELETE", "/calls")
    assert sandbox.control("GET", "/calls") == []


def test_the_list_of_calls_has_an_end(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "CAP", 3)
    monkeypatch.setattr(calls, "_SWEEP", 5)
    for _ in range(9):
        sandbox.ok("GET", "/account")
    assert len(sandbox.control("GET", "/calls")) == 3


def test_a_reset_starts_anew_in_the_same_dialect(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/dialect", {"put": "full"})
    sandbox.child("acme")
    assert sandbox.control("POST", "/reset") == {"accounts": [2345]}
    sandbox.refused(2, "GET", "/account")
    sandbox.sign_in()
    assert sandbox.ok("GET", "/account/companies") == []
    assert sandbox.control("GET", "/dialect")["put"] == "full"
    assert len(sandbox.ok("GET", "/employee")) == 1


def test_the_dump_holds_everything_of_a_company(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    assert [each["company_id"] for each in sandbox.control("GET", "/accounts")] == [2345, child]
    more = {"holidays", "custom_fields", "webhooks", "clients", "appointments", "pictures"}
    assert set(sandbox.dump()) == {"accounts", "locations", "employees", "services", "links", "availability"} | more
    assert len(sandbox.control("GET", "/dump")["locations"]) == 2
    for nobody in (1, 10**30, "x"):
        assert sandbox.request("GET", "/_sandbox/dump", params={"company_id": nobody}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("PUT", "/sessions", {}, '{"ttl": a number of seconds}'),
        ("PUT", "/sessions", [], '{"ttl": a number of seconds}'),
        ("PUT", "/sessions", {"ttl": "soon"}, "soon"),
        ("PUT", "/limits", {"ttl": 1}, '{"accounts": a whole number}'),
        ("PUT", "/limits", {"accounts": None}, "NoneType"),
        ("PUT", "/dialect", {"links": "both"}, "replace|merge"),
        ("PUT", "/dialect", 7, "int"),
    ],
)
def test_what_makes_no_sense_is_a_400(sandbox: Sandbox, method: str, path: str, body: Any, words: str) -> None:
    refused = sandbox.request(method, f"/_sandbox{path}", json=body)
    assert (refused.status_code, words in refused.json()["error"]) == (400, True), refused.text


def test_no_json_at_all_is_a_400(sandbox: Sandbox) -> None:
    for raw in (b"{", b"\xff", b"[" * 100_000):
        assert sandbox.request("PUT", "/_sandbox/dialect", content=raw).status_code == 400


def test_what_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    assert sandbox.request("GET", "/_sandbox/nowhere").status_code == 404
    assert sandbox.request("DELETE", "/_sandbox/reset").status_code == 405
    assert sandbox.request("GET", "/nowhere").status_code == 404


def test_faults_come_by_rate(sandbox: Sandbox) -> None:
    told = sandbox.control("PUT", "/faults", {"rates": {"throttle": 0.2, "refuse": 0.1}, "seed": 3})
    assert [(rule["fault"], rule["rate"], rule["times"]) for rule in told["rules"]] == [
        ("throttle", 0.2, None),
        ("refuse", 0.1, None),
    ]
    ends = [sandbox.attempt("GET", "/account")[:2] for _ in range(300)]
    assert 30 < ends.count((429, 8)) < 90
    assert 10 < ends.count((200, 8)) < 50
    again = sandbox.control("PUT", "/faults", {"rates": {"throttle": 0.2, "refuse": 0.1}, "seed": 3})
    assert again == told
    assert [sandbox.attempt("GET", "/account")[:2] for _ in range(300)] == ends


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"rates": []}, "a script is an object"),
        ({"rates": {"flood": 0.1}}, "fault 'flood' is unknown"),
        ({"rates": {"reset": 2}}, "rate must be a number from 0 to 1"),
        ({"rates": {"slow": 0.1}}, "slow needs seconds"),
    ],
)
def test_rates_that_make_no_sense(sandbox: Sandbox, script: Any, words: str) -> None:
    refused = sandbox.request("PUT", "/_sandbox/faults", json=script)
    assert (refused.status_code, words in refused.json()["error"]) == (400, True), refused.text


def test_rules_and_rates_go_together(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/faults", {"rules": [{"fault": "html", "path": "/account"}], "rates": {"refuse": 1}})
    assert sandbox.attempt("GET", "/account").code is None
    assert [sandbox.attempt("GET", "/account").code for _ in range(3)] == [8] * 3


def test_everything_survives_the_process(opened: Callable[..., Sandbox]) -> None:
    first = opened()
    number = first.location(city="Rome")
    second = opened()
    assert second.ok("GET", f"/location/{number}")[0]["city"] == "Rome"
    assert second.location() == number + 1
    second.token = first.token
    second.ok("GET", "/account")


def test_a_sandbox_in_memory_leaves_nothing(opened: Callable[..., Sandbox]) -> None:
    number = opened(db=":memory:").location()
    opened(db=":memory:").refused(7, "GET", f"/location/{number}")


def test_the_first_account_is_made_as_told(tmp_path: Path) -> None:
    for company in (77, 78):  # the second time the file is not empty any more
        app = create_app(tmp_path / "new" / "sandbox.db", company_id=company, email="me@example.com")
        rows = app.state.store.rows("SELECT company_id FROM accounts")
        app.state.store.close()
        assert rows == [(77,)]


def test_a_first_account_may_have_any_id(tmp_path: Path) -> None:
    app = create_app(tmp_path / "sandbox.db", company_id=61_401)
    app.state.store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        app.state.store.rows("SELECT 1")


WRITER = """
import sys
from provisioner.sandbox.app import create_app
from provisioner.sandbox.tables import objects
store = create_app(sys.argv[1]).state.store
for _ in range(200):
    with store.transaction():
        objects.insert(store, "location", 2345, {})
store.close()
"""


def test_processes_can_share_a_file(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(db)]) for _ in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    app = create_app(db)
    try:
        assert len(app.state.store.rows("SELECT id FROM objects WHERE kind = 'location'")) == 801
        assert app.state.store.one("PRAGMA integrity_check") == ("ok",)
    finally:
        app.state.store.close()


def test_the_sandbox_imports_nothing_else_of_ours() -> None:
    for file in Path(next(iter(provisioner.sandbox.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in {"pydantic", "httpx"}, file
                assert not name.startswith("provisioner") or name.startswith("provisioner.sandbox"), file
