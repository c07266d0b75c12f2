"""`history` and `--undo` as an operator uses them: real files, real git, real kills."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.apply.crash import AFTER, BEFORE, ENVIRON
from tests.cli.command import Workspace, environment, slowed
from tests.cli.test_killed import PACE, killed_apply, wanted

LONGER = ("duration: 45 min, price: 38", "duration: 75 min, price: 40")


def git(workspace: Workspace, *words: str) -> str:
    """Run git in a workspace as somebody."""
    me = ("-c", "user.name=Ana", "-c", "user.email=ana@x.example", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *me, *words], cwd=workspace.root, env=environment(workspace.root), capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def runs(workspace: Workspace, *more: str) -> list[dict[str, Any]]:
    """What `history` lists."""
    ran = workspace("history", "--json", *more)
    assert (ran.code, ran.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(ran.out)["runs"]
    return found


def services(workspace: Workspace) -> dict[str, tuple[int, float]]:
    """Name -> duration and price of what is live."""
    return {each["name"]: (each["duration"], float(each["price"])) for each in workspace.live("service")}


@pytest.fixture
def edited(applied: Workspace) -> Workspace:
    """A studio whose haircut takes longer and costs more since the second run, which nothing says in git."""
    applied.edit("studio.yaml", *LONGER)
    applied.apply()
    return applied


def test_a_run_is_taken_back_and_the_manifests_still_ask(edited: Workspace) -> None:
    assert services(edited)["Haircut"] == (75, 40)
    ran = edited("apply", "--undo", "last", "--yes")
    assert ran.code == 0
    assert "Undo complete! 0 added, 1 changed, 0 destroyed." in ran.out
    assert "Note: the manifests still ask for what the run did: take the edit back" in ran.out.partition("complete!")[2]
    assert services(edited)["Haircut"] == (45, 38)
    assert edited.changes() == ["update service/haircut"]
    edited.edit("studio.yaml", *reversed(LONGER))
    edited.settled()


def test_everything_that_the_first_run_made_goes(edited: Workspace) -> None:
    ran = edited("plan", "--undo", "1")
    assert ran.code == 0
    assert "service/haircut (price, duration)" in ran.out
    assert "a later apply changed it" in ran.out
    edited.apply("--undo", "2")
    edited.apply("--undo", "1")
    assert set(services(edited)) == {"Default service"}
    assert edited.addresses() == []
    assert [each["command"] for each in runs(edited)] == ["undo of 1", "undo of 2", "apply", "apply"]


def test_an_undo_asks_and_is_guarded_as_any_plan(edited: Workspace) -> None:
    assert edited("apply", "--undo", "1").code == 64
    edited.write("provisioner.yaml", (edited.root / "provisioner.yaml").read_text() + "policy: {max_update: 1}\n")
    table = "services:\n" + "".join(f"  s{n}: {{name: S{n}, duration: 15 min}}\n" for n in range(12))
    edited.write("more.yaml", table)
    edited.apply("--allow-update", "99")
    ran = edited("plan", "--undo", "last")
    assert ran.code == 4
    assert "pass --allow-destroy=12" in ran.out
    assert edited("apply", "--undo", "last", "--yes").code == 4
    assert edited.apply("--undo", "last", "--allow-destroy=12").out.count("will be destroyed") == 1


def test_a_saved_undo_is_carried_out_or_stale(edited: Workspace) -> None:
    assert edited("plan", "--undo", "last", "--save", "back.plan").code == 0
    assert json.loads((edited.root / "back.plan").read_bytes())["options"]["undo"] == "2"
    assert edited("apply", "back.plan").code == 0
    assert services(edited)["Haircut"] == (45, 38)
    assert edited("apply", "back.plan").code == 8


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "--undo", "7"), "7: is no run that is kept: write last, or one of 1 to 2"),
        (("plan", "--undo", "x\x1b[1m"), "is no run that is kept"),
        (("plan", "--undo", "1", "--destroy"), "two plans"),
        (("plan", "--undo", "1", "--rotate", "employee/ana"), "--rotate sends what stands in the manifests"),
        (("plan", "--overwrite", "*"), "give --undo RUN as well"),
        (("plan", "--undo", "1", "--target", "service/colr"), "did you mean service/color?"),
        (("history", "0"), "0: is no run that is kept"),
    ],
)
def test_what_cannot_be_meant_is_refused(edited: Workspace, words: tuple[str, ...], says: str) -> None:
    ran = edited(*words)
    assert ran.code == 64
    assert says in ran.err


def test_a_target_takes_back_a_part_with_what_hangs_on_it(edited: Workspace) -> None:
    edited.apply("--undo", "2")
    assert edited.changes("--undo", "1", "--target", "employee/ben") == [
        "delete hours/ben/studio",
        "delete link/ben/studio/haircut",
        "delete employee/ben",
    ]


def test_history_says_who_what_when_and_from_which_commit(starter: Workspace) -> None:
    git(starter, "init")
    git(starter, "add", ".")
    git(starter, "commit", "-m", "one")
    starter.apply()
    commit = git(starter, "rev-parse", "HEAD")
    starter.edit("studio.yaml", *LONGER)
    starter.apply("--target", "service/haircut")
    second, first = runs(starter)
    assert (first["commit"], first["dirty"], first["command"], first["exit"]) == (commit, False, "apply", 0)
    assert (second["commit"], second["dirty"], second["targets"]) == (commit, True, ["service/haircut"])
    assert first["counts"] == {"create": 9, "update": 2}
    assert first["who"].count("@") == 1
    table = starter("history").out.splitlines()
    assert table[0].split() == ["RUN", "WHEN", "(UTC)", "WHO", "WHAT", "CHANGES", "COMMIT"]
    assert [line.split()[0] for line in table[1:]] == ["2", "1"]
    assert table[1].endswith(f"{commit[:7]}*")
    assert all(len(line) <= 80 for line in table)
    assert "~ price    = 38 -> 40" in starter("history", "last").out
    clean = starter.apply("--undo", "1", "--allow-update=99", "--allow-destroy=99")
    assert f"revert commit {commit[:10]}" in clean.out
    assert "revert commit" not in starter.apply("--undo", "2").out


def test_history_is_empty_before_the_first_apply_and_after_a_reset(applied: Workspace, starter: Workspace) -> None:
    assert starter("history").out == "No run is kept: the first apply keeps one.\n"
    assert len(runs(applied)) == 1
    assert applied("sandbox", "reset").code == 0
    assert runs(applied) == []


def test_a_damaged_run_is_listed_and_not_taken_back(edited: Workspace) -> None:
    path = edited.state.parent / "runs" / "2.ndjson"
    path.write_bytes(path.read_bytes().replace(b'"45 min"', b'"15 min"'))
    ran = edited("plan", "--undo", "2")
    assert ran.code == 1
    assert "damaged or edited by hand" in ran.err
    path.write_bytes(b"{}")
    assert "damaged" in edited("history").out
    edited.apply("--undo", "1")


def test_a_state_that_was_lost_hinders_no_undo(edited: Workspace) -> None:
    for path in edited.state.parent.iterdir():
        if path.is_file():
            path.unlink()
    edited.apply("--undo", "2")
    assert services(edited)["Haircut"] == (45, 38)
    assert [each["run"] for each in runs(edited)] == [3, 2, 1]


def test_what_is_kept_is_the_owners_alone_and_has_no_secret(applied: Workspace) -> None:
    applied.write(
        "bo.yaml", "employees:\n  bo: {email: bo@x.example, first_name: B, last_name: O, password: '${env:PW}'}\n"
    )
    applied.apply(env={"PW": "hush-hush-hush"})
    folder = applied.state.parent / "runs"
    assert oct(folder.stat().st_mode)[-3:] == "700"
    for path in folder.iterdir():
        assert oct(path.stat().st_mode)[-3:] == "600"
        assert b"hush" not in path.read_bytes()
    assert "hush" not in applied("history", "last", "--json").out + applied("plan", "--undo", "last").out


def live(sandbox: Any) -> dict[str, Any]:
    """What is live by what a person calls it, without ids."""
    held = sandbox.dump()
    own = {each["id"]: each["name"] for kind in ("services", "locations") for each in held[kind]}
    own |= {each["id"]: each["email"] for each in held["employees"]}
    aside = {"id", "ord", "created_at", "updated_at", "company_id", "links"}
    found: dict[str, Any] = {
        kind: sorted(str({n: v for n, v in each.items() if n not in aside}) for each in held[kind])
        for kind in ("services", "locations", "employees")
    }
    found["links"] = sorted([own[ref] for ref in triple] for triple in held["links"])
    found["hours"] = {own[int(who)]: len(each) for who, each in held["availability"].items() if each}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_a_killed_run_did_is_known_and_taken_back(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pace = tmp_path / "pace"
    pace.write_text("0")
    workspace = wanted(tmp_path / "salon", BEFORE)
    with slowed(tmp_path, pace) as sandbox:
        to = ("--endpoint", sandbox.endpoint)
        workspace.apply(*to, env=ENVIRON)
        before = live(sandbox)
        workspace.write("salon.yaml", AFTER)
        pace.write_text(str(PACE))
        came = killed_apply(workspace, sandbox.endpoint, chance.uniform(0.05, 0.3))
        pace.write_text("0")
        newest, *older = json.loads(workspace("history", "--json", *to).out)["runs"]
        if not older:  # it died before it kept its run, which is before its first write
            assert came
            assert live(sandbox) == before
            return
        died = newest["exit"] is None
        assert came or not died  # who is killed may have written down its end a moment before
        number = str(newest["run"])
        assert workspace("history", number, *to).code == 0
        ran = workspace("apply", "--undo", number, "--yes", *to, env=ENVIRON)
        assert ran.code == 0, ran.err + ran.out
        told = json.loads(workspace("history", number, "--json", *to).out)
        assert (told["exit"] is None) == died
        if "Cannot be undone" not in ran.out:
            assert live(sandbox) == before
        workspace.write("salon.yaml", BEFORE)
        left = workspace.planned(*to, env=ENVIRON)["changes"]
        cannot = ran.out.partition("Cannot be undone")[2]
        assert not [each for each in left if each["action"] != "adopt" and each["address"] not in cannot], left


def test_without_git_nothing_fails(starter: Workspace, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "env"):
        (tools / name).symlink_to(shutil.which(name) or "")
    starter.apply(env={"PATH": str(tools)})
    assert runs(starter)[0]["commit"] is None


def test_broken_manifests_hinder_no_undo(edited: Workspace) -> None:
    edited.write("studio.yaml", "services: [\n")
    assert edited("plan").code == 1
    ran = edited("plan", "--undo", "last")
    assert ran.code == 0, ran.err
    assert "the manifests cannot be read" in ran.out
    assert "still ask for what the run did: " not in ran.out
    assert "studio.yaml:" in ran.out
    edited.apply("--undo", "last")
    assert services(edited)["Haircut"] == (45, 38)
    edited.edit("provisioner.yaml", "version: 1", "version: no")
    assert edited("plan", "--undo", "last").code == 1
