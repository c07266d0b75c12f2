"""The one way out for words: results to stdout, all else to stderr. No other module prints."""

from __future__ import annotations

import io
import sys

import click

from provisioner.cli.printable import one_line, printable
from provisioner.report.style import Style


def say(message: str = "", *, err: bool = False) -> None:
    """Print a message as one line, whatever it holds."""
    click.echo(one_line(message), err=err)


def show(text: str, *, err: bool = False, style: Style = Style()) -> None:  # noqa: B008 -- a frozen value
    """Print a text that has lines of its own, a report or a JSON document; colours are put on last."""
    click.echo("\n".join(style.lines(printable(text).split("\n"))), err=err)


def command_line(line: str) -> None:
    """Give GitHub's runner a command, past what keeps names from doing that. On stderr: results keep stdout."""
    text = line.replace("\n", "%0A").replace("\r", "%0D") + "\n"
    if isinstance(sys.stderr, Overheard):
        sys.stderr.obeyed(text)
    else:
        click.echo(text, err=True, nl=False)


class Overheard(io.TextIOWrapper):
    """A stderr for what libraries and the interpreter print past `say`: log lines, warnings, the trace of a bug."""

    def write(self, text: str, /) -> int:
        """Write what is printable of a text."""
        super().write(printable(text))
        return len(text)

    def obeyed(self, text: str) -> None:
        """Write a text of ours as it is."""
        super().write(text)


def overhear() -> None:
    """Let nothing that others print reach a log as it is. A terminal needs its controls, for the bar of an apply."""
    if isinstance(sys.stderr, io.TextIOWrapper) and not sys.stderr.isatty():
        before = sys.stderr
        sys.stderr = Overheard(before.buffer, before.encoding, "backslashreplace", line_buffering=True)
