"""Say in a person's words, at the most useful place, what libyaml could not read.

libyaml names the rule that broke; a person needs the cause (a tab, a missing space, an unclosed quote) and the remedy. The source
line decides wherever it can; libyaml's wording only tells apart what the line does not show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_BREAK = re.compile(r"\r\n|\r|\n")
_TIGHT = re.compile(r"""\s*(?:- +)*[^\s:"'\[{#&*-][^\s:]*:[^\s:]""")  # key:value, where key: value was meant
_QUOTED_ENDS = re.compile(r"""["'\]}]\s*$""")


class Problem(NamedTuple):
    """One thing wrong at one place of a text: 1-based line and column, and one line of reason and remedy."""

    line: int
    column: int
    message: str


class _Trouble(NamedTuple):
    """libyaml's complaint beside the text it is about: `row` and `column` are 0-based, the context is where it began."""

    lines: list[str]
    said: str
    doing: str
    row: int
    column: int
    start_row: int
    start_column: int

    def line(self, row: int) -> str:
        return self.lines[row] if 0 <= row < len(self.lines) else ""

    @property
    def before(self) -> str:
        return self.line(self.row)[: self.column]

    @property
    def char(self) -> str:
        return self.line(self.row)[self.column : self.column + 1]

    @property
    def ended(self) -> bool:
        """Whether nothing but blanks is left of the text."""
        return not self.line(self.row)[self.column :].strip() and not any(map(str.strip, self.lines[self.row + 1 :]))

    def here(self, message: str) -> Problem:
        return Problem(self.row + 1, self.column + 1, message)

    def start(self, message: str) -> Problem:
        return Problem(self.start_row + 1, self.start_column + 1, message)


def short(text: str) -> str:
    """A name fit for a message: one line, printable, at most 60 characters."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 60 else shown[:57] + "..."


def is_tight(text: str) -> bool:
    """Whether `key:value` was written where `key: value` was meant."""
    return _TIGHT.match(text) is not None


def explain(error: Any, text: str) -> Problem:
    """Turn an exception of PyYAML into a problem at the place a person must look at."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(1, 1, f"not YAML: {short(' '.join(str(error).split()))}")
    start = error.context_mark or mark
    doing, said = str(error.context or ""), str(error.problem or "")
    trouble = _Trouble(_BREAK.split(text), said, doing, mark.line, mark.column, start.line, start.column)
    return next((found for rule in _RULES if (found := rule(trouble))), None) or _unexplained(trouble)


def _unexplained(at: _Trouble) -> Problem:
    reason = f"{at.doing}: {at.said}" if at.doing else at.said
    return at.here(f"not YAML ({reason}): check the indentation, quotes and brackets here")


def _quote(at: _Trouble) -> Problem | None:
    """Both an open quote and a bad escape are found while reading a quoted text."""
    if "quoted scalar" not in at.doing:
        return None
    if "escape" in at.said:
        return at.here(
            "a backslash in double quotes starts an escape: write \\\\, or use single quotes: \"...\" as '...'"
        )
    return at.start("this quote is never closed: close it, or quote a text that holds quotes in the other kind")


def _tab(at: _Trouble) -> Problem | None:
    line = at.line(at.row)
    leading = line[: len(line) - len(line.lstrip())]
    if "\t" not in leading or at.column > len(leading) or "flow" in at.doing:
        return None
    return Problem(at.row + 1, leading.index("\t") + 1, "indent with spaces, not tabs")


def _bad_start(at: _Trouble) -> Problem | None:
    if "cannot start any token" not in at.said:
        return None
    return at.here(f"a text cannot begin with {short(at.char)}: quote it")


def _anchor(at: _Trouble) -> Problem | None:
    if at.doing not in {"while scanning an alias", "while scanning an anchor"}:
        return None
    sign = at.line(at.start_row)[at.start_column : at.start_column + 1]
    return at.start(f"a text that begins with {sign} must be quoted ({sign} starts an anchor or a reference)")


def _tag(at: _Trouble) -> Problem | None:
    if "tag" not in at.doing and "tag handle" not in at.said:
        return None
    return at.start("tags are refused: remove the tag, or quote a text that begins with !")


def _directive(at: _Trouble) -> Problem | None:
    if "directive" in at.doing or "directive" in at.said:
        return at.here("a line that begins with % is a YAML directive: quote the text, or remove the line")
    if "incompatible" in at.said:
        return at.here("only YAML 1.1 and 1.2 are read: remove the %YAML line")
    if "document start" in at.said:
        return at.here("text after the end of a document: put --- on a line of its own before it")
    return None


def _colon(at: _Trouble) -> Problem | None:
    """A colon where no key can be: in a value, under a line that lacks its space, or at a wrong depth."""
    if "mapping values are not allowed" not in at.said:
        return None
    above = at.row - 1
    if re.search(r":\s", at.before):
        return at.here("a value that holds ': ' must be quoted")
    if is_tight(at.line(above)):
        return Problem(above + 1, 1 + at.line(above).index(":"), "write a space after the colon: key: value")
    return at.here("this key is indented deeper than the line above allows: line it up with its neighbours")


def _no_colon(at: _Trouble) -> Problem | None:
    if "could not find expected ':'" not in at.said:
        return None
    line = at.line(at.start_row)
    if is_tight(line[at.start_column :]):
        return Problem(
            at.start_row + 1, line.index(":", at.start_column) + 1, "write a space after the colon: key: value"
        )
    return at.start("a key needs a colon: write key: value, or indent the line if it continues a text")


def _flow(at: _Trouble) -> Problem | None:
    """Inside [ ] or { }: never closed, or something is missing between two entries."""
    if "flow" not in at.doing:
        return None
    opening = at.line(at.start_row)[at.start_column : at.start_column + 1]
    if at.ended and opening in {"[", "{"}:
        return at.start(f"this {opening} is never closed")
    if "node" in at.doing:
        return at.here("a value is missing here, or a bracket was never closed")
    return at.here(
        f"expected a comma or the end of the {opening} of line {at.start_row + 1}: add it, or quote the text"
    )


def _block(at: _Trouble) -> Problem | None:
    """A line that belongs to nothing above it, or a rest behind something that had ended."""
    if "sequence entries are not allowed" in at.said:
        return at.here("begin the list on a line of its own, or quote a text that begins with '- '")
    if not at.doing.startswith("while parsing a block"):
        return None
    if at.char in {"]", "}", ","}:
        return at.here(f"{at.char} closes nothing: remove it, or quote the text")
    if _QUOTED_ENDS.search(at.before):
        return at.here("text after the closing quote or bracket: quote the whole value")
    what = "list" if "'-'" in at.said else "keys"
    return at.here(f"this does not line up with the {what} that began on line {at.start_row + 1}: mend the indentation")


_RULES: tuple[Callable[[_Trouble], Problem | None], ...] = (
    _quote,
    _tab,
    _bad_start,
    _anchor,
    _tag,
    _directive,
    _colon,
    _no_colon,
    _flow,
    _block,
)
