"""`provisioner sandbox`, and `--endpoint` to a served one."""

from __future__ import annotations

import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.command import Ran, Workspace, decent, served


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal(starter: Workspace, how: signal.Signals) -> None:
    with served(starter.root) as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
        assert sandbox.ask("/calls") == []
        ended = sandbox.stop(how)
    assert ended == (0, "", "")
    assert sandbox.said.splitlines()[-1] == f"Use it with: provisioner plan --endpoint {sandbox.endpoint}"


def test_its_data_is_the_embedded_ones(applied: Workspace) -> None:
    with served(applied.root) as sandbox:
        assert [(c["method"], c["path"]) for c in sandbox.ask("/calls")] == applied.calls()
        assert [each["name"] for each in sandbox.dump()["services"]] == ["Haircut", "Colour"]


def test_its_data_may_lie_elsewhere(applied: Workspace, tmp_path: Path) -> None:
    with served(applied.root, "--db", str(tmp_path / "new/other.db")) as sandbox:
        assert sandbox.ask("/calls") == []
    assert (tmp_path / "new/other.db").exists()


def test_its_data_may_be_in_memory_only(applied: Workspace) -> None:
    before = sorted(applied.root.iterdir())
    with served(applied.root, "--db", ":memory:") as sandbox:
        assert "data: in memory" in sandbox.said
        assert [each["name"] for each in sandbox.dump()["services"]] == ["Default service"]
    assert sorted(applied.root.iterdir()) == before


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com", "192.168.0.1"])
def test_other_computers_are_not_served(starter: Workspace, host: str) -> None:
    ran = starter("sandbox", "serve", "--port", "0", "--host", host)
    assert (ran.code, ran.out) == (64, "")
    assert f"{host} is none of 127.0.0.1, localhost, ::1" in ran.err


def test_a_busy_port(starter: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = starter("sandbox", "serve", "--port", str(port))
    assert (ran.code, ran.out) == (64, "")
    assert ran.err == f"Error: 127.0.0.1:{port} cannot be served: Address already in use\n"


def test_a_served_sandbox_is_another_tenant(applied: Workspace, tmp_path: Path) -> None:
    with served(applied.root, "--db", str(tmp_path / "other.db")) as sandbox:
        to = ["--endpoint", sandbox.endpoint]
        assert applied("plan", *to).last == "Plan: 9 to add, 2 to change, 0 to destroy."
        assert applied.addresses(*to) == []
        before = applied.state.read_bytes()
        ran = applied.apply(*to)
        planned = int(ran.out.split(" writes planned")[0].split()[-1])
        log = sandbox.ask("/calls")
        writes = [c for c in log if c["method"] != "GET" and not c["path"].endswith("/authenticate")]
        assert planned == len(writes) == len(ran.err.splitlines())
        applied.settled(*to)
        applied.settled("--endpoint", sandbox.url)  # the API's path goes without saying
        host = sandbox.url.removeprefix("http://").replace(":", "_")
        assert (applied.root / f".provisioner/state/{host}/2345/state.json").exists()
        assert applied.state.read_bytes() == before
        assert applied("state", "rm", "service/color", *to).code == 0
        assert len(applied.addresses()) == 11
        assert len(applied.addresses(*to)) == 10
    ran = applied("plan", *to)
    assert (ran.code, ran.out) == (1, "")
    host = sandbox.url.removeprefix("http://")
    assert ran.err == f"Error: sign-in failed: {host} cannot be reached: no connection; tried 3 times\n"


def test_proxies_are_not_asked(starter: Workspace) -> None:
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:9")
    with served(starter.root) as sandbox:
        assert starter("plan", "--endpoint", sandbox.endpoint, env=proxies).code == 0


@pytest.mark.parametrize(
    ("where", "command"),
    [("settings", "plan"), ("option", "plan"), ("option", "apply --yes"), ("option", "destroy --yes")],
)
def test_a_live_endpoint_needs_credentials_first(starter: Workspace, where: str, command: str) -> None:
    url = "https://www.setster.com/api/v2"
    if where == "settings":
        starter.edit("provisioner.yaml", "endpoint: sandbox  ", f"endpoint: {url}  ")
    ran = starter(*command.split(), *(["--endpoint", url] if where == "option" else []))
    assert (ran.code, ran.out) == (1, "")
    assert "api_key" in ran.err
    assert "email" in ran.err
    assert not list(starter.root.rglob("state.json"))


@pytest.mark.parametrize(
    "host", ["localhost.example.com", "127.0.0.1.example.com", "127.1", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]"]
)
def test_what_only_looks_like_loopback_is_refused(starter: Workspace, host: str) -> None:
    ran = starter("plan", "--endpoint", f"http://{host}:8787/api/v2")
    assert (ran.code, ran.out) == (4, "")


def test_reset(applied: Workspace) -> None:
    assert applied("sandbox", "reset") == (0, "The sandbox is empty, and nothing is remembered of it.\n", "")
    assert not list((applied.root / ".provisioner").rglob("sandbox.db*"))
    assert not list((applied.root / ".provisioner").rglob("state.json*"))
    assert applied("plan").last == "Plan: 9 to add, 2 to change, 0 to destroy."
    assert applied("sandbox", "reset").code == 0
    assert applied("sandbox", "reset").code == 0


def test_reset_leaves_another_programs_data_alone(applied: Workspace) -> None:
    applied.db.unlink()
    with closing(sqlite3.connect(applied.db)) as theirs:
        theirs.execute("CREATE TABLE recipes(n)")
    before = (applied.db.read_bytes(), applied.state.read_bytes())
    ran = applied("sandbox", "reset")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: .provisioner/sandbox.db: is left as it is (it is another program's database): move it away, or end what"
        " serves it\n"
    )
    assert (applied.db.read_bytes(), applied.state.read_bytes()) == before


def test_reset_beside_a_served_sandbox_leaves_it_its_file(applied: Workspace) -> None:
    with served(applied.root) as sandbox:
        assert applied("sandbox", "reset") == (0, "The sandbox is empty, and nothing is remembered of it.\n", "")
        assert [each["name"] for each in sandbox.dump()["services"]] == ["Default service"]
        assert applied.apply().code == 0
        assert [each["name"] for each in sandbox.dump()["services"]] == ["Haircut", "Colour"]
        assert sandbox.stop() == (0, "", "")
    applied.settled()


@pytest.mark.parametrize("command", ["plan", "apply --yes", "sandbox serve --port 0"])
def test_a_file_of_a_newer_version_is_refused_in_one_line(applied: Workspace, command: str) -> None:
    with closing(sqlite3.connect(applied.db)) as opened:
        (version,) = opened.execute("PRAGMA user_version").fetchone()
        opened.execute("PRAGMA user_version = 999")
    ran = applied(*command.split())
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: .provisioner/sandbox.db: cannot be used as the sandbox's data (it is from a newer version of"
        f" provisioner: 999, and this one knows up to {version}). Move it away, or run provisioner sandbox reset\n"
    )
    with closing(sqlite3.connect(applied.db)) as opened:
        assert opened.execute("PRAGMA user_version").fetchone() == (999,)


# -- what answers is no sandbox


@pytest.fixture
def answering() -> Iterator[tuple[HTTPServer, dict[str, bytes]]]:
    """A server that gives one answer to everything."""
    given = {"body": b"<html>not here</html>"}

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(given["body"])))
            self.end_headers()
            self.wfile.write(given["body"])

        do_GET = do_POST = _answer  # noqa: N815 -- the library's names

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server, given
        server.shutdown()
        thread.join()


def test_something_else_that_answers(starter: Workspace, answering: tuple[HTTPServer, dict[str, bytes]]) -> None:
    server, given = answering
    url = f"http://127.0.0.1:{server.server_port}"

    def plan() -> Ran:
        ran = decent(starter("plan", "--endpoint", url))
        assert (ran.code, ran.out) == (1, "")
        return ran

    assert plan().err == ("Error: sign-in failed: the vendor answered 200: no envelope; tried 3 times\n")
    given["body"] = b'{"statusCode": 2, "statusDescriptions": "\\u001b[31mno\\u202e\\nError: fine", "data": null}'
    assert "\\u001b[31mno\\u202e" in plan().err
