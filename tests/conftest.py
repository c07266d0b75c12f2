"""What holds for all tests: no property fails because a machine is slow, and one database server is enough."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import _port, database

__all__ = ["_port", "database"]

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a sweep every so-many-th case is always run, beginning with the first; all others are long tests."""
    seen: Counter[str] = Counter()
    for item in items:
        sweep = item.get_closest_marker("sweep")
        if sweep is not None:
            name = item.nodeid.partition("[")[0]
            if seen[name] % sweep.args[0]:
                item.add_marker("slow")
            seen[name] += 1


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish() -> None:
    """What a test printed is told by then."""
    while _DONE:
        _DONE.pop()._report_sections.clear()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """A test is kept until the end of all, and with it everything that it printed and logged."""
    _DONE.append(item)


_DONE: list[pytest.Item] = []
