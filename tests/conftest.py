"""What holds for all tests: no property fails because a machine is slow, and one database server is enough."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.postgres import _port, database

__all__ = ["_port", "database"]

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
