"""A saved plan is carried out as it was approved, or not at all: whatever moved since is named before any write."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from provisioner.state.codec import checksum
from tests.cli.command import Ran, Workspace, run, served

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
WRONG = "nothing was changed. Plan again"


def saved(workspace: Workspace, *arguments: str) -> str:
    """Plan, save, and give the plan's text."""
    ran = workspace("plan", "--save", "plan.json", *arguments)
    assert (ran.code, ran.err) == (
        0,
        "Saved to plan.json. To carry out exactly this: provisioner apply plan.json\n",
    )
    return ran.out


def stale(workspace: Workspace, *lines: str, arguments: tuple[str, ...] = ("plan.json",)) -> Ran:
    """An apply that names exactly these, and writes nothing."""
    before = workspace.writes() if workspace.db.exists() else 0
    ran = workspace("apply", *arguments)
    assert (ran.code, ran.out) == (8, ""), ran
    first, *rest = ran.err.splitlines()
    assert first.endswith(WRONG)
    assert tuple(line.strip() for line in rest) == lines
    assert (workspace.writes() if workspace.db.exists() else 0) == before
    return ran


def test_what_was_saved_is_carried_out_without_a_question(starter: Workspace) -> None:
    text = saved(starter)
    shown = starter("show", "plan.json")
    assert shown.code == 0
    assert shown.out.partition("\n\n")[2] == text
    document, again = json.loads(starter("show", "--json", "plan.json").out), starter.planned()
    assert document | {"effort": None} == again | {"effort": None}, "but for the time that it may take"
    ran = starter("apply", "plan.json")
    assert ran.code == 0
    assert text in ran.out
    starter.settled()


def test_a_plan_is_carried_out_once(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    assert applied("apply", "plan.json").code == 0
    ran = applied("apply", "plan.json")
    assert (ran.code, ran.out) == (8, "")
    assert re.fullmatch(r"Error: the plan of \S+ was applied already: nothing of it is left to do\n", ran.err)


def test_a_plan_that_another_run_overtook_was_not_applied(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    assert applied("apply", "plan.json").code == 0
    applied.tamper("service", "Colour", price="90.00")
    ran = applied("apply", "plan.json")
    assert ran.code == 8
    assert "  the state: was serial" in ran.err
    assert "  service/color: changed in the tenant (price)" in ran.err


def test_the_command_that_is_printed_can_be_typed(starter: Workspace, tmp_path: Path) -> None:
    ran = run("-C", "studio", "plan", "--save", "to do.json", cwd=tmp_path)
    command = ran.err.removesuffix("\n").partition("exactly this: ")[2]
    assert command == "provisioner -C studio apply 'to do.json'"
    assert run(*shlex.split(command)[1:], cwd=tmp_path).code == 0
    starter.settled()


def test_pictures_tables_and_texts_are_looked_at_as_well(starter: Workspace) -> None:
    starter.write("photos/a.png", PNG)
    starter.write("texts/about.txt", "Quiet.\n")
    starter.write("data/rooms.csv", "key,name\nattic,Attic\n")
    starter.write(
        "more.yaml",
        "locations: {pier: {name: Pier, photo: photos/a.png, description: '${file:texts/about.txt}'}}\n"
        "generate: {from: data/rooms.csv, as: room, manifest: {locations: {'${room.key}': {name: '${room.name}'}}}}\n",
    )
    saved(starter)
    starter.write("photos/a.png", PNG + b"more")
    starter.write("texts/about.txt", "Loud.\n")
    (starter.root / "data/rooms.csv").unlink()
    stale(starter, "data/rooms.csv: was removed", "photos/a.png: was edited", "texts/about.txt: was edited")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("studio.yaml", "# a word\n", "studio.yaml: was edited"),
        ("provisioner.yaml", "# a word\n", "provisioner.yaml: was edited"),
        ("more/new.yaml", "services: {}\n", "more/new.yaml: is new"),
        ("studio.yaml", None, "studio.yaml: was removed"),
    ],
)
def test_an_edited_manifest(applied: Workspace, name: str, text: str | None, line: str) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    path = applied.root / name
    if text is None:
        path.unlink()
    else:
        applied.write(name, (path.read_text() if path.exists() else "") + text)
    calls = len(applied.calls())
    stale(applied, line)
    assert len(applied.calls()) == calls, "the tenant is not asked when the files say enough"


def test_a_changed_world(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    applied.edit("studio.yaml", "city: Los Angeles", "city: Pasadena")
    saved(applied)
    applied.tamper("service", "Colour", price="90.00", description="theirs")
    ran = applied("apply", "plan.json")
    assert ran.code == 8
    assert "  service/color: changed in the tenant (description, price)\n" in ran.err
    assert ran.err.count("\n") == 2, "and nothing else moved"


def test_a_changed_world_that_the_plan_does_not_touch_is_none_of_its_business(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    applied.tamper("service", "Haircut", description="theirs")
    assert applied("apply", "plan.json").code == 0


def test_a_field_that_the_manifests_do_not_manage_counts(applied: Workspace) -> None:
    """The plan would be the same, and yet what was looked at is not what is there."""
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    applied.tamper("service", "Colour", description="theirs")
    stale(applied, "service/color: changed in the tenant (description)")


def test_what_was_to_be_made_is_there(applied: Workspace) -> None:
    applied.edit("studio.yaml", "  color: ", "  dye: {name: Dye, duration: 30 min}\n  color: ")
    saved(applied)
    other = applied.copy(applied.root / "data/other")
    other.write("more.yaml", "services: {dye: {name: Dye, duration: 30 min}}\n")
    other.edit("studio.yaml", "  dye: {name: Dye, duration: 30 min}\n", "")
    other.apply()
    shutil.copy(other.db, applied.db)
    stale(applied, "service/dye: the plan was to create it, and now it is to adopt it")


def test_another_state(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    saved(applied)
    assert applied("state", "own", "service/haircut").code == 0
    (line,) = applied("apply", "plan.json").err.splitlines()[1:]
    assert re.fullmatch(r"  the state: was serial \d+, is \d+: another run or command wrote it", line)


def test_another_tenant_and_another_host(starter: Workspace, tmp_path: Path) -> None:
    saved(starter)
    settings = (starter.root / "provisioner.yaml").read_text()
    (tmp_path / "other").mkdir()
    with served(tmp_path / "other") as sandbox:
        moved = re.sub(r"endpoint: \S+", f"endpoint: {sandbox.endpoint}", settings)
        starter.write("provisioner.yaml", moved.replace("2345", "2346"))
        host = sandbox.endpoint.split("/")[2]
        stale(
            starter,
            f"the plan is for sandbox, and this workspace is for {host}",
            "the plan is for company 2345, and this workspace is for 2346",
            "provisioner.yaml: was edited",
        )
        assert not sandbox.ask("/calls")


def test_what_narrowed_the_plan_narrows_the_apply(starter: Workspace) -> None:
    saved(starter, "--target", "service/color")
    assert starter("apply", "plan.json").code == 0
    assert starter.addresses() == ["service/color"]
    ran = starter("apply", "plan.json", "--target", "service/haircut")
    assert (ran.code, ran.err) == (
        64,
        "Error: --target is in the saved plan already: leave it out, or plan again with it\n",
    )


def test_variables_are_given_again_and_their_values_are_not_kept(starter: Workspace) -> None:
    starter.edit("studio.yaml", "price: 85", "price: '${var:PRICE}'")
    saved(starter, "--var", "PRICE=86", "--var", "OTHER=canary-8f3a")
    assert "canary-8f3a" not in (starter.root / "plan.json").read_text()
    ran = starter("apply", "plan.json", "--var", "PRICE=86")
    assert (ran.code, ran.err) == (
        64,
        "Error: the plan was made with --var OTHER=...: give it again, its value is not kept\n",
    )
    ran = starter("apply", "plan.json", "--var", "PRICE=87", "--var", "OTHER=x")
    assert ran.code == 8
    assert "service/color: the plan is still to create it, differently (price)" in ran.err
    assert starter("apply", "plan.json", "--var", "PRICE=86", "--var", "OTHER=x").code == 0


def test_a_file_of_variables_is_read_again_from_where_it_was_or_from_another_place(starter: Workspace) -> None:
    starter.edit("studio.yaml", "price: 85", "price: '${var:PRICE}'")
    starter.write("data/vars.yaml", "PRICE: 86\n")
    saved(starter, "--var-file", "data/vars.yaml")
    (starter.root / "data/vars.yaml").rename(starter.root / "data/others.yaml")
    assert starter("apply", "plan.json").code == 1
    assert starter("apply", "plan.json", "--var-file", "data/others.yaml").code == 0


def test_a_destruction_is_saved_and_carried_out_as_well(applied: Workspace) -> None:
    saved(applied, "--destroy")
    ran = applied("apply", "plan.json")
    assert ran.code == 0, ran
    assert "Destroy complete!" in ran.out


def test_a_blocked_plan_is_not_kept(applied: Workspace) -> None:
    saved(applied)
    applied.edit("studio.yaml", "duration_padding: 15 min}", "duration_padding: 15 min, lifecycle: {protect: true}}")
    applied.apply()
    text = (applied.root / "studio.yaml").read_text()
    applied.write("studio.yaml", re.sub("  color: .*\n", "", text).replace("[haircut, color]", "[haircut]"))
    ran = applied("plan", "--save", "plan.json")
    assert (ran.code, ran.err) == (4, "Not saved: changes in it are blocked.\n")
    assert not (applied.root / "plan.json").exists()


# -- the file


def test_a_secret_is_not_in_it(starter: Workspace) -> None:
    starter.write(
        "west.yaml",
        "accounts: {west: {company_name: W, nick_name: west, email: w@w.example, timezone: America/Los_Angeles,\n"
        "  password: '${env:WEST}'}}\n",
    )
    env = {"WEST": "canary-8f3a-password"}
    assert starter("plan", "--save", "plan.json", env=env).code == 0
    assert "canary" not in (starter.root / "plan.json").read_text()
    assert (starter.root / "plan.json").stat().st_mode & 0o777 == 0o600
    assert starter("apply", "plan.json", env=env).code == 0


@pytest.mark.parametrize("command", ["show", "apply"])
@pytest.mark.parametrize("text", ["", "[]", "{}", "x", '{"type": 1, "format_version": 1}', "[" * 50_000, "\x00"])
def test_what_is_no_plan(starter: Workspace, command: str, text: str) -> None:
    starter.write("plan.json", text)
    ran = starter(command, "plan.json")
    assert (ran.code, ran.out) == (64, "")
    assert re.fullmatch(r"Error: plan\.json: (is no saved plan|was saved by another version): .*\n", ran.err)


def test_nothing_about_a_person_is_in_it(starter: Workspace) -> None:
    starter.write("clients.yaml", "clients: {liv: {email: '${var:LIV}', name: Liv Moe, phone: 555-0199}}\n")
    saved(starter, "--var", "LIV=liv@canary.example")
    text = (starter.root / "plan.json").read_text()
    assert [word for word in ("canary", "Liv Moe", "555-0199") if word in text] == []
    shown = starter("show", "plan.json").out
    assert "client/liv" in shown
    assert "+ email = (not shown)" in shown
    ran = starter("apply", "plan.json", "--var", "LIV=other@canary.example")
    assert (ran.code, ran.out) == (8, "")
    assert "  the plan: what it would write about a person differs" in ran.err
    assert "canary" not in ran.err
    assert starter("apply", "plan.json", "--var", "LIV=liv@canary.example").code == 0


def test_an_edited_plan(starter: Workspace) -> None:
    saved(starter)
    text = (starter.root / "plan.json").read_text()
    starter.write("plan.json", text.replace("Juniper", "Jupiter"))
    ran = starter("apply", "plan.json")
    assert ran == (64, "", "Error: plan.json: damaged or edited (its checksum does not fit): plan again\n")


def test_a_manifest_is_never_overwritten(starter: Workspace) -> None:
    before = (starter.root / "studio.yaml").read_bytes()
    starter.write("notes.txt", "mine")
    ran = starter("plan", "--save", "notes.txt")
    assert ran == (64, "", "Error: notes.txt: is there already, and is no saved plan: name another file\n")
    for each in ("--save=studio.yaml", "--report=json=studio.yaml", "--report=markdown=studio.yaml"):
        assert starter("plan", each).code == 64
    assert (starter.root / "studio.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("new.yaml", "'new.yaml' would be read as a manifest: name it otherwise, such as new.json"),
        ("nodir/x.json", "there is no folder 'nodir': make it first"),
        (".", "'.' is a folder: name a file in it"),
        ("-", "'-' is no file, and stdout has the plan already: name a file"),
        (".provisioner/x.json", "'.provisioner/x.json' is where provisioner keeps the state: name a file elsewhere"),
        ("/dev/null", "'/dev/null' is no regular file: name another one"),
    ],
)
def test_where_nothing_is_written(starter: Workspace, file: str, words: str) -> None:
    """One rule, whatever is to be written, and before anything is done."""
    (starter.root / ".provisioner").mkdir(exist_ok=True)
    before = sorted(starter.root.rglob("*"))
    for option in (f"--save={file}", *([] if file == "/dev/null" else [f"--report=json={file}"])):
        ran = starter("plan", option)
        assert (ran.code, ran.out) == (64, "")
        assert words in ran.err
    assert sorted(starter.root.rglob("*")) == before


# -- a digest


def test_a_digest_is_an_approval(starter: Workspace) -> None:
    digest = starter("plan").out.splitlines()[-1].removeprefix("Digest: ")
    ran = starter("apply", "--digest", "0123456789")
    assert (ran.code, ran.out) == (8, "")
    assert f"this is another plan than 0123456789 (its digest is {digest}): nothing was changed" in ran.err
    assert not starter.writes()
    assert starter("apply", "--digest", digest.upper()).code == 0
    starter.settled()


@pytest.mark.parametrize("digest", ["", "7f3a", "7f3a9c41d", "7f3a9c41d2\n", "zzzzzzzzzz"])
def test_what_is_no_digest(starter: Workspace, digest: str) -> None:
    ran = starter("apply", "--digest", digest)
    assert (ran.code, ran.out) == (64, "")
    assert "is no digest: give the ten hex digits of the plan's last line" in ran.err


def test_one_approval_at_a_time(starter: Workspace) -> None:
    saved(starter)
    ran = starter("apply", "plan.json", "--digest", "0123456789")
    assert (ran.code, ran.err) == (64, "Error: FILE and --digest are two approvals: give one of them\n")


# -- reports


@pytest.mark.parametrize("part", ["text", "basis", "options", "variables", "made"])
def test_a_plan_that_lacks_a_part(starter: Workspace, part: str) -> None:
    """Whoever computes the checksum anew gets no further."""
    starter("plan", "--save", "p.json")
    body = json.loads((starter.root / "p.json").read_bytes())
    for spoiled in ({k: v for k, v in body.items() if k != part}, body | {part: 7}):
        del spoiled["sha256"]
        starter.write("p.json", json.dumps(spoiled | {"sha256": checksum(spoiled)}))
        for command in ("show", "apply"):
            ran = starter(command, "p.json")
            assert (ran.code, ran.err.count("\n")) == (64, 1), ran
            assert "damaged or edited" in ran.err
    assert starter.writes() == 0
