"""What of a stage is told, and what is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.telemetry.attributes import PERSONAL, attributes, template, title
from tests.docs.pages import ROOT
from tests.support import at


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/employee/342702/assignAvailability", "/employee/{id}/assignAvailability"),
        ("/api/v2/get/dates", "/api/v2/get/dates"),
        ("/recurringappointments/0", "/recurringappointments/{id}"),
        ("/client/o'hara", "/client/{id}"),
        ("/x/ana%40salon.example", "/x/{id}"),
        ("", ""),
    ],
)
def test_a_route_has_no_ids(path: str, expected: str) -> None:
    assert template(path) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.integers(0, 10**12))
def test_of_an_address_there_is_no_query_no_user_and_no_id(secret: str, number: int) -> None:
    quoted = f"c4nary{secret.encode().hex()}"
    told = attributes({"url": f"https://me:{quoted}@vendor.example:8443/v2/location/{number}?token={quoted}#{quoted}"})
    assert told == {
        "url.scheme": "https",
        "server.address": "vendor.example",
        "server.port": 8443,
        "url.template": "/v2/location/{id}",
    }


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_what_is_in_no_table_is_told_to_nobody(facts: dict[str, str]) -> None:
    unknown = {f"x-{name}": value for name, value in facts.items()}
    assert attributes(unknown) == {}


def test_a_status_from_400_on_is_an_error_and_a_plan_with_changes_is_none() -> None:
    assert attributes({"status": 399}) == {"http.response.status_code": 399}
    assert attributes({"status": 429}) == {"http.response.status_code": 429, "error.type": "429"}
    assert attributes({"exit": 2}) == {"process.exit.code": 2}
    assert attributes({"exit": 5})["error.type"] == "5"


def test_names_are_few() -> None:
    assert title("request", attributes({"method": "PUT", "url": "http://x/location/7"})) == "PUT /location/{id}"
    assert title("read", attributes({"kind": "employee", "account": "west"})) == "read employee"
    assert title("command", attributes({"command": "plan"})) == "provisioner plan"
    assert title("command", {}) == "provisioner"
    assert title("survey", {}) == "survey"


def test_who_books_is_not_named() -> None:
    from provisioner.providers.base import Call, Effect, Part

    parts = tuple(Part(at(each)) for each in ("west/client/jane-doe", "employee/ana", "link/ana/studio/cut"))
    told = attributes({"call": Call("c", Effect.CREATE, parts)})
    assert told["provisioner.change.addresses"] == [f"west/client/{PERSONAL}", "employee/ana", "link/ana/studio/cut"]


def test_every_attribute_stands_on_its_page() -> None:
    source = (ROOT / "provisioner/telemetry/attributes.py").read_text("utf-8")
    page = (ROOT / "docs/telemetry.md").read_text("utf-8")
    names = set(re.findall(r'"((?:provisioner|process|http|url|server|error)\.[a-z_.]+[a-z])"', source))
    assert len(names) > 15
    assert not [name for name in names if f"`{name}`" not in page and f"`.{name.rpartition('.')[2]}`" not in page]
