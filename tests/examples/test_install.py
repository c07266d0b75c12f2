"""`ci/install.sh` of `examples/gitops`: who may read the tool's repository, and an image that is out of date."""

from __future__ import annotations

import base64
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.command import EXAMPLES, environment

TOKEN = "t0ken-of-the-tool"


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server of repositories that has none; answers its address and who signed in."""
    said: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.append(self.headers.get("Authorization", ""))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", said
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def salon(tmp_path: Path) -> Path:
    """The script, and instead of pip a git that asks for the repository, as pip has it do."""
    shutil.copytree(EXAMPLES / "gitops/ci", tmp_path / "salon/ci")
    shutil.copy(EXAMPLES / "gitops/requirements.txt", tmp_path / "salon")
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "python3").write_text('#!/bin/sh\necho "$@"\ngit ls-remote "$ADDRESS/acme/tool" || true\n', "utf-8")
    (stub / "provisioner").write_text('#!/bin/sh\necho "here $1"\n', "utf-8")
    for path in stub.iterdir():
        path.chmod(0o755)
    return tmp_path / "salon"


def installed(salon: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = environment(salon.parent, {"GIT_TERMINAL_PROMPT": "0", "no_proxy": "127.0.0.1", **more})
    env["PATH"] = f"{salon.parent / 'stub'}:{env['PATH']}"
    command = ["bash", str(salon / "ci/install.sh")]
    done = subprocess.run(command, cwd=salon.parent, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert TOKEN not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize(
    ("forge", "user"), [("GITHUB", "x-access-token"), ("CI", "gitlab-ci-token")], ids=["GitHub", "GitLab"]
)
def test_the_token_goes_to_the_forge_of_the_pipeline_and_nowhere_else(salon: Path, forge: str, user: str) -> None:
    sent = "Basic " + base64.b64encode(f"{user}:{TOKEN}".encode()).decode()
    with listening() as (address, said), listening() as (elsewhere, others):
        known = {f"{forge}_SERVER_URL": address, "TOOL_TOKEN": TOKEN}
        known |= {"GITHUB_ACTIONS": "true"} if forge == "GITHUB" else {}
        done = installed(salon, ADDRESS=address, **known)
        assert done.returncode == 0, done.stderr
        assert "pip install" in done.stdout
        assert "here --version" in done.stdout
        assert said
        assert {*said} == {sent}
        installed(salon, ADDRESS=elsewhere, **known)
        assert others
        assert {*others} == {""}
        said.clear()
        installed(salon, ADDRESS=address, **known | {"TOOL_TOKEN": ""})
        assert {*said} == {""}
    assert not [path for path in salon.parent.rglob("*") if path.is_file() and TOKEN in path.read_text("utf-8")]


def test_an_image_is_taken_as_it_is_when_it_was_made_of_the_same_requirements(salon: Path) -> None:
    made = salon.parent / "made.txt"
    shutil.copy(salon / "requirements.txt", made)
    done = installed(salon, PROVISIONER_IMAGE=str(made))
    assert (done.returncode, done.stdout) == (0, "here --version\n")
    made.write_text("provisioner==0\n", "utf-8")
    done = installed(salon, PROVISIONER_IMAGE=str(made))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The image was made of another requirements.txt: ")
