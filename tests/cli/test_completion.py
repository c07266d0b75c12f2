"""Completion in real shells: the printed script, and the words that it is given."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, Workspace, environment

BASH = """\
set -eu
eval "$({command} completion bash)"
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
COMPREPLY=()
_provisioner_completion {command}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def bash(words: str, root: Path) -> list[str]:
    """What bash's own completion function puts into COMPREPLY."""
    script = BASH.format(command=COMMAND, words=words)
    done = subprocess.run(
        ["bash", "-c", script], cwd=root, env=environment(root), capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="no bash to ask")


@needs_bash
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("provisioner pl", ["plan"]),
        ("provisioner sta", ["state"]),
        ("provisioner state re", ["resolve", "restore"]),
        ("provisioner plan --det", ["--detailed-exitcode"]),
        ("provisioner completion z", ["zsh"]),
        ("provisioner explain serv", ["service"]),
        ("provisioner explain service.dur", ["service.duration", "service.duration_padding"]),
        ("provisioner explain employee.at.h", ["employee.at.hours"]),
        ("provisioner plan --target empl", ["employee/ana", "employee/ben"]),
        ("provisioner plan --target service/h", ["service/haircut"]),
        ("provisioner apply --rotate loc", ["location/studio"]),
        ("provisioner state show nothing", []),
        ("provisioner plan --report m", ["markdown="]),
        ("provisioner plan --report ''", ["text=", "json=", "markdown=", "html="]),
        ("provisioner lint --ignore unclaimed-m", ["unclaimed-main-location"]),
    ],
)
def test_bash(starter: Workspace, words: str, expected: list[str]) -> None:
    assert bash(words, starter.root) == expected


@needs_bash
def test_addresses_of_the_state_and_of_another_folder(applied: Workspace) -> None:
    assert bash("provisioner state show hours/", applied.root) == ["hours/ana/studio", "hours/ben/studio"]
    (applied.root / "studio.yaml").unlink()
    assert bash(f"provisioner -C {applied.root} plan --target service/c", Path("/")) == ["service/color"]


@needs_bash
def test_addresses_of_sub_accounts(empty: Workspace) -> None:
    accounts = "accounts: {west: {}, east: {}, top: {parent: true}}\n"
    empty.write("a.yaml", f"{accounts}---\naccount: all\nservices: {{cut: {{}}}}\n")
    empty.write("b.yaml", "account: [west]\nlocations: {pier: {}}\n---\naccount: top\nlocations: {lobby: {}}\n")
    found = bash("provisioner plan --target ''", empty.root)
    services = ["east/service/cut", "west/service/cut"]
    assert found == sorted(
        ["account/east", "account/top", "account/west", *services, "west/location/pier", "location/lobby"]
    )


@needs_bash
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broken.yaml", "services: [\n"),
        ("broken.yaml", b"\xff\xfe\x00"),
        ("provisioner.yaml", "version: 9\n"),
        (".provisioner/state/sandbox/2345/state.json", "{"),
        ("evil.yaml", 'services: {"x\\n$(touch evil)": {}, "a b": {}, "`id`": {}}\n'),
    ],
)
def test_a_broken_workspace_is_no_error(starter: Workspace, name: str, text: str | bytes) -> None:
    starter.write(name, text)
    assert bash("provisioner plan --target service/", starter.root) in (["service/color", "service/haircut"], [])
    assert not (starter.root / "evil").exists()


@needs_bash
def test_no_workspace_is_no_error(tmp_path: Path) -> None:
    assert bash("provisioner plan --target x", tmp_path) == []


@needs_bash
def test_a_huge_workspace_is_left_alone(empty: Workspace) -> None:
    empty.write("a.yaml", "services: {small: {}}\n")
    empty.write("huge.yaml", "services:\n" + "  # nothing\n" * 100_000)
    assert bash("provisioner plan --target serv", empty.root) == ["service/small"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_script_asks_the_command(starter: Workspace, shell: str) -> None:
    ran = starter("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_PROVISIONER_COMPLETE={shell}_complete" in ran.out
    known = shutil.which(shell)
    if known:
        option = "--no-execute" if shell == "fish" else "-n"
        done = subprocess.run([known, option], input=ran.out, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_the_other_shells_are_told(starter: Workspace, shell: str) -> None:
    """Both hand the words over in the environment; fish gives the last one for its number."""
    asked = {"COMP_WORDS": "provisioner plan --target serv", "COMP_CWORD": "3" if shell == "zsh" else "serv"}
    env = environment(starter.root, {**asked, "_PROVISIONER_COMPLETE": f"{shell}_complete"})
    done = subprocess.run([COMMAND], cwd=starter.root, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "service/color" in done.stdout
    assert "service/haircut" in done.stdout


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish to ask")
def test_fish(starter: Workspace) -> None:
    script = f'{COMMAND} completion fish | source; complete -C "provisioner plan --target serv"'
    path = {"PATH": f"{Path(COMMAND).parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["fish", "-c", script], cwd=starter.root, env=environment(starter.root, path), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["service/color", "service/haircut"]


ZSH = """\
compdef() {{ }}
compadd() {{ print -l -- "${{(@P)@[-1]}}" }}
eval "$({command} completion zsh)"
words=(provisioner plan --target serv)
CURRENT=4
_provisioner_completion
"""


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh to ask")
def test_zsh(starter: Workspace) -> None:
    """The function itself, with the two of zsh's own that only work on a terminal standing in for themselves."""
    path = {"PATH": f"{Path(COMMAND).parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["zsh", "-f", "-c", ZSH.format(command=COMMAND)], cwd=starter.root, env=environment(starter.root, path),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["service/color", "service/haircut"], "")
