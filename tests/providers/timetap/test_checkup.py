"""The check-up of a vendor that lists nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from provisioner.finding import Finding, Mark
from provisioner.providers import BY_NAME
from provisioner.providers.base import Connection
from provisioner.providers.clock import Clock
from provisioner.sandbox.app import create_app


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def examined(*rules: Mapping[str, Any], private_key: str = "sandbox-private") -> dict[str, Finding]:
    """Every finding, by its check."""
    app = create_app(":memory:", faults={"rules": list(rules)})
    keys = {"api_key": "sandbox", "private_key": private_key}
    connection = Connection("http://sandbox/timetap", "71300", keys, app=app, clock=Clock(sleep=_at_once))

    async def story() -> dict[str, Finding]:
        checkup = BY_NAME["timetap"].check_up(connection)
        try:
            return {finding.check: finding async for finding in checkup.examine()}
        finally:
            await checkup.close()

    with closing(app.state.store):
        return asyncio.run(story())


def test_a_healthy_business_passes() -> None:
    found = examined()
    skipped = [check for check, finding in found.items() if finding.mark is Mark.SKIPPED]
    assert skipped == ["Lists", "Clock"]
    assert [check for check, finding in found.items() if finding.mark in (Mark.FAIL, Mark.LOOK)] == []
    assert found["Dates of a pattern"].seen == "2 dates for a pattern of two weeks"


def test_a_wrong_key_is_told_and_the_rest_skipped() -> None:
    found = examined(private_key="wrong")
    assert [check for check, finding in found.items() if finding.mark is Mark.FAIL] == ["Sign-in"]
    assert "wrong" not in found["Sign-in"].seen
    assert found["Dates of a pattern"].mark is Mark.SKIPPED


@pytest.mark.parametrize(
    ("rule", "check", "mark"),
    [
        ({"fault": "html", "path": "/timetap/*/get/dates", "times": None}, "Dates of a pattern", Mark.FAIL),
        ({"fault": "throttle", "path": "/timetap/*/get/dates", "skip": 5, "times": None}, "At once", Mark.LOOK),
        ({"fault": "html", "path": "/timetap/*/get/dates"}, "Answers", Mark.LOOK),
        ({"fault": "html", "status": 404, "path": "/timetap/recurringappointments/0"}, "Ended sessions", Mark.LOOK),
    ],
)
def test_a_fault_leads_to_its_line(rule: Mapping[str, Any], check: str, mark: Mark) -> None:
    assert examined(rule)[check].mark is mark
