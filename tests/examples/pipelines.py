"""Runs pipelines as GitHub's and GitLab's runners would: their jobs in order, each in a fresh checkout.

A job gets what it would get and nothing else: the secrets of its environment, a token with its permissions, the
artifacts that it asks for. Its commands run in the shell that the runner would use. Only the installation is left out:
`pip` is noted, not run, and the command is there already.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import yaml

from tests.examples.forge import TOKEN, Forge, Pull
from tests.state.http_server import PASSWORD

SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}
_PYTHON = """#!/bin/sh
case "$1 $2" in
  "-m pip") shift 2; echo "$@" >> "{log}" ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) exec "{python}" "$@" ;;
esac
"""
_STRING_OR_NAME = re.compile(r"'[^']*'|\"[^\"]*\"|&&|\|\||!(?!=)|\$?[A-Za-z_][\w.-]*(\(\))?")


@dataclass
class Job:
    """How a job ended: success, failure or skipped; `log` is all that it printed."""

    result: str
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Place:
    """What outlives a job: repository, forge, the secrets of each environment, where the tenant and its state are."""

    root: Path
    repository: Path
    forge: Forge
    secrets: Mapping[str, Mapping[str, str]]
    allowed: str
    states: str
    left_out: frozenset[str] = frozenset()
    """Workflows, or stages, that a test does not look at."""
    runs: int = 0

    def checkout(self, commit: str) -> Path:
        """A fresh working copy."""
        self.runs += 1
        folder = self.root / f"job-{self.runs}"
        git("clone", "--quiet", "--no-checkout", str(self.repository), str(folder), cwd=self.root)
        git("checkout", "--quiet", commit, cwd=folder)
        return folder

    def environment(self) -> dict[str, str]:
        """What every job finds on its machine."""
        stubs = self.root / "stubs"
        if not stubs.exists():
            write_python(stubs, self.root / "pip.log")
        path = os.pathsep.join([str(stubs), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return {
            "PATH": path,
            "HOME": str(self.root),
            "LANG": "C.UTF-8",
            "CI": "true",
            "PROVISIONER_ALLOW_HOSTS": self.allowed,
            "no_proxy": "127.0.0.1",
        }


def write_python(folder: Path, log: Path) -> None:
    """A Python that notes what it shall install, and has everything already."""
    folder.mkdir()
    for name in ("python", "python3"):
        (folder / name).write_text(_PYTHON.format(log=log, python=sys.executable), "utf-8")
        (folder / name).chmod(0o755)


def git(*arguments: str, cwd: Path) -> str:
    """Run git as somebody, and answer what it prints."""
    who = ["-c", "user.name=ana", "-c", "user.email=ana@salon.example", "-c", "init.defaultBranch=main"]
    command = ["git", *who, "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


def shell(script: str, cwd: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """A script in bash, as both runners start it."""
    (cwd.parent / f"{cwd.name}.sh").write_text(script, "utf-8")
    command = [*SHELLS["bash"], str(cwd.parent / f"{cwd.name}.sh")]
    done = subprocess.run(
        command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def truth(expression: str, names: Mapping[str, Any]) -> Any:
    """An expression of `if:` or `rules:`: comparisons of names and texts."""

    def python(found: re.Match[str]) -> str:
        word = found[0]
        known = {"&&": " and ", "||": " or ", "!": " not ", "cancelled()": "False"}
        return known.get(word) or (word if word[0] in "'\"" else f"look({word!r})")

    def look(name: str) -> Any:
        value: Any = names
        for step in name.removeprefix("$").split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return "" if value is None else value

    return eval(_STRING_OR_NAME.sub(python, expression), {"look": look, "__builtins__": {}})


# -- GitHub


@dataclass
class GitHub:
    """Actions: every workflow that an event starts."""

    place: Place

    def opened(self, pull: Pull, merge: str) -> dict[str, Job]:
        """A pull request, or a push to one."""
        repo = "fork/salon" if pull.fork else "acme/salon"
        head = {"sha": pull.head, "ref": pull.branch, "repo": {"full_name": repo}}
        request = {"number": pull.number, "title": pull.branch, "head": head, "user": {"login": pull.author}}
        return self._run("pull_request", {"pull_request": request}, f"refs/pull/{pull.number}/merge", merge)

    def pushed(self, commit: str) -> dict[str, Job]:
        """A push to main."""
        return self._run("push", {}, "refs/heads/main", commit)

    def by_hand(self, digest: str, commit: str, branch: str = "main") -> dict[str, Job]:
        """The workflow that a person starts."""
        return self._run("workflow_dispatch", {"inputs": {"digest": digest}}, f"refs/heads/{branch}", commit, "apply")

    def nightly(self, commit: str) -> dict[str, Job]:
        """What the clock starts."""
        return self._run("schedule", {}, "refs/heads/main", commit)

    def _run(self, name: str, event: dict[str, Any], ref: str, commit: str, only: str = "") -> dict[str, Job]:
        tree = self.place.checkout(commit)
        found: dict[str, Job] = {}
        for path in sorted((tree / ".github/workflows").glob("*.yml")):
            workflow = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # `on` stays a word
            left_out = path.stem in self.place.left_out or (only and path.stem != only)
            if left_out or not _starts(workflow["on"], name, ref):
                continue
            done: dict[str, Job] = {}
            artifacts = self.place.root / f"{tree.name}-{path.stem}"
            for job_name, job in workflow["jobs"].items():
                github = {"event": event, "repository": "acme/salon", "ref": ref, "sha": commit, "name": name}
                done[job_name] = self._job(workflow, job, github, done, artifacts)
            found |= {f"{path.stem}/{job_name}": job for job_name, job in done.items()}
        return found

    def _job(self, workflow: Any, job: Any, github: dict[str, Any], done: dict[str, Job], artifacts: Path) -> Job:
        permissions = job.get("permissions", workflow["permissions"]) or {}
        token = ",".join(f"{key}={value}" for key, value in permissions.items())
        needs = {name: done[name] for name in [job["needs"]] if name in done} if "needs" in job else {}
        names: dict[str, Any] = {
            "github": github | {"token": token},
            "secrets": {} if github["event"].get("pull_request", {}).get("head", {}).get("repo", {}).get("full_name")
            == "fork/salon" else self.place.secrets.get(job.get("environment", ""), {}),
            "inputs": github["event"].get("inputs", {}),
            "needs": {name: {"result": each.result, "outputs": each.outputs} for name, each in needs.items()},
            "steps": {},
        }  # fmt: skip
        wanted = job.get("if", "")
        ready = all(each.result == "success" for each in needs.values()) or "cancelled()" in wanted
        if not ready or (wanted and not truth(_bare(wanted), names)):
            return Job("skipped")
        return Steps(self.place, names, artifacts, workflow["defaults"]["run"]["shell"]).run(job)


@dataclass
class Steps:
    """One job's steps, one after the other."""

    place: Place
    names: dict[str, Any]
    artifacts: Path
    shell: str
    folder: Path = Path()
    job: Job = field(default_factory=lambda: Job("success"))

    def run(self, job: Any) -> Job:
        """All of them; after a failure, those that run nevertheless."""
        for step in job["steps"]:
            wanted = _bare(step.get("if", "True"))
            if (self.job.result == "failure" and "cancelled()" not in wanted) or not truth(
                wanted, self.names | {"True": 1}
            ):
                continue
            if not self._step(step) and step.get("continue-on-error") != "true":
                self.job.result = "failure"
        filled = {key: self._filled(value) for key, value in job.get("outputs", {}).items()}
        self.job.outputs = filled
        return self.job

    def _step(self, step: Any) -> bool:
        if "run" in step:
            return self._command(step)
        action, with_ = step["uses"].partition("@")[0], step.get("with", {})
        if action == "actions/checkout":
            self.folder = self.place.checkout(self.names["github"]["sha"])
        elif action.startswith("./"):
            composite = yaml.safe_load((self.folder / action / "action.yml").read_text("utf-8"))
            return all(self._step(each) for each in composite["runs"]["steps"])
        elif action == "actions/upload-artifact":
            if (self.folder / with_["path"]).exists():
                shutil.copytree(self.folder / with_["path"], self.artifacts / with_["name"])
            return (self.artifacts / with_["name"]).exists() or bool(with_.get("if-no-files-found") == "ignore")
        elif action == "actions/download-artifact":
            if not (self.artifacts / with_["name"]).exists():
                return False
            shutil.copytree(self.artifacts / with_["name"], self.folder / with_["path"])
        else:
            assert action == "actions/setup-python"
        return True

    def _command(self, step: Any) -> bool:
        assert "${{" not in step["run"], "what an event brings is never part of a script"
        github, beside = self.names["github"], self.folder.parent / f"{self.folder.name}-files"
        beside.mkdir(exist_ok=True)
        (beside / "event").write_text(json.dumps(github["event"]), "utf-8")
        for name in ("output", "summary"):
            (beside / name).write_text("", "utf-8")
        env = self.place.environment() | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.place.forge.url,
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_SHA": github["sha"],
            "GITHUB_REF_NAME": github["ref"].removeprefix("refs/heads/").removeprefix("refs/pull/"),
            "GITHUB_EVENT_PATH": str(beside / "event"),
            "GITHUB_OUTPUT": str(beside / "output"),
            "GITHUB_STEP_SUMMARY": str(beside / "summary"),
        }
        env |= {key: self._filled(value) for key, value in step.get("env", {}).items()}
        assert step.get("shell", self.shell) in SHELLS
        code, printed = shell(step["run"], self.folder, env)
        self.job.log += printed
        self.job.summary += (beside / "summary").read_text("utf-8")
        outputs = dict(line.split("=", 1) for line in (beside / "output").read_text("utf-8").splitlines())
        if "id" in step:
            self.names["steps"][step["id"]] = {"outputs": outputs}
        return code == 0

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(truth(found[1].strip(), self.names)), text)


def _bare(text: str) -> str:
    return text.strip().removeprefix("${{").removesuffix("}}").strip()


def _starts(on: Any, name: str, ref: str) -> bool:
    if isinstance(on, list) or name not in on:
        return name in on
    branches = (on[name] or {}).get("branches") if isinstance(on[name], dict) else None
    return not branches or name == "pull_request" or ref.removeprefix("refs/heads/") in branches


# -- GitLab


@dataclass
class GitLab:
    """GitLab CI: the jobs whose rules fit."""

    place: Place

    def opened(self, pull: Pull, merge: str) -> dict[str, Job]:
        """A merge request, or a push to one; a fork's pipeline runs in the fork."""
        variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_IID": str(pull.number),
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99" if pull.fork else "42",
            "CI_MERGE_REQUEST_PROJECT_ID": "42",
            "CI_COMMIT_REF_NAME": pull.branch,
            "CI_MERGE_REQUEST_TITLE": pull.branch,
        }
        return self._run(variables, pull.head, protected=False, fork=pull.fork)

    def pushed(self, commit: str) -> dict[str, Job]:
        """A push to main."""
        return self._run({"CI_PIPELINE_SOURCE": "push", **_on("main")}, commit)

    def by_hand(self, digest: str, commit: str, branch: str = "main") -> dict[str, Job]:
        """The pipeline that a person starts."""
        variables = {"CI_PIPELINE_SOURCE": "web", "DIGEST": digest, **_on(branch)}
        return self._run(variables, commit, protected=branch == "main")

    def nightly(self, commit: str) -> dict[str, Job]:
        """What the clock starts."""
        return self._run({"CI_PIPELINE_SOURCE": "schedule", **_on("main")}, commit)

    def _run(self, given: dict[str, str], commit: str, *, protected: bool = True, fork: bool = False) -> dict[str, Job]:
        tree = self.place.checkout(commit)
        config = yaml.safe_load((tree / ".gitlab-ci.yml").read_text("utf-8"))
        states = {"CI_API_V4_URL": f"{self.place.states}/api/v4", "CI_PROJECT_ID": "42", "CI_JOB_TOKEN": PASSWORD}
        variables = {
            name: Template(each["value"] if isinstance(each, dict) else each).substitute(states)
            for name, each in config["variables"].items()
        }
        variables |= {"CI_DEFAULT_BRANCH": "main", "CI_COMMIT_SHA": commit, **given}
        done: dict[str, Job] = {}
        if _rule(config["workflow"]["rules"], variables) in (None, "never"):
            return done
        jobs = {name: each for name, each in config.items() if isinstance(each, dict) and "script" in each}
        for name, job in sorted(jobs.items(), key=lambda each: config["stages"].index(each[1]["stage"])):
            when = _rule(job["rules"], variables)
            if when is None or job["stage"] in self.place.left_out:
                continue
            needs = [each["job"] for each in job.get("needs", [])]
            assert {*needs} <= {*done}, "GitLab makes no pipeline of a job whose need is not in it"
            before = [done[each].result for each in needs or done]
            if when != "always" and "failure" in before + (["failure"] if "skipped" in before else []):
                done[name] = Job("skipped")
                continue
            secrets = {} if fork else self._secrets(job, protected=protected)
            done[name] = self._job(config, name, job, variables | secrets, tree)
        return done

    def _secrets(self, job: Any, *, protected: bool) -> dict[str, str]:
        """Variables are those of an environment; production's are for main alone."""
        environment = job.get("environment", "")
        name = environment["name"] if isinstance(environment, dict) else environment
        scoped = {} if name == "production" and not protected else self.place.secrets.get(name, {})
        return {"FORGE_TOKEN": TOKEN} if name == "tell" else dict(scoped)

    def _job(self, config: Any, name: str, job: Any, variables: dict[str, str], tree: Path) -> Job:
        folder = self.place.checkout(variables["CI_COMMIT_SHA"])
        kept = self.place.root / f"{tree.name}-artifacts"
        for need in job.get("needs", []):
            if need["artifacts"] and (kept / need["job"]).exists():
                shutil.copytree(kept / need["job"], folder, dirs_exist_ok=True)
        before = config[job["extends"]]["before_script"] if "extends" in job else []
        env = self.place.environment() | variables | {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.place.forge.url}/api/v4",
            "CI_PROJECT_ID": "42",
        }  # fmt: skip
        code, printed = shell("\n".join([*before, *job["script"]]), folder, env)
        artifacts = job.get("artifacts", {})
        if code == 0 or artifacts.get("when") == "always":
            self._keep(folder, kept / name, artifacts.get("paths", []))
        return Job("failure" if code else "success", printed)

    def _keep(self, folder: Path, to: Path, paths: list[str]) -> None:
        for path in paths:
            if (folder / path).is_dir():
                shutil.copytree(folder / path, to / path)
            elif (folder / path).exists():
                to.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / path, to / path)


def _on(branch: str) -> dict[str, str]:
    return {"CI_COMMIT_BRANCH": branch, "CI_COMMIT_REF_NAME": branch}


def _rule(rules: Any, variables: Mapping[str, str]) -> str | None:
    """What the first rule that fits says; None when none does."""
    return next((str(rule.get("when", "on_success")) for rule in rules if truth(rule["if"], variables)), None)
