"""How a kind of object is spelled at this vendor: one value per kind, in the kind's own file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.kinds.live import Live
from provisioner.providers.base import Capability
from provisioner.providers.setster.codec import Wire, Zones, decode_fields

Body = dict[str, Any]


def as_read(body: Body, changed: Mapping[str, Any]) -> Body:
    """The default finishing: nothing to add."""
    del changed
    return body


@dataclass(frozen=True, slots=True)
class Table:
    """Path, fields and peculiarities of one kind."""

    kind: str
    path: str
    fields: Mapping[str, Wire]
    passed: frozenset[str]
    """Readable, writable fields that we do not manage: sent back as read, whatever a PUT means here."""
    capability: Capability = field(default_factory=Capability)
    """What the vendor lets one do with it."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """The vendor's flag -> role."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the list."""
    secrets: frozenset[str] = frozenset()
    """Fields that must not survive the edge."""
    unique: frozenset[str] = frozenset()
    """Fields, by our names, that no two objects may share: who takes a value waits for who gives it up."""
    finish: Callable[[Body, Mapping[str, Any]], Body] = as_read
    """Mends a body that is written over a live object; gets the fields that change."""

    def decode(self, raw: Mapping[str, Any], zones: Zones) -> Live:
        """One live object from a list."""
        roles = frozenset(role for name, role in self.roles.items() if raw.get(name) in (True, 1, "1", "true"))
        kept = {k: v for k, v in raw.items() if k not in self.secrets}
        return Live(self.kind, str(raw["id"]), decode_fields(self.fields, raw, zones), roles=roles, raw=kept)

    def body_over(self, raw: Mapping[str, Any] | None, changed: Mapping[str, Any]) -> Body:
        """The body of a write: everything readable and writable as it is live, with what changes on top."""
        if raw is None:
            return dict(changed)
        sent = self.passed | {wire.name for wire in self.fields.values()}
        return self.finish({k: v for k, v in raw.items() if k in sent} | dict(changed), changed)
