"""What keeps a text from being read, said in a person's words at the most useful place.

libyaml names the rule that broke; a person needs the cause (a tab, a missing space, an unclosed quote) and the remedy.
The source line decides wherever it can; libyaml's wording only tells apart what the line does not show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_BREAK = re.compile(r"\r\n|\r|\n")
_TIGHT = re.compile(r"\s*(?:- +)*[^\W\d][\w.-]*:(?!//)[^\s:]")  # key:value, where key: value was meant
_CLOSED = re.compile(r"""["'\]}]\s*$""")
_SPACE = "write a space after the colon: key: value"
# YAML's printable characters, without those that look like nothing and end a line in YAML 1.1 only (and the stray BOM).
_UNFIT = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)


class Problem(NamedTuple):
    """One thing wrong at one place of a text: 1-based line and column, and one line of reason and remedy."""

    line: int
    column: int
    message: str


class UnreadableError(Exception):
    """The rest of a text cannot, or must not, be read."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.problem = Problem(line, column, message)
        super().__init__(message)


def short(text: str) -> str:
    """A name fit for a message: one line, printable, at most 60 characters."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 60 else shown[:57] + "..."


def is_tight(text: str) -> bool:
    """Whether `key:value` was written where `key: value` was meant."""
    return _TIGHT.match(text) is not None


def readable(text: str | bytes, limit: int) -> str:
    """The text without its BOM, or an UnreadableError at the first bad byte or character; `limit` is in UTF-8 bytes.

    An escape in double quotes ("\\u0007") is deliberate and passes; the character itself is somebody's accident.
    """
    if (size := _size(text)) > limit:
        raise UnreadableError(1, 1, f"{size:,} bytes, and {limit:,} is the most that is read: split the file")
    source = (_decode(text) if isinstance(text, bytes) else text).removeprefix("\ufeff")
    if unfit := _UNFIT.search(source):
        raise UnreadableError(*_place(source[: unfit.start()]), _invisible(ord(unfit[0])))
    # libyaml compares each %TAG with all before it, which takes minutes for a file of them.
    if "%TAG" in source and (directive := _TAG_DIRECTIVE.search(source)):
        raise UnreadableError(*_place(source[: directive.start()]), "tags are refused: remove the %TAG line")
    return source


def _size(text: str | bytes) -> int:
    if isinstance(text, bytes) or text.isascii():
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def _decode(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(text[: error.start].decode("utf-8").removeprefix("\ufeff"))
        message = f"not UTF-8 (byte 0x{text[error.start]:02x}): save the file as UTF-8"
        raise UnreadableError(line, column, message) from None


def _invisible(code: int) -> str:
    escape = "" if 0xD800 <= code <= 0xDFFF else f", or write it as \\u{code:04x} in double quotes"
    return f"U+{code:04X} is a character that cannot be seen: remove it{escape}"


def _place(before: str) -> tuple[int, int]:
    """The 1-based line and column of what follows this text."""
    lines = _BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


class _Trouble(NamedTuple):
    """libyaml's complaint beside the text: `row` and `column` are 0-based, `start_*` is where the construct began."""

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


def explain(error: Any, text: str) -> Problem:
    """Turn an exception of PyYAML into a problem at the place a person must look at."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(1, 1, f"not YAML: {short(' '.join(str(error).split()))}")
    start = error.context_mark or mark
    doing, said = str(error.context or ""), str(error.problem or "")
    lines = _BREAK.split(text)
    trouble = _Trouble(lines, said, doing, mark.line, mark.column, start.line, start.column)
    problem = next((found for rule in _RULES if (found := rule(trouble))), None) or _unexplained(trouble)
    if problem.line > len(lines):  # where a text ends without a line break, libyaml adds one
        return Problem(len(lines), len(lines[-1]) + 1, problem.message)
    return problem


def _unexplained(at: _Trouble) -> Problem:
    reason = f"{at.doing}: {at.said}" if at.doing else at.said
    return at.here(f"not YAML ({reason}): check the indentation, quotes and brackets here")


def _quote(at: _Trouble) -> Problem | None:
    """Both an open quote and a bad escape are found while reading a quoted text."""
    if "quoted scalar" not in at.doing:
        return None
    if "escape" in at.said:
        return at.here("a backslash in double quotes starts an escape: write \\\\, or use single quotes")
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
        return Problem(above + 1, 1 + at.line(above).index(":"), _SPACE)
    return at.here("this key is indented deeper than the line above allows: line it up with its neighbours")


def _no_colon(at: _Trouble) -> Problem | None:
    if "could not find expected ':'" not in at.said:
        return None
    line = at.line(at.start_row)
    if is_tight(line[at.start_column :]):
        return Problem(at.start_row + 1, line.index(":", at.start_column) + 1, _SPACE)
    return at.start("a key needs a colon: write key: value, or indent the line if it continues a text")


def _flow(at: _Trouble) -> Problem | None:
    """Inside [ ] or { }: never closed, or something is missing between two entries."""
    if "flow" not in at.doing:
        return None
    opening = at.line(at.start_row)[at.start_column : at.start_column + 1]
    if at.ended and opening in {"[", "{"}:
        return at.start(f"this {opening} is never closed")
    if at.before.endswith("$") and at.char == "{":
        return at.here('inside { } and [ ] a reference is quoted: write "${var:NAME}"')
    if "node" in at.doing:
        return at.here("a value is missing here, or a bracket was never closed")
    return at.here(f"the {opening} of line {at.start_row + 1} needs a comma or its end here: add it, or quote the text")


def _block(at: _Trouble) -> Problem | None:
    """A line that belongs to nothing above it, or a rest behind something that had ended."""
    if "sequence entries are not allowed" in at.said:
        return at.here("begin the list on a line of its own, or quote a text that begins with '- '")
    if not at.doing.startswith("while parsing a block"):
        return None
    if at.char in {"]", "}", ","}:
        return at.here(f"{at.char} closes nothing: remove it, or quote the text")
    if _CLOSED.search(at.before):
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
