"""Whatever the files or the tenant hold: what is printed is plain, and no mistake ends in a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from tests.cli.command import COMMAND, EXAMPLES, Ran, Workspace, environment, run, served

ANSI = "\x1b[31mred\x1b[0m\x1b]0;title\x07"
BIDI = "\u202etxt.exe\u2066\u200b\u200f"
LINES = "one\ntwo\rthree\u2028four\x85five"
EMOJI = "\U0001f487\u200d\u2640\ufe0f \ud800e\u0301"
HOSTILE = {
    "ansi": ANSI,
    "bidi": BIDI,
    "lines": LINES,
    "emoji": EMOJI,
    "nul": "a\x00b\x9b31m\x7f",
    "empty": "",
    "blank": " ",
}
EVERYTHING = (["plan"], ["plan", "--json"], ["apply", "--yes"], ["plan"], ["destroy", "--yes"])


def no_crash(ran: Ran) -> Ran:
    """Clean output is checked by every run; here, that it was no error of ours."""
    assert ran.code in (0, 1, 4), ran
    assert ran.code != 1 or ran.err
    return ran


def everything_is_open() -> bool:
    """Whether modes do not bind this user, as they do not bind root."""
    with NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


# -- names


def services(count: int, price: int = 5) -> str:
    return "services:\n" + "".join(f"  s{n}: {{name: S{n}, duration: 30 min, price: {price}}}\n" for n in range(count))


def test_hostile_names_put_there_by_others(applied: Workspace) -> None:
    """In what is put back, in what is destroyed, in the main location, and in what is not ours."""
    names = list(HOSTILE.values())
    applied.write("many.yaml", services(2 * len(names)))
    applied.apply()
    for number, name in enumerate(names + names):
        applied.tamper("service", f"S{number}", name=name)
    applied.tamper("location", "Juniper Studio", name=ANSI + BIDI, city=LINES, zip=[EMOJI], state=None)
    applied.write("many.yaml", services(len(names)))
    ran = no_crash(applied("plan"))
    assert "location/studio" in ran.out
    assert "\\u001b[31mred" in ran.out
    for arguments in EVERYTHING:
        no_crash(applied(*arguments))


def test_hostile_names_where_all_that_is_not_ours_goes(applied: Workspace) -> None:
    with served(applied.root) as sandbox:
        assert sandbox.ask("/calls")
        applied.tamper("service", "Colour", name=ANSI + BIDI + LINES)
    applied("state", "rm", "service/color")
    settings = (applied.root / "provisioner.yaml").read_text()
    applied.write("provisioner.yaml", settings + "policy: {prune: all}\n")
    applied.write("studio.yaml", "services: {haircut: {name: Haircut, duration: 45 min, default: true}}\n")
    ran = no_crash(applied("plan"))
    assert "\\u001b[31mred" in ran.out
    for arguments in EVERYTHING:
        no_crash(applied(*arguments))


def test_hostile_names_in_a_manifest(empty: Workspace) -> None:
    """Some are refused, each at its place; the others go all the way."""

    def menu(names: list[str]) -> str:
        escaped = ("".join(f"\\U{ord(char):08x}" for char in name if char != "\ud800") for name in names)
        lines = (f'  s{number}: {{name: "{text}", duration: 30 min}}\n' for number, text in enumerate(escaped))
        return "services:\n" + "".join(lines)

    names = list(HOSTILE.values())
    empty.write("menu.yaml", menu(names))
    ran = no_crash(empty("validate"))
    refused = {int(line.split(":")[1]) - 2 for line in ran.err.splitlines()[:-1]}
    assert {names[number] for number in refused} >= {ANSI, LINES, HOSTILE["nul"], HOSTILE["empty"]}
    accepted = [name for number, name in enumerate(names) if number not in refused]
    assert {BIDI, EMOJI} <= {*accepted}
    empty.write("menu.yaml", menu(accepted))
    for arguments in EVERYTHING:
        assert empty(*arguments).code == 0


def test_hostile_keys_and_values_are_quoted_in_errors(empty: Workspace) -> None:
    escaped = "".join(f"\\U{ord(char):08x}" for char in ANSI + BIDI + LINES)
    empty.write(
        "menu.yaml",
        f'services:\n  "{escaped}": {{name: x, duration: 30 min}}\n  cut: {{"{escaped}": 1, duration: "{escaped}"}}\n'
        f'"{escaped}": 1\nlinks: [{{employees: ["{escaped}"], locations: all, services: all}}]\naccount: "{escaped}"\n',
    )
    ran = no_crash(empty("validate"))
    assert ran.code == 1
    assert all(line.startswith("menu.yaml:") for line in ran.err.splitlines()[:-1])


def test_hostile_file_names(empty: Workspace) -> None:
    names: list[str | bytes] = ["\x1b[31m.yaml", "two\nlines.yaml", b"\xff\xfe.yaml", "\u202elmay.yaml"]
    for name in names:
        (empty.root / os.fsdecode(name)).write_text("services: {cut: {nam: x}}\n")
    ran = no_crash(empty("validate"))
    assert ran.code == 1
    assert ran.err.count(": unknown key 'nam'") == len(names)


def test_hostile_arguments(applied: Workspace) -> None:
    for arguments in (
        ["plan", "--target", ANSI + BIDI],
        ["plan", "--rotate", ANSI + BIDI],
        ["plan", "--endpoint", "http://" + ANSI],
        ["state", "show", "service/" + ANSI],
        ["state", "mv", "service/color", "service/" + BIDI],
        ["plan", "--var-file", ANSI],
        ["-C", ANSI, "plan"],
        [ANSI],
    ):
        assert applied(*arguments).code in (1, 4, 64)


@pytest.mark.parametrize("where", ["live", "manifest"])
def test_a_name_of_a_megabyte(applied: Workspace, where: str) -> None:
    name = "x y" * 350_000
    if where == "live":
        applied.tamper("service", "Colour", name=name)
    else:
        applied.edit("studio.yaml", "name: Colour,", f"name: {name},")
    ran = no_crash(applied("plan"))
    assert len(ran.out) + len(ran.err) < 10_000
    assert max(map(len, (ran.out + ran.err).splitlines())) < 400


def test_live_values_that_make_no_sense(empty: Workspace) -> None:
    nonsense: list[dict[str, object]] = [
        {"duration": "soon"},
        {"duration": None},
        {"duration": -5},
        {"duration": 10**30},
        {"name": None},
        {"name": ["S5"]},
        {"name": 12},
        {"price": {"amount": 1}},
        {"price": "1e999"},
        {"price": float("inf")},
    ]
    empty.write("many.yaml", services(2 * len(nonsense)))
    empty.apply()
    for number, raw in enumerate(nonsense + nonsense):
        empty.tamper("service", f"S{number}", **raw)
    empty.write("many.yaml", services(len(nonsense)))
    for arguments in (*EVERYTHING[:2], ["apply", "--yes", "--allow-destroy=99", "--allow-update=99"], *EVERYTHING[3:]):
        no_crash(empty(*arguments))


# -- lines


def test_eighty_columns(tmp_path: Path) -> None:
    passwords = {f"JUNIPER_{name}_PASSWORD": "x" for name in ("WEST", "HARBOUR", "AIRPORT")}
    for width, most in (("80", 80), ("120", 120), ("400", 120)):
        chain = Workspace(EXAMPLES / "salon-chain").copy(tmp_path / width)
        assert max(map(len, chain("plan", env={"COLUMNS": width, **passwords}).out.splitlines())) <= most


def test_long_names_break_where_they_can(empty: Workspace) -> None:
    words = "a name of many words " * 12
    empty.write("menu.yaml", f"services: {{cut: {{name: {words}, duration: 30 min, description: {words}}}}}\n")
    empty.apply()
    empty.write("menu.yaml", f"services: {{cut: {{name: {words} too, duration: 30 min, description: {words} too}}}}\n")
    for arguments in (["plan"], ["apply", "--yes"], ["plan"]):
        out = empty(*arguments, env={"COLUMNS": "80"}).out
        assert max(map(len, out.splitlines())) <= 80, out


def test_stable_last_lines(starter: Workspace, applied: Workspace) -> None:
    lines = starter("plan").out.splitlines()
    assert lines[-2].startswith("Plan: ")
    assert lines[-1].startswith("Digest: ")
    assert applied("plan").out.splitlines()[-1].startswith("No changes. ")
    applied("state", "rm", "service/color")
    assert "\nNo changes. 1 live object was " in applied("plan").out


# -- places


def test_a_folder_named_like_a_manifest(starter: Workspace) -> None:
    (starter.root / "menu.yaml").mkdir()
    starter.write("menu.yaml/inner.yaml", "services: {cut: {name: Cut, duration: 30 min}}\n")
    assert starter("validate").out.startswith("Valid: 12 resources")


def test_what_is_no_manifest(starter: Workspace) -> None:
    contents = {
        "bytes": bytes(range(256)),
        "nuls": b"\x00" * 4096,
        "utf-16": b"\xff\xfes\x00",
        "latin-1": b"services: {cut: {name: Caf\xe9, duration: 30 min}}",
        "cycle": b"a: &a [*a]",
        "depth": b"[" * 100_000,
        "tag": b"services: !!python/object/apply:os.system ['true']",
        "bomb": b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122)),
    }
    for name, content in contents.items():
        starter.write(f"{name}.yaml", content)
    ran = starter("validate")
    assert (ran.code, ran.out) == (1, "")
    named = {line.split(".yaml")[0] for line in ran.err.splitlines()[:-1]}
    assert named == {*contents}
    assert len(ran.err) < 8_000


def test_links_that_lead_nowhere_or_out(starter: Workspace) -> None:
    (starter.root.parent / "outside.yaml").write_text("services: {cut: {name: Cut, duration: 30 min}}\n")
    for name, target in (("nowhere", "absent"), ("device", "/dev/null"), ("outside", "../outside.yaml")):
        (starter.root / f"{name}.yaml").symlink_to(target)
    ran = starter("validate")
    assert (ran.code, ran.out) == (1, "")
    *lines, count = ran.err.splitlines()
    assert count.startswith("3 problems")
    assert [line.split(": it cannot be read: ")[0] for line in lines] == ["device.yaml", "nowhere.yaml", "outside.yaml"]


def test_a_link_to_itself(starter: Workspace) -> None:
    (starter.root / "loop.yaml").symlink_to("loop.yaml")
    ran = starter("validate")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("loop.yaml: it cannot be read: ")


@pytest.mark.skipif(everything_is_open(), reason="nothing is closed to this user")
@pytest.mark.parametrize("name", ["studio.yaml", "provisioner.yaml"])
def test_a_file_that_may_not_be_read(starter: Workspace, name: str) -> None:
    (starter.root / name).chmod(0)
    ran = starter("validate")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"{name}: it cannot be read: Permission denied")


@pytest.mark.skipif(everything_is_open(), reason="nothing is closed to this user")
@pytest.mark.parametrize("command", ["init", "plan", "apply --yes", "sandbox serve"])
def test_a_workspace_that_may_not_be_written(starter: Workspace, command: str) -> None:
    if command == "init":
        (starter.root / "provisioner.yaml").unlink()
        (starter.root / "studio.yaml").unlink()
    starter.root.chmod(0o500)
    ran = starter(*command.split())
    starter.root.chmod(0o700)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: ")
    assert "Permission denied" in ran.err


def test_settings_that_are_a_folder(tmp_path: Path) -> None:
    (tmp_path / "provisioner.yaml").mkdir()
    for command in ("plan", "sandbox reset"):
        ran = run(*command.split(), cwd=tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("provisioner.yaml: it cannot be read: Is a directory\n")


@pytest.mark.parametrize("state", [b"{}", b"", b"[1]", b"\xff\x00", b'{"sha256": 1}', None])
def test_a_damaged_state(applied: Workspace, state: bytes | None) -> None:
    text = applied.state.read_bytes()
    applied.state.write_bytes(text.replace(b"owned", b"0wned", 1) if state is None else state)
    before, calls = applied.state.read_bytes(), applied.writes()
    most = ("plan", "apply --yes", "destroy --yes", "state list", "state rm service/color")
    for command in most if state is None else ("state list",):
        ran = applied(*command.split())
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("Error: .provisioner/state/sandbox/2345/state.json: ")
        assert len(ran.err.splitlines()) == 1
        if state != b"\xff\x00":
            assert "Put it together again with provisioner state restore" in ran.err
    assert (applied.state.read_bytes(), applied.writes()) == (before, calls)


def test_moving_a_damaged_state_and_its_journal_away_is_enough(applied: Workspace) -> None:
    applied.state.unlink()
    ran = applied("plan")
    assert (ran.code, ran.out) == (1, "")
    assert "put it together again with provisioner state restore" in ran.err
    applied.state.with_name("journal.ndjson").unlink()
    assert {each.split()[0] for each in applied.changes()} == {"adopt"}
    applied.apply()
    applied.settled()


@pytest.mark.parametrize("data", ["file", "folder"])
def test_a_damaged_sandbox(starter: Workspace, data: str) -> None:
    if data == "folder":
        starter.db.mkdir()
    else:
        starter.db.write_bytes(os.urandom(9000))
    for command in ("plan", "apply --yes", "sandbox serve --port 0"):
        ran = starter(*command.split())
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("Error: .provisioner/sandbox.db: cannot be used as the sandbox's data (")
        assert "Move it away" in ran.err
    ran = starter("sandbox", "reset")
    assert ran.code == (1 if data == "folder" else 0)
    assert data == "file" or ran.err == "Error: .provisioner/sandbox.db: Is a directory\n"


@pytest.mark.parametrize(
    ("file", "command"),
    [(".provisioner", "plan"), (".provisioner/state", "apply --yes"), (".provisioner/state/sandbox", "state list")],
)
def test_a_file_where_a_folder_should_be(starter: Workspace, file: str, command: str) -> None:
    shutil.rmtree(starter.root / ".provisioner")
    starter.write(file, "")
    ran = starter(*command.split())
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: .provisioner")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a shell sets the limit")
@pytest.mark.parametrize("blocks", [20, 100])
def test_a_full_disk(starter: Workspace, blocks: int) -> None:
    ran = starter("apply", "--yes", limit=f"-f {blocks}")
    assert ran.code in (1, 5)
    assert ran.err.splitlines()[-1].startswith("Error: ")
    starter("sandbox", "reset") if ran.code == 1 else None
    starter.apply()
    starter.settled()


def test_a_full_disk_while_the_state_is_saved(starter: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with served(tmp_path / "elsewhere", "--db", "sandbox.db") as sandbox:
        to = ["--endpoint", sandbox.endpoint]
        ran = starter("apply", "--yes", *to, limit="-f 4")  # the run's record fits, the journal does not
        assert ran.code == 5
        last = ran.err.splitlines()[-1]
        assert last.startswith("Error: .provisioner/state/")
        assert "journal.ndjson: cannot be written: File too large. Nothing was sent that" in last
        starter.apply(*to)
        starter.settled(*to)
        held = sandbox.dump()
        assert [len(held[kind]) for kind in ("services", "employees", "locations", "links")] == [2, 3, 1, 3]


# -- who reads


@pytest.mark.parametrize("arguments", ["plan", "plan --json", "state list", "--help"])
def test_a_reader_that_leaves(applied: Workspace, arguments: str) -> None:
    applied.write(
        "studio.yaml", "services:\n" + "".join(f"  s{n}: {{name: S{n}, duration: 15 min}}\n" for n in range(900))
    )
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} {arguments} | head -1"],
        cwd=applied.root,
        env=environment(applied.root),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


@pytest.mark.parametrize("to", [">/dev/full", ">&-", ">&- 2>&- <&-"])
def test_nowhere_to_print_to(applied: Workspace, to: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} plan {to}"],
        cwd=applied.root,
        env=environment(applied.root),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == (1 if "full" in to else 0)


def test_a_terminal_that_cannot_show_it(empty: Workspace) -> None:
    empty.write("menu.yaml", "services: {cut: {name: Ås \U0001f487, duration: 30 min}}\n")
    for env in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"LANG": "C", "PYTHONUTF8": "0"}):
        done = subprocess.run(
            [COMMAND, "plan"], cwd=empty.root, env=environment(empty.root, env), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == b""
        assert b"service/cut" in done.stdout
