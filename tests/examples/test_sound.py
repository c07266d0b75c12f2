"""What is copied from `examples/gitops` is sound: for linters, for the vendors' schemas, and for who reviews it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from tests.cli.command import EXAMPLES, Ran, environment
from tests.examples.forge import BOT, served_forge

EXAMPLE = EXAMPLES / "gitops"
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((EXAMPLE / ".github/workflows").glob("*.yml"))
ACTION = EXAMPLE / ".github/actions/provisioner/action.yml"


def tool(name: str, *arguments: str | Path, stdin: str = "") -> str:
    """What a linter says, "" when it is content; it asks nobody."""
    offline = environment(EXAMPLE) | {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1"}
    command = [str(BIN / name), *map(str, arguments)]
    done = subprocess.run(command, cwd=EXAMPLE, env=offline, input=stdin, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def loaded(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def jobs() -> Iterator[tuple[str, Any]]:
    for path in WORKFLOWS:
        for name, job in loaded(path)["jobs"].items():
            yield f"{path.stem}/{name}", job


def scripts() -> Iterator[tuple[str, str]]:
    """Every script of both pipelines."""
    for name, job in [*jobs(), ("action", loaded(ACTION)["runs"])]:
        yield from ((f"{name}/{n}", step["run"]) for n, step in enumerate(job["steps"]) if "run" in step)
    for name, job in yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text("utf-8")).items():
        if isinstance(job, dict) and "script" in job:
            yield f"GitLab/{name}", "\n".join(job["script"])


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", [ACTION]),
        ("vendor.dependabot", [EXAMPLE / ".github/dependabot.yml"]),
        ("vendor.gitlab-ci", [EXAMPLE / ".gitlab-ci.yml"]),
    ],
)
def test_the_vendors_schema(schema: str, files: list[Path]) -> None:
    assert tool("check-jsonschema", "--builtin-schema", schema, *files) == ""


def test_the_security_of_the_workflows() -> None:
    config = EXAMPLE / ".github/zizmor.yml"
    assert tool("zizmor", "--offline", "--config", config, EXAMPLE / ".github") == ""


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="it is on no package index: install it by hand")
def test_the_workflows_as_their_own_linter_reads_them() -> None:
    found = shutil.which("actionlint")
    assert tool(str(found), *WORKFLOWS) == ""


@pytest.mark.parametrize("script", [each for _, each in scripts()], ids=[name for name, _ in scripts()])
def test_the_scripts(script: str) -> None:
    assert "${{" not in script, "what an event brings is never part of a script"
    assert tool("shellcheck", "--shell=bash", "-", stdin=f"{script}\n") == ""


@pytest.mark.parametrize("name", ["run.sh", "install.sh"])
def test_the_scripts_of_both_pipelines(name: str) -> None:
    assert tool("shellcheck", EXAMPLE / "ci" / name) == ""


def test_the_recipe_of_the_container() -> None:
    assert tool("hadolint", EXAMPLE / "Dockerfile") == ""
    text = (EXAMPLE / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER \d+$", text, re.MULTILINE)


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.stem)
def test_what_is_used_is_pinned_to_a_commit_whose_version_stands_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    wrong = [
        each for each in used if not re.match(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/actions/\w+$", each)
    ]
    assert (wrong, bool(used)) == ([], True)


@pytest.mark.parametrize(("name", "job"), [*jobs()], ids=[name for name, _ in jobs()])
def test_a_job_may_what_it_needs_and_no_more(name: str, job: Any) -> None:
    workflow = loaded(EXAMPLE / f".github/workflows/{name.partition('/')[0]}.yml")
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    assert {"permissions", "timeout-minutes"} <= job.keys()
    keys = bool(re.search(r"secrets\.(?!TOOL_TOKEN)", str(job)))
    assert keys == ("environment" in job), "secrets are those of an environment"
    assert not (keys and "write" in job["permissions"].values()), "who has the key cannot write to the forge"
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def gitlab() -> dict[str, Any]:
    """GitLab's jobs."""
    every = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text("utf-8"))
    return {name: job for name, job in every.items() if isinstance(job, dict) and "script" in job}


@pytest.mark.parametrize(("name", "job"), [*gitlab().items()], ids=[*gitlab()])
def test_on_gitlab_a_job_has_the_key_or_the_token_of_the_forge_or_neither(name: str, job: Any) -> None:
    environment_ = job.get("environment", "")
    where = environment_["name"] if isinstance(environment_, dict) else environment_
    wanted = {"plan": "plan", "drift": "plan", "apply": "production", "check": "", "sandbox": ""}
    assert where == wanted.get(name, "forge")
    assert (where == "forge") == ("ci/forge.py" in str(job["script"])) == ("extends" not in job)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_is_uploaded_goes_again(path: Path) -> None:
    steps = [step for job in loaded(path)["jobs"].values() for step in job["steps"]]
    uploads = [step for step in steps if step.get("uses", "").startswith("actions/upload-artifact@")]
    assert [(step["with"].get("retention-days"), "if" in step) for step in uploads] == [("30", True)]


def test_the_owners_own_what_is_there() -> None:
    lines = [line.split() for line in (EXAMPLE / "CODEOWNERS").read_text("utf-8").splitlines() if line.startswith("/")]
    owned = {path for path, *_ in lines}
    assert [path for path in owned if not (EXAMPLE / path.strip("/")).exists()] == []
    assert {"/.github/", "/.gitlab-ci.yml", "/ci/", "/requirements.txt", "/allow.txt", "/CODEOWNERS"} <= owned


def test_the_tool_is_pinned_to_a_commit() -> None:
    lines = [line for line in (EXAMPLE / "requirements.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
    assert re.fullmatch(r"provisioner\[postgres\] @ git\+https://\S+@[0-9a-f]{40}", lines[0])


@pytest.mark.slow
def test_what_is_committed_is_looked_at_before(tmp_path: Path) -> None:
    copy = tmp_path / "salon"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns(".provisioner"))
    hooks = yaml.safe_load((copy / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]

    def codes() -> dict[str, int]:
        path = {"PATH": f"{BIN}:{environment(tmp_path)['PATH']}"}
        return {
            hook["id"]: subprocess.run(
                shlex.split(hook["entry"]), cwd=copy, env=environment(tmp_path) | path, capture_output=True, check=False
            ).returncode
            for hook in hooks
        }

    assert codes() == {"fmt": 0, "validate": 0, "lint": 0}
    manifest = copy / "studio.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("45 min", "45 mn"), "utf-8")
    assert codes() == {"fmt": 0, "validate": 1, "lint": 1}


# -- the forge's script on its own


def forge(tmp_path: Path, *arguments: str, **env: str) -> Ran:
    """Run it as a job would."""
    (tmp_path / "event").write_text('{"pull_request": {"number": 1, "head": {"sha": "abc"}}}', "utf-8")
    known = {
        "GITHUB_EVENT_PATH": str(tmp_path / "event"), "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "acme/salon", "GITHUB_TOKEN": "t0ken-of-the-job", **env,
    }  # fmt: skip
    quick = "import runpy, sys, time; time.sleep = lambda _: None; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    command = [sys.executable, "-c", quick, str(EXAMPLE / "ci/forge.py"), *arguments]
    done = subprocess.run(
        command, env=environment(tmp_path, known), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "t0ken" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def test_outside_of_a_pipeline_it_says_what_is_missing(tmp_path: Path) -> None:
    ran = forge(tmp_path, "digest")
    assert ran == (
        1,
        "",
        "Error: GITHUB_API_URL is not set: this runs in a pipeline of GitHub or GitLab, with a token\n",
    )


def test_what_the_forge_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    with served_forge() as there:
        ran = forge(tmp_path, "comment", "plan", "plan.md", GITHUB_API_URL=there.url)
    path = "/issues/1/comments?per_page=100&page=1"
    words = '{"message": "Resource not accessible by integration"}'
    assert ran == (1, "", f"Error: GET {path} was answered with 403: {words}\n")


def test_a_forge_that_does_not_answer(tmp_path: Path) -> None:
    ran = forge(tmp_path, "digest", GITHUB_API_URL="http://127.0.0.1:1")
    assert (ran.code, ran.out) == (1, "")
    assert re.fullmatch(r"Error: GET /commits/abc/pulls\S+ was not answered: .*refused.*\n", ran.err)


class Odd(BaseHTTPRequestHandler):
    """Answers with what is next in `answers`, or hangs up; every request is in `asked`."""

    answers: ClassVar[list[tuple[int, bytes] | None]] = []
    asked: ClassVar[list[str]] = []

    def do(self) -> None:
        self.asked.append(self.command)
        answer = self.answers.pop(0)
        if answer:
            self.send_response(answer[0])
            self.end_headers()
            self.wfile.write(answer[1])
        self.close_connection = True

    do_GET = do_POST = do  # noqa: N815 -- as the server calls them

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def odd() -> Iterator[str]:
    """The address of a forge that is not well."""
    Odd.answers, Odd.asked = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


PASSING = {
    "hung up": (None, "was not answered: Remote end closed connection without response"),
    "no JSON": ((200, b"<html>"), "was answered with something that is no JSON"),
    "a gateway": ((502, b"bad\ngateway"), "was answered with 502: bad gateway"),
}


@pytest.mark.parametrize(("answer", "words"), PASSING.values(), ids=PASSING)
def test_a_read_is_tried_three_times_and_ends_in_one_line(
    tmp_path: Path, odd: str, answer: tuple[int, bytes] | None, words: str
) -> None:
    Odd.answers = [answer] * 3
    ran = forge(tmp_path, "digest", GITHUB_API_URL=odd)
    assert ran == (1, "", f"Error: GET /commits/abc/pulls?per_page=100&page=1 {words}\n")
    assert Odd.asked == ["GET"] * 3

    Odd.answers = [answer, (200, b"[]")]
    ran = forge(tmp_path, "digest", GITHUB_API_URL=odd)
    assert ran == (0, "digest=\nreason=no pull requests were merged as this commit\n", "")


@pytest.mark.parametrize("answer", [answer for answer, _ in PASSING.values()], ids=PASSING)
def test_a_write_is_sent_once(tmp_path: Path, odd: str, answer: tuple[int, bytes] | None) -> None:
    Odd.answers = [(200, b"[]"), answer]
    ran = forge(tmp_path, "comment", "plan", "plan.md", GITHUB_API_URL=odd)
    assert (ran.code, ran.err.startswith("Error: POST /issues/1/comments was "), ran.err.count("\n")) == (1, True, 1)
    assert Odd.asked == ["GET", "POST"]


@pytest.mark.parametrize(
    ("looked", "open_"),
    [
        ('{"managed": 11, "drift": []}', [False]),
        ('{"managed": 11, "drift": [{}]}', [True]),
        ('{"managed": 0, "drift": []}', [False]),
        ('{"error": {"message": "away"}}', [True]),
        (None, [True]),
    ],
)
def test_the_issue_is_closed_when_there_is_no_drift_and_not_when_nothing_was_compared(
    tmp_path: Path, looked: str | None, open_: list[bool]
) -> None:
    if looked:
        (tmp_path / "drift.json").write_text(looked, "utf-8")
    with served_forge() as there:
        there.say(0, BOT, "<!-- provisioner:drift -->\nsomething", "provisioner: drift")
        known = {"GITHUB_API_URL": there.url, "GITHUB_TOKEN": "issues=write", "GITHUB_ACTIONS": "true"}
        ran = forge(tmp_path, "issue", "drift", "drift.md", "--plan", "drift.json", **known)
        assert ran.code == 0, ran
        assert [issue.open for issue in there.issues] == open_
        assert ("::warning::Nothing was compared" in ran.out) == ('"managed"' not in (looked or ""))
