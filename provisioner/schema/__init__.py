"""JSON Schemas of what a person writes, for editors: made from the kinds, so that they know what the loader knows."""

from __future__ import annotations

from provisioner.schema.manifest import manifest_schema
from provisioner.schema.settings import settings_schema

MANIFEST, SETTINGS = "manifest.schema.json", "provisioner.schema.json"
"""The files that the schemas are kept in."""

__all__ = ["MANIFEST", "SETTINGS", "manifest_schema", "settings_schema"]
