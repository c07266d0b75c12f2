"""References in a manifest's texts: `${var:NAME}`, `${file:PATH}`, `${env:NAME}`, each with filters.

They are looked up in parsed strings, never in YAML text, so nothing that they bring in can change a document's
structure; and what they bring in is not looked at again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import SecretStr

from provisioner.kinds.values import plain, slug
from provisioner.manifest.files import MOST, read_text
from provisioner.manifest.pictures import find_picture
from provisioner.manifest.problems import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from provisioner.kinds.picture import Picture
    from provisioner.manifest.files import Files

_TOKEN = re.compile(r"\$(\$\{)|\$\{([^{}]*)\}|\$\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SOURCES = ("var", "file", "env")
_FORMS = "${var:NAME}, ${file:PATH} or ${env:NAME}"
FILTERS: Final[Mapping[str, Callable[[str], str]]] = {"slug": slug, "lower": str.lower, "upper": str.upper}
VARIABLE_PREFIX = "PROVISIONER_VAR_"
MOST_IN_ALL = 128 * MOST
"""Characters that the references of all manifests may bring in."""


class Reference(NamedTuple):
    """One `${SOURCE:NAME|FILTER}` of a text."""

    source: str
    name: str
    filters: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"${{{self.source}:{'|'.join((self.name, *self.filters))}}}"


class Filled(str):
    """A text that a row has filled in: what looks like a reference in a cell is none, whatever the text says."""

    __slots__ = ("parts",)
    parts: tuple[str | Reference, ...]

    @classmethod
    def of(cls, parts: tuple[str | Reference, ...]) -> Filled:
        """The text of some parts; it is not to be taken apart again."""
        filled = cls("".join(map(str, parts)))
        filled.parts = parts
        return filled


def split(text: str) -> Iterator[str | Reference]:
    """A text as its literal parts and its references; raises ValueError for one that is malformed."""
    if isinstance(text, Filled):
        yield from text.parts
        return
    end = 0
    for token in _TOKEN.finditer(text):
        yield text[end : token.start()]
        end = token.end()
        yield token[1] or _reference(text, token)
    yield text[end:]


def _reference(text: str, token: re.Match[str]) -> Reference:
    inner = token[2]
    if inner is None:
        rest = text[token.start() :]
        raise ValueError(f"'{plain(rest, 30)}' has no end: write {_FORMS}, or $${{ for the characters themselves")
    source, colon, rest = inner.partition(":")
    name, *filters = (part.strip() for part in rest.split("|"))
    shown = plain(f"${{{inner}}}", 60)
    if not colon or source not in _SOURCES:
        raise ValueError(f"{shown} refers to nothing known: write {_FORMS}, or $${{ for the characters themselves")
    if not name or (source != "file" and not _NAME.fullmatch(name)):
        raise ValueError(f"{shown} has no proper name: write letters, digits and _, as in ${{{source}:NAME}}")
    for each in filters:
        if each not in FILTERS:
            near = meant(each, FILTERS, f"there are {', '.join(FILTERS)}")
            raise ValueError(f"{shown} has the unknown filter '{plain(each)}': {near}")
    return Reference(source, name, tuple(filters))


def split_secret(text: str, name: str) -> list[str | Reference]:
    """The same for a text that no message may repeat."""
    try:
        return list(split(text))
    except ValueError:
        message = "holds a ${ that begins no known reference: write ${env:NAME}, or $${ for the two characters"
        raise ValueError(f"{name} {message}") from None


@dataclass(frozen=True, slots=True)
class References:
    """What references can refer to in one load."""

    files: Files
    variables: Mapping[str, str]
    environ: Mapping[str, str]
    credentials: frozenset[str] = frozenset()
    """The environment variables that hold credentials: no manifest may send them anywhere."""
    placeholders: bool = False
    """Whether a secret that is not set becomes a placeholder, for checking manifests without any secret."""
    _read: dict[str, str] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _pictures: dict[str, Picture] = field(default_factory=dict)
    _left: list[int] = field(default_factory=lambda: [MOST_IN_ALL])
    _unset: set[str] = field(default_factory=set)

    @property
    def unset(self) -> frozenset[str]:
        """The environment variables whose secrets have become placeholders."""
        return frozenset(self._unset)

    def text(self, text: str) -> str:
        """An ordinary text with its references looked up; raises ValueError."""
        known = not isinstance(text, Filled)
        found = self._texts.get(text) if known else None
        if found is None:
            parts = (part if isinstance(part, str) else self._ordinary(part) for part in split(text))
            found = self._joined(parts)
            if known:
                self._texts[text] = found
        self.spend(len(found))
        return found

    def secret(self, text: str, name: str) -> SecretStr:
        """A sensitive text, which must come from outside the manifests; raises ValueError."""
        parts = split_secret(text, name)
        found = [part for part in parts if isinstance(part, Reference)]
        if not found:
            raise ValueError(f"{name} is a secret: write ${{env:NAME}}, and put the value in that variable")
        if any(part.source == "var" for part in found):
            raise ValueError(f"{name} is a secret, which a ${{var:...}} would not keep: write ${{env:NAME}}")
        value = self._joined(part if isinstance(part, str) else self._secret(part, name) for part in parts)
        self.spend(len(value))
        return SecretStr(value)

    def picture(self, name: str) -> Picture:
        """The picture at a path, read once; raises ValueError."""
        if name not in self._pictures:
            self._pictures[name] = find_picture(self.files, name)
        return self._pictures[name]

    def _joined(self, parts: Iterable[str]) -> str:
        """The parts as one text, unless a few characters have become too many."""
        found: list[str] = []
        length = 0
        for part in parts:
            found.append(part)
            length += len(part)
            if length > MOST:
                raise ValueError("it grows beyond 1 MiB with what it refers to: refer to less")
        return "".join(found)

    def spend(self, length: int) -> None:
        """Count a text: each is checked and compared where it stands. Raises ValueError when it is too much."""
        self._left[0] -= length
        if self._left[0] < 0:
            raise ValueError("with it, all that references bring in grows beyond 128 MiB: refer to less")

    def _ordinary(self, reference: Reference) -> str:
        if reference.source == "env":
            message = "is allowed only in credentials and sensitive fields: an ordinary value comes from ${var:NAME}"
            raise ValueError(f"{reference} {message}")
        found = self._file(reference.name) if reference.source == "file" else self._variable(reference.name)
        return _filtered(found, reference)

    def _secret(self, reference: Reference, name: str) -> str:
        if reference.source == "file":
            return _filtered(self._file(reference.name), reference)
        if reference.name in self.credentials:
            raise ValueError(f"{reference.name} holds a credential of this tool: use another variable for {name}")
        if self.placeholders and not self.environ.get(reference.name):
            self._unset.add(reference.name)
            return f"(placeholder for {reference.name})"
        try:
            return _filtered(from_environment(reference.name, self.environ), reference)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    def _file(self, name: str) -> str:
        if name not in self._read:
            self._read[name] = read_text(self.files, name)
        return self._read[name]

    def _variable(self, name: str) -> str:
        if name in self.variables:
            return self.variables[name]
        if VARIABLE_PREFIX + name in self.credentials:
            raise ValueError(f"{VARIABLE_PREFIX}{name} holds a credential of this tool: use another variable")
        if VARIABLE_PREFIX + name in self.environ:
            return self.environ[VARIABLE_PREFIX + name]
        known = [*self.variables, *(key.removeprefix(VARIABLE_PREFIX) for key in self.environ if _is_variable(key))]
        remedy = meant(name, known, f"pass --var {name}=VALUE or export {VARIABLE_PREFIX}{name}")
        raise ValueError(f"the variable {name} is not set: {remedy}")


def from_environment(name: str, environ: Mapping[str, str]) -> str:
    """An environment variable that must say something; raises ValueError."""
    if not environ.get(name):
        raise ValueError(f"the environment variable {name} is {'empty' if name in environ else 'not set'}: export it")
    return environ[name]


def _is_variable(key: str) -> bool:
    return key.startswith(VARIABLE_PREFIX)


def _filtered(text: str, reference: Reference) -> str:
    for each in reference.filters:
        text = FILTERS[each](text)
    return text
