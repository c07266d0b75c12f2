"""What leaves the process is plain text: nothing in it is for a terminal or a build server to obey."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cli.console import Progress
from provisioner.cli.printable import LONGEST, one_line, printable
from provisioner.cli.say import say, show
from provisioner.kinds import Address
from provisioner.plan.change import Plan
from provisioner.providers.base import Call, Effect, NotExecuted, Part
from provisioner.report.json import plan_json
from provisioner.report.outcome import outcome_text
from provisioner.report.style import Style
from provisioner.report.text import Banner, Effort, plan_text
from tests.nasty import COMMANDS as ANYWHERE
from tests.nasty import CONTROLS, LINE_COMMANDS, commands, odd
from tests.report.strategies import hostile, outcomes, plans

PACKAGE = Path(__file__).parents[2] / "provisioner"
WIDTHS = st.sampled_from([40, 80, 200])
EFFORT = Effort(1, 1, 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | hostile,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=4),
    max_leaves=8,
)


def decent(text: str) -> str:
    assert not odd(text), odd(text)
    assert not commands(text), commands(text)
    return text


# -- the escapes


@given(hostile)
def test_no_text_is_for_a_terminal_or_a_build_server(text: str) -> None:
    shown = decent(printable(text))
    assert printable(shown) == shown
    assert shown.count("\n") == text.count("\n")


@given(hostile)
def test_a_message_is_one_line(text: str) -> None:
    shown = decent(one_line(text))
    assert "\n" not in shown
    assert one_line(shown) == shown or len(shown) > LONGEST


@given(json_values, st.sampled_from([None, 1, 2]), st.booleans())
def test_a_json_document_means_the_same(value: Any, indent: int | None, ascii_only: bool) -> None:
    document = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert json.loads(decent(printable(document))) == json.loads(document)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error file=x::boo", r"\u003a:error file=x::boo"),
        ("one\n   ::add-mask::a", "one\n   \\u003a:add-mask::a"),
        (":::", r"\u003a::"),
        ("a ##[group]x", r"a \u0023#[group]x"),
        ("####[x", r"##\u0023#[x"),
        ("##vso[a]##teamcity[b]", r"\u0023#vso[a]\u0023#teamcity[b]"),
        ("section_start:0:x\r\x1b[0K", r"section_start:0:x\r\u001b[0K"),
        ("\r::error::x", r"\r::error::x"),
    ],
)
def test_commands_are_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    ["10::20", "C::B", "  a ::error::x", ": one", ":x:", "# 1 unchanged", "## Notes [1]", "#[x]", "a##b", "[::1]:80"],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text
    assert one_line(text) == text


def test_of_a_long_message_the_middle_is_left_out() -> None:
    shown = one_line("Error: " + "x" * 1_000_000 + ": remove it")
    assert len(shown) < LONGEST + 100
    assert shown.startswith("Error: xxx")
    assert shown.endswith("x: remove it")
    assert "(1000018 characters)" in shown


def test_what_is_looked_for_would_be_found() -> None:
    assert odd("plain\nÅs \U0001f487") == set()
    assert odd("\x1b\u202e\t\r\x9b") == {"\x1b", "\u202e", "\t", "\r", "\x9b"}
    assert all(odd(text) or text == "\n" for text in CONTROLS)
    assert all(commands(f"one\n  {text}") for text in LINE_COMMANDS)
    assert all(commands(f"one {text}") for text in ANYWHERE)
    assert commands("one ::error::x") == []


# -- what is said


def printed(what: Any) -> tuple[str, str]:
    """What goes to stdout and to stderr meanwhile."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        what()
    return decent(out.getvalue()), decent(err.getvalue())


@given(plans(), hostile, WIDTHS)
def test_a_plan(plan: Plan, name: str, width: int) -> None:
    text = plan_text(plan, Banner(True, name, name, name), EFFORT, width)
    out, _ = printed(lambda: show(text))
    assert out.count("\n") == text.count("\n") + 1


@given(plans(), hostile)
def test_a_plan_as_json(plan: Plan, name: str) -> None:
    document = json.dumps(plan_json(plan, Banner(True, name, name, name), EFFORT, ()), ensure_ascii=False, indent=2)
    out, _ = printed(lambda: show(document))
    assert json.loads(out) == json.loads(document)


@given(outcomes(), WIDTHS)
def test_an_outcome(outcome: Any, width: int) -> None:
    text = outcome_text(outcome, width)
    out, _ = printed(lambda: show(text))
    assert out.count("\n") == text.count("\n") + 1


@given(hostile, hostile)
def test_a_line_of_progress(name: str, words: str) -> None:
    part = Part(Address("", "service", (name,)))
    call = Call("c1", Effect.CREATE, (part,), frozenset(), payload=object())
    _, err = printed(lambda: Progress({}, 1, bar=False)(call, {part: NotExecuted(words)}))
    assert err.startswith("[1/1] service/")
    assert err.count("\n") == 1


@given(hostile)
def test_an_error(text: str) -> None:
    _, err = printed(lambda: say(f"Error: {text}", err=True))
    assert err.count("\n") == 1


def test_colours_are_ours_alone() -> None:
    out = io.StringIO()
    out.isatty = lambda: True  # type: ignore[method-assign]
    with redirect_stdout(out):
        show("  + service/\x1b[31ma\x1b[0m", style=Style(colour=True))
    assert out.getvalue() == "  \x1b[32m+\x1b[0m service/\\u001b[31ma\\u001b[0m\n"


def test_nothing_prints_past_it() -> None:
    """Every other way to a stream would need these escapes, too."""
    ways = {"print", "click.echo", "click.secho", "click.style", "sys.stdout.write", "sys.stderr.write"}
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ways
    }
    assert found == {"cli/say.py"}


# -- what others print


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("import logging; logging.warning('%s', TEXT)", r"a\n\u003a:error::x \u0023#[group]y\u001b[31m"),
        ("import warnings; warnings.warn(TEXT)", r"UserWarning: a"),
        ("raise RuntimeError(TEXT)", "RuntimeError: a"),
    ],
)
def test_a_log_line_a_warning_and_a_trace_are_overheard(code: str, seen: str) -> None:
    text = r"a\n::error::x ##[group]y\x1b[31m"
    source = f"from provisioner.cli.say import overhear\noverhear()\nTEXT = '{text}'\n{code}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    decent(done.stdout + done.stderr)
    assert seen.replace(r"\n", "\n") in done.stderr
    assert r"\u003a:error::x \u0023#[group]y\u001b[31m" in done.stderr
