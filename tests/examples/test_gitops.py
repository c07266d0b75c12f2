"""`examples/gitops` at work: its pipelines, run as GitHub and GitLab would, against a forge and a tenant that are served."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import EXAMPLES, Served, keyed
from tests.examples.forge import BOT, Forge, Note, Pull, served_forge
from tests.examples.pipelines import GitHub, GitLab, Job, Place, git

KEY = "c4nary-key-of-the-tenant"
SECRETS = {"SETSTER_EMAIL": "owner@example.com", "SETSTER_API_KEY": KEY}
HOSTS = {"GitHub": GitHub, "GitLab": GitLab}
NAMES = {
    "GitHub": {
        "plan": "plan/plan", "comment": "plan/comment", "digest": "apply/digest", "apply": "apply/apply",
        "outcome": "apply/comment", "drift": "drift/drift", "issue": "drift/issue", "check": "check/check",
    },
    "GitLab": {"digest": "approved"},
}  # fmt: skip


@dataclass
class World:
    """A repository on a forge, its tenant, and a person's clone."""

    name: str
    place: Place
    forge: Forge
    tenant: Served
    clone: Path

    @property
    def host(self) -> GitHub | GitLab:
        """Who runs the pipelines."""
        found: GitHub | GitLab = HOSTS[self.name](self.place)
        return found

    def job(self, jobs: dict[str, Job], name: str) -> Job:
        """A job by the name that it has on both."""
        return jobs[NAMES[self.name].get(name, name)]

    def edit(self, branch: str, edits: dict[str, tuple[str, str]]) -> str:
        """A commit on a branch, pushed; answers its hash."""
        known = git("branch", "--list", branch, cwd=self.clone)
        git("checkout", "--quiet", *([branch] if known else ["-b", branch, "main"]), cwd=self.clone)
        for name, (before, after) in edits.items():
            path = self.clone / name
            text = path.read_text("utf-8")
            assert text.count(before) == 1, (name, before)
            path.write_text(text.replace(before, after), "utf-8")
        return self.commit(branch)

    def commit(self, branch: str) -> str:
        """All that is in the clone, pushed to a branch."""
        git("add", "--all", cwd=self.clone)
        git("commit", "--quiet", "--allow-empty", "-m", "an edit", cwd=self.clone)
        git("push", "--quiet", "origin", f"HEAD:{branch}", cwd=self.clone)
        return git("rev-parse", "HEAD", cwd=self.clone)

    def propose(self, branch: str, edits: dict[str, tuple[str, str]], **said: Any) -> tuple[Pull, dict[str, Job]]:
        """Open a pull request; answers it and its jobs."""
        pull = Pull(len(self.forge.pulls) + 1, branch, self.edit(branch, edits), **said)
        self.forge.pulls.append(pull)
        return pull, self.host.opened(pull, self.merge_of(pull))

    def push(self, pull: Pull, edits: dict[str, tuple[str, str]]) -> dict[str, Job]:
        """Another commit on the branch of a pull request."""
        pull.head = self.edit(pull.branch, edits)
        return self.host.opened(pull, self.merge_of(pull))

    def merge_of(self, pull: Pull) -> str:
        """What the merge would be."""
        git("checkout", "--quiet", "--detach", "main", cwd=self.clone)
        git("merge", "--quiet", "--no-ff", "-m", "merge", pull.branch, cwd=self.clone)
        git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/merge-{pull.number}", cwd=self.clone)
        return git("rev-parse", "HEAD", cwd=self.clone)

    def merge(self, pull: Pull) -> dict[str, Job]:
        """Merge it into main, and let main's pipeline run."""
        git("checkout", "--quiet", "main", cwd=self.clone)
        git("merge", "--quiet", "--no-ff", "-m", "merged", pull.branch, cwd=self.clone)
        pull.commit, pull.merged = self.commit("main"), self.forge.tick()
        return self.host.pushed(pull.commit)

    @property
    def main(self) -> str:
        """Where main is."""
        return git("rev-parse", "main", cwd=self.clone)

    def haircut(self) -> dict[str, Any]:
        """What the tenant has of one service."""
        with closing(sqlite3.connect(self.place.root / "keyed.db")) as db:
            rows = db.execute(
                "SELECT body FROM objects WHERE kind = 'service' AND body LIKE '%\"Haircut\"%'"
            ).fetchall()
        found: dict[str, Any] = json.loads(rows[0][0]) if rows else {}
        return found

    def tamper(self, **raw: Any) -> None:
        """Somebody edits that service on the vendor's own page."""
        edited = json.dumps(self.haircut() | raw)
        with closing(sqlite3.connect(self.place.root / "keyed.db")) as db, db:
            db.execute("UPDATE objects SET body = ? WHERE kind = 'service' AND body LIKE '%\"Haircut\"%'", (edited,))

    def writes(self) -> int:
        """How many requests changed the tenant."""
        reading = ("/authenticate",)
        calls = self.tenant.ask("/calls")
        return sum(call["method"] != "GET" and not call["path"].endswith(reading) for call in calls)


@pytest.fixture(params=[*HOSTS])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The example with an account that needs its key, in a repository whose main was never applied."""
    clone, bare = tmp_path / "clone", tmp_path / "salon.git"
    shutil.copytree(EXAMPLES / "gitops", clone, ignore=shutil.ignore_patterns(".provisioner", "reports"))
    git("init", "--quiet", "--bare", str(bare), cwd=tmp_path)
    git("init", "--quiet", cwd=clone)
    git("remote", "add", "origin", str(bare), cwd=clone)
    with keyed(tmp_path, KEY) as tenant, served_forge() as forge:
        settings = (clone / "provisioner.yaml").read_text("utf-8")
        (clone / "provisioner.yaml").write_text(
            re.sub(r"endpoint: .*", f"endpoint: {tenant.endpoint}", settings), "utf-8"
        )
        secrets = {"plan": SECRETS, "production": SECRETS}
        place = Place(tmp_path, bare, forge, secrets, tenant.url.removeprefix("http://"))
        made = World(request.param, place, forge, tenant, clone)
        made.commit("main")
        yield made


CHEAPER = {"studio.yaml": ("price: 38", "price: 36")}


def digest_of(note: Note) -> str:
    found = re.search(r"Digest `(\w+)`", note.body)
    assert found, note.body
    return found[1]


def test_from_a_pull_request_to_the_tenant_with_only_the_digest_between_the_jobs(world: World) -> None:
    pull, jobs = world.propose("cheaper", CHEAPER)
    assert {job.result for job in jobs.values()} == {"success"}, jobs
    (note,) = world.forge.comments(pull.number)
    assert "9 to add, 2 to change" in note.body
    assert note.body.startswith(f"<!-- provisioner:plan head={pull.head} digest={digest_of(note)} -->\n### Plan: ")
    assert world.writes() == 0

    jobs = world.merge(pull)
    assert {job.result for job in jobs.values()} == {"success"}, jobs
    assert "Apply complete! 9 added, 2 changed" in world.job(jobs, "apply").log
    assert world.haircut()["price"] == 36
    plan, outcome = world.forge.comments(pull.number)
    assert plan is note
    assert "**Everything was done.**" in outcome.body


def test_a_second_push_edits_the_comment_in_place(world: World) -> None:
    pull, _ = world.propose("cheaper", CHEAPER)
    (first,) = world.forge.comments(pull.number)
    before, identity = digest_of(first), first.id
    world.forge.say(pull.number, "ana", "looks good")
    world.push(pull, {"studio.yaml": ("price: 36", "price: 35")})
    notes = [note for note in world.forge.comments(pull.number) if note.author == BOT]
    assert [note.id for note in notes] == [identity]
    assert digest_of(notes[0]) != before
    assert f"head={pull.head} " in notes[0].body
    world.merge(pull)
    assert world.haircut()["price"] == 35


def test_a_change_in_between_refuses_and_says_what_would_be_done_now(world: World) -> None:
    first, _ = world.propose("first", {})
    world.merge(first)
    pull, _ = world.propose("cheaper", CHEAPER)
    (note,) = world.forge.comments(pull.number)
    world.tamper(price="50.00")
    before = world.writes()

    jobs = world.merge(pull)
    job = world.job(jobs, "apply")
    assert (job.result, world.writes(), world.haircut()["price"]) == ("failure", before, "50.00")
    assert f"the plan is no longer the one with the digest {digest_of(note)}" in job.log
    plan, outcome = world.forge.comments(pull.number)
    assert plan.body == note.body, "what was reviewed stays to be read"
    assert "**Not applied:** the plan is no longer" in outcome.body
    assert "50" in outcome.body

    jobs = world.host.by_hand(digest_of(outcome), world.main)
    assert world.job(jobs, "apply").result == "success", jobs
    assert world.haircut()["price"] == 36
    assert "**Everything was done.**" in world.forge.comments(pull.number)[1].body
