"""Whether objects look as they are read here: names and types of fields only, never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.finding import Finding, failed, look, passed, skipped
from provisioner.kinds.base import Unreadable
from provisioner.providers.setster.checkup.documented import NEVER_SHOWN, SHOWN
from provisioner.providers.setster.codec import Wire, Zones, decode_fields
from provisioner.providers.setster.table import Table

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}", re.ASCII)
FEW = 6
"""Fields that are named in one line; of more the rest is counted."""
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is expected of the objects of one kind."""

    kind: str
    fields: Mapping[str, Wire]
    beside: frozenset[str]
    """Names at the vendor that are known and are no fields of ours."""

    def finding(self, check: str, bodies: Sequence[Body], zones: Zones) -> Finding:
        """What all objects of one list together show."""
        if not bodies:
            return skipped(check, "there is none, so its fields were not seen")
        unknown, unreadable = self._unknown(bodies), self._unreadable(bodies, zones)
        missing = sorted(name for name in self._readable() if all(name not in body for body in bodies))
        parts = [
            f"{what}: {_few(names)}"
            for what, names in (
                ("unreadable values in", unreadable),
                ("not known here", unknown),
                ("missing", [_shown(name) for name in missing]),
            )
            if names
        ]
        count = f"{len(bodies)} looked at"
        if not parts:
            return passed(check, f"{count}, every field as expected")
        return look(check, f"{count}; {'; '.join(parts)}", _remedy(unreadable, unknown, missing))

    def _readable(self) -> set[str]:
        names = {name for wire in self.fields.values() if wire.readable for name in wire.names}
        return names - NEVER_SHOWN.get(self.kind, frozenset())

    def _unknown(self, bodies: Iterable[Body]) -> list[str]:
        known = {name for wire in self.fields.values() for name in wire.names} | self.beside
        types: dict[str, str] = {}
        for body in bodies:
            types |= {name: sort(value) for name, value in body.items() if name not in known and value is not None}
            types |= {name: "null" for name in body if name not in known and name not in types}
        return [f"{_shown(name)} ({type_})" for name, type_ in sorted(types.items())]

    def _unreadable(self, bodies: Iterable[Body], zones: Zones) -> list[str]:
        found: dict[str, str] = {}
        for body in bodies:
            for ours, value in decode_fields(self.fields, body, zones).items():
                if isinstance(value, Unreadable):
                    wire = self.fields[ours]
                    found[wire.name] = sort(body.get(wire.name))
        return [f"{name} ({type_})" for name, type_ in sorted(found.items())]


def shape_of(table: Table) -> Shape:
    """The objects of a table."""
    beside = table.passed | table.secrets | {table.id, *table.roles, *table.lacking, *table.join}
    return Shape(table.kind, table.fields, beside | SHOWN[table.kind])


def no_objects(check: str, data: Any, id_: str) -> Finding | None:
    """What is wrong with the data of a list, if it is no list of objects with ids."""
    if data in (None, {}, []):
        return None
    remedy = "no plan can be made on it: tell us what the vendor answers"
    if not isinstance(data, list):
        return failed(check, f"the vendor answers {a_sort(data)} where a list of objects is expected", remedy)
    odd = [body for body in data if not isinstance(body, Mapping)]
    if odd:
        return failed(check, f"{len(odd)} of {len(data)} in the list are {sort(odd[0])} and no objects", remedy)
    nameless = sum(id_ not in body for body in data)
    return failed(check, f"{nameless} of {len(data)} have no {id_}", remedy) if nameless else None


def sort(value: Any) -> str:
    """What JSON calls a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "object"


def a_sort(value: Any) -> str:
    """The same with its article."""
    word = sort(value)
    return word if word in ("text", "null") else f"an {word}" if word[0] in "ao" else f"a {word}"


def _shown(name: str) -> str:
    """A field's name; one that is no name may be somebody's."""
    return name if _NAME.fullmatch(name) else "(no usual name)"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _remedy(unreadable: Sequence[str], unknown: Sequence[str], missing: Sequence[str]) -> str:
    if unreadable:
        return "a plan shows such a value as it is, and writes over it where the manifests name the field"
    if missing:
        return "a missing field is never compared: what the manifests say of it is sent once"
    return "nothing, as long as a PUT keeps what it leaves out: see --probe-account" if unknown else ""
