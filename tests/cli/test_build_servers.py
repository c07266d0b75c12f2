"""In the log of a build: no name, file, argument, answer or lock can give the server that reads it a command.

What is looked at after every run here (`decent`): no line begins with `::` or holds `##[`, `##vso[` or `##teamcity[`,
and there is no control and no mark that turns text around.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from provisioner.kinds import Address
from provisioner.state.model import Pending, Record, State, Tenant
from provisioner.state.snapshot import dump
from tests.cli.command import Ran, Workspace, decent, ruded, served
from tests.nasty import COMMANDS, CONTROLS, LINE_COMMANDS, PIECES, SECTIONS

SAID = (*LINE_COMMANDS, *COMMANDS)
PROSE = " ".join(SAID * 4)
WORDS = f"{PROSE} {' '.join(CONTROLS + SECTIONS)}"
LONG = pytest.mark.slow
COLUMNS = pytest.mark.parametrize("columns", ["40", pytest.param("80", marks=LONG), pytest.param("200", marks=LONG)])
SPELLED = r"\u003a:error", r"\u0023#[group]"


def menu(workspace: Workspace, names: tuple[str, ...]) -> None:
    """Services of these names, with a text that has to be wrapped."""
    lines = (
        f"  s{number}: {{name: {json.dumps(name)}, description: {json.dumps(f'{name} {PROSE}')}, duration: 30 min}}\n"
        for number, name in enumerate(names)
    )
    workspace.write("menu.yaml", "services:\n" + "".join(lines))


@COLUMNS
def test_names_in_manifests_and_in_the_tenant(empty: Workspace, columns: str) -> None:
    env = {"COLUMNS": columns}
    names = tuple(f"{name} {n}" for n, name in enumerate(SAID * 2))
    menu(empty, names)
    for arguments, code in ((["plan"], 0), (["plan", "--json"], 0), (["apply", "--yes"], 0), (["plan"], 0)):
        assert empty(*arguments, env=env).code == code
    for name, hostile in zip(names, PIECES, strict=False):
        empty.tamper("service", name, name=f"{hostile} {name}", description=f"{name} {WORDS}")
    menu(empty, names[: len(names) // 2])
    blocked = empty("plan", env=env)
    assert blocked.code == 4
    assert empty("apply", "--yes", env=env).code == 4
    meant = ["--allow-update=99", "--allow-destroy=99"]
    for arguments in (["plan", *meant], ["plan", "--json", *meant], ["apply", "--yes", *meant]):
        ran = empty(*arguments, env=env)
        assert ran.code == 0, ran
    shown = json.loads(empty("state", "pull").out)["resources"]
    assert {each["applied"]["name"] for each in shown.values()} == {*names[: len(names) // 2]}
    assert empty("destroy", "--yes", env=env).code == 0


def test_what_the_plan_means_as_json_is_what_was_written(empty: Workspace) -> None:
    menu(empty, SAID)
    made = [{f["name"]: f["after"] for f in change["fields"]} for change in empty.planned()["changes"]]
    assert {(each["name"], each["description"]) for each in made} == {(name, f"{name} {PROSE}") for name in SAID}


# -- what is remembered


def state() -> State:
    keys = [each.replace("/", "") for each in (*SAID, *CONTROLS, f"a\n{WORDS}", "two\nowned  id 7")]
    records = {
        address: Record(id=WORDS, owned=True, applied={"name": key, WORDS: WORDS}, secrets={"password": WORDS})
        for key in keys
        for address in (Address("", "service", (key,)), Address(key, "location", ("a",)))
    }
    pending = {Address(LINE_COMMANDS[0], "employee", (f"a\n{PROSE}",)): Pending(Record(id=""), since=1.0)}
    return State(Tenant("sandbox", "2345"), lineage="::error::x ##[group]y", serial=1, records=records, pending=pending)


@pytest.fixture
def haunted(empty: Workspace) -> Workspace:
    """A workspace whose state somebody else wrote."""
    empty.write("copy.json", dump(state()).encode("utf-8", "surrogatepass"))
    assert empty("state", "push", "copy.json").code == 0
    return empty


def test_a_hostile_state(haunted: Workspace) -> None:
    kept = state()
    listed = haunted("state", "list")
    assert (listed.code, len(listed.out.splitlines())) == (0, len(kept.records) + len(kept.pending))
    pulled = json.loads(haunted("state", "pull").out)
    written = json.loads(dump(kept))
    assert [pulled[each] for each in ("resources", "pending")] == [written[each] for each in ("resources", "pending")]
    for address in (LINE_COMMANDS[0] + "/location/a", "service/\r\n"):
        assert haunted.shown(address)["address"] == address
        assert haunted("state", "own", address).err == ""
        assert haunted("state", "mv", address, address).code == 64
        assert len(haunted("state", "rm", address).out.splitlines()) == 1
        assert len(haunted("state", "show", address).err.splitlines()) == 1
        assert haunted("state", "resolve", address, "--absent").code == 64
    (doubt,) = kept.pending
    assert haunted("state", "resolve", str(doubt), "--adopt", PROSE).code == 64
    assert haunted("state", "show", str(doubt)).code == 0
    assert haunted("state", "resolve", str(doubt), "--adopt", "7").code == 0
    for arguments in (["plan"], ["plan", "--json"], ["apply", "--yes"], ["destroy", "--yes"]):
        assert haunted(*arguments).code in (0, 1, 4, 5, 7)


@contextmanager
def held(lock: Path, content: str) -> Iterator[None]:
    """Somebody has the lock, and wrote into it."""
    with lock.open("w", encoding="utf-8", errors="surrogatepass") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(content)
        file.flush()
        yield


@pytest.mark.parametrize("long", [1, 2000])
def test_a_hostile_lock(applied: Workspace, long: int) -> None:
    me = dict.fromkeys(("doing", "pid", "user", "host", "since"), f"::error::x\n{WORDS}" * long)
    with held(applied.state.parent / "lock", json.dumps(me)):
        ran = applied("plan")
        assert (ran.code, len(ran.err.splitlines())) == (0, 1)
        assert ran.err.startswith(r"\u003a:error::x\n")
        ran = applied("apply", "--yes")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (6, "", 1)
        assert ran.err.startswith("Error: ::error::x\\n")
        assert ran.err.endswith("is at work on this tenant: wait for it to end, then try again\n")
        assert len(ran.err) < 4_000


@pytest.mark.parametrize("content", ["[" * 100_000, "::error::x", "{}", "null", "\x00" * 99, '{"host": 1, "pid": []}'])
def test_a_lock_that_says_nothing(applied: Workspace, content: str) -> None:
    with held(applied.state.parent / "lock", content):
        ran = applied("apply", "--yes")
    assert (ran.code, ran.err.startswith("Error: another run is at work on this tenant: ")) == (6, True), ran.err


# -- what is answered


@COLUMNS
@pytest.mark.parametrize("sign_in", [False, True])
def test_the_vendors_words(starter: Workspace, tmp_path: Path, columns: str, sign_in: bool) -> None:
    told = tmp_path / "words.json"
    with ruded(tmp_path, told) as sandbox:
        for words in (WORDS, "::error::x " * 100_000, [f"\n{PROSE}"]) if columns == "40" else (WORDS,):
            told.write_text(json.dumps({"words": words, "sign_in": sign_in}))
            ran = starter("apply", "--yes", "--endpoint", sandbox.endpoint, env={"COLUMNS": columns})
            assert ran.code == (1 if sign_in else 5), ran
            assert "the vendor refused" in ran.err
            assert len(ran.out) + len(ran.err) < 30_000


# -- what is written and asked


def test_file_names_and_places(empty: Workspace) -> None:
    names = [each.replace("/", "") for each in (*SAID, *SECTIONS, *CONTROLS) if "\x00" not in each and each != "\ud800"]
    for n, name in enumerate(names):
        empty.write(f"{name}.yaml", f"services: {{s{n}: {{name: S{n}, duration: 30 min, nam: x}}}}\n")
    ran = empty("validate")
    assert (ran.code, ran.out) == (1, "")
    *problems, count = ran.err.splitlines()
    assert len(problems) == ran.err.count(": unknown key 'nam'") == len(names)
    assert count == f"{len(names)} problems found. Nothing was changed."
    assert all(each in ran.err for each in SPELLED)


@pytest.mark.parametrize("text", [LINE_COMMANDS[0], COMMANDS[0], f"x\n::error::y{WORDS}"])
def test_keys_values_and_settings_that_are_refused(empty: Workspace, text: str) -> None:
    said = json.dumps(text.encode("utf-8", "replace").decode())
    empty.write(
        "menu.yaml", f"{said}: 1\nservices: {{{said}: 1, cut: {{{said}: 1, name: {said}, duration: {said}}}}}\n"
    )
    assert empty("validate").code == 1
    empty.write("menu.yaml", f"account: {said}\nemployees: {{ana: {{at: {{{said}: {{services: [{said}]}}}}}}}}\n")
    assert empty("validate").code == 1
    base = "version: 1\nprovider: setster\n"
    for line in (f"endpoint: {said}\ncompany_id: 1", f"endpoint: sandbox\ncompany_id: {said}", f"{said}: 1", said):
        empty.write("provisioner.yaml", f"{base}{line}\n")
        assert empty("plan").code in (1, 4, 64)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("::error::x", marks=LONG),
        pytest.param("##[group]x", marks=LONG),
        "x\n::error::y\n##vso[a]b\x1b[0m\u202e",
    ],
)
def test_arguments(applied: Workspace, text: str) -> None:
    for arguments in (
        [text],
        [f"--{text}"],
        ["plan", text],
        ["plan", f"--{text}"],
        ["plan", "--target", text],
        ["plan", "--rotate", text],
        ["plan", "--allow-destroy", text],
        ["plan", "--endpoint", text],
        ["plan", "--endpoint", f"https://{text}"],
        ["plan", "--var", text],
        ["plan", "--var-file", text],
        ["-C", text, "plan"],
        ["state", "show", text],
        ["state", "mv", "service/color", f"service/{text}"],
        ["state", "push", text],
        ["state", "resolve", text, "--adopt", text],
        ["sandbox", "serve", "--host", text],
    ):
        ran = applied(*arguments)
        assert ran.code in (1, 4, 64), ran
        assert len([line for line in ran.err.splitlines() if not line.startswith(("Usage: ", "Try ", "\n"))]) <= 2, ran
    made = applied("-C", text, "init")
    assert (made.code, made.err, made.out.count("wrote ")) == (0, "", 4)
    with served(applied.root, "--db", f"{text}/x") as sandbox:
        decent(Ran(0, sandbox.said, ""))


@pytest.mark.parametrize(
    "piece",
    ["::error::x ", *(pytest.param(each, marks=LONG) for each in ("##[group]", "\u202e", "[bold]"))],
)
@pytest.mark.parametrize("where", ["live", "manifest"])
def test_a_megabyte_of_it(applied: Workspace, where: str, piece: str) -> None:
    name = (piece * (1_000_000 // len(piece))).strip()
    if where == "live":
        applied.tamper("service", "Colour", name=name)
    else:
        applied.edit("studio.yaml", "name: Colour,", f"name: {json.dumps(name)},")
    for arguments in (["plan"], ["apply", "--yes"], ["state", "list"]):
        ran = applied(*arguments, env={"COLUMNS": "40"})
        assert ran.code in (0, 1), ran
        assert len(ran.out) + len(ran.err) < 12_000
    document: dict[str, Any] = applied.planned()
    assert document["format_version"] == "1.3"
