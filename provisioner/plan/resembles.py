"""Renames that the manifests do not say: what goes and what comes look alike, so both are told, with the remedy.

Relations are left out: the hours and links of a renamed location go and come with it. So is what claims a role, and
what has a record under its own address: `was:` could not make it another object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.live import Evidence
from provisioner.plan.change import Action, Change
from provisioner.plan.likeness import Alike, Values, alike, comparable, telling_names
from provisioner.plan.within import TELLING, Within
from provisioner.state.model import State

_NAMED = 3
"""Addresses that a sentence names."""
_ONE_BY_ONE = 5
"""Renames that are soon written down by hand."""
_Places = dict[tuple[str, str], list[Change]]


def resembling(
    changes: Sequence[Change], evidence: Evidence, state: State, not_renamed: Collection[Address]
) -> tuple[Change, ...]:
    """The same changes; those that look like the two halves of a rename say so."""
    going = _by_place(c for c in changes if _goes(c) and c.address not in not_renamed)
    coming = _by_place(c for c in changes if _comes(c) and c.address not in state.records)
    gone = {(c.address.account, c.address.kind, c.id) for c in changes if c.action in (Action.DELETE, Action.FORGET)}
    told: dict[Address, Change] = {}
    by_address = {change.address: change for change in changes}
    within = Within(changes, state)
    keys = {r.id: a.key[0] for a, r in state.records.items() if a.kind == "account"}
    keys |= {c.id: c.address.key[0] for c in changes if c.address.kind == "account" and c.id}
    for place in going.keys() & coming.keys():
        stay = [live for live in evidence.of(*place) if (*place, live.id) not in gone]
        staying = ((live.fields, keys.get(live.id, "")) for live in stay)
        numbers = _of_places(place[0], changes, evidence) if place[1] == "employee" else frozenset()
        for found in _alike(place[1], going[place], coming[place], staying, within, numbers):
            told |= _told(found, by_address)
    return tuple(told.get(change.address, change) for change in changes)


def in_a_table(changes: Iterable[Change]) -> Iterator[str]:
    """What spares a person to write down many renames."""
    count = sum(1 for change in changes if change.hint and change.action is not Action.CREATE)
    if count > _ONE_BY_ONE:
        yield (
            f"{count} look like renames: provisioner plan --renames-out data/renames.csv writes them as a table to "
            "look through, which a manifest then names with renames: data/renames.csv"
        )


def _goes(change: Change) -> bool:
    leaves = change.action in (Action.DELETE, Action.FORGET) and change.live is not None
    return leaves and not (change.with_ or change.reviewed) and _is_object(change)


def _comes(change: Change) -> bool:
    made = change.action is Action.CREATE and change.resource is not None and not change.resource.claims()
    return made and _is_object(change)


def _is_object(change: Change) -> bool:
    kind = BY_NAME[change.address.kind]
    return not (kind.key_kinds or kind.lists)


def _by_place(changes: Iterable[Change]) -> _Places:
    places: _Places = {}
    for change in changes:
        places.setdefault((change.address.account, change.address.kind), []).append(change)
    return places


def _of_places(account: str, changes: Iterable[Change], evidence: Evidence) -> frozenset[str]:
    """The telephone numbers of an account's locations, which tell no person from another."""
    kind, names = BY_NAME["location"], {"phone"}
    wanted = (c.resource.wanted() for c in changes if c.address[:2] == (account, kind.kind) and c.resource)
    live = (each.fields for each in evidence.of(account, kind.kind))
    return frozenset(number for f in (*wanted, *live) if (number := comparable(kind, f, names).get("phone")))


def _alike(
    name: str,
    going: Sequence[Change],
    coming: Sequence[Change],
    stay: Iterable[tuple[Mapping[str, Any], str]],
    within: Within,
    numbers: frozenset[str],
) -> Iterator[Alike]:
    """Those of one kind; `numbers` are nobody's own.

    Of an account, what is in it counts as well; with what stays comes the key of the account that it may be.
    """
    kind, is_account = BY_NAME[name], name == "account"
    wanted = {c.address: c.resource.wanted() for c in coming if c.resource}
    names = telling_names(kind, {name for values in wanted.values() for name in values})

    def found(fields: Mapping[str, Any], more: Values) -> Values:
        own = comparable(kind, fields, names)
        return {**own, **more, **({"phone": ""} if own.get("phone") in numbers else {})}

    def inside(account: str) -> Values:
        return within.known(account) if is_account and account else {}

    return alike(
        kind,
        {c.address: found(c.live.fields, inside(c.address.key[0])) for c in going if c.live},
        {a: found(values, within.wanted(a.key[0]) if is_account else {}) for a, values in wanted.items()},
        (found(fields, inside(key)) for fields, key in stay),
        TELLING if is_account else (),
    )


def _told(found: Alike, changes: Mapping[Address, Change]) -> dict[Address, Change]:
    olds, news = ([changes[address] for address in each] for each in (found.olds, found.news))
    told = {}
    for old in olds:
        others = [other for other in found.olds if other != old.address]
        beside = f", and so does {_one_of(others)}" if others else ""
        common = f"{beside} (same {_listed(found.fields)})"
        hint = f"looks like a rename to {_one_of(found.news)}{common}: {_remedy([old], news)}"
        told[old.address] = replace(old, resembles=found.news, hint=hint)
    for new in news:
        hint = f"looks like a rename of {_one_of(found.olds)}: {_remedy(olds, [new])}"
        told[new.address] = replace(new, resembles=found.olds, hint=hint)
    return told


def _remedy(olds: Sequence[Change], news: Sequence[Change]) -> str:
    """What to write, and where, as far as it can be known."""
    old, new, certain = olds[0], news[0], len(olds) == len(news) == 1
    if new.place and new.place.is_row:
        pair = f"{old.address},{new.address}" if certain else "the right pair"
        return f"add {pair} to the table that `renames:` names"
    key = old.address.key[0]
    former = f"id: {old.id}" if key.startswith("id:") else f"was: [{key}]"
    return f"add `lifecycle: {{{former if len(olds) == 1 else 'was: [...]'}}}` to {_where(news)}"


def _where(news: Sequence[Change]) -> str:
    return str(news[0].place or news[0].address) if len(news) == 1 else "the right one"


def _one_of(addresses: Sequence[Address]) -> str:
    if len(addresses) == 1:
        return str(addresses[0])
    return f"one of {_listed([*map(str, addresses)])}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
