"""Keys for live things, made from their names: short, readable, and each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from provisioner.kinds import BY_NAME
from provisioner.kinds.known import open_address
from provisioner.kinds.live import Live
from provisioner.kinds.values import parse_key, slug

_NAMES: Mapping[str, Sequence[Sequence[str]]] = {
    "account": (("company_name",), ("nick_name",)),
    "employee": (("first_name",), ("first_name", "last_name"), ("email",)),
    "holiday": (("name",), ("name", "dates"), ("name", "rule")),
    "webhook": (("target_url",),),
}
"""What a key is made of, from short to long; the longer ones are for those whose shorter ones are alike."""
_LONGEST = 40


def keyed(kind: str, found: Iterable[Live]) -> dict[str, str]:
    """Id -> key of live objects of one kind in one account; the same objects always get the same keys."""
    ordered = sorted(found, key=by_id)
    keys: dict[str, str] = {}
    taken = set[str]()
    for names in _NAMES.get(kind, (BY_NAME[kind].natural[0][:1],) if BY_NAME[kind].natural else ()):
        wished = {live.id: _key(live, names) for live in ordered if live.id not in keys}
        often = Counter(wished.values())
        for id_, key in wished.items():
            if key and often[key] == 1 and key not in taken:
                keys[id_] = key
                taken.add(key)
    for live in ordered:
        if live.id not in keys:
            keys[live.id] = _numbered(kind, live, taken)
            taken.add(keys[live.id])
    return keys


def by_id(live: Live) -> tuple[int, int | str]:
    """A place in a stable order: the oldest first, where ids are numbers."""
    return (0, int(live.id)) if live.id.isascii() and live.id.isdigit() else (1, live.id)


def _key(live: Live, names: Sequence[str]) -> str:
    """The key that some fields make, "" when they make none."""
    known = [live.fields.get(name) for name in names]
    if not all(isinstance(value, str) or value is not None for value in known):
        return ""
    text = " ".join(map(str, known))
    text = text.partition("@")[0] if names == ("email",) else text
    if names == ("target_url",):
        text = open_address(text).removeprefix("https://").removeprefix("http://")
    return _allowed(_cut(slug(text)))


def _cut(key: str) -> str:
    """A long key up to a word's end."""
    if len(key) <= _LONGEST:
        return key
    head, dash, _ = key[: _LONGEST + 1].rpartition("-")
    return head if dash else key[:_LONGEST]


def _allowed(key: str) -> str:
    try:
        return parse_key(key, BY_NAME)
    except ValueError:
        return ""


def _numbered(kind: str, live: Live, taken: set[str]) -> str:
    """The first name that makes a key at all, with a number where it is taken; else the kind and the id."""
    names = _NAMES.get(kind, BY_NAME[kind].natural[:1])
    stem = next((key for each in names if (key := _key(live, each[:1]))), "")
    stem = stem or _allowed(f"{kind}-{slug(live.id)}"[:60].rstrip("-")) or f"{kind}-{len(taken) + 1}"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
