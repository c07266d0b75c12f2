"""One entry as a tree: its fields in the order of the kind, relations inside it, and remarks where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.export.entry import Entry, Look
from provisioner.export.text import Pair, Remark
from provisioner.kinds import BY_NAME
from provisioner.kinds.base import specs


def resource_pair(entry: Entry) -> Pair:
    """An entry under its key."""
    kind = BY_NAME[entry.address.kind]
    if kind.lists:
        return Pair(entry.address.key[0], entry.fields[kind.inline], tag=(entry.place, ""))
    fields = tuple(_fields(entry))
    inner = tuple(_inner(entry))
    lifecycle = _lifecycle(entry)
    return Pair(entry.address.key[0], (*fields, *inner, *lifecycle), _remarks(entry, ""), (entry.place, ""))


def remark(look: Look, about: str = "") -> Remark:
    """What needs a look, as it stands beside the thing itself, or about something that is not there."""
    field = f"{look.field}: " if look.field not in ("", "lifecycle") else ""
    return Remark(f"needs a look: {about}{field}{look.reason}", look)


def _remarks(entry: Entry, field: str) -> tuple[Remark, ...]:
    told = tuple(remark(look) for look in entry.looks if look.field == field)
    return (*told, Remark(entry.hints[field])) if field in entry.hints else told


def _fields(entry: Entry) -> Iterator[Pair]:
    """The fields, those of a group under its name."""
    group: list[Pair] = []
    named = ""
    for name in specs(BY_NAME[entry.address.kind]):
        head, dot, rest = name.partition(".")
        if group and head != named:
            yield Pair(named, tuple(group)) if any(each.key for each in group) else _only_remarks(group)
            group = []
        remarks = _remarks(entry, name)
        if name not in entry.fields and not remarks:
            continue
        tag = entry.place, name
        pair = (
            Pair(rest or head, entry.fields[name], remarks, tag)
            if name in entry.fields
            else Pair("", None, remarks, tag)
        )
        if dot:
            named = head
            group.append(pair)
        else:
            yield pair
    if group:
        yield Pair(named, tuple(group)) if any(each.key for each in group) else _only_remarks(group)


def _only_remarks(group: list[Pair]) -> Pair:
    return Pair("", None, tuple(each for pair in group for each in pair.remarks))


def _inner(entry: Entry) -> Iterator[Pair]:
    kind = BY_NAME[entry.address.kind]
    for head in dict.fromkeys(path[0] for path in kind.nested.values()):
        value: Any = entry.inner.get(head)
        if isinstance(value, dict):
            value = tuple(_at(entry, head, key, each) for key, each in value.items())
        there = entry.inner.get(head) or ()
        remarks = tuple(remark(look) for look in entry.looks if _stands_at(look.field, head, there))
        if value:
            yield Pair(head, value, remarks, (entry.place, head))
        elif remarks:
            yield Pair("", None, remarks, (entry.place, head))


def _stands_at(field: str, head: str, there: Any) -> bool:
    """Whether a remark stands above all of a relation: it is about all of it, or about a key that is not there."""
    first, _, rest = field.partition(".")
    return first == head and (not rest or rest not in there)


def _at(entry: Entry, head: str, key: str, said: dict[str, Any]) -> Pair:
    path = f"{head}.{key}"
    pairs = tuple(Pair(name, value, (), (entry.place, f"{path}.{name}")) for name, value in said.items())
    return Pair(key, pairs, _remarks(entry, path), (entry.place, path))


def _lifecycle(entry: Entry) -> Iterator[Pair]:
    if entry.lifecycle:
        yield Pair("lifecycle", dict(entry.lifecycle), _remarks(entry, "lifecycle"), (entry.place, "lifecycle"))
