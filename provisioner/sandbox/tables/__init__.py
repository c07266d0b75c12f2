"""What the sandbox remembers: one module per table, functions over a store. `SCHEMA` makes them all."""

from __future__ import annotations

from provisioner.sandbox.tables import accounts, calls, claims, hours, late, links, objects, pictures, rules, sessions

SCHEMA: tuple[str, ...] = (
    *accounts.SCHEMA,
    *objects.SCHEMA,
    *claims.SCHEMA,
    *links.SCHEMA,
    *hours.SCHEMA,
    *pictures.SCHEMA,
    *sessions.SCHEMA,
    *calls.SCHEMA,
    *rules.SCHEMA,
    *late.SCHEMA,
)
