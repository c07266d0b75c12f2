"""`doctor` as people run it: each line where it belongs, the exit code, and nothing that is a secret."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import COMMAND, PATIENCE, Ran, Workspace, environment, served, slowed, terminal
from tests.cli.listener import ENV, SETTINGS, checked, listening

WEST = "accounts:\n  west: {company_name: West, nick_name: westsalon, email: o@w.example, password: '${env:PW}'}\n"
PW = {"PW": "pw"}
QUESTION = "Only its number writes"


def checks(ran: Ran) -> dict[str, dict[str, Any]]:
    """The findings of `--json`, by their check."""
    return {each["check"]: each for each in json.loads(ran.out)["checks"]}


def marks(ran: Ran, *names: str) -> list[str]:
    """The marks of some checks."""
    found = checks(ran)
    return [found[name]["mark"] for name in names]


def probed(workspace: Workspace) -> list[dict[str, Any]]:
    """What probes have made and not deleted."""
    found = [*workspace.live("service"), *workspace.live("employee"), *workspace.live("client")]
    return [each for each in found if "provisioner-probe" in json.dumps(each)]


@pytest.fixture
def bare(empty: Workspace) -> Workspace:
    """A workspace that wants a sub-account, which is there, and another that was made by hand for probes."""
    empty.write("west.yaml", WEST)
    empty.apply(env=PW)
    empty.write("other.yaml", WEST.replace("west", "other").replace("West", "Other").replace("o@w", "o@other"))
    empty.apply(env=PW)
    (empty.root / "other.yaml").unlink()
    assert empty("state", "rm", "account/other").code == 0
    return empty


def other(workspace: Workspace) -> str:
    """The number of the account that was made by hand."""
    ran = workspace("plan", "--show-unmanaged", "--json", env=PW)
    return next(str(each["id"]) for each in json.loads(ran.out)["unmanaged"] if each["kind"] == "account")


# -- read-only


def test_a_starter_workspace_is_well_and_nothing_is_written(starter: Workspace) -> None:
    ran = starter("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Doctor   SANDBOX (nothing real changes) company 2345 (sandbox)\n")
    assert ran.last.endswith("0 to look at, 0 failed, 8 skipped.")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert starter.writes() == 0
    assert not starter.state.exists()


def test_json_has_the_same_findings(applied: Workspace) -> None:
    document = json.loads(applied("doctor", "--json").out)
    assert document["tenant"] == {"host": "sandbox", "company_id": "2345", "sandbox": True}
    assert document["format_version"] == "1.0"
    assert document["counts"]["fail"] == 0
    lines = [line for line in applied("doctor").out.splitlines() if line[2:6] in ("PASS", "LOOK", "FAIL", "SKIP")]
    assert len(lines) == len(document["checks"]) == sum(document["counts"].values())
    assert "11 resources" in checks(applied("doctor", "--json"))["State"]["seen"]


def test_a_mistake_in_a_manifest_hides_no_other_check(starter: Workspace) -> None:
    starter.write("wrong.yaml", "services: {cut: {colour: red}}\nlocations: {a: {}}\n")
    ran = starter("doctor", "--json")
    assert ran.code == 1
    assert marks(ran, "Manifests", "Sign-in", "Services") == ["FAIL", "PASS", "PASS"]
    wrong = checks(ran)["Manifests"]
    assert wrong["seen"].startswith("wrong.yaml:1:")
    assert "provisioner validate" in wrong["remedy"]


def test_without_settings_the_rest_is_skipped(tmp_path: Path) -> None:
    ran = Workspace(tmp_path)("doctor")
    assert ran.code == 1
    assert "no provisioner.yaml in ." in ran.out
    assert ran.last == "1 check passed, 0 to look at, 1 failed, 3 skipped."


def test_an_endpoint_that_may_not_have_credentials_is_told_before_anybody_is_asked(starter: Workspace) -> None:
    ran = starter("doctor", "--endpoint", "https://elsewhere.example", "--json")
    assert ran.code == 1
    assert marks(ran, "Endpoint", "The account") == ["FAIL", "SKIPPED"]


def test_nobody_there_is_told_and_the_account_skipped(starter: Workspace) -> None:
    ran = starter("doctor", "--endpoint", "http://127.0.0.1:9/api/v2", "--json")
    assert ran.code == 1
    assert marks(ran, "Name", "Connection", "The account") == ["PASS", "FAIL", "SKIPPED"]


def test_a_served_sandbox_is_reached_and_its_clock_read(starter: Workspace) -> None:
    with served(starter.root) as sandbox:
        ran = starter("doctor", "--endpoint", sandbox.endpoint, "--json")
        assert ran.code == 0, ran.out
        assert marks(ran, "Name", "Connection", "Clock", "At once") == ["PASS"] * 4
        assert "TLS" not in checks(ran)
        sandbox.ask("/faults", "PUT", {"rates": {"html": 1.0}, "seed": 1})
        ran = starter("doctor", "--endpoint", sandbox.endpoint, "--json")
        assert ran.code == 1
        assert marks(ran, "Sign-in", "Account", "Locations", "Answers") == ["PASS", "FAIL", "FAIL", "LOOK"]


def test_credentials_are_named_and_never_shown(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with listening() as listener:
        workspace.write("provisioner.yaml", SETTINGS.format(endpoint=listener.url))
        allowed = {"PROVISIONER_ALLOW_HOSTS": listener.host}
        ran = checked(workspace("doctor", "--json", env=allowed))
        assert ran.code == 1
        assert "SETSTER_API_KEY, SETSTER_EMAIL is not set" in checks(ran)["Variables"]["seen"]
        assert marks(ran, "Credentials", "Sign-in") == ["PASS", "FAIL"]
        ran = checked(workspace("doctor", "--json", env={**ENV, **allowed}))
        assert marks(ran, "Variables", "Sign-in", "Ended sessions") == ["PASS", "PASS", "FAIL"]
        workspace.edit("provisioner.yaml", '"${env:SETSTER_API_KEY}"', '"sandbox-key"')  # another is an error at once
        ran = checked(workspace("doctor", "--json", env={**ENV, **allowed}))
        literal = checks(ran)["Credentials"]
        assert (literal["mark"], literal["seen"]) == ("LOOK", "api_key stands in provisioner.yaml:5 as it is")
        assert "SETSTER_API_KEY" in literal["remedy"]


def test_a_secret_of_the_manifests_that_is_not_set_is_told(bare: Workspace) -> None:
    ran = bare("doctor", "--json")
    wanting = checks(ran)["Variables"]
    assert (ran.code, wanting["mark"], wanting["seen"]) == (1, "FAIL", "PW is not set")
    ran = bare("doctor", "--json", env=PW)
    assert (ran.code, marks(ran, "Variables")) == (0, ["PASS"])


def test_what_others_may_read_is_told(applied: Workspace) -> None:
    applied.state.chmod(0o644)
    found = checks(applied("doctor", "--json"))["File modes"]
    assert (found["mark"], found["seen"]) == ("LOOK", "others may read .provisioner/state/sandbox/2345/state.json")


@pytest.mark.parametrize(("ignored", "mark"), [(".provisioner/\n", "PASS"), ("*.pyc\n", "LOOK"), (None, "LOOK")])
def test_git_has_to_ignore_what_is_kept(applied: Workspace, ignored: str | None, mark: str) -> None:
    (applied.root / ".git").mkdir()
    (applied.root / ".gitignore").unlink()
    if ignored:
        applied.write(".gitignore", ignored)
    assert marks(applied("doctor", "--json"), "Git") == [mark]


def test_a_damaged_state_and_a_lock_are_told(applied: Workspace) -> None:
    with (applied.state.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps({"doing": "provisioner apply"}))
        lock.flush()
        assert marks(applied("doctor", "--json"), "Lock", "State") == ["LOOK", "PASS"]
    applied.state.write_text("{")
    ran = applied("doctor", "--json")
    assert (ran.code, marks(ran, "State", "Journal", "Sign-in")) == (1, ["FAIL", "SKIPPED", "PASS"])


def test_another_vendor_is_looked_at_as_well_and_has_no_probe(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", "version: 1\nprovider: timetap\nendpoint: sandbox\ncompany_id: 71300\n")
    ran = workspace("doctor", "--json")
    assert ran.code == 0, ran.out
    assert marks(ran, "Sign-in", "Ended sessions", "Dates of a pattern", "Lists", "At once") == [
        *("PASS", "PASS", "PASS", "SKIPPED", "PASS")
    ]
    refused = workspace("doctor", "--probe-account", "71300", "--yes")
    assert (refused.code, "timetap has no probe" in refused.err) == (64, True)


# -- the probe


def test_an_account_made_for_it_is_probed_and_what_was_found_recorded(bare: Workspace) -> None:
    before = bare.live("service"), bare.live("employee")
    ran = bare("doctor", "--probe-account", other(bare), "--yes", "--json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    expected = {"body": "raw", "put": "partial", "links": "replace", "hours": "replace", "booked": "keep"}
    assert (document["dialect"], document["left"]) == (expected, [])
    assert document["tenant"]["company_id"] == other(bare)
    assert (bare.live("service"), bare.live("employee"), probed(bare)) == (*before, [])
    kept = json.loads((bare.root / ".provisioner/state/sandbox/dialect.json").read_text())
    assert (kept["answers"], kept["account_id"]) == (expected, other(bare))
    known = checks(bare("doctor", "--json"))["Dialect"]
    assert (known["mark"], "links replace" in known["seen"]) == ("PASS", True)
    bare.settled(env=PW)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2345", "account 2345 is managed from here (service/cut)"),
        ("west", "is managed from here (account/west)"),
        ("999", "account 999 is neither 2345 nor one of its sub-accounts"),
    ],
)
def test_what_is_managed_is_refused(bare: Workspace, name: str, words: str) -> None:
    bare.write("cut.yaml", "services: {cut: {name: Cut, duration: 1 h}}\n")
    writes, number = bare.writes(), bare.records()["account/west"]["id"] if name == "west" else name
    ran = bare("doctor", "--probe-account", number, "--yes")
    assert (ran.code, words in ran.err, bare.writes()) == (4, True, writes), ran.err


def test_an_account_whose_own_settings_are_managed_is_refused(empty: Workspace) -> None:
    empty.write("own.yaml", "accounts: {own: {parent: true, phone: '555'}}\n")
    ran = empty("doctor", "--probe-account", "2345", "--yes")
    assert (ran.code, "account 2345 is managed from here (account/own)" in ran.err) == (4, True), ran.err


def test_a_lost_state_does_not_make_an_account_free(bare: Workspace) -> None:
    number = bare.records()["account/west"]["id"]
    shutil.rmtree(bare.state.parent)
    writes = bare.writes()
    ran = bare("doctor", "--probe-account", number, "--yes")
    assert (ran.code, "is what account/west of the manifests means" in ran.err) == (4, True), ran.err
    assert bare.writes() == writes


def test_a_pin_in_the_manifests_says_whose_an_account_is(bare: Workspace) -> None:
    number = bare.records()["account/west"]["id"]
    bare.write("west.yaml", f"accounts: {{west: {{lifecycle: {{id: {number}}}}}}}\n")
    shutil.rmtree(bare.state.parent)
    writes = bare.writes()
    ran = bare("doctor", "--probe-account", number, "--yes")
    assert (ran.code, "is what account/west of the manifests means" in ran.err) == (4, True), ran.err
    assert bare.writes() == writes


def test_an_account_that_may_be_what_a_create_became_is_refused(empty: Workspace) -> None:
    empty.edit("provisioner.yaml", "endpoint: sandbox\n", "endpoint: sandbox\nlimits: {settle: 600}\n")
    empty.write("west.yaml", WEST)
    with served(empty.root) as sandbox:
        late = {"fault": "late", "seconds": 600, "method": "POST", "path": "/account"}
        there = "--endpoint", sandbox.endpoint
        sandbox.ask("/faults", "PUT", {"rules": [late]})
        assert empty("apply", "--yes", "--no-wait", *there, env=PW).code == 5
        (empty.root / "west.yaml").unlink()
        body = {"company_name": "Late", "nick_name": "late", "email": "l@x.example", "password": "pw"}
        sandbox.ask("/seed", "POST", {"accounts": [{"account": body}]})
        number = str(max(each["id"] for each in sandbox.dump()["accounts"]))
        ran = empty("doctor", "--probe-account", number, "--yes", *there)
        words = f"account {number} may be account/west, whose create is in doubt: run provisioner apply first"
        assert (ran.code, words in ran.err) == (4, True), ran.err


def test_the_account_that_is_acted_as_may_be_probed_when_nothing_of_it_is_managed(bare: Workspace) -> None:
    ran = bare("doctor", "--probe-account", "2345", "--yes")
    assert ran.code == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    assert probed(bare) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--probe-account", "2346"), "there is no terminal to ask on: pass --yes"),
        (("--probe-account", "west", "--yes"), "'west' is no account: write its number"),
        (("--yes",), "--yes is for --probe-account"),
    ],
)
def test_what_makes_no_sense_is_usage(bare: Workspace, arguments: tuple[str, ...], words: str) -> None:
    ran = bare("doctor", *arguments)
    assert (ran.code, words in ran.err) == (64, True)


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 1), ("\x03", 130), ("", 0)])
def test_a_probe_asks_for_the_number(bare: Workspace, typed: str, code: int) -> None:
    number, writes = other(bare), bare.writes()
    with terminal("doctor", "--probe-account", number, cwd=bare.root) as screen:
        screen.expect(QUESTION)
        assert "holds 1 location, 1 service, 1 employee" in screen.screen
        screen.type(typed or f"{number}\n")
        assert screen.end() == code
    assert (bare.writes() > writes) == (code == 0)
    assert probed(bare) == []


def test_ctrl_c_in_the_middle_leaves_nothing(empty: Workspace, tmp_path: Path) -> None:
    pace = tmp_path / "pace"
    pace.write_text("0.3")
    with slowed(tmp_path, pace) as sandbox:
        command = [COMMAND, "doctor", "--probe-account", "2345", "--yes", "--endpoint", sandbox.endpoint]
        more = {"cwd": empty.root, "env": environment(empty.root), "text": True}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload]
        before = sandbox.dump()
        until = time.monotonic() + PATIENCE
        while len(sandbox.dump()["services"]) == len(before["services"]):
            assert time.monotonic() < until
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, "Stopping" in err, "Traceback" in err) == (130, True, False), err
        assert sandbox.dump() == before
        assert "all that was made is deleted" in out.replace("\n", " ")
