"""On a terminal: questions, colours and the keys that interrupt."""

from __future__ import annotations

import pytest

from tests.cli.command import Env, Workspace, terminal

QUESTION = "Apply these changes? Only yes applies them"
CTRL_C, CTRL_D = "\x03", "\x04"


@pytest.mark.parametrize(
    ("keys", "code", "answer"),
    [
        ("no\n", 1, "Nothing was applied."),
        ("y\n", 1, "Nothing was applied."),
        ("\n", 1, "Nothing was applied."),
        (CTRL_D, 130, "interrupted at the question: nothing was applied"),
        (CTRL_C, 130, "interrupted at the question: nothing was applied"),
    ],
)
def test_only_yes_applies(starter: Workspace, keys: str, code: int, answer: str) -> None:
    with terminal("apply", cwd=starter.root) as screen:
        screen.expect(QUESTION)
        screen.type(keys)
        assert screen.end() == code
    assert answer in screen.screen
    assert starter.writes() == 0
    assert not starter.state.exists()


def test_yes_applies(starter: Workspace) -> None:
    with terminal("apply", cwd=starter.root) as screen:
        screen.expect(QUESTION)
        screen.type("yes\n")
        assert screen.end() == 0
    assert "7/7" in screen.screen
    assert "9 added, 2 changed, 0 destroyed." in screen.screen
    starter.settled()


def test_nothing_to_do_asks_nothing(applied: Workspace) -> None:
    with terminal("apply", cwd=applied.root) as screen:
        assert screen.end() == 0
    assert "No changes." in screen.screen
    assert QUESTION not in screen.screen


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 1), ("2346\n", 1), (CTRL_C, 130), ("2345\n", 0)])
def test_destroy_asks_for_the_account(applied: Workspace, typed: str, code: int) -> None:
    calls = applied.writes()
    with terminal("destroy", cwd=applied.root) as screen:
        screen.expect("Type the account's number, 2345, to go on")
        screen.type(typed)
        assert screen.end() == code
    assert (applied.writes() > calls) == (code == 0)
    assert len(applied.addresses()) == (0 if code == 0 else 11)


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        (["plan"], {}, True),
        (["--no-color", "plan"], {}, False),
        (["plan"], {"NO_COLOR": "1"}, False),
        (["plan"], {"NO_COLOR": ""}, True),
    ],
)
def test_colour_is_for_terminals(starter: Workspace, arguments: list[str], env: Env, coloured: bool) -> None:
    with terminal(*arguments, cwd=starter.root, env=env) as screen:
        assert screen.end() == 0
    assert ("\x1b[" in screen.screen) == coloured
    if not coloured:
        assert screen.screen.replace("\r\n", "\n") == starter("plan").out


def test_no_colour_without_a_terminal(starter: Workspace) -> None:
    ran = starter("plan", env={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm-256color"})
    assert "\x1b" not in ran.out
