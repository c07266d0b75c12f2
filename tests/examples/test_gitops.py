"""`examples/gitops` at work: its pipelines, run as GitHub and GitLab would, against a served forge and tenant."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import EXAMPLES, Served, keyed
from tests.examples.forge import BOT, Forge, Note, Pull, served_forge
from tests.examples.pipelines import GitHub, GitLab, Job, Place, git
from tests.state.http_server import PASSWORD, USER, states

KEY = "c4nary-key-of-the-tenant"
SECRETS = {"SETSTER_EMAIL": "owner@example.com", "SETSTER_API_KEY": KEY}
HOSTS: dict[str, Callable[[Place], GitHub | GitLab]] = {"GitHub": GitHub, "GitLab": GitLab}
ONE_OF_BOTH = pytest.mark.parametrize(
    "whole", ["GitHub", pytest.param("GitLab", marks=pytest.mark.slow)], indirect=True
)
"""What stands for itself on one of them, most days."""
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
        return HOSTS[self.name](self.place)

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

    def applied(self) -> None:
        """Main is applied, and nothing is left to do."""
        first, _ = self.propose("first", {})
        assert self.job(self.merge(first), "apply").result == "success"

    def writes(self) -> int:
        """How many requests changed the tenant."""
        reading = ("/authenticate",)
        calls = self.tenant.ask("/calls")
        return sum(call["method"] != "GET" and not call["path"].endswith(reading) for call in calls)


@pytest.fixture(params=[*HOSTS])
def whole(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The example with an account that needs its key, in a repository whose main was never applied."""
    clone, bare = tmp_path / "clone", tmp_path / "salon.git"
    shutil.copytree(EXAMPLES / "gitops", clone, ignore=shutil.ignore_patterns(".provisioner", "reports"))
    git("init", "--quiet", "--bare", str(bare), cwd=tmp_path)
    git("init", "--quiet", cwd=clone)
    git("remote", "add", "origin", str(bare), cwd=clone)
    with keyed(tmp_path, KEY) as tenant, served_forge() as forge, states() as kept:
        settings = (clone / "provisioner.yaml").read_text("utf-8")
        settings = re.sub(r"endpoint: .*", f"endpoint: {tenant.endpoint}", settings)
        secrets = SECRETS
        if request.param == "GitLab":  # it serves states itself, and its pipeline says where
            settings = re.sub(r"# (state: \{.*\n)state: .*\n", r"\1", settings)
            monkeypatch.setattr("tests.state.http_server.USER", "gitlab-ci-token")
        else:
            secrets = SECRETS | {
                "PROVISIONER_STATE": f"{kept.url}/salon",
                "PROVISIONER_STATE_USERNAME": USER,
                "PROVISIONER_STATE_PASSWORD": PASSWORD,
            }
        (clone / "provisioner.yaml").write_text(settings, "utf-8")
        scoped = {"plan": secrets, "production": secrets}
        place = Place(tmp_path, bare, forge, scoped, tenant.url.removeprefix("http://"), kept.url)
        made = World(request.param, place, forge, tenant, clone)
        made.commit("main")
        yield made


@pytest.fixture
def world(whole: World) -> World:
    """The same without the checks of the files: most tests look at what comes after them."""
    whole.place.left_out = frozenset({"check"})
    return whole


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
    if world.name == "GitHub":
        assert "9 to add, 2 to change" in world.job(jobs, "plan").summary
    assert note.body.startswith(f"<!-- provisioner:plan head={pull.head} digest={digest_of(note)} -->\n### Plan: ")
    assert world.writes() == 0

    done, jobs = [*jobs.values()], world.merge(pull)
    assert {job.result for job in jobs.values()} == {"success"}, jobs
    assert "Apply complete! 9 added, 2 changed" in world.job(jobs, "apply").log
    assert world.haircut()["price"] == 36
    plan, outcome = world.forge.comments(pull.number)
    assert plan is note
    assert "**Everything was done.**" in outcome.body
    said = "".join([job.log + job.summary for job in (*done, *jobs.values())] + [plan.body, outcome.body])
    assert len(said) > 5_000
    assert KEY not in said
    assert "glpat" not in said


@pytest.mark.slow
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


@ONE_OF_BOTH
def test_a_change_in_between_refuses_and_says_what_would_be_done_now(world: World) -> None:
    world.applied()
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


RENAMED = {
    "studio.yaml": ("  color: {name: Colour,", "  tint: {name: Tinting,"),
}
"""One service goes, and one that looks like it comes."""


def renamed(world: World) -> tuple[Pull, dict[str, Job]]:
    world.applied()
    manifest = world.clone / "studio.yaml"
    git("checkout", "--quiet", "-b", "tint", "main", cwd=world.clone)
    manifest.write_text(manifest.read_text("utf-8").replace("[haircut, color]", "[haircut, tint]"), "utf-8")
    return world.propose("tint", RENAMED)


@pytest.mark.slow
def test_a_blocked_plan_is_shown_and_fails_and_is_never_applied(world: World) -> None:
    pull, jobs = renamed(world)
    assert (world.job(jobs, "plan").result, world.job(jobs, "comment").result) == ("failure", "success")
    (note,) = world.forge.comments(pull.number)
    assert "BLOCKED" in note.body
    assert note.body.startswith(f"<!-- provisioner:plan head={pull.head} -->\n"), "there is no digest to approve"
    before = world.writes()
    jobs = world.merge(pull)
    assert "could not be applied" in world.job(jobs, "digest").log
    assert (world.job(jobs, "apply").result, world.writes()) == ("failure", before)


@pytest.mark.slow
def test_what_is_blocked_is_let_through_by_a_reviewed_line(world: World) -> None:
    pull, _ = renamed(world)
    git("checkout", "--quiet", "tint", cwd=world.clone)
    with (world.clone / "allow.txt").open("a") as allow:
        allow.write("--not-renamed=service/color")  # without a line break at its end
    jobs = world.push(pull, {})
    assert {job.result for job in jobs.values()} == {"success"}, jobs
    jobs = world.merge(pull)
    assert "2 destroyed" in world.job(jobs, "apply").log, jobs


@pytest.mark.slow
@pytest.mark.parametrize("line", ["--yes", "--allow-destroy=1 --yes", "$(touch pwned)", "--endpoint=https://x.example"])
def test_nothing_but_an_override_is_a_line_of_that_file(world: World, line: str) -> None:
    (world.clone / "allow.txt").write_text(line)
    pull, jobs = world.propose("odd", {})
    assert world.job(jobs, "plan").result == "failure"
    (note,) = world.forge.comments(pull.number)
    assert "digest=" not in note.body
    assert not list(world.place.root.rglob("pwned"))
    assert world.writes() == 0


@pytest.mark.slow
def test_a_plan_that_cannot_be_made_says_so_on_the_pull_request(whole: World) -> None:
    pull, jobs = whole.propose("broken", {"studio.yaml": ("45 min", "45 mn")})
    assert whole.job(jobs, "check").result == "failure"
    assert "studio.yaml:14:53: duration: '45 mn' is not a duration" in whole.job(jobs, "check").log
    (note,) = whole.forge.comments(pull.number)
    assert note.body.startswith(f"<!-- provisioner:plan head={pull.head} -->\n### No ")
    jobs = whole.push(pull, {"studio.yaml": ("45 mn", "45 min")})
    assert {job.result for job in jobs.values()} == {"success"}
    assert len(whole.forge.comments(pull.number)) == 1


@pytest.mark.slow
def test_a_fork_gets_no_key_and_no_plan_and_is_still_checked(whole: World) -> None:
    pull, jobs = whole.propose("theirs", CHEAPER, fork=True)
    assert whole.job(jobs, "check").result == "success"
    assert [name for name, job in jobs.items() if "plan" in name and job.result != "skipped"] == []
    assert not whole.forge.comments(pull.number)
    assert whole.tenant.ask("/calls") == []
    jobs = whole.merge(pull)
    assert "no plan was shown on #1" in whole.job(jobs, "digest").log
    assert (whole.job(jobs, "apply").result, whole.writes()) == ("failure", 0)


# -- what was approved


FORGED = "<!-- provisioner:plan head={head} digest={digest} -->\n### Plan"


@ONE_OF_BOTH
def test_a_comment_of_somebody_else_approves_nothing(world: World) -> None:
    pull, _ = world.propose("cheaper", CHEAPER)
    (note,) = world.forge.comments(pull.number)
    mark = FORGED.format(head=pull.head, digest=digest_of(note))
    world.forge.notes[:] = []
    world.forge.say(pull.number, "mallory", mark)
    world.forge.say(pull.number, "github-actions", mark)
    world.forge.say(pull.number, BOT, f"somebody says: {mark}")
    jobs = world.merge(pull)
    assert "no plan was shown on #1" in world.job(jobs, "digest").log
    assert (world.job(jobs, "apply").result, world.writes()) == ("failure", 0)


@pytest.mark.slow
def test_a_plan_of_an_earlier_commit_approves_nothing(world: World) -> None:
    pull, _ = world.propose("cheaper", CHEAPER)
    pull.head = world.edit(pull.branch, {})  # and it is merged before there is a plan of it
    jobs = world.merge(pull)
    assert "the plan on #1 is of another commit than was merged" in world.job(jobs, "digest").log
    assert (world.job(jobs, "apply").result, world.writes()) == ("failure", 0)


@pytest.mark.slow
def test_a_plan_that_was_written_after_the_merge_approves_nothing(world: World) -> None:
    pull, _ = world.propose("cheaper", CHEAPER)
    (note,) = world.forge.comments(pull.number)
    note.written = world.forge.now + timedelta(hours=1)
    jobs = world.merge(pull)
    assert "the plan on #1 was written after the merge" in world.job(jobs, "digest").log
    assert (world.job(jobs, "apply").result, world.writes()) == ("failure", 0)


@pytest.mark.slow
def test_a_push_past_the_pull_requests_applies_nothing_until_somebody_approves(world: World) -> None:
    world.edit("main", CHEAPER)
    jobs = world.host.pushed(world.main)
    job = world.job(jobs, "apply")
    assert (job.result, world.writes()) == ("failure", 0)
    assert "no pull requests were merged as this commit" in job.log
    found = re.search(r"Digest: (\w+)", job.log)
    assert found
    jobs = world.host.by_hand("0" * 10, world.main)
    assert (world.job(jobs, "apply").result, world.writes()) == ("failure", 0)
    jobs = world.host.by_hand(found[1], world.main)
    assert (world.job(jobs, "apply").result, world.haircut()["price"]) == ("success", 36)


@pytest.mark.slow
def test_a_push_with_nothing_to_do_needs_no_approval(world: World) -> None:
    pull, _ = world.propose("first", {})
    world.merge(pull)
    (world.clone / "notes.txt").write_text("a word\n")
    git("checkout", "--quiet", "main", cwd=world.clone)
    world.commit("main")
    jobs = world.host.pushed(world.main)
    assert {job.result for job in jobs.values()} == {"success"}, jobs


@ONE_OF_BOTH
@pytest.mark.parametrize(
    "digest", ["7f3a", "$(touch pwned)", "0123456789; touch pwned", "0123456789\ndigest=0123456789"]
)
def test_what_is_no_digest_goes_nowhere(world: World, digest: str) -> None:
    jobs = world.host.by_hand(digest, world.main)
    assert world.job(jobs, "digest").result == "failure"
    assert world.job(jobs, "apply").result == "skipped"
    assert not list(world.place.root.rglob("pwned"))
    assert world.tenant.ask("/calls") == []


@ONE_OF_BOTH
def test_a_pipeline_by_hand_on_a_branch_does_not_apply(world: World) -> None:
    commit = world.edit("cheaper", CHEAPER)
    jobs = world.host.by_hand("0123456789", commit, branch="cheaper")
    assert [name for name, job in jobs.items() if "apply" in name and job.result != "skipped"] == []
    assert world.tenant.ask("/calls") == []


@pytest.mark.slow
def test_a_later_run_of_an_older_commit_does_not_go_back(world: World) -> None:
    first, _ = world.propose("cheaper", CHEAPER)
    world.merge(first)
    second, _ = world.propose("cheapest", {"studio.yaml": ("price: 36", "price: 35")})
    world.merge(second)
    jobs = world.host.pushed(first.commit)
    assert (world.job(jobs, "apply").result, world.haircut()["price"]) == ("failure", 35), jobs


# -- what nobody may see or do


@pytest.mark.slow
def test_names_are_no_commands(world: World) -> None:
    pull, jobs = world.propose('x";touch${IFS}pwned;"$(touch${IFS}pwned)', CHEAPER)
    assert {job.result for job in jobs.values()} == {"success"}, jobs
    world.merge(pull)
    assert world.haircut()["price"] == 36
    assert not list(world.place.root.rglob("pwned"))


@pytest.mark.slow
def test_hundreds_of_comments_hide_nothing(world: World) -> None:
    pull, _ = world.propose("cheaper", CHEAPER)
    talk = [world.forge.say(pull.number, "ana", f"and {n}") for n in range(250)]
    world.forge.notes[:] = [*talk, *(note for note in world.forge.notes if note not in talk)]
    world.push(pull, {"studio.yaml": ("price: 36", "price: 35")})
    assert len([note for note in world.forge.comments(pull.number) if note.author == BOT]) == 1
    world.merge(pull)
    assert world.haircut()["price"] == 35


# -- every night


@pytest.mark.slow
def test_one_issue_is_open_as_long_as_something_drifts(world: World) -> None:
    world.applied()
    jobs = world.host.nightly(world.main)
    assert ({job.result for job in jobs.values()}, world.forge.issues) == ({"success"}, [])

    world.tamper(price="50.00")
    for price in ("50.00", "51.00"):
        world.tamper(price=price)
        jobs = world.host.nightly(world.main)
        assert {job.result for job in jobs.values()} == {"success"}, jobs
        (issue,) = world.forge.issues
        assert (issue.title, issue.open) == ("provisioner: drift", True)
        assert "service/haircut" in issue.body
        assert price.removesuffix(".00") in issue.body

    world.tamper(price="38.00")
    world.host.nightly(world.main)
    assert [issue.open for issue in world.forge.issues] == [False]
    world.tamper(price="50.00")
    world.host.nightly(world.main)
    assert [issue.open for issue in world.forge.issues] == [False, True]


@pytest.mark.slow
def test_a_night_on_which_nothing_can_be_read_leaves_the_issue_alone(world: World) -> None:
    world.applied()
    world.forge.say(0, BOT, "<!-- provisioner:drift -->\nsomething", "provisioner: drift")
    world.forge.say(0, "mallory", "<!-- provisioner:drift -->\nmine", "provisioner: drift")
    world.tenant.stop()
    jobs = world.host.nightly(world.main)
    assert (world.job(jobs, "drift").result, world.job(jobs, "issue").result) == ("failure", "skipped")
    assert [issue.open for issue in world.forge.issues] == [True, True]
    if world.name == "GitHub":
        assert world.job(jobs, "drift").summary.startswith("### No plan"), "it says that it could not look, and why"


@pytest.mark.slow
def test_a_night_on_which_nothing_is_recorded_closes_nothing(world: World) -> None:
    world.forge.say(0, BOT, "<!-- provisioner:drift -->\nsomething", "provisioner: drift")
    jobs = world.host.nightly(world.main)
    assert [issue.open for issue in world.forge.issues] == [True]
    assert (world.job(jobs, "drift").result, world.job(jobs, "issue").result) == ("failure", "skipped")
    assert "nothing is recorded" in world.job(jobs, "drift").log
