"""Help whose lines never break at a hyphen: `--detailed-exitcode` is one word, and so is an address."""

from __future__ import annotations

from collections.abc import Iterable

import click

_HYPHEN = "\u2011"
"""A hyphen that is no place to break, until the text is laid out."""


class Formatter(click.HelpFormatter):
    """Lays out as click does, with hyphens kept inside their words."""

    def write(self, string: str) -> None:
        """Add text that is laid out."""
        super().write(string.replace(_HYPHEN, "-"))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how a command is called."""
        super().write_usage(prog, _kept(args), prefix)

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(_kept(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of words, each with its meaning."""
        super().write_dl([(_kept(word), _kept(meaning)) for word, meaning in rows], col_max, col_spacing)


class Context(click.Context):
    """A command's context, which prints its help like this."""

    formatter_class = Formatter


def use(command: click.Command) -> click.Command:
    """Give a command, and those inside it, this help."""
    command.context_class = Context
    for inner in getattr(command, "commands", {}).values():
        use(inner)
    return command


def _kept(text: str) -> str:
    return text.replace("-", _HYPHEN)
