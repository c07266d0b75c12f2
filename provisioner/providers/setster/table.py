"""How a kind of object is spelled at this vendor: one value per kind, in the kind's own file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.kinds.live import Live
from provisioner.providers.base import Capability
from provisioner.providers.setster.codec import Wire, Zones, decode_fields

Body = dict[str, Any]


def as_read(body: Body, changed: Mapping[str, Any], raw: Mapping[str, Any]) -> Body:
    """The default finishing: nothing to add."""
    del changed, raw
    return body


@dataclass(frozen=True, slots=True)
class Table:
    """Path, fields and peculiarities of one kind."""

    kind: str
    path: str
    """Where they are listed, and written as well where nothing else is said."""
    fields: Mapping[str, Wire]
    passed: frozenset[str]
    """Readable, writable fields that we do not manage: sent back as read, whatever a PUT means here."""
    capability: Capability = field(default_factory=Capability)
    """What the vendor lets one do with it."""
    saved: str = ""
    """Where they are written, when that is not where they are listed."""
    modify: str = "PUT"
    """The method that modifies one."""
    save_many: str = ""
    """Where any number of them are made and modified in one request."""
    delete_many: str = ""
    """Where any number of them are deleted in one request."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """The vendor's flag -> role."""
    lacking: Mapping[str, str] = field(default_factory=dict)
    """The vendor's flag -> the role of what has it off."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the list."""
    id: str = "id"
    """What the vendor calls its id."""
    seek: str = ""
    """The list's parameter that finds one object by its natural key, by our name of it; for kinds that are sought."""
    secrets: frozenset[str] = frozenset()
    """Fields that must not survive the edge."""
    unique: frozenset[str] = frozenset()
    """Fields, by our names, that no two objects may share: who takes a value waits for who gives it up."""
    join: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """Vendor's name -> what to write of a list: from what is live, and what is wanted (None to leave it as it is).
    For lists that nobody says are replaced by a write."""
    finish: Callable[[Body, Mapping[str, Any], Mapping[str, Any]], Body] = as_read
    """Mends a body that is written over a live object; gets the fields that are said, and the object as it was."""

    def decode(self, raw: Mapping[str, Any], zones: Zones) -> Live:
        """One live object from a list."""
        roles = frozenset(role for name, role in self.roles.items() if raw.get(name) in (True, 1, "1", "true"))
        roles |= {role for name, role in self.lacking.items() if name in raw and raw[name] in (False, 0, "0", "false")}
        kept = {k: v for k, v in raw.items() if k not in self.secrets}
        fields = decode_fields(self.fields, raw, zones)
        held = frozenset(ours for ours, wire in self.fields.items() if wire.secret and raw.get(wire.name))
        return Live(self.kind, str(raw[self.id]), fields, roles=roles, secrets=held, raw=kept)

    def body_over(self, raw: Mapping[str, Any] | None, changed: Mapping[str, Any]) -> Body:
        """The body of a write: everything readable and writable as it is live, with what changes on top."""
        if raw is None:
            return dict(changed) | {n: join(None, changed[n]) for n, join in self.join.items() if n in changed}
        sent = self.passed | {name for wire in self.fields.values() for name in wire.names}
        body = {k: v for k, v in raw.items() if k in sent} | dict(changed)
        joined = {n: join(raw.get(n), changed.get(n)) for n, join in self.join.items() if n in body}
        return self.finish(body | joined, changed, raw)
