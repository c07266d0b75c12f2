"""A plan file shows the plan that is applied, or nothing: a checksum that fits gets no lie past `show`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from provisioner.cli.shown import printed_plan
from provisioner.errors import UsageError
from provisioner.plan.change import Plan
from provisioner.plan.saved import Basis, Saved
from provisioner.schema import plan_schema
from provisioner.schema.fitting import misfit
from provisioner.state.codec import checksum
from tests.cli.command import Workspace
from tests.report.printing import BANNER, printed
from tests.report.strategies import plans

Body = dict[str, Any]


def _nothing(body: Body) -> None:
    body["document"]["changes"] = []
    body["text"] = "SANDBOX (nothing real changes) company 2345 (sandbox)\n\nNo changes. 9 resources are as wanted."


def _harmless(body: Body) -> None:
    body["text"] = body["text"].replace("9 to add", "0 to add")


def _elsewhere(body: Body) -> None:
    body["document"]["tenant"]["company_id"] = "7"


def _another_price(body: Body) -> None:
    body["document"]["changes"][0]["fields"][0]["after"] = "other"


def _counts(body: Body) -> None:
    body["document"]["counts"]["create"] = 1


@pytest.mark.parametrize("lie", [_nothing, _harmless, _elsewhere, _another_price, _counts])
def test_words_that_are_not_of_the_plan(starter: Workspace, lie: Callable[[Body], None]) -> None:
    assert starter("plan", "--save", "p.json").code == 0
    _spoil(starter, lie)
    for arguments in (("show", "p.json"), ("show", "p.json", "--format", "markdown"), ("apply", "p.json")):
        ran = starter(*arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) == (64, "", 1), ran
        assert "p.json: edited (what it shows is not what it is: " in ran.err
    assert not starter.writes()


def _no_tenant(body: Body) -> None:
    del body["document"]["tenant"]


def _odd_action(body: Body) -> None:
    for changes in (body["document"]["changes"], body["basis"]["changes"]):
        changes[0]["action"] = "explode"


def _odd_drift(body: Body) -> None:
    body["document"]["drift"] = ["nope/x"]


def _digest(body: Body) -> None:
    digest = body["document"]["digest"]
    body["document"]["digest"] = body["basis"]["digest"] = "`<img src=x>`"
    body["text"] = body["text"].replace(digest, "`<img src=x>`")


def _odd_hours(body: Body) -> None:
    for changes in (body["document"]["changes"], body["basis"]["changes"]):
        for change in changes:
            for field in change["fields"] if change["kind"] == "hours" else ():
                field["after"] = [7, {"a": None}]


def _odd_times(body: Body) -> None:
    body["document"]["appointments"] = {"read_at": "soon", "stranded": [], "by_change": []}


@pytest.mark.parametrize("spoil", [_no_tenant, _odd_action, _odd_drift, _digest, _odd_hours, _odd_times])
@pytest.mark.parametrize("name", ["text", "json", "markdown", "html"])
def test_an_odd_document_is_one_line(starter: Workspace, spoil: Callable[[Body], None], name: str) -> None:
    assert starter("plan", "--save", "p.json").code == 0
    _spoil(starter, spoil)
    ran = starter("show", "p.json", "--format", name)
    assert ran.code in (0, 64)
    assert ran.err.count("\n") == (1 if ran.code else 0), ran
    assert "Traceback" not in ran.err
    if spoil is not _odd_hours:
        assert ran.code == 64


@settings(max_examples=30)
@given(plan=plans())
def test_any_plan_agrees_with_itself(plan: Plan) -> None:
    if plan.blocked:
        return
    made = json.loads(json.dumps(printed(plan).document))
    basis = Basis(BANNER.host, BANNER.company_id, {}, changes=tuple(made["changes"]), digest=plan.digest)
    told = Saved("2026-09-28T15:00:00+00:00", {}, (), basis, printed(plan).text, made)
    assert printed_plan(told, "p.json").document == made


def test_a_misfit_is_named_by_its_place() -> None:
    document = json.loads(json.dumps(printed(Plan(())).document))
    plan = plan_schema()["anyOf"][0]
    assert misfit(document, plan) is None
    assert misfit(document | {"effort": document["effort"] | {"seconds": float("inf")}}, plan) == "effort.seconds"
    assert misfit(document | {"notes": ["a", 7]}, plan) == "notes.1"
    assert misfit([], plan) == "it"


def test_a_document_of_another_version(starter: Workspace) -> None:
    told = Saved("", {}, (), Basis("", "", {}), "", {"format_version": "0.9"})
    with pytest.raises(UsageError, match="was saved by another version: plan again"):
        printed_plan(told, "p.json")


def _spoil(workspace: Workspace, how: Callable[[Body], None]) -> None:
    """Change the file, and compute its checksum anew."""
    body = json.loads((workspace.root / "p.json").read_bytes())
    del body["sha256"]
    how(body)
    workspace.write("p.json", json.dumps(body | {"sha256": checksum(body)}))
