"""From `init` to `destroy` in the embedded sandbox, as scripts do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Workspace, run


def test_init_writes_a_workspace_that_plans(starter: Workspace) -> None:
    names = sorted(path.name for path in starter.root.iterdir())
    assert names == [".gitignore", ".provisioner", "provisioner.yaml", "studio.yaml"]
    assert starter.kept == []
    assert ".provisioner/" in (starter.root / ".gitignore").read_text().splitlines()
    assert starter("plan").last == "Plan: 9 to add, 2 to change, 0 to destroy."


def test_init_says_what_comes_next(tmp_path: Path) -> None:
    ran = run("-C", "deep/er", "init", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "wrote deep/er/provisioner.yaml\n" in ran.out
    assert "Next: provisioner -C deep/er plan " in ran.out
    assert run("-C", "deep/er", "validate", cwd=tmp_path).code == 0


def test_init_leaves_a_workspace_alone(starter: Workspace) -> None:
    starter.write("studio.yaml", "mine")
    ran = starter("init")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Error: provisioner.yaml exists: this is a workspace already\n"
    assert (starter.root / "studio.yaml").read_text() == "mine"


def test_init_leaves_files_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    ran = run("init", cwd=tmp_path)
    assert ran.code == 0
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert "wrote .gitignore" not in ran.out


def test_init_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run("-C", "file", "init", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (1, "", "Error: file: File exists\n")


def test_validate_counts_what_is_there(starter: Workspace) -> None:
    ran = starter("validate")
    assert ran == (
        0,
        "Valid: 11 resources (1 away, 2 employee, 2 hours, 3 link, 1 location, 2 service).\n",
        "",
    )
    assert starter.kept == []


def test_validate_needs_no_secrets(starter: Workspace) -> None:
    starter.write(
        "provisioner.yaml",
        "version: 1\nprovider: setster\nendpoint: https://www.setster.com/api/v2\ncompany_id: 2345\n"
        'credentials: {email: "${env:NOT_SET}", api_key: "${env:NOT_SET_EITHER}"}\n',
    )
    starter.write(
        "sub.yaml",
        "accounts:\n  west: {company_name: West, nick_name: west, email: w@west.example, password: '${env:NOT_SET}'}\n",
    )
    ran = starter("validate")
    assert ran.code == 1
    assert ran.err.startswith("sub.yaml:2:")  # a credential may go nowhere else, whether it is set or not
    starter.edit("sub.yaml", "NOT_SET", "WEST_PASSWORD")
    assert starter("validate").code == 0
    ran = starter("plan")
    assert (ran.code, ran.out) == (1, "")
    assert "the environment variable WEST_PASSWORD is not set: export it" in ran.err


def test_three_mistakes_are_three_lines(starter: Workspace) -> None:
    starter.edit("studio.yaml", "    city: Los", "    citty: Los")
    starter.edit("studio.yaml", "services: [haircut, color]", "services: [haircut, colour]")
    starter.edit("studio.yaml", "duration: 45 min", "duration: 45")
    for command in ("validate", "plan"):
        ran = starter(command)
        assert (ran.code, ran.out) == (1, "")
        *lines, count = ran.err.splitlines()
        assert count == "3 problems found. Nothing was changed."
        assert [line.split(": ")[0] for line in lines] == ["studio.yaml:7:5", "studio.yaml:14:53", "studio.yaml:25:29"]
        assert "city" in lines[0]
        assert "45 min" in lines[1]
        assert "color" in lines[2]


def test_many_mistakes_are_counted(empty: Workspace) -> None:
    empty.write("menu.yaml", "services:\n" + "".join(f"  s{n}: {{nam: x}}\n" for n in range(120)))
    ran = empty("validate")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 101
    assert " problems found (the first 100 are shown). Nothing was changed." in ran.err.splitlines()[-1]


def test_plan_is_all_of_stdout_and_writes_nothing(starter: Workspace) -> None:
    ran = starter("plan")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("SANDBOX (nothing real changes) company 2345")
    assert ran.last == "Plan: 9 to add, 2 to change, 0 to destroy."
    assert starter.writes() == 0
    assert not starter.state.exists()
    assert starter("plan").out == ran.out


def test_detailed_exit_codes(starter: Workspace, applied: Workspace) -> None:
    assert starter("plan", "--detailed-exitcode").code == 2
    assert starter("plan", "--detailed-exitcode", "--json").code == 2
    assert applied("plan", "--detailed-exitcode").code == 0
    applied.edit("studio.yaml", "price: 38", "price: 39")
    assert applied("plan", "--detailed-exitcode").code == 2


def test_one_json_document(starter: Workspace) -> None:
    document = starter.planned()
    assert document["format_version"] == "1.3"
    assert document["counts"]["create"] == 9
    assert document["counts"]["update"] == 2
    assert len(document["changes"]) == 11
    digest = starter("plan").out.splitlines()[-1]
    assert digest == f"Digest: {document['digest']}"


def test_apply_needs_a_terminal_or_yes(starter: Workspace) -> None:
    ran = starter("apply")
    assert ran == (64, "", "Error: there is no terminal to ask on: pass --yes to apply without asking\n")
    assert starter.kept == []


def test_apply_does_what_was_planned(starter: Workspace) -> None:
    plan, document = starter("plan"), starter.planned()
    ran = starter("apply", "--yes")
    assert ran.code == 0
    assert ran.out.startswith(plan.out)
    assert ran.out.splitlines()[-2] == "Apply complete! 9 added, 2 changed, 0 destroyed."
    assert document["effort"]["writes"] == starter.writes() == len(ran.err.splitlines())
    assert ran.err.splitlines()[-1].startswith("[7/7] ")
    starter.settled()
    assert len(starter.addresses()) == 11


def test_nothing_to_apply(applied: Workspace) -> None:
    before, calls = applied.state.read_bytes(), applied.writes()
    ran = applied("apply", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert ran.last == "No changes. 11 resources are as the manifests say."
    assert (applied.state.read_bytes(), applied.writes()) == (before, calls)
    assert "Nothing to apply" not in applied("apply").out  # without --yes it is a question all the same


def test_targets_narrow_a_plan(starter: Workspace) -> None:
    assert starter.changes("--target", "service/color") == ["create service/color"]
    assert starter.changes("--target", "service/*") == ["create service/color", "update service/haircut"]
    both = starter.changes("--target", "service/color", "--target", "location/*")
    assert both == ["update location/studio", "create service/color"]
    hours = starter.changes("--target", "hours/ben/*")
    assert "create hours/ben/studio" in hours
    assert "create employee/ben" in hours  # what it needs comes with it
    assert not [each for each in hours if "ana" in each]
    starter.apply("--target", "service/color")
    assert starter.addresses() == ["service/color"]
    starter.apply()
    starter.settled()


def test_variables(empty: Workspace) -> None:
    empty.write("menu.yaml", 'services: {cut: {name: "${var:NAME}", duration: 30 min}}\n')
    empty.write("data/vars.yaml", "NAME: From a file\n")
    ran = empty("plan")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("menu.yaml:1:24: ")
    assert "the variable NAME is not set: pass --var NAME=VALUE" in ran.err
    assert '"From a file"' in empty("plan", "--var-file", "data/vars.yaml").out
    assert '"Given"' in empty("plan", "--var-file", "data/vars.yaml", "--var", "NAME=Given").out
    assert '"Around"' in empty("plan", env={"PROVISIONER_VAR_NAME": "Around"}).out
    ran = empty("plan", "--var-file", "absent.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("absent.yaml: cannot be read: No such file")


def test_another_folder(applied: Workspace, tmp_path: Path) -> None:
    from_above = run("-C", applied.root.name, "plan", cwd=tmp_path)
    assert from_above.last == "No changes. 11 resources are as the manifests say."
    assert from_above.out == applied("plan").out


def test_destroy_and_again(applied: Workspace) -> None:
    ran = applied("destroy", "--yes")
    assert ran.code == 0
    assert "Plan: 0 to add, 0 to change, 9 to destroy, 2 to forget.\n" in ran.out
    assert "Destroy complete! 0 added, 0 changed, 9 destroyed, 2 forgotten.\n" in ran.out
    assert applied.addresses() == []
    assert [each["name"] for each in applied.live("service")] == ["Haircut"]
    assert [each["email"] for each in applied.live("employee")] == ["owner@example.com"]
    assert applied("destroy", "--yes").last.startswith("No changes.")
    applied.apply()
    applied.settled()


@pytest.mark.parametrize(
    ("target", "gone"),
    [
        ("away/ana", ["away/ana"]),
        ("link/ana/studio/color", ["link/ana/studio/color"]),
        ("hours/*", ["hours/ana/studio", "hours/ben/studio"]),
        ("service/color", ["link/ana/studio/color", "service/color"]),
        ("employee/ben", ["employee/ben", "hours/ben/studio", "link/ben/studio/haircut"]),
    ],
)
def test_destroy_of_a_target(applied: Workspace, target: str, gone: list[str]) -> None:
    before = applied.addresses()
    ran = applied("destroy", "--yes", "--target", target)
    assert ran.code == 0
    assert sorted({*before} - {*applied.addresses()}) == gone
    assert sorted(applied.changes()) == [f"create {each}" for each in gone]
    applied.apply()
    applied.settled()


@pytest.mark.parametrize("command", ["plan", "apply", "destroy"])
def test_broken_manifests_stop_everything(applied: Workspace, command: str) -> None:
    applied.write("more.yaml", "services: [")
    calls = applied.calls()
    ran = applied(command, *(["--yes"] if command != "plan" else []))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("more.yaml:")
    assert applied.calls() == calls


def test_json_says_what_it_says_with_odd_names(empty: Workspace) -> None:
    escaped = r"\u202etxt.exe\u200d\U000e0001 Ås \U0001f487"
    name = "\u202etxt.exe\u200d\U000e0001 Ås \U0001f487"
    empty.write("menu.yaml", f'services: {{cut: {{name: "{escaped}", duration: 30 min}}}}\n')
    fields = empty.planned()["changes"][0]["fields"]
    assert [each["after"] for each in fields if each["name"] == "name"] == [name]
    empty.apply()
    assert empty.shown("service/cut")["applied"]["name"] == name
    assert "Ås" in empty("state", "show", "service/cut").out
