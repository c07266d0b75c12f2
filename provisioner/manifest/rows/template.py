"""A template: what `manifest:` of a `generate` entry says, taken apart once, so that each row only fills it in.

Only parsed texts hold references to a row, and what a cell brings in is not looked at again: no cell can change the
structure of what is generated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from provisioner.kinds.values import plain
from provisioner.manifest.problems import meant
from provisioner.manifest.references import FILTERS, Reference, split
from provisioner.manifest.rows.row import At
from provisioner.manifest.rows.spoiled_dates import Use
from provisioner.manifest.rows.use import country_key, use_of
from provisioner.manifest.yaml import Map, Seq, Value

if TYPE_CHECKING:
    from provisioner.manifest.rows.table import Table
    from provisioner.manifest.source import Source

_TOKEN = re.compile(r"\$(\$\{)|\$\{((?:[^{}]|\$\{[^{}]*\})*)\}|\$\{")
_LOOK = re.compile(r"\s*([A-Za-z_]\w*)\s*\.(.*)", re.DOTALL)
_WEEK, _HOURS = "week", frozenset({"hours", "schedule"})
_KEPT = 2
"""Levels below a document that stay although all in them is blank: its sections, and their resources."""


class Look(NamedTuple):
    """One `${store.city|slug}`."""

    column: str
    position: int
    filters: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "|".join((self.column, *self.filters))


class Named(NamedTuple):
    """A reference whose name a row completes: `${env:PASSWORD_${store.code}}`."""

    source: str
    name: tuple[str | Look, ...]
    filters: tuple[str, ...] = ()


Part: TypeAlias = str | Look | Named | Reference


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text that a row completes, and what it is used as."""

    parts: tuple[Part, ...]
    mark: At
    name: str
    use: Use
    country: str | Text | None = None
    """Of a postal code: what the field beside it says, or the settings' default."""

    @property
    def whole(self) -> Look | None:
        """The one reference that is all of the text."""
        first = self.parts[0]
        return first if len(self.parts) == 1 and isinstance(first, Look) else None

    @property
    def columns(self) -> Iterator[str]:
        """The columns that it needs."""
        for part in self.parts:
            for each in part.name if isinstance(part, Named) else (part,):
                if isinstance(each, Look):
                    yield each.column


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A mapping or a list in which something depends on the row."""

    node: Map | Seq
    entries: tuple[tuple[str | Text, Plan, tuple[int, int, int, int]], ...]
    kept: bool
    """Whether it stays when all in it is blank."""
    keyed: bool
    """Whether a key depends on the row."""
    week: bool
    """Whether it is the days of working hours, which have no meaning when all are blank."""


Plan: TypeAlias = "Text | Branch | Value"
"""How a node is made for a row; what is no text to complete and no branch is the same for every row."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One document of a template."""

    root: Plan
    columns: Mapping[At, tuple[str, ...]]
    """Which columns the texts at each place need."""
    refers: bool
    """Whether it holds references besides those to a row."""
    size: int
    """How many values each row makes."""


@dataclass(slots=True)
class Compiler:
    """Takes the documents of one entry apart; every mistake in a reference is told once, where it is written."""

    alias: str
    table: Table
    source: Source
    countries: Mapping[str, str]
    """Section -> the country that the settings give its resources."""
    used: set[str] = field(default_factory=set)
    refused: bool = False
    """Whether a reference was wrong."""
    _columns: dict[At, tuple[str, ...]] = field(default_factory=dict)
    _fixed: set[At] = field(default_factory=set)
    """Where what no row changes stands; a mapping begins where its first key does."""
    _refers: bool = False
    _size: int = 0

    def template(self, root: Map) -> Template:
        """One document."""
        self._columns, self._fixed, self._refers, self._size = {}, set(), False, 0
        plan = self._node(root, (), (root.line, root.column))
        return Template(plan, self._columns, self._refers, self._size)

    def _node(self, node: Value, steps: tuple[str, ...], mark: At) -> Plan:
        self._size += 1
        if isinstance(node, str):
            return self._value(node, steps, mark)
        if isinstance(node, Map):
            return self._mapping(node, steps)
        if isinstance(node, Seq):
            items = [
                (str(i), self._node(item, steps, m), (*m, *m))
                for i, (item, m) in enumerate(zip(node, node.marks, strict=True))
            ]
            return self._branch(node, items, steps)
        return node

    def _mapping(self, node: Map, steps: tuple[str, ...]) -> Plan:
        entries: list[tuple[str | Text, Plan, tuple[int, int, int, int]]] = []
        for key, value in node.items():
            marks = node.marks[key]
            made = (
                self._text(key, (*steps, "key"), marks[:2], "scope" if len(steps) == 1 else "key")
                if "${" in key
                else key
            )
            entries.append((made, self._node(value, (*steps, key), marks[2:]), marks))
        return self._branch(node, self._with_countries(entries, steps), steps)

    def _with_countries(
        self, entries: list[tuple[str | Text, Plan, tuple[int, int, int, int]]], steps: tuple[str, ...]
    ) -> list[tuple[str | Text, Plan, tuple[int, int, int, int]]]:
        """The entries, with each postal code knowing its country."""
        plans = {key: plan for key, plan, _ in entries if isinstance(key, str)}
        return [
            (key, self._in_country(plan, plans, steps), marks)
            if isinstance(plan, Text) and plan.use == "zip"
            else (key, plan, marks)
            for key, plan, marks in entries
        ]

    def _in_country(self, text: Text, plans: Mapping[str, Plan], steps: tuple[str, ...]) -> Text:
        beside = plans.get(country_key((text.name,)))
        country = beside if isinstance(beside, (str, Text)) else self.countries.get(steps[0])
        return Text(text.parts, text.mark, text.name, text.use, country)

    def _branch(
        self,
        node: Map | Seq,
        entries: Sequence[tuple[str | Text, Plan, tuple[int, int, int, int]]],
        steps: tuple[str, ...],
    ) -> Plan:
        """The node itself when no row changes it; the columns in it count at the places of its keys, too."""
        self._fixed.update(
            e[2][:2] for e in entries if not isinstance(e[0], Text) and not isinstance(e[1], (Text, Branch))
        )
        changed = [e for e in entries if isinstance(e[0], Text) or isinstance(e[1], (Text, Branch))]
        for key, plan, marks in changed:
            own = tuple(key.columns) if isinstance(key, Text) else ()
            columns = tuple(dict.fromkeys((*own, *columns_of(plan)))) if not own or len(steps) > 1 else own
            for mark in (marks[:2], marks[2:]):
                self._columns.setdefault(mark, () if mark in self._fixed else columns)
        if not changed:
            return node
        keyed = any(isinstance(key, Text) for key, _, _ in entries)
        week = steps[-1:] == (_WEEK,) and not _HOURS.isdisjoint(steps[2:-1])
        return Branch(node, tuple(entries), len(steps) <= _KEPT and isinstance(node, Map), keyed, week)

    def _value(self, text: str, steps: tuple[str, ...], mark: At) -> Plan:
        return self._text(text, steps, mark, use_of(steps)) if "${" in text else text

    def _text(self, text: str, steps: tuple[str, ...], mark: At, use: Use) -> str | Text:
        """The text taken apart, or itself when it refers to no row."""
        try:
            parts = self._checked(text, use)
        except ValueError as error:
            name = plain(steps[-1], 60) if steps else ""
            self.source.problems.add(
                self.source.place(mark), str(error) if use in ("key", "scope") else f"{name}: {error}"
            )
            self.refused = True
            return Text((), mark, "", use)
        made = Text(parts, mark, plain(steps[-1], 60), use)
        if not any(isinstance(part, (Look, Named)) for part in parts):
            self._refers = True
            return text
        self._refers = self._refers or any(isinstance(part, (Reference, Named)) for part in parts)
        self._columns[mark] = tuple(dict.fromkeys(made.columns))
        self.used.update(made.columns)
        return made

    def _checked(self, text: str, use: Use) -> tuple[Part, ...]:
        """The parts of a text; raises ValueError, also for a secret that stands in a table."""
        parts = tuple(part for part in self._parts(text) if part != "")
        if use == "secret" and any(isinstance(part, Look) for part in parts):
            raise ValueError(f"it is a secret, which no table may hold: write ${{env:NAME_${{{self.alias}.COLUMN}}}}")
        return parts

    def _parts(self, text: str) -> Iterator[Part]:
        end = 0
        for token in _TOKEN.finditer(text):
            yield text[end : token.start()]
            end = token.end()
            shown = text[token.start() : end if token[2] is not None else None]
            yield from (token[1],) if token[1] else self._reference(shown, token[2])
        yield text[end:]

    def _reference(self, token: str, inner: str | None) -> Iterator[Part]:
        look = _LOOK.fullmatch(inner) if inner else None
        if look and "${" not in look[2]:
            yield self._look(look[1], look[2], token)
        elif inner and "${" in inner:
            yield self._named(inner, token)
        elif inner is None:
            remedy = f"write ${{{self.alias}.COLUMN}}, or $${{ for the characters themselves"
            raise ValueError(f"'{plain(token, 30)}' has no end: {remedy}")
        elif ":" not in inner:
            raise ValueError(f"{plain(token, 60)} refers to nothing known: write ${{{self.alias}.COLUMN}}")
        else:
            yield from split(token)

    def _look(self, alias: str, rest: str, token: str) -> Look:
        shown = plain(token, 60)
        if alias != self.alias:
            raise ValueError(f"{shown} refers to nothing known: a row is called {self.alias} here")
        name, *filters = (part.strip() for part in rest.split("|"))
        if name not in self.table.columns:
            known = ", ".join(plain(column, 40) for column in self.table.columns)
            near = meant(name, self.table.columns, f"there are {plain(known, 200)}")
            raise ValueError(f"{shown}: {self.table.file} has no column '{plain(name, 60)}': {near}")
        for each in filters:
            if each not in FILTERS:
                near = meant(each, FILTERS, f"there are {', '.join(FILTERS)}")
                raise ValueError(f"{shown} has the unknown filter '{plain(each, 40)}': {near}")
        return Look(name, self.table.columns[name], tuple(filters))

    def _named(self, inner: str, token: str) -> Named:
        """A reference with a row's reference in its name; its beginning is fixed, so that no cell can choose freely."""
        source, _, rest = inner.partition(":")
        pieces = [part for part in self._parts(rest) if part != ""]
        shown = plain(token, 60)
        first = pieces[0] if pieces else ""
        if source not in ("var", "file", "env") or not isinstance(first, str):
            example = f"${{env:PASSWORD_${{{self.alias}.COLUMN}}}}"
            raise ValueError(f"{shown} begins with no fixed text, so that a cell could name anything: write {example}")
        filters: list[str] = []
        if isinstance(pieces[-1], str) and "|" in pieces[-1]:
            last, *filters = (part.strip() for part in str(pieces[-1]).split("|"))
            pieces[-1] = last
        whole = "".join(piece if isinstance(piece, str) else "X" for piece in pieces)
        list(split(f"${{{'|'.join((f'{source}:{whole}', *filters))}}}"))  # raises what is wrong with its form
        return Named(source, tuple(p for p in pieces if isinstance(p, (str, Look)) and p != ""), tuple(filters))


def columns_of(plan: Plan) -> Iterator[str]:
    """The columns that a node of a template needs."""
    if isinstance(plan, Text):
        yield from plan.columns
    elif isinstance(plan, Branch):
        for key, child, _ in plan.entries:
            yield from key.columns if isinstance(key, Text) else ()
            yield from columns_of(child)
