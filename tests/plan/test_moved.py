"""What moved since a plan was saved is said in words of the manifests, never in those of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioner.plan.moved import carried_out, moved
from provisioner.plan.saved import Basis

CHANGE: dict[str, Any] = {
    "address": "service/cut",
    "action": "update",
    "reason": "the manifests changed",
    "id": "7",
    "unchanged": 2,
    "fields": [{"name": "price", "before": "30", "after": "35"}, {"name": "name", "before": "A", "after": "B"}],
}
THEN = Basis("host", "1", {"a.yaml": "x"}, "lineage", 3, (CHANGE,), {}, "7f3a9c41d2")


def now(*changes: dict[str, Any]) -> Basis:
    return replace(THEN, changes=changes, digest="0000000000")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ((), "the plan was to update it, and now nothing would be done"),
        (({**CHANGE, "action": "adopt"},), "the plan was to update it, and now it is to adopt it"),
        (({**CHANGE, "fields": CHANGE["fields"][:1]},), "the plan is still to update it, differently (name)"),
        (({**CHANGE, "reason": "another"},), "the plan is still to update it, for another reason"),
        (({**CHANGE, "id": "8", "unchanged": 3},), "the plan is still to update it, with another id"),
        (({**CHANGE, "unchanged": 3},), "the plan is still to update it, differently"),
    ],
)
def test_a_change_that_would_be_another(changes: tuple[dict[str, Any], ...], line: str) -> None:
    assert moved(THEN, now(*changes)) == (f"service/cut: {line}",)


def test_a_change_that_was_none() -> None:
    (line,) = moved(replace(THEN, changes=()), now(CHANGE))
    assert line == "service/cut: nothing was to be done, and now the plan is to update it"


def test_what_is_not_kept_is_covered_by_the_digest() -> None:
    assert moved(THEN, THEN) == ()
    assert "about a person" in moved(THEN, now(CHANGE))[0]


def test_it_was_carried_out_when_a_run_went_on_and_nothing_is_left() -> None:
    after = replace(now(), serial=5)
    assert carried_out(THEN, after)
    assert carried_out(replace(THEN, lineage="", serial=0), after), "the first plan of a workspace has no lineage yet"
    assert not carried_out(THEN, now()), "no run went on"
    assert not carried_out(THEN, replace(after, changes=(CHANGE,)))
    assert not carried_out(THEN, replace(after, files={"a.yaml": "y"}))
    assert not carried_out(THEN, replace(after, lineage="another"))
