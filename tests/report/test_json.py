"""The JSON document: stable keys, manifest spelling, no secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from provisioner.kinds import read_address
from provisioner.kinds.base import Unreadable
from provisioner.kinds.calendar import Dates
from provisioner.kinds.values import Duration
from provisioner.plan.change import Change, Plan
from provisioner.providers.base import Call, Effect, Part
from provisioner.report.json import plan_json
from provisioner.report.text import Banner, Effort

Make = Callable[..., Change]


def document(plan: Plan, banner: Banner, effort: Effort, *calls: Call) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(plan_json(plan, banner, effort, calls)))
    return made


def test_the_document_says_its_format_and_whose_plan_it_is(
    plan: Callable[..., Plan], banner: Banner, effort: Effort
) -> None:
    made = document(plan(notes=("Mind the gap",), managed=3), banner, effort)
    assert made["format_version"] == "1.3"
    assert made["tenant"] == {
        "sandbox": False, "host": "www.setster.com", "company_id": "2345", "name": "Acme", "embedded": False,
    }  # fmt: skip
    assert made["counts"] == {"create": 0, "update": 0, "delete": 0, "adopt": 0, "forget": 0, "blocked": 0}
    assert (made["digest"], made["notes"], made["managed"], made["changes"]) == ("7f3a9c41d2", ["Mind the gap"], 3, [])


def test_values_are_spelled_as_in_a_manifest_and_secrets_are_not_there(
    plan: Callable[..., Plan], update: Make, banner: Banner, effort: Effort
) -> None:
    change = update(
        "service/haircut",
        duration=(Unreadable("forty"), Duration(90)),
        price=(None, Decimal("29.5")),
        password=(None, SecretStr("hunter2")),
        cancel_appointment=("earlier spelling", Duration(0)),
    )
    made = document(plan(change), banner, effort)
    assert "hunter2" not in json.dumps(made)
    assert [(f["name"], f["before"], f["after"]) for f in made["changes"][0]["fields"]] == [
        ("duration", '"forty" (not readable)', "1 h 30 min"),
        ("price", None, "29.50"),
        ("password", None, {"sensitive": True}),
        ("cancel_appointment", "earlier spelling", "never"),
    ]


def test_a_change_names_its_place_and_nested_values_stay_nested(
    plan: Callable[..., Plan], create: Make, banner: Banner, effort: Effort
) -> None:
    change = document(plan(create("away/ana", away=(Dates(date(2026, 8, 1), date(2026, 8, 31)),))), banner, effort)[
        "changes"
    ][0]
    assert (change["address"], change["action"], change["place"]) == (
        "away/ana", "create", {"file": "menu.yaml", "line": 4, "column": 3},
    )  # fmt: skip
    assert change["fields"][0]["after"] == ["2026-08"]


def test_calls_are_listed_with_what_they_carry_and_need(
    plan: Callable[..., Plan], banner: Banner, effort: Effort
) -> None:
    address = read_address("acme-west/location/downtown")
    call = Call(
        "c2", Effect.REPLACE, (Part(address), Part(address, "links")), frozenset({"c1", "c0"}), payload=object()
    )
    assert document(plan(), banner, effort, call)["calls"] == [
        {
            "id": "c2",
            "effect": "replace",
            "parts": [{"address": str(address), "name": ""}, {"address": str(address), "name": "links"}],
            "needs": ["c0", "c1"],
        }
    ]
