"""A plan that is kept holds nothing about a person; what is said of anything else stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable

from provisioner.plan.change import Change, Plan
from provisioner.report.discreet import discreet
from provisioner.report.json import plan_json
from provisioner.report.text import Banner, Effort, plan_text

Make = Callable[..., Change]


def test_a_person_is_named_by_their_key_alone(
    plan: Callable[..., Plan], create: Make, update: Make, banner: Banner, effort: Effort
) -> None:
    changes = (
        create("client/liv", email="liv@canary.example", name="Canary"),
        update("client/ann", phone=("canary 1", "canary 2"), notes=("canary", None)),
        create("employee/ana", email="ana@example.com"),
    )
    kept = discreet(plan(*changes))
    text, document = plan_text(kept, banner, effort), plan_json(kept, banner, effort, ())
    assert "canary" not in (text + json.dumps(document)).lower()
    assert "+ email = (not shown)" in text
    assert "~ phone = (not shown) -> (not shown)" in text
    assert "~ notes = (not shown) -> null" in text
    assert '+ email = "ana@example.com"' in text
    assert [each["after"] for each in document["changes"][1]["fields"]] == [{"personal": True}, None]
    assert (document["digest"], len(document["changes"])) == ("7f3a9c41d2", 3)
