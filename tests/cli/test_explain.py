"""`provisioner explain` and `provisioner schema` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioner.kinds import KINDS
from tests.cli.command import Workspace, run, terminal


def test_everything_is_listed(tmp_path: Path) -> None:
    ran = run("explain", cwd=tmp_path)
    assert ran.code == 0
    listed = {line.split()[0] for line in ran.out.splitlines() if line[:1].strip()}
    assert {kind.kind for kind in KINDS} < listed
    assert {"settings", "lifecycle", "removed"} < listed


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_kind_says_what_it_is_and_has_an_example(kind: type, tmp_path: Path) -> None:
    ran = run("explain", kind.kind, cwd=tmp_path)  # type: ignore[attr-defined]
    assert (ran.code, ran.err) == (0, "")
    assert "Written at " in ran.out
    assert "Example:\n  " in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("service.duration", ["How long it takes.", "multiple of 15 min", "services.KEY.duration", "duration: 45 min"]),
        ("services.duration", ["service.duration"]),
        ("employee.at.hours", ["employees.KEY.at.KEY.hours", "week"]),
        ("account.options.lang", ["en or fr or es"]),
        ("lifecycle.protect", ["blocked"]),
        ("settings.limits", ["calls_per_second", "Default: 20."]),
        ("settings.defaults.services.price", ["in provisioner.yaml"]),
        ("removed", ["how", "strands", "not used yet", "location/kiosk: {how: delete}"]),
        ("services.KEY.name", ["service.name", "name: Haircut"]),
        ("employees.KEY.at.KEY.hours", ["employee.at.hours"]),
        ("employees.KEY.at.LOCATION.services", ["employee.at.services"]),
        ("order.services", ["order", "services: [haircut, color]"]),
        ("public_holidays", ["Its ISO code of two letters. Required.", "years: [2027, 2028]}"]),
        ("generate", ["from: data/stores.csv"]),
        ("lifecycle", ["lifecycle: {protect: true"]),
        ("client.birthday", ["birthday: 1990-08-03"]),
        ("holiday.rule", ["thanksgiving: rule: 4th thursday of november"]),
        ("employee.email", ["Required but for the owner."]),
    ],
)
def test_a_name(name: str, words: list[str], tmp_path: Path) -> None:
    ran = run("explain", name, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    text = " ".join(ran.out.split())
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("servce", "there is nothing named servce to explain: did you mean service?"),
        ("xyzzy", "there is nothing named xyzzy to explain: provisioner explain, alone, lists what there is"),
        ("service.duratoin", "service has no duratoin: did you mean service.duration?"),
        ("account.lang", "account has no lang: did you mean account.options.lang?"),
        ("service.xyzzy", "service has no xyzzy: provisioner explain service lists what is in it"),
        ("service.name.first", "service.name has nothing inside it to explain: ask for service.name"),
        ("a\x1b[31m", "there is nothing named"),
    ],
)
def test_a_name_that_is_not_known(name: str, told: str, tmp_path: Path) -> None:
    ran = run("explain", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (64, "")
    assert told in ran.err


def test_it_wraps_at_the_terminals_width(tmp_path: Path) -> None:
    with terminal("explain", "account", cwd=tmp_path, env={"COLUMNS": "60"}) as screen:
        assert screen.end() == 0
    assert max(len(line.rstrip("\r")) for line in screen.screen.split("\n")) <= 60


# -- schemas


def test_a_new_workspace_has_its_schemas(starter: Workspace) -> None:
    folder = starter.root / ".provisioner/schemas"
    written = sorted(path.name.removesuffix(".schema.json") for path in folder.iterdir())
    assert written == ["events", "manifest", "plan", "provisioner"]
    assert starter("schema", "--check").code == 0
    for name, schema in (("studio.yaml", "manifest"), ("provisioner.yaml", "provisioner")):
        first = (starter.root / name).read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=.provisioner/schemas/{schema}.schema.json"


def test_schemas_are_written_again_and_elsewhere(starter: Workspace) -> None:
    path = starter.root / ".provisioner/schemas/manifest.schema.json"
    path.write_text("{}", "utf-8")
    ran = starter("schema", "--check")
    assert (ran.code, ran.out) == (1, "")
    assert "is not what provisioner schema writes" in ran.err
    assert starter("schema").out == "wrote .provisioner/schemas\n"
    assert json.loads(path.read_text("utf-8"))["title"] == "Provisioner manifest"
    assert starter("schema", "--out", "deep/er").code == 0
    assert starter("schema", "--out", "deep/er", "--check").code == 0
    assert (starter.root / "deep/er/manifest.schema.json").read_bytes() == path.read_bytes()


def test_outside_a_workspace_a_folder_must_be_named(tmp_path: Path) -> None:
    ran = run("schema", cwd=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "say where with --out" in ran.err
    assert [*tmp_path.iterdir()] == []


def test_a_link_out_of_the_workspace_is_not_written_through(empty: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (empty.root / ".provisioner").symlink_to(tmp_path / "elsewhere")
    ran = empty("schema")
    assert ran.code == 1
    assert "is a link out of the workspace" in ran.err
    assert [*(tmp_path / "elsewhere").iterdir()] == []
