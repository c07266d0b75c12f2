"""Trees of what is written, as YAML that a person would have written, with comments in their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from provisioner.export.entry import Variable

WIDTH = 100
"""Columns that a mapping or list in brackets may reach; longer ones get a line for each item."""
_PLAIN = re.compile(r"[^\s?:,\[\]{}#&*!|>'\"%@`-](?:[^\n]*\S)?")
_NUMBER = re.compile(r"-?[0-9][0-9.]*")
_IN_BRACKETS = re.compile(r"[,\[\]{}]")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


class Remark(NamedTuple):
    """A line of a comment, and what it says something about."""

    text: str
    tag: Any = None


class Pair(NamedTuple):
    """One key with its value; without a key, only the remarks above it."""

    key: str = ""
    value: Any = None
    """A scalar, a list, a mapping, or a tuple of pairs, which stands on lines of its own unless it is short."""
    remarks: tuple[Remark, ...] = ()
    tag: Any = None
    """What it says something about."""


class Line(NamedTuple):
    """One line, and what it says something about."""

    text: str
    tag: Any = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes trees."""

    def lines(self, pairs: Sequence[Pair], indent: int = 0, tag: Any = None) -> Iterator[Line]:
        """The lines of a mapping."""
        pad = " " * indent
        for pair in pairs:
            own = tag if pair.tag is None else pair.tag
            for remark in pair.remarks:
                yield Line(f"{pad}# {_shown(remark.text)}", own if remark.tag is None else remark.tag)
            if pair.key:
                yield from self._pair(pair, pad, own)

    def _pair(self, pair: Pair, pad: str, tag: Any) -> Iterator[Line]:
        value, lead = pair.value, f"{pad}{_key(pair.key)}:"
        short = None if pair.key in _LONG or _has_remarks(value) else bracketed(value)
        if short is not None and len(lead) + 1 + len(short) <= WIDTH and _is_short(value):
            yield Line(f"{lead} {short}", tag)
        elif isinstance(value, tuple):
            yield Line(lead, tag)
            yield from self.lines(value, len(pad) + 2, tag)
        elif isinstance(value, Mapping):
            yield Line(lead, tag)
            yield from self.lines([Pair(key, each) for key, each in value.items()], len(pad) + 2, tag)
        elif isinstance(value, list):
            yield Line(lead, tag)
            yield from (Line(f"{pad}  - {bracketed(each)}", tag) for each in value)
        elif isinstance(value, str) and _fits_a_block(value):
            yield Line(f"{lead} |" if value.endswith("\n") else f"{lead} |-", tag)
            yield from (Line(f"{pad}  {each}".rstrip(), tag) for each in _escaped(value).removesuffix("\n").split("\n"))
        else:
            yield Line(f"{lead} {scalar(value)}", tag)


_LONG = frozenset({"at"})


def _is_short(value: Any) -> bool:
    """Whether a value reads well in brackets: few scalars, or plain lists."""
    if isinstance(value, tuple):
        plain = all(isinstance(pair.value, (str, int, bool)) or pair.value is None for pair in value)
        return len(value) <= 5 and plain and not any(isinstance(p.value, str) and "\n" in p.value for p in value)
    if isinstance(value, list):
        return not any(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping)


def _has_remarks(value: Any) -> bool:
    return isinstance(value, tuple) and any(pair.remarks or not pair.key or _has_remarks(pair.value) for pair in value)


def bracketed(value: Any) -> str:
    """A value on one line, as it stands in brackets."""
    match value:
        case list():
            return f"[{', '.join(bracketed(each) for each in value)}]"
        case tuple():
            return f"{{{', '.join(f'{_key(pair.key)}: {bracketed(pair.value)}' for pair in value)}}}"
        case Mapping():
            return f"{{{', '.join(f'{_key(key)}: {bracketed(each)}' for key, each in value.items())}}}"
        case _:
            return scalar(value, inside=True)


def scalar(value: Any, *, inside: bool = False) -> str:
    """A scalar; `inside` brackets some more texts need quotes."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Variable():
            return f'"${{env:{value}}}"' if inside else f"${{env:{value}}}"
        case str():
            text = _escaped(value)
            return text if _is_plain(text, inside=inside) else _quoted(text)
        case _:
            return str(value)


def _key(key: str) -> str:
    return scalar(key, inside=True)


def _shown(text: str) -> str:
    """What fits into a comment: one line, of what prints."""
    return "".join(char if char.isprintable() else _code(char) for char in text)


def _escaped(text: str) -> str:
    """What looks like a reference is none: it came from outside."""
    return text.replace("${", "$${")


def _is_plain(text: str, *, inside: bool) -> bool:
    if text in ("", "~", "null", "<<") or not text.isprintable() or text.startswith(("---", "...")):
        return False
    if not (_PLAIN.fullmatch(text) or _NUMBER.fullmatch(text)):
        return False
    return not (": " in text or " #" in text or text.endswith(":") or (inside and _IN_BRACKETS.search(text)))


def _quoted(text: str) -> str:
    return f'"{"".join(_SHORT.get(char) or (char if char.isprintable() else _code(char)) for char in text)}"'


def _code(char: str) -> str:
    number = ord(char)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def _fits_a_block(text: str) -> bool:
    """Whether a text of several lines can stand as it is."""
    lines = text.removesuffix("\n").split("\n")
    return (
        len(lines) > 1
        and bool(lines[0].strip())
        and bool(lines[-1].strip())
        and not lines[0].startswith(" ")
        and all(line.isprintable() and line == line.rstrip() for line in lines)
    )
