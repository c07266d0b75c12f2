"""In which file everything stands: one for each kind, or one for each location and account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from provisioner.export.entry import Drawn, Entry, Missing
from provisioner.export.text import Line, Pair, Writer
from provisioner.export.tree import remark, resource_pair
from provisioner.kinds import BY_NAME, KINDS

Layout = Literal["kind", "location"]
Document = tuple[str, dict[str, list["Entry | Missing"]]]
ACCOUNTS, PLACES = "accounts", "locations"
"""Folders: of sub-accounts, and of the locations of one account."""


class Written(NamedTuple):
    """One file, with what each of its lines says something about."""

    name: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """What stands in it."""
        return "".join(f"{line.text}\n" for line in self.lines)


def usual_layout(scopes: Iterable[str]) -> Layout:
    """By location and account where there are sub-accounts, which are places more often than not; else by kind."""
    return "location" if any(scopes) else "kind"


def written(drawn: Drawn, layout: Layout, head: tuple[str, ...]) -> list[Written]:
    """All files, in the order of their names."""
    files = _Files(drawn, layout)
    for entry in drawn.entries:
        files.add(files.of_entry(entry), entry)
    for missing in drawn.missing:
        files.add(files.of_kind(missing.scope, missing.kind), missing)
    return [Written(name, tuple(_text(documents, head))) for name, documents in sorted(files.found.items())]


@dataclass(slots=True)
class _Files:
    """Files so far: name -> scope -> section -> what stands there. The scope of accounts themselves is "."."""

    drawn: Drawn
    layout: Layout
    found: dict[str, dict[str, dict[str, list[Entry | Missing]]]] = field(default_factory=dict)
    small: frozenset[str] = field(init=False)
    """Sub-accounts that one file is enough for."""

    def __post_init__(self) -> None:
        places: dict[str, int] = {}
        for entry in self.drawn.entries:
            if entry.address.kind == "location":
                places[entry.address.account] = places.get(entry.address.account, 0) + 1
        scopes = {entry.address.account for entry in self.drawn.entries}
        scopes |= {entry.address.key[0] for entry in self.drawn.entries if entry.address.kind == "account"}
        self.small = frozenset(scope for scope in scopes if scope and places.get(scope, 0) <= 1)

    def add(self, name: str, what: Entry | Missing) -> None:
        if isinstance(what, Entry):
            kind, scope = what.address.kind, what.address.account
        else:
            kind, scope = what.kind, what.scope
        scope = "." if kind == "account" else scope
        self.found.setdefault(name, {}).setdefault(scope, {}).setdefault(BY_NAME[kind].section, []).append(what)

    def of_entry(self, entry: Entry) -> str:
        address = entry.address
        if address.kind == "account" and self.layout == "location" and "parent" not in entry.fields:
            return f"{ACCOUNTS}/{address.key[0]}.yaml"
        place = {"location": address.key[0], "employee": entry.home}.get(address.kind, "")
        if self.layout == "location" and place and address.account not in self.small:
            return f"{self._folder(address.account)}{PLACES}/{place}.yaml"
        return self.of_kind(address.account, address.kind)

    def of_kind(self, scope: str, kind: str) -> str:
        if self.layout == "location" and scope in self.small:
            return f"{ACCOUNTS}/{scope}.yaml"
        return f"{self._folder(scope)}{BY_NAME[kind].section}.yaml"

    def _folder(self, scope: str) -> str:
        return f"{ACCOUNTS}/{scope}/" if scope and self.layout == "location" else ""


def _text(documents: Mapping[str, Mapping[str, list[Entry | Missing]]], head: tuple[str, ...]) -> Iterator[Line]:
    yield from (Line(f"# {each}") for each in head)
    for number, (scope, sections) in enumerate(sorted(documents.items(), key=lambda pair: (pair[0] != ".", pair[0]))):
        if number:
            yield Line("---")
        pairs = [] if scope in (".", "") else [Pair("account", scope)]
        pairs += [_section(kind.section, sections[kind.section]) for kind in KINDS if kind.section in sections]
        yield from Writer().lines(pairs)


def _section(name: str, what: list[Entry | Missing]) -> Pair:
    entries = [resource_pair(each) for each in what if isinstance(each, Entry)]
    about = (each.look for each in what if isinstance(each, Missing))
    remarks = [Pair(remarks=(remark(look, f"{look.about}: "),)) for look in about]
    if entries:
        return Pair(name, (*entries, *remarks))
    return Pair(remarks=tuple(each.remarks[0] for each in remarks))
