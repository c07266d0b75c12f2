"""The state away from the workspace: jobs on machines of their own, which share nothing but the repository and it."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.apply.crash import AFTER, BEFORE, ENVIRON
from tests.cli.command import COMMAND, PATIENCE, Env, Ran, Served, Workspace, decent, environment, slowed
from tests.cli.test_killed import names
from tests.postgres import Database
from tests.state.http_server import PASSWORD, USER, States, states

SETTINGS = """\
version: 1
provider: setster
endpoint: {endpoint}
company_id: 2345
state: "${{env:STATE}}"
limits: {{concurrency: 4, settle: 0}}
policy: {{max_destroy: 100%, max_update: 100%}}
"""


@dataclass
class Jobs:
    """Machines that check one repository out, each into a folder of its own."""

    folder: Path
    sandbox: Served
    env: Env
    manifests: str = BEFORE
    count: int = 0
    pace: Path = field(init=False)

    def __post_init__(self) -> None:
        self.pace = self.folder / "pace"

    def machine(self) -> tuple[Workspace, Env]:
        """A new one, with the manifests of this moment and nothing else."""
        self.count += 1
        workspace = Workspace(self.folder / f"machine{self.count}" / "salon")
        workspace.write("provisioner.yaml", SETTINGS.format(endpoint=self.sandbox.endpoint))
        workspace.write("salon.yaml", self.manifests)
        (workspace.root.parent / "run").mkdir()
        return workspace, {**ENVIRON, **self.env, "XDG_RUNTIME_DIR": str(workspace.root.parent / "run")}

    def run(self, *arguments: str) -> Ran:
        """A command on a new machine."""
        workspace, env = self.machine()
        ran = workspace(*arguments, env=env)
        kept = [p.name for p in (workspace.root / ".provisioner").rglob("*") if p.is_file()]
        assert kept == [], "nothing of the state is left on the machine"
        return ran

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The same, not waited for."""
        workspace, env = self.machine()
        return subprocess.Popen(
            [COMMAND, *arguments], cwd=workspace.root, env=environment(workspace.root, env),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def writing(self) -> None:
        """Wait until the sandbox was written to."""
        until = time.monotonic() + PATIENCE
        while not any(_writes(call) for call in self.sandbox.ask("/calls")):
            assert time.monotonic() < until
            time.sleep(0.02)


def _writes(call: dict[str, str]) -> bool:
    return call["method"] in ("POST", "PUT", "DELETE") and not call["path"].endswith("/authenticate")


def ended(process: subprocess.Popen[str]) -> Ran:
    out, err = process.communicate(timeout=PATIENCE)
    return decent(Ran(process.returncode, out, err))


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "pace").write_text("0")
    with slowed(tmp_path, tmp_path / "pace") as served:
        yield served


@pytest.fixture
def jobs(tmp_path: Path, sandbox: Served, database: Database) -> Jobs:
    """Machines whose state is in Postgres."""
    return Jobs(tmp_path, sandbox, {"STATE": database.url})


@pytest.fixture
def server() -> Iterator[States]:
    with states() as kept:
        yield kept


@pytest.fixture
def http_jobs(tmp_path: Path, sandbox: Served, server: States) -> Jobs:
    """Machines whose state is at a server of the HTTP state protocol."""
    env = {"STATE": f"{server.url}/salon", "PROVISIONER_STATE_USERNAME": USER, "PROVISIONER_STATE_PASSWORD": PASSWORD}
    return Jobs(tmp_path, sandbox, env)


@pytest.fixture(params=["jobs", "http_jobs"])
def any_jobs(request: pytest.FixtureRequest) -> Jobs:
    """Both."""
    found: Jobs = request.getfixturevalue(request.param)
    return found


def test_two_jobs_with_only_the_digest_between_them(any_jobs: Jobs) -> None:
    planned = json.loads(any_jobs.run("plan", "--json").out)
    ran = any_jobs.run("apply", "--digest", planned["digest"])
    assert ran.code == 0, ran
    again = any_jobs.run("plan", "--detailed-exitcode")
    assert (again.code, again.err) == (0, ""), again
    assert "adopted" not in any_jobs.run("state", "list").out.replace("account/", "")


def test_a_change_in_between_refuses(any_jobs: Jobs) -> None:
    any_jobs.run("apply", "--yes")
    any_jobs.manifests = AFTER
    digest = json.loads(any_jobs.run("plan", "--json").out)["digest"]
    assert any_jobs.run("apply", "--yes").code == 0
    ran = any_jobs.run("apply", "--digest", digest)
    assert (ran.code, ran.out) == (8, ""), ran


def _first(jobs: Jobs, kind: str) -> str:
    return next(line.split()[0] for line in jobs.run("state", "list").out.splitlines() if line.startswith(kind))


def test_of_concurrent_jobs_exactly_one_applies(any_jobs: Jobs) -> None:
    any_jobs.pace.write_text("1")
    running = [any_jobs.start("apply", "--yes") for _ in range(4)]
    until = time.monotonic() + PATIENCE
    while sum(each.poll() is None for each in running) > 1:
        assert time.monotonic() < until, "the others do not leave"
        time.sleep(0.05)
    any_jobs.pace.write_text("0")
    ends = [ended(each) for each in running]
    assert sorted(ran.code for ran in ends) == [0, 6, 6, 6], ends
    for ran in ends:
        if ran.code:
            assert re.search(r"provisioner apply \(.*since 20\S+\) is at work on this tenant", ran.err), ran
    assert set(names(any_jobs.sandbox).values()) == {1}


def test_a_client_that_is_killed_frees_the_lock_at_once_and_the_next_run_recovers(jobs: Jobs) -> None:
    jobs.pace.write_text("3")
    killed = jobs.start("apply", "--yes")
    jobs.writing()
    held = jobs.run("plan")
    assert f"provisioner apply (process {killed.pid} of " in held.err
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    jobs.pace.write_text("0")
    ran = jobs.run("apply", "--yes")
    assert ran.code == 0, ran
    assert "An earlier apply was interrupted: what it did is taken into account." in ran.err
    assert set(names(jobs.sandbox).values()) == {1}
    listed = jobs.run("state", "list").out
    assert "pending" not in listed
    assert not [line for line in listed.splitlines() if "adopted" in line and not line.startswith("account/")]
    history = jobs.run("history").out
    assert "died" in history or "interrupted" in history
    assert jobs.run("plan", "--detailed-exitcode").code == 0


def test_a_copy_moves_a_state_from_the_workspace_to_the_database(any_jobs: Jobs) -> None:
    workspace, env = any_jobs.machine()
    settings = (workspace.root / "provisioner.yaml").read_text()
    workspace.write("provisioner.yaml", settings.replace('state: "${env:STATE}"\n', ""))
    workspace.apply(env=env)
    workspace.write("../copy.json", workspace("state", "pull", env=env).out)
    workspace.write("provisioner.yaml", settings)
    assert workspace("state", "push", "../copy.json", env=env).code == 0
    assert any_jobs.run("plan", "--detailed-exitcode").code == 0
    one = _first(any_jobs, "service/")
    assert any_jobs.run("state", "mv", one, "service/renamed").code == 0
    assert any_jobs.run("state", "own", "service/renamed").code == 0
    assert "service/renamed  owned" in any_jobs.run("state", "list").out


def test_a_run_is_taken_back_on_another_machine(any_jobs: Jobs) -> None:
    assert any_jobs.run("apply", "--yes").code == 0
    any_jobs.manifests = AFTER
    assert any_jobs.run("apply", "--yes").code == 0
    kept = json.loads(any_jobs.run("history", "--json").out)["runs"]
    assert [(each["run"], each["command"]) for each in kept] == [(2, "apply"), (1, "apply")]
    undone = any_jobs.run("apply", "--undo", "last", "--yes")
    assert undone.code == 0, undone
    any_jobs.manifests = BEFORE
    again = any_jobs.run("plan", "--detailed-exitcode")
    assert again.code == 0, again


def test_whoever_looks_from_a_new_machine_knows_what_was_applied(jobs: Jobs) -> None:
    """Nobody adopts by name what is ours already."""
    jobs.run("apply", "--yes")
    said = {words: jobs.run(*words.split()) for words in ("rehearse", "pull", "drift", "doctor")}
    assert {ran.code for ran in said.values()} == {0}, said
    assert "adopt" not in "".join(ran.out + ran.err for ran in said.values())
    shown = re.sub(r"\s+", " ", said["doctor"].out)
    assert re.search(r"State [0-9]+ resources, serial [0-9]+, in postgresql://127\.0\.0\.1:", shown), shown


def test_the_password_of_the_database_is_nowhere(jobs: Jobs, database: Database) -> None:
    secret = re.compile("s3cret")
    applied = jobs.run("apply", "--yes")
    jobs.env = {"STATE": database.url.replace("127.0.0.1", "no-such-host.invalid")}
    unreachable = jobs.run("plan")
    assert unreachable.code == 1
    jobs.env = {"STATE": database.url.replace("s3cret", "s3cret-wrong")}
    refused = jobs.run("apply", "--yes")
    assert refused.code == 1
    jobs.env = {"STATE": "postgres:s3cret@nowhere"}
    wrong = jobs.run("doctor", "--json")
    for ran in (applied, unreachable, refused, wrong):
        assert not secret.search(ran.out + ran.err), ran


def test_no_part_of_a_password_that_is_not_encoded_gets_anywhere(empty: Workspace) -> None:
    empty.write("provisioner.yaml", SETTINGS.format(endpoint="http://127.0.0.1:9/api/v2"))
    env = {"STATE": "postgresql://u:s3c@ret/TAIL@127.0.0.1/states"}
    ran = empty(
        "apply", "--yes", "--events", "e.jsonl", "--report", "markdown=r.md", "--report", "json=r.json", env=env
    )
    assert ran.code == 1
    said = [ran.out, ran.err, *((empty.root / name).read_text() for name in ("e.jsonl", "r.md", "r.json"))]
    assert all("cannot be taken apart" in each for each in said[1:]), said
    assert not re.search("s3c|TAIL", "".join(said))


def test_a_runner_that_is_lost_keeps_its_lock_until_it_is_broken_and_the_next_run_recovers(
    http_jobs: Jobs, server: States
) -> None:
    http_jobs.pace.write_text("3")
    killed = http_jobs.start("apply", "--yes")
    http_jobs.writing()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    http_jobs.pace.write_text("0")
    assert "provisioner apply (process" in http_jobs.run("plan").err
    refused = http_jobs.run("apply", "--yes")
    assert refused.code == 6
    found = re.search(r"if it is dead: provisioner state unlock (\S+)", refused.err)
    assert found, refused
    assert http_jobs.run("state", "unlock", found[1]).code == 0
    ran = http_jobs.run("apply", "--yes")
    assert ran.code == 0, ran
    assert "An earlier apply was interrupted: what it did is taken into account." in ran.err
    assert set(names(http_jobs.sandbox).values()) == {1}
    listed = http_jobs.run("state", "list").out
    assert "pending" not in listed
    assert not [line for line in listed.splitlines() if "adopted" in line and not line.startswith("account/")]
    assert http_jobs.run("plan", "--detailed-exitcode").code == 0
    assert server.locks == {}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_while_an_apply_still_reads_frees_the_lock(
    http_jobs: Jobs, server: States, number: signal.Signals, code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        workspace, env = http_jobs.machine()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}/api/v2"
        workspace.write("provisioner.yaml", SETTINGS.format(endpoint=endpoint))
        running = subprocess.Popen(
            [COMMAND, "apply", "--yes"], cwd=workspace.root, env=environment(workspace.root, env),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        asking, _ = silent.accept()
        with asking:
            assert list(server.locks) == ["/salon"]
            running.send_signal(number)
            ran = ended(running)
    assert (ran.code, ran.out, ran.err.strip()) == (code, "", "Interrupted."), ran
    assert server.locks == {}


def test_an_apply_sends_few_documents_and_no_password_in_them(http_jobs: Jobs, server: States) -> None:
    ran = http_jobs.run("apply", "--yes")
    assert ran.code == 0
    creates = sum(call["method"] == "POST" for call in http_jobs.sandbox.ask("/calls"))
    print(f"{len(server.posts)} documents, {sum(server.posts)} bytes for {creates} POSTs")
    assert len(server.posts) < creates
    assert PASSWORD not in ran.out + ran.err + server.documents["/salon"].decode()


@pytest.mark.parametrize("address", ["https://evil.example/salon", "postgresql://evil.example/salon"])
def test_an_edited_address_carries_nothing_away(starter: Workspace, address: str) -> None:
    """The embedded sandbox keeps its state beside itself; a live tenant's goes to nobody who is not trusted."""
    starter.edit("provisioner.yaml", "endpoint: sandbox", f"endpoint: https://www.setster.com\nstate: {address}")
    ran = starter("state", "list", env={"PROVISIONER_STATE_PASSWORD": PASSWORD})
    assert ran.code == 4
    assert "state: evil.example is not known to be trusted, and would get the state: correct it, or export" in ran.err
    assert starter("plan", "--endpoint", "sandbox").code == 0


def test_a_lock_in_the_workspace_is_none_to_break(starter: Workspace) -> None:
    ran = starter("state", "unlock", "4711")
    assert ran.code == 1
    assert "a lock here dies with its process: there is none to break" in ran.err


READING = (
    "plan", "plan --undo last", "apply --yes", "destroy --yes", "drift", "verify", "doctor --json", "history",
    "export --out ../elsewhere", "import service/cut 4711", "hours show dock --live", "state list", "state pull",
    "state show service/cut", "state mv service/cut service/dye", "state rm service/cut", "state own service/cut",
    "state resolve service/cut --absent", "state restore", "state push copy.json", "state unlock 4711",
)  # fmt: skip


@pytest.mark.parametrize("words", READING)
def test_every_command_looks_where_the_settings_say_and_nowhere_else(empty: Workspace, words: str) -> None:
    """Nobody answers there, and what is remembered of another tenant in the workspace is not asked instead."""
    empty.write("provisioner.yaml", SETTINGS.format(endpoint="http://127.0.0.1:9/api/v2"))
    empty.write("salon.yaml", "services:\n  cut: {name: Cut, duration: 30 min, price: 3}\n")
    empty.write("copy.json", "{}")
    ran = empty(*words.split())
    assert ran.code, ran
    assert "provisioner.yaml:5:8: state: the environment variable STATE is not set" in ran.out + ran.err
    assert not (empty.root / ".provisioner").exists()
