"""How a value is spelled at a place: in the quotes that stand there, as long as they can hold it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provisioner.layout.nodes import Node
from provisioner.manifest.references import Reference, split
from provisioner.manifest.yaml import Document, documents
from provisioner.pull.page import Page
from provisioner.pull.unfit import UnfitError

_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")
_HEADER = re.compile(r"([|>])([0-9]?)([+-]?)(.*)")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def references(text: str) -> list[str]:
    """The references of ours in a text, as they are written."""
    return [str(part) for part in split(text) if isinstance(part, Reference)]


def told(raw: str) -> str:
    """What a text without references says: `$${` stands for `${`."""
    return "".join(part for part in split(raw) if isinstance(part, str))


def spelled(value: Any) -> str | None:
    """A value of a field as the text of a scalar; None is null. What looks like a reference to us is no longer one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("${", "$${")


def scalar(page: Page, node: Node, value: Any, *, flow: bool, column: int) -> str:
    """The new text of a scalar, its anchor kept; `column` is that of what it belongs to."""
    old = page.text[node.start : node.end]
    anchor = found[0] if (found := _ANCHOR.match(old)) else ""
    text = spelled(value)
    if node.style in ("|", ">"):
        body, tail = _parted(page, node)
        try:
            if not tail:
                raise UnfitError  # without a line break behind it a text of lines has none at its end  # noqa: TRY301
            return anchor + _in_lines(body.removeprefix(anchor), text).replace("\n", page.newline) + tail
        except UnfitError:
            comment = body.partition("\n")[0].partition(" #")
            behind = f" #{comment[2]}".rstrip() if comment[1] else ""
            return anchor + fresh(text, flow=flow, style='"') + behind + tail
    behind, end, _ = page.text[node.end :].partition("\n")
    lines = column if end and not behind.strip() else None  # a comment behind it would become a part of the text
    return anchor + fresh(text, flow=flow, style=node.style.strip(), column=lines, newline=page.newline)


def fresh(text: str | None, *, flow: bool, style: str = "", column: int | None = None, newline: str = "\n") -> str:
    """A scalar that is written for the first time, or in one of the styles "" (plain), ' and "; None is null."""
    if text is None:
        return "null"
    for written in _candidates(text, style, flow=flow, column=column):
        if _says(written, text, flow=flow):
            return written.replace("\n", newline)
    raise UnfitError("the live text holds what YAML cannot: write it by hand")


def _candidates(text: str, style: str, *, flow: bool, column: int | None) -> Iterator[str]:
    if style == "'" and text.isprintable():
        yield "'" + text.replace("'", "''") + "'"
    if style == "" and text.isprintable():
        yield text
    if style == "" and "\n" in text and column is not None and not flow and not text[:1].isspace():
        yield _literal(text, " " * (column + 2))
    yield '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _SHORT or char.isprintable():
        return _SHORT.get(char, char)
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _literal(text: str, indent: str) -> str:
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    mark = {0: "-", 1: ""}.get(ends, "+")
    lines = [f"{indent}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([f"|{mark}", *lines, *[""] * (ends - 1)])


def _says(written: str, text: str, *, flow: bool) -> bool:
    """Whether YAML reads just this text where it is to stand."""
    whole = f"k: [{written}, x]\n" if flow else f"k: {written}\nl: x\n"
    found = list(documents(whole))
    root = found[0].root if len(found) == 1 and isinstance(found[0], Document) else {}
    read = root.get("k")
    return (isinstance(read, list) and list(read) == [text, "x"]) if flow else (read == text and root.get("l") == "x")


# -- texts of many lines


def _parted(page: Page, node: Node) -> tuple[str, str]:
    """A text behind | or >, and what parts it from the next word; its lines end with a plain line break."""
    last = page.text[page.line(node.last) : page.line(node.last + 1)]
    end = min(node.end, page.line(node.last) + len(last.rstrip("\r\n")))
    return page.text[node.start : end].replace("\r\n", "\n"), page.text[end : node.end]


def _in_lines(old: str, text: str | None) -> str:
    """A text behind | or >, in its indentation; raises UnfitError where only quotes can hold it."""
    header, *lines = old.split("\n")
    found = _HEADER.fullmatch(header)
    body = (text or "").rstrip("\n")
    ends = len(text or "") - len(body)
    if not found or found[3] == "+" or ends > 1 or not body or any(_is_odd(line) for line in body.split("\n")):
        raise UnfitError
    indent = next((line[: len(line) - len(line.lstrip(" "))] for line in lines if line.strip()), "")
    if not indent:
        raise UnfitError
    inner = [line.removeprefix(indent) for line in lines]
    made = body.split("\n") if found[1] == "|" else _folded(inner, body.split("\n"))
    mark = "-" if ends == 0 else ""
    written = "\n".join(f"{indent}{line}" if line else "" for line in made)
    if not _says_below(f"{found[1]}{found[2]}{mark}", written, text or ""):
        raise UnfitError
    return f"{found[1]}{found[2]}{mark}{found[4]}\n{written}"


def _is_odd(line: str) -> bool:
    return line[:1].isspace() or not line.replace("\t", " ").isprintable()


def _says_below(head: str, written: str, text: str) -> bool:
    found = list(documents(f"k: {head}\n{written}\n"))
    return len(found) == 1 and isinstance(found[0], Document) and found[0].root.get("k") == text


def _folded(old: list[str], paragraphs: list[str]) -> list[str]:
    """Paragraphs for >: those that stay are broken into lines as they were."""
    known: dict[str, list[str]] = {}
    run: list[str] = []
    for line in [*old, ""]:
        if line.strip():
            run.append(line)
        elif run:
            known[" ".join(run)] = run
            run = []
    made: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        made += [""] if number else []
        made += known.get(paragraph, [paragraph] if paragraph else [])
    return made


# -- lists and mappings on one line


def on_one_line(value: Any, *, spell: Callable[[str | None], str] | None = None) -> str:
    """A value in brackets, as it is written where nothing stood before."""
    spell = spell or (lambda text: fresh(text, flow=True))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {on_one_line(each, spell=spell)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(on_one_line(each, spell=spell) for each in value) + "]"
    return spell(spelled(value))
