"""Which of the objects that go look like which of those that come: by values that hardly two of a kind share.

Pure, and linear in the number of values: only what few have on either side makes a pair to look at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, product
from typing import Any, NamedTuple

from provisioner.kinds import Address, Resource
from provisioner.kinds.base import Spec, Unreadable, specs

FEW = 4
"""A value that more than this many have, of those that go or of those that come, identifies none of them."""
_MANY = 50
"""Of this many that stay and share a value, one may well share the others: they are not looked through."""
_WEAK = frozenset({"boolean", "word", "zone"})
"""Forms with so few values that two which agree say nothing."""
_NOISE = re.compile(r"[\W_]+")
_SCHEME = re.compile(r"[a-z]+://")

Values = Mapping[str, str]
"""Field -> its value as it is compared; "" where it has none."""
_Key = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of fields, and their values."""
_Pair = tuple[Address, Address]


class Alike(NamedTuple):
    """Those that go and those that come that look alike, equally much: one of each, or it cannot be told which."""

    olds: tuple[Address, ...]
    news: tuple[Address, ...]
    fields: tuple[str, ...]
    """What they have in common."""


def telling_names(kind: type[Resource], named: Iterable[str]) -> frozenset[str]:
    """Those of some fields whose values can tell one object of a kind from another."""
    known = specs(kind)
    return frozenset(name for name in named if _tells(known[name]))


def _tells(spec: Spec) -> bool:
    hidden = spec.sensitive or spec.from_file or spec.instruction or spec.role
    return not hidden and spec.form.name not in _WEAK


def comparable(kind: type[Resource], fields: Mapping[str, Any], names: Collection[str]) -> Values:
    """An object's values as they are compared, of so many fields."""
    known = specs(kind)
    return {name: _folded(known[name], value) for name, value in fields.items() if name in names}


def _folded(spec: Spec, value: Any) -> str:
    """A value without what people write in several ways; "" for none, and for what every object begins with."""
    if not value or isinstance(value, Unreadable) or (spec.create_default and value == spec.create_default.value):
        return ""
    return _spelled(spec, spec.dump(value))


def recorded(kind: type[Resource], applied: Mapping[str, Any], names: Collection[str]) -> Values:
    """The same of what is remembered of an object, in the manifest's spelling."""
    known = specs(kind)
    return {name: _spelled(known[name], value) for name, value in applied.items() if name in names and value}


def _spelled(spec: Spec, dumped: Any) -> str:
    if not isinstance(dumped, str):
        return json.dumps(dumped, sort_keys=True)
    text = spec.form.key(dumped).casefold()
    match spec.form.name:
        case "text":
            return _NOISE.sub("", text)
        case "URL":
            return _SCHEME.sub("", text).rstrip("/")
        case _:
            return text


def alike(
    kind: type[Resource],
    olds: Mapping[Address, Values],
    news: Mapping[Address, Values],
    stay: Iterable[Values],
    within: Sequence[tuple[str, ...]] = (),
) -> Iterator[Alike]:
    """Those of one kind in one account that look alike, each at most once, the surest first.

    `within` are groups of values that identify and are not of the objects themselves.
    """
    found = _scored(_Shared(kind, olds, news, [*stay], within))
    taken = set[Address]()
    for _, level in groupby(sorted(found, key=lambda each: (each.score, each.pair)), key=lambda each: each.score):
        free = [each for each in level if taken.isdisjoint(each.pair)]
        common = {each.pair[0]: each.fields for each in free}
        for members in _connected(each.pair for each in free):
            taken |= members
            going, coming = (tuple(sorted(each for each in members if each in side)) for side in (olds, news))
            yield Alike(going, coming, common[going[0]])


def _connected(pairs: Iterable[_Pair]) -> Iterator[set[Address]]:
    """The pairs that hang together, as sets of their members."""
    beside: dict[Address, list[Address]] = {}
    for one, other in pairs:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    for start in [*beside]:
        waiting, members = [start], set[Address]()
        while waiting:
            members.add(waiting[-1])
            waiting += beside.pop(waiting.pop(), [])
        if len(members) > 1:
            yield members


@dataclass(slots=True)
class _Shared:
    """Who has which value."""

    kind: type[Resource]
    olds: Mapping[Address, Values]
    news: Mapping[Address, Values]
    stay: Sequence[Values]
    within: Sequence[tuple[str, ...]] = ()
    telling: tuple[tuple[str, ...], ...] = ()
    """The groups of fields that identify, natural keys in another spelling among them."""
    holders: dict[_Key, tuple[list[Address], list[Address]]] = field(default_factory=dict)
    """Those that go and those that come."""
    staying: dict[_Key, list[Values]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.telling = (*self.kind.telling, *self.kind.natural, *self.within)
        for address, values in self.news.items():
            for key in self._keys(values):
                self.holders.setdefault(key, ([], []))[1].append(address)
        for address, values in self.olds.items():
            for key in self._keys(values):
                if key in self.holders:
                    self.holders[key][0].append(address)
        for values in self.stay:
            for key in self._keys(values):
                if key in self.holders:
                    self.staying.setdefault(key, []).append(values)

    def _keys(self, values: Values) -> Iterator[_Key]:
        for name, value in values.items():
            if value:
                yield (name,), (value,)
        for names in self.telling:
            if len(names) > 1 and all(held := tuple(values.get(name, "") for name in names)):
                yield names, held

    def candidates(self) -> dict[_Pair, list[tuple[str, ...]]]:
        """The pairs that share what few have, each with the groups in it that identify."""
        found: dict[_Pair, list[tuple[str, ...]]] = {}
        telling = {*self.telling}
        for key, (olds, news) in self.holders.items():
            if len(olds) <= FEW and len(news) <= FEW:
                identifies = [key[0]] if key[0] in telling and key not in self.staying else []
                for pair in product(olds, news):
                    found.setdefault(pair, []).extend(identifies)
        return found

    def contradicts(self, old: Values, new: Values) -> bool:
        """Whether something that identifies is known of both, and is not the same."""
        for names in self.kind.telling:
            pairs = [(old.get(name), new.get(name)) for name in names]
            if all(one and other for one, other in pairs) and any(one != other for one, other in pairs):
                return True
        return False

    def usual(self, name: str, value: str) -> bool:
        """Whether most of those that stay have this value, as they have a default of the settings."""
        count = len(self.staying.get(((name,), (value,)), ()))
        return count > 1 and 2 * count > len(self.stay)

    def common(self, same: Sequence[str], new: Values) -> bool:
        """Whether one that stays has all these values, too."""
        held = [self.staying.get(((name,), (new[name],)), []) for name in same]
        fewest = min(held, key=len)
        return len(fewest) > _MANY or any(all(each.get(name) == new[name] for name in same) for each in fewest)


class _Scored(NamedTuple):
    """A pair that looks alike; the least score is the surest."""

    score: tuple[int, int, int]
    pair: _Pair
    fields: tuple[str, ...]


def _scored(shared: _Shared) -> Iterator[_Scored]:
    """The pairs that share what identifies, or else most of what can be compared."""
    inside = {name for names in shared.within for name in names}
    for pair, groups in shared.candidates().items():
        old, new = shared.olds[pair[0]], shared.news[pair[1]]
        own = {name: value for name, value in new.items() if value and name in old and name not in inside}
        both = [name for name, value in own.items() if not shared.usual(name, value)]
        same = [name for name in both if old[name] == new[name]]
        most = len(same) >= 2 and len(both) < 2 * len(same)
        if groups or (most and not shared.contradicts(old, new) and not shared.common(same, new)):
            fields = dict.fromkeys(name for names in groups for name in names) or same
            yield _Scored((-len(groups), -len(same), len(both) - len(same)), pair, tuple(fields))
