"""Time zones: the vendor's numbers and today's offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from provisioner.sandbox.setster.zones import ZONES

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_the_numbers_are_the_same_for_ever() -> None:
    names = {553: "US/Pacific", 548: "US/Eastern", 137: "Africa/Abidjan", 555: "UTC"}
    assert names.items() <= ZONES.items()
    assert len(ZONES) == len(set(ZONES.values())) > 400
    assert {"Europe/Berlin", "Asia/Tokyo", "America/Sao_Paulo", "Australia/Sydney"} <= set(ZONES.values())


def test_every_zone_exists() -> None:
    for name in ZONES.values():
        ZoneInfo(name)


def test_the_list_tells_the_offset_of_the_day(sandbox: Sandbox) -> None:
    winter = sandbox.ok("GET", "/tz/list")["553"]
    sandbox.clock.advance(30 * 86400)
    sandbox.sign_in()
    summer = sandbox.ok("GET", "/tz/list")["553"]
    assert winter == {
        "gmt": -480,
        "caption": "GMT -08:00 US/Pacific (PST)",
        "dbName": "US/Pacific",
        "short": "GMT -08:00",
        "friendly": "GMT-08:00",
    }
    assert summer["gmt"] == -420
    assert sandbox.ok("GET", "/tz/list", reverse_caption=1)["553"]["caption"] == "US/Pacific (PDT) GMT -07:00"


def test_an_offset_is_told_in_seconds(sandbox: Sandbox) -> None:
    assert sandbox.ok("GET", "/tz/data") == {"name": {"offset": -25200}}
    assert sandbox.ok("GET", "/tz/data", id=548, time=1700000000) == {"name": {"offset": -18000}}
    sandbox.refused(7, "GET", "/tz/data", id=1)
    sandbox.refused(1, "GET", "/tz/data", time=10**18)
    sandbox.refused(1, "GET", "/tz/data", time="noon")
