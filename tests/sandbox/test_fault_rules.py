"""Which requests a rule strikes, how often, and for how long it is remembered."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.sandbox.app import create_app
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox


def struck(sandbox: Sandbox, *calls: str) -> list[bool]:
    """Which of these calls (`GET /path`) ran into a refusal."""
    return [sandbox.attempt(*call.split(" ")).code == 8 for call in calls]


def test_a_rule_strikes_by_method_and_path(sandbox: Sandbox) -> None:
    calls = ["GET /location", "GET /location/7", "POST /location", "GET /employee"]
    for rule, expected in (
        ({}, [True, True, True, True]),
        ({"method": "GET"}, [True, True, False, True]),
        ({"path": "/location"}, [True, False, True, False]),
        ({"path": "/location/*"}, [False, True, False, False]),
        ({"path": "/location*"}, [True, True, True, False]),
        ({"path": "*", "method": "POST"}, [False, False, True, False]),
        ({"path": "/Location"}, [False, False, False, False]),
    ):
        sandbox.script({"fault": "refuse", "times": None} | rule)
        assert struck(sandbox, *calls) == expected, rule


def test_unknown_paths_are_struck_too(sandbox: Sandbox) -> None:
    sandbox.script({"fault": "refuse", "path": "/nowhere"})
    assert sandbox.attempt("GET", "/nowhere")[:2] == (200, 8)
    assert sandbox.attempt("GET", "/nowhere")[:2] == (404, 7)


@pytest.mark.parametrize(("path", "spared"), [(None, True), ("*", False), ("/account/auth*", False)])
def test_a_sign_in_is_struck_only_by_a_path(sandbox: Sandbox, path: str | None, *, spared: bool) -> None:
    sandbox.script({"fault": "error", "path": path})
    query = {"email": "owner@example.com", "token": "sandbox-key"}
    assert sandbox.request("POST", f"{API}/account/authenticate", params=query).is_success == spared


def test_the_control_api_is_never_struck(sandbox: Sandbox) -> None:
    sandbox.script({"fault": "error", "path": "*", "times": None})
    assert sandbox.control("GET", "/faults")["rules"][0]["seen"] == 0


def test_a_rule_lets_some_pass_and_strikes_so_often(sandbox: Sandbox) -> None:
    sandbox.script({"fault": "refuse", "path": "/location", "skip": 2, "times": 3})
    assert struck(sandbox, *["GET /location", "GET /employee"] * 6) == [
        *[False] * 4,
        *[True, False] * 3,
        *[False] * 2,
    ]
    assert sandbox.control("GET", "/faults")["rules"] == [
        {"fault": "refuse", "path": "/location", "skip": 2, "times": 3, "seen": 5, "struck": 3}
    ]


def test_the_first_rule_that_strikes_wins(sandbox: Sandbox) -> None:
    sandbox.script({"fault": "refuse", "code": 1, "skip": 1}, {"fault": "refuse", "code": 7, "times": 2})
    assert [sandbox.call("GET", "/location")["statusCode"] for _ in range(4)] == [7, 1, 7, 0]
    assert [(rule["seen"], rule["struck"]) for rule in sandbox.control("GET", "/faults")["rules"]] == [(2, 1), (2, 2)]


def test_a_seed_makes_chance_repeatable(sandbox: Sandbox) -> None:
    rule = {"fault": "refuse", "rate": 0.3, "times": None}

    def drawn(seed: int) -> list[bool]:
        sandbox.script(rule, seed=seed)
        return struck(sandbox, *["GET /location"] * 100)

    first = drawn(1)
    assert 15 <= sum(first) <= 45
    assert drawn(1) == first
    assert drawn(2) != first


@pytest.mark.parametrize(("rate", "expected"), [(0, False), (1, True)])
def test_no_chance_and_certainty(sandbox: Sandbox, rate: int, *, expected: bool) -> None:
    sandbox.script({"fault": "refuse", "rate": rate, "times": None})
    assert struck(sandbox, *["GET /location"] * 20) == [expected] * 20


def test_a_script_is_replaced_appended_to_and_cleared(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/faults", {"rules": [{"fault": "reset"}], "seed": 5})
    sandbox.control("PUT", "/faults", {"rules": [{"fault": "refuse"}], "seed": 7})
    added = sandbox.control("POST", "/faults", {"rules": [{"fault": "slow", "seconds": 1}]})
    assert added == sandbox.control("GET", "/faults")
    assert [rule["fault"] for rule in added["rules"]] == ["refuse", "slow"]
    assert (added["seed"], added["waiting"]) == (7, 0)
    assert sandbox.control("POST", "/faults", {"rules": [], "seed": 8})["seed"] == 8
    sandbox.control("DELETE", "/faults")
    assert sandbox.control("GET", "/faults") == {"seed": 0, "rules": [], "waiting": 0}


def test_a_reset_forgets_rules_and_what_is_late(sandbox: Sandbox) -> None:
    sandbox.script({"fault": "late", "seconds": 9}, {"fault": "refuse"}, seed=3)
    sandbox.attempt("POST", "/location", {"name": "Spa"})
    assert sandbox.control("GET", "/faults")["waiting"] == 1
    sandbox.control("POST", "/reset")
    assert sandbox.control("GET", "/faults") == {"seed": 0, "rules": [], "waiting": 0}
    sandbox.clock.advance(10)
    assert len(sandbox.dump()["locations"]) == 1


def test_python_writes_a_script_too(tmp_path: Path, opened: Callable[..., Sandbox]) -> None:
    app = create_app(tmp_path / "sandbox.db", faults={"rules": [{"fault": "refuse"}], "seed": 4})
    app.state.store.close()
    sandbox = opened()
    assert sandbox.control("GET", "/faults")["seed"] == 4
    assert struck(sandbox, "GET /location", "GET /location") == [True, False]
    with pytest.raises(ValueError, match="rule 1: fault 'x' is unknown"):
        create_app(tmp_path / "sandbox.db", faults={"rules": [{"fault": "x"}]})


ONE_CALL = """
import asyncio, sys, httpx
from provisioner.sandbox.app import create_app
app = create_app(sys.argv[1])
async def call():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sandbox") as client:
        return await client.get("/api/v2/location", params={"session_token": sys.argv[2]})
print(asyncio.run(call()).json()["statusCode"])
app.state.store.close()
"""


def test_rules_are_counted_over_processes(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.script({"fault": "refuse", "skip": 1, "times": 2, "rate": 1.0})

    def elsewhere() -> bool:
        command = [sys.executable, "-c", ONE_CALL, str(tmp_path / "sandbox.db"), sandbox.token]
        # The sessions of the test's clock would be over by now.
        sandbox.app.state.store.run("UPDATE sessions SET ends = 1e12")
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == "8"

    assert [elsewhere(), elsewhere(), *struck(sandbox, "GET /location"), elsewhere()] == [False, True, True, False]


def test_a_file_from_before_the_faults_can_be_used(opened: Callable[..., Sandbox]) -> None:
    old = opened()
    as_before = ("DROP TABLE fault_rules", "DROP TABLE late", "ALTER TABLE calls DROP COLUMN fault")
    for statement in (*as_before, "PRAGMA user_version = 0", "PRAGMA application_id = 0"):
        old.app.state.store.run(statement)
    new = opened()
    new.script({"fault": "refuse"})
    assert struck(new, "GET /location") == [True]
    assert [call["fault"] for call in new.control("GET", "/calls")] == [None, None, "refuse"]


WRONG = [
    ([], "a script is an object"),
    ({}, "a script is an object"),
    ({"rules": {}}, "a script is an object"),
    ({"rules": [], "sed": 1}, "a script is an object"),
    ({"rules": [], "seed": "x"}, "seed must be a whole number, not 'x'"),
    ({"rules": ["reset"]}, "rule 1: a rule is an object such as"),
    ({"rules": [{}]}, "rule 1: fault None is unknown; there are refuse, throttle, error"),
    ({"rules": [{"fault": "reset"}, {"fault": ["reset"]}]}, "rule 2: fault ['reset'] is unknown"),
    ({"rules": [{"fault": "reset", "second": 1}]}, "reset takes no 'second'; it takes executed, method, path"),
    ({"rules": [{"fault": "slow"}]}, "slow needs seconds: a number from 0 to 86400"),
    ({"rules": [{"fault": "late", "seconds": -1}]}, "late: seconds must be a number from 0 to 86400, not -1"),
    ({"rules": [{"fault": "slow", "seconds": True}]}, "slow: seconds must be"),
    ({"rules": [{"fault": "late", "seconds": 1, "answer": "no"}]}, "answer must be reset or timeout, not 'no'"),
    ({"rules": [{"fault": "error", "status": 404}]}, "status must be 200, or a whole number from 500 to 599, not 404"),
    ({"rules": [{"fault": "error", "code": 7}]}, "code must be a whole number from 4 to 5, not 7"),
    ({"rules": [{"fault": "refuse", "status": 503}]}, "status must be 200, or a whole number from 400 to 499"),
    ({"rules": [{"fault": "refuse", "code": 0}]}, "code must be a whole number from 1 to 11"),
    ({"rules": [{"fault": "throttle", "retry_after": "a\nb"}]}, "retry_after must be a whole number of seconds"),
    ({"rules": [{"fault": "reset", "executed": 1}]}, "executed must be true or false, not 1"),
    ({"rules": [{"fault": "reset", "method": "get"}]}, "method must be one of GET, POST"),
    ({"rules": [{"fault": "reset", "path": "location"}]}, "path must be a path below /api/v2"),
    ({"rules": [{"fault": "reset", "path": "/api/v2/location"}]}, "path must be a path below /api/v2"),
    ({"rules": [{"fault": "reset", "path": "/location/{id}"}]}, "where * stands for anything"),
    ({"rules": [{"fault": "reset", "skip": -1}]}, "skip must be a whole number from 0"),
    ({"rules": [{"fault": "reset", "times": 0}]}, "or null for ever, not 0"),
    ({"rules": [{"fault": "reset", "rate": 1.1}]}, "rate must be a number from 0 to 1, not 1.1"),
    ({"rules": [{"fault": "reset", "rate": float("nan")}]}, "NaN is no finite number"),
]


@pytest.mark.parametrize(("body", "words"), WRONG, ids=str)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_bad_script_is_explained_and_changes_nothing(sandbox: Sandbox, method: str, body: Any, words: str) -> None:
    sandbox.script({"fault": "slow", "seconds": 1}, seed=9)
    before = sandbox.control("GET", "/faults")
    answer = sandbox.request(method, "/_sandbox/faults", content=json.dumps(body))
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert sandbox.control("GET", "/faults") == before
