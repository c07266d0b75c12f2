"""What the sandbox remembers: one module per table, functions over a store. `SCHEMA` makes them all."""

from __future__ import annotations

from provisioner.sandbox.tables import (
    accounts,
    appointments,
    bearers,
    calls,
    claims,
    deliveries,
    hours,
    late,
    links,
    mails,
    notices,
    objects,
    occurrences,
    pictures,
    resets,
    rules,
    series,
    sessions,
    waiting,
)

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
    *mails.SCHEMA,
    *resets.SCHEMA,
    *appointments.SCHEMA,
    *deliveries.SCHEMA,
    *bearers.SCHEMA,
    *series.SCHEMA,
    *occurrences.SCHEMA,
    *notices.SCHEMA,
    *waiting.SCHEMA,
)
