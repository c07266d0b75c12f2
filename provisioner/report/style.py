"""Colour, which only reinforces: the text is complete without it and the same with it."""

from __future__ import annotations

import re
from typing import NamedTuple

_CODES = {"+": "32", "~": "33", "-": "31", "=": "36", ".": "2", "#": "2", "!": "1;31"}
_LEAD = re.compile(r"( *)([-+~=.#!])(?= )")
_BOLD = re.compile(
    r"LIVE|SANDBOX|Changed outside|Account |Parent account|Summary|Plan:|No changes\."
    r"|Left alone|Changed since|Cannot be undone"
    r"|(?:Apply|Destroy|Undo) (?:complete!|incomplete:)"
)


class Style(NamedTuple):
    """How fragments are set off; with `colour` false they are left as they are."""

    colour: bool = False

    def fragment(self, text: str, code: str) -> str:
        """Text between an ANSI code and its reset."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def lines(self, lines: list[str]) -> list[str]:
        """Every line with its leading symbol coloured; comments whole, headings bold."""
        return [self._line(line) for line in lines] if self.colour else lines

    def _line(self, line: str) -> str:
        if found := _LEAD.match(line):
            indent, symbol = found.groups()
            end = len(line) if symbol in "#!" else found.end()
            return indent + self.fragment(line[len(indent) : end], _CODES[symbol]) + line[end:]
        if found := _BOLD.match(line):
            return self.fragment(found[0], "1") + line[found.end() :]
        return line
