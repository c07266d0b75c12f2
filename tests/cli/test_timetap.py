"""The command in a workspace of TimeTap's: served and embedded, and where its keys go."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.tenant import locate
from provisioner.manifest import load_settings
from provisioner.providers import BY_NAME
from tests.cli.command import Workspace, served

KEYS = {"TIMETAP_API_KEY": "canary-of-the-api-key", "TIMETAP_PRIVATE_KEY": "canary-of-the-private-key"}
SETTINGS = """\
version: 1
provider: timetap
endpoint: sandbox
company_id: 71300
credentials: {api_key: "${env:TIMETAP_API_KEY}", private_key: "${env:TIMETAP_PRIVATE_KEY}"}
"""
YOGA = """\
recurring_appointments:
  yoga:
    every: 1 week
    days: mon
    time: 09:30-10:15
    dates: 2083-01-04..2083-06-30
    staff: 811
    location: 5021
    reason: 3301
    client: 90017
"""


@pytest.fixture
def studio(tmp_path: Path) -> Workspace:
    """One series that is wanted."""
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("yoga.yaml", YOGA)
    return workspace


def test_a_served_sandbox(studio: Workspace) -> None:
    with served(studio.root) as server:
        assert f"(API: {server.url}/timetap, company 71300" in server.said
        assert f"--endpoint {server.url}/timetap" in server.said
        assert "1 added" in studio.apply("--endpoint", f"{server.url}/timetap").out
        studio.settled("--endpoint", server.url)
        (series,) = server.ask("/timetap/series")
        assert series["staffId"] == 811


def test_notify(studio: Workspace) -> None:
    assert "Messages: none will go out." in studio("plan").out
    ran = studio.apply("--notify")
    assert "Messages: 2 will go out." in ran.out
    assert "[1/1] recurring_appointment/yoga: created (id 902101)" in ran.err
    studio.settled()
    studio.settled("--notify")
    ran = studio("destroy", "--yes", "--notify")
    assert (ran.code, "[1/1] recurring_appointment/yoga: cancelled" in ran.err) == (0, True)
    assert "recurring_appointment/yoga will be cancelled" in ran.out


def test_a_plan_that_tells_is_saved_as_such(studio: Workspace) -> None:
    assert studio("plan", "--notify", "--save", "loud.plan").code == 0
    ran = studio("apply", "loud.plan", "--notify")
    assert (ran.code, "--notify is in the saved plan already" in ran.err) == (64, True)
    assert "Messages: 2 will go out." in studio("apply", "loud.plan").out


def test_a_plan_as_json_has_the_outlook_beside_the_changes(studio: Workspace) -> None:
    document = studio.planned()
    assert document["messages"] == 0
    (line,) = document["outlook"]["recurring_appointment/yoga"]
    assert line.startswith("26 dates; next 2083-01-04, ")
    assert "outlook" not in document["changes"][0]


def test_the_keys_are_nowhere(studio: Workspace) -> None:
    """A sandbox has keys of its own, and nothing of a real one is written or printed."""
    ran = studio.apply(env=KEYS)
    kept = b"".join(path.read_bytes() for path in studio.root.rglob("*") if path.is_file())
    for key in (*KEYS.values(), "sandbox-private"):
        assert key not in ran.out + ran.err
        assert key.encode() not in kept


def test_keys_go_to_the_vendors_host_alone(studio: Workspace) -> None:
    ran = studio("plan", "--endpoint", "https://www.setster.com/api/v2", env=KEYS)
    assert (ran.code, ran.out) == (4, "")
    assert "www.setster.com is not the vendor's (api.timetap.com), so no credentials go there" in ran.err


@pytest.mark.parametrize(
    ("endpoint", "where"),
    [
        ("https://api.timetap.com", "https://api.timetap.com/live"),
        ("https://api.timetap.com/test", "https://api.timetap.com/test"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787/timetap"),
    ],
)
def test_where_the_api_stands(studio: Workspace, endpoint: str, where: str) -> None:
    place = locate(load_settings(studio.root, BY_NAME), endpoint, {})
    assert (place.endpoint, place.sandbox) == (where, "127" in where)


def test_what_is_missing_is_named(studio: Workspace) -> None:
    """The address is the vendor's, so its keys are looked up before anything is connected to."""
    ran = studio("plan", "--endpoint", "https://api.timetap.com/live")
    assert (ran.code, ran.out) == (1, "")
    assert "provisioner.yaml:5:24: api_key: the environment variable TIMETAP_API_KEY is not set: export it" in ran.err
    assert "private_key: the environment variable TIMETAP_PRIVATE_KEY is not set" in ran.err


def test_a_plan_as_of_a_day_tells_the_next_dates_from_then_on(studio: Workspace) -> None:
    assert "26 dates; next 2083-01-04, 2083-01-11" in studio("plan").out
    assert "26 dates; next 2083-03-01, 2083-03-08" in studio("plan", "--as-of", "2083-02-28").out
    assert "26 dates, all of them past" in studio("plan", "--as-of", "2083-07-01").out
