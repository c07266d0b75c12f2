"""The real command as people run it: a process of its own, a clean environment, a terminal where one is needed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from tests.cli.forked import Forker
from tests.nasty import commands, odd

COMMAND = str(Path(sys.executable).with_name("provisioner"))
SLOW = Path(__file__).with_name("slow_sandbox.py")
KEYED = Path(__file__).with_name("canary_sandbox.py")
RUDE = Path(__file__).with_name("rude_sandbox.py")
EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE = 60.0
FORKER = Forker()
Env = Mapping[str, str]


class Ran(NamedTuple):
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The line that scripts look for: the last one, or the one above the digest."""
        lines = self.out.splitlines()
        return lines[-2] if lines and lines[-1].startswith("Digest: ") else lines[-1] if lines else ""


def environment(home: Path, more: Env | None = None) -> dict[str, str]:
    """Nothing of ours: a search path, a home of its own, UTF-8."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **(more or {})}


def decent(ran: Ran) -> Ran:
    """What holds for every run, whatever was asked: no traceback, nothing that a terminal or a build server acts on."""
    assert "Traceback" not in ran.out + ran.err, ran.err
    assert not odd(ran.out), odd(ran.out)
    assert not odd(ran.err), odd(ran.err)
    assert not commands(ran.out), commands(ran.out)
    assert not commands(ran.err), commands(ran.err)
    return ran


def run(*arguments: str, cwd: Path, env: Env | None = None, limit: str = "") -> Ran:
    """Run the command without a terminal; `limit` is what a shell's `ulimit` is told first.

    Where Python's own start matters (limits, variables that it reads), it is the installed script that is run.
    """
    if not limit and not any(name.startswith(("PYTHON", "LANG", "LC_", "TZ")) for name in env or {}):
        code, out, err = FORKER.run(arguments, cwd, environment(cwd, env), PATIENCE)
        return decent(Ran(code, out.decode(), err.decode()))
    return installed(*arguments, cwd=cwd, env=env, limit=limit)


def installed(*arguments: str, cwd: Path, env: Env | None = None, limit: str = "") -> Ran:
    """Run the installed script, as `run` does."""
    command = [COMMAND, *arguments]
    if limit:
        command = ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", *command]
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(cwd, {**(env or {}), **({"PYTHONDONTWRITEBYTECODE": "1"} if limit else {})}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return decent(Ran(done.returncode, done.stdout.decode(), done.stderr.decode()))


@dataclass(frozen=True)
class Workspace:
    """A folder of manifests, and what can be seen of its tenant from outside."""

    root: Path

    def __call__(self, *arguments: str, env: Env | None = None, limit: str = "") -> Ran:
        """Run the command in this folder."""
        return run(*arguments, cwd=self.root, env=env, limit=limit)

    def write(self, name: str, text: str | bytes) -> None:
        """Put a file there."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, name: str, before: str, after: str) -> None:
        """Change one place of a file."""
        text = (self.root / name).read_text("utf-8")
        assert text.count(before) == 1, f"{before} stands in {name} {text.count(before)} times"
        (self.root / name).write_text(text.replace(before, after), "utf-8")

    def apply(self, *arguments: str, env: Env | None = None) -> Ran:
        """Apply without a question, and see it done."""
        ran = self("apply", "--yes", *arguments, env=env)
        assert ran.code == 0, ran.err
        return ran

    def settled(self, *arguments: str, env: Env | None = None) -> None:
        """See that the next plan has nothing to say."""
        ran = self("plan", "--detailed-exitcode", *arguments, env=env)
        assert (ran.code, ran.err) == (0, ""), ran
        assert ran.last.startswith("No changes."), ran.out
        assert "remembered at the next apply" not in ran.last, ran.out

    def planned(self, *arguments: str, env: Env | None = None) -> dict[str, Any]:
        """The plan as its JSON document."""
        ran = self("plan", "--json", *arguments, env=env)
        assert ran.code in (0, 4), ran.err
        assert ran.err == ""
        document: dict[str, Any] = json.loads(ran.out)
        return document

    def changes(self, *arguments: str) -> list[str]:
        """Every change of the plan as `action address`."""
        return [f"{each['action']} {each['address']}" for each in self.planned(*arguments)["changes"]]

    def records(self) -> dict[str, dict[str, Any]]:
        """What the state file holds of the embedded sandbox, address by address."""
        if not self.state.exists():
            return {}
        resources: dict[str, dict[str, Any]] = json.loads(self.state.read_bytes())["resources"]
        return resources

    def addresses(self, *arguments: str) -> list[str]:
        """Every recorded address; with arguments, those that `state list` lists."""
        if not arguments:
            return sorted(self.records())
        return [line.split()[0] for line in self("state", "list", *arguments).out.splitlines()]

    def shown(self, address: str) -> dict[str, Any]:
        """What `state show` shows of one address."""
        ran = self("state", "show", address)
        assert (ran.code, ran.err) == (0, "")
        record: dict[str, Any] = json.loads(ran.out)
        return record

    @property
    def state(self) -> Path:
        """The state of the embedded sandbox, whichever account it is of."""
        folder = self.root / ".provisioner/state/sandbox"
        return next(folder.glob("*/state.json"), folder / "2345/state.json")

    @property
    def kept(self) -> list[str]:
        """What a run has left beside the manifests; the schemas that `init` writes are not counted."""
        folder = self.root / ".provisioner"
        return sorted(path.name for path in folder.glob("*") if path.name != "schemas")

    @property
    def db(self) -> Path:
        """The embedded sandbox's data."""
        return self.root / ".provisioner/sandbox.db"

    def live(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the embedded sandbox's objects of a kind."""
        with closing(sqlite3.connect(self.db)) as db:
            rows = db.execute("SELECT body FROM objects WHERE kind = ? ORDER BY id", (kind,)).fetchall()
        return [json.loads(body) for (body,) in rows]

    def tamper(self, kind: str, name: str, /, **raw: Any) -> None:
        """Store anything at all in the live object of that name, past every check."""
        with closing(sqlite3.connect(self.db)) as db, db:
            rows = db.execute("SELECT id, body FROM objects WHERE kind = ?", (kind,)).fetchall()
            found = [(number, json.loads(body)) for number, body in rows if json.loads(body).get("name") == name]
            assert len(found) == 1
            body = json.dumps(found[0][1] | raw)
            db.execute("UPDATE objects SET body = ? WHERE kind = ? AND id = ?", (body, kind, found[0][0]))

    def calls(self) -> list[tuple[str, str]]:
        """Every request that the embedded sandbox received, as method and path."""
        with closing(sqlite3.connect(self.db)) as db:
            return list(db.execute("SELECT method, path FROM calls ORDER BY n"))

    def writes(self) -> int:
        """How many requests came that were no reads and no sign-ins."""
        reading = ("/authenticate", "/get/dates")
        return sum(method != "GET" and not path.endswith(reading) for method, path in self.calls())

    def copy(self, to: Path) -> Workspace:
        """The same folder with its tenant and state, to be spoiled."""
        shutil.copytree(self.root, to, symlinks=True)
        return Workspace(to)


# -- a terminal


class Terminal:
    """The command on a terminal of its own, which is also its controlling one: Ctrl-C is a signal there."""

    def __init__(self, *arguments: str, cwd: Path, env: Env | None = None) -> None:
        self._ours, self._theirs = pty.openpty()
        more = {"TERM": "xterm", "TTY": os.ttyname(self._theirs), **(env or {})}
        # The first terminal that a session's leader opens becomes its controlling one.
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" <"$TTY" >"$TTY" 2>"$TTY"', "sh", COMMAND, *arguments],
            cwd=cwd,
            env=environment(cwd, more),
            start_new_session=True,
        )
        self.screen = ""

    def expect(self, words: str) -> None:
        """Wait until the words are on the screen."""
        until = time.monotonic() + PATIENCE
        while words not in self.screen:
            assert time.monotonic() < until, f"{words} never came: {self.screen}"
            assert self._process.poll() is None or select.select([self._ours], [], [], 0)[0], self.screen
            self._read(0.2)
        time.sleep(0.1)  # the words are out before their reader is ready

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        until = time.monotonic() + 15
        while self._process.poll() is None:
            assert time.monotonic() < until, f"it hangs: {self.screen}"
            self._read(0.05)
        while self._read(0):
            pass
        assert "Traceback" not in self.screen, self.screen
        return self._process.returncode

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._theirs)
        os.close(self._ours)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        self.screen += os.read(self._ours, 65536).decode(errors="replace")
        return True


@contextmanager
def terminal(*arguments: str, cwd: Path, env: Env | None = None) -> Iterator[Terminal]:
    """The command on a terminal, ended afterwards."""
    opened = Terminal(*arguments, cwd=cwd, env=env)
    try:
        yield opened
    finally:
        opened.close()


# -- a served sandbox


@dataclass(frozen=True)
class Served:
    """A sandbox behind a socket, asked without any proxy of the environment."""

    url: str
    process: subprocess.Popen[str]
    said: str
    """What it said when it was ready."""

    @property
    def endpoint(self) -> str:
        """What `--endpoint` is given."""
        return f"{self.url}/api/v2"

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """A request to the control API."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_sandbox{path}", data, method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def dump(self) -> dict[str, Any]:
        """Everything that is held."""
        held: dict[str, Any] = self.ask("/dump")
        return held

    def stop(self, how: signal.Signals = signal.SIGTERM) -> Ran:
        """Send a signal and wait for the end."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        out, err = self.process.communicate(timeout=PATIENCE)
        return Ran(self.process.returncode, out, err)


@contextmanager
def _served(command: list[str], cwd: Path, lines: int = 1, env: Env | None = None) -> Iterator[Served]:
    process = subprocess.Popen(
        command, cwd=cwd, env=environment(cwd, env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(lines))
        found = re.search(r"http://[^\s/]+", said)
        assert found, process.stderr.read() if process.stderr else ""
        yield Served(found[0], process, said)
    finally:
        if process.poll() is None:
            process.terminate()
        with process:
            process.communicate(timeout=PATIENCE)


def served(cwd: Path, *arguments: str) -> Any:
    """`sandbox serve` on a free port, until the block ends."""
    return _served([COMMAND, "sandbox", "serve", "--port", "0", *arguments], cwd, lines=2)


def slowed(cwd: Path, pace: Path) -> Any:
    """A sandbox that takes as long over each write as a file says: half before it is carried out, half afterwards."""
    return _served([sys.executable, str(SLOW), str(cwd / "slow.db"), str(pace)], cwd)


def keyed(cwd: Path, key: str) -> Any:
    """A sandbox with an API key of its own, and every fault on a real wire."""
    return _served([sys.executable, str(KEYED), str(cwd / "keyed.db")], cwd, env={"CANARY_KEY": key})


def ruded(cwd: Path, words: Path) -> Any:
    """A sandbox that refuses in the words of a file."""
    return _served([sys.executable, str(RUDE), str(cwd / "rude.db"), str(words)], cwd)
