"""JSON Schemas of what a person writes, for editors: made from the kinds, so that they know what the loader knows.

And of what the command writes, for other tools.
"""

from __future__ import annotations

from provisioner.schema.manifest import manifest_schema
from provisioner.schema.plan import EVENTS, PLAN, events_schema, plan_schema
from provisioner.schema.settings import settings_schema

MANIFEST, SETTINGS = "manifest.schema.json", "provisioner.schema.json"
"""The files that the schemas are kept in."""

__all__ = [
    "EVENTS",
    "MANIFEST",
    "PLAN",
    "SETTINGS",
    "events_schema",
    "manifest_schema",
    "plan_schema",
    "settings_schema",
]
