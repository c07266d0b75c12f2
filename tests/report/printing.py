"""Plans as their faces take them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from provisioner.apply.outcome import Applied
from provisioner.plan.change import Plan
from provisioner.providers.base import Call
from provisioner.report.head import Banner, Effort
from provisioner.report.json import outcome_json, plan_json
from provisioner.report.outcome import outcome_text
from provisioner.report.printed import Printed
from provisioner.report.text import plan_text

BANNER, EFFORT = Banner(sandbox=True, host="sandbox", company_id="2345"), Effort(1, 1, 1)


def printed(
    plan: Plan, outcome: Applied | None = None, calls: Iterable[Call] = (), banner: Banner = BANNER, title: str = "Plan"
) -> Printed:
    """A plan that went through JSON, as a saved one does."""
    document = plan_json(plan, banner, EFFORT, calls) | ({"outcome": outcome_json(outcome)} if outcome else {})
    text = plan_text(plan, banner, EFFORT)
    told = outcome_text(outcome) if outcome else ""
    return Printed(json.loads(json.dumps(document)), text, told, "Apply" if outcome else title)
