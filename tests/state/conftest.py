"""A real database for tests of the state."""

from __future__ import annotations

from tests.postgres import _port, database

__all__ = ["_port", "database"]
