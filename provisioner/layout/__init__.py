"""How the text of a manifest is laid out: the same words in one indentation, one order and one sort of quote."""

from __future__ import annotations

from provisioner.layout.format import ChangedError, Unreadable, formatted

__all__ = ["ChangedError", "Unreadable", "formatted"]
