"""The scope of a document: which accounts it speaks for, and how narrowly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING

from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.rows.row import at
from provisioner.manifest.yaml import EMPTY, Seq, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from provisioner.manifest.budget import Budget

ALL = "all"


class Width(IntEnum):
    """How many accounts a document may speak for; where two give one field, the narrower wins."""

    NAME = 0
    LIST = 1
    GLOB = 2
    ALL = 3
    DEFAULTS = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """What stands under `account:`; without any name it is the parent itself."""

    width: Width
    names: tuple[tuple[str, Place], ...] = ()


PARENT = Scope(Width.NAME)


def read_scope(node: Value, place: Place, problems: Problems) -> Scope | None:
    """The scope that a document names; None, with a problem, when it cannot be read."""
    if isinstance(node, Seq):
        return _list(node, place, problems)
    if isinstance(node, str) and node:
        width = Width.ALL if node == ALL else Width.GLOB if _is_glob(node) else Width.NAME
        return Scope(width, ((node, place),))
    if node is not EMPTY:
        problems.add(place, f"account is {said(node)}: write a name, a list of names, a glob such as acme-*, or all")
    return None


def _list(items: Seq, place: Place, problems: Problems) -> Scope | None:
    names = []
    for item, mark in zip(items, items.marks, strict=True):
        where = at(place, mark)
        if not isinstance(item, str):
            if item is not EMPTY:
                problems.add(where, f"{said(item)} is no account: write its name")
        elif item == ALL or _is_glob(item):
            problems.add(
                where, f"a list holds names, and {said(item)} is more than one: write account: {plain(item, 60)}"
            )
        else:
            names.append((item, where))
    if not items:
        problems.add(place, "account is an empty list: name an account, or remove the line for the parent itself")
    return Scope(Width.LIST, tuple(names)) if names else None


def _is_glob(text: str) -> bool:
    return any(sign in text for sign in "*?[")


def listed(scopes: Sequence[str]) -> str:
    """Accounts by their scopes, as a message lists them: three, and how many more."""
    names = [scope or "the parent account" for scope in islice(dict.fromkeys(scopes), 3)]
    more = len(set(scopes)) - len(names)
    return f"{', '.join(names)} and {more} more" if more else ", ".join(names)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The declared accounts by key, each with its scope: "" for the one that is the parent itself."""

    scopes: Mapping[str, str]
    absent: str = ""
    """What to do about one that is named where the vendor has none at all; "" where it may be declared."""

    def remedy(self, which: str = "it") -> str:
        """What to do about one that is not declared."""
        return self.absent or f"declare {which} under accounts"

    @property
    def subs(self) -> list[str]:
        """The sub-accounts, sorted."""
        return sorted(scope for scope in self.scopes.values() if scope)

    def resolve(self, scope: Scope, problems: Problems, budget: Budget) -> tuple[str, ...]:
        """The scopes of the accounts that are meant; names that fit none are problems."""
        if not scope.names:
            return ("",)
        found: dict[str, None] = {}
        for name, place in scope.names:
            if scope.width in (Width.GLOB, Width.ALL):
                budget.spend(len(self.scopes), place)
            fits = self._fits(name, scope.width)
            found.update(dict.fromkeys(fits))
            if not fits:
                problems.add(place, self._unknown(name, scope.width))
        return tuple(found)

    def _fits(self, name: str, width: Width) -> list[str]:
        if width is Width.ALL:
            return self.subs
        if width is Width.GLOB:
            return [sub for sub in self.subs if fnmatchcase(sub, name)]
        return [self.scopes[name]] if name in self.scopes else []

    def _unknown(self, name: str, width: Width) -> str:
        if width is Width.ALL:
            none = "account: all, and no sub-account is declared"
            return f"{none}: {self.remedy('one')}, or remove the document"
        if width is Width.GLOB:
            known = f"there are {', '.join(self.subs[:5])}" if self.subs else self.remedy("one")
            return f"no sub-account fits '{plain(name, 60)}': {known}"
        return f"no account '{plain(name, 60)}': {meant(name, self.scopes, self.remedy())}"
