"""Pieces of names and values that somebody chose to do harm, and what must never be printed of them."""

from __future__ import annotations

CONTROLS = (
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u202etxt.exe\u2066", "\u200b\u200f", "a\x00b", "\x9b31m\x7f", "\r",
    "\n", "\r\n", "\t", "\x0b\x0c", "\x85", "\u2028", "\u3000", "\ud800",
)  # fmt: skip
"""What a terminal acts on, or hides."""
LINE_COMMANDS = (
    "::error file=x,line=1::boo", "::set-output name=a::b", "::stop-commands::x", "::add-mask::a", "::group::x",
)  # fmt: skip
"""What GitHub's runner does when a line begins with it."""
COMMANDS = (
    "##[group]x", "##[error]x", "##[add-mask]a", "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStop comment='x']",
)  # fmt: skip
"""What runners of GitHub, Azure and TeamCity do wherever it stands."""
SECTIONS = ("section_start:0:x[collapsed=true]\r\x1b[0Kx", "travis_fold:start:x\r\x1b[0Kx")
"""What GitLab and Travis do; the carriage return is a part of it."""
MARKUP = ("[bold red]x[/]", "<b onload=x>", "`x`", "| a |", "[x](y)", '"', "\\", "\\u003a", "{}", "%s", "${env:HOME}")
"""What other readers might take for their own."""
BITS = (":", "::", "#", "##", "[", "]", "vso[", " ", "  ", "a", "error", "0", "10::20", "C::B")
"""What becomes one of the above when it meets another."""
PIECES = (*CONTROLS, *LINE_COMMANDS, *COMMANDS, *SECTIONS, *MARKUP, *BITS)


def odd(text: str) -> set[str]:
    """The characters of a text that a terminal would act on or hide."""
    return {char for char in text if not char.isprintable() and char != "\n"}


def commands(text: str) -> list[str]:
    """The lines of a text that a build server would obey."""
    marks = ("##[", "##vso[", "##teamcity[")
    return [line for line in text.splitlines() if line.strip().startswith("::") or any(m in line for m in marks)]
