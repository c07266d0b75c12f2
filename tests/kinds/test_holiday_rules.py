"""`4th thursday of november`: every rule survives its spelling, and what is no rule is told what was meant."""

from __future__ import annotations

import re
from itertools import product

import pytest

from provisioner.kinds.holiday import RULE, Holiday, Rule, parse_rule

EVERY = [Rule(*each) for each in product(range(5), range(7), range(12))]
MEANT = {
    "4th Thursday of November": "4th thursday of november",
    "fourth thu in nov": "4th thursday of november",
    "the last Mon. of May": "last monday of may",
    "1 friday of june": "1st friday of june",
    "second tuseday of febuary": "2nd tuesday of february",
}


def test_every_rule_survives_its_spelling() -> None:
    assert [parse_rule(str(rule)) for rule in EVERY] == EVERY
    assert all(re.search(RULE.schema["pattern"], str(rule)) for rule in EVERY)


@pytest.mark.parametrize("text", MEANT)
def test_what_was_meant_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=f"is no rule: write {MEANT[text]}$"):
        parse_rule(text)
    assert not re.search(RULE.schema["pattern"], text)


@pytest.mark.parametrize("text", ["5th monday of may", "fifth monday of may"])
def test_there_is_no_fifth(text: str) -> None:
    with pytest.raises(ValueError, match=r"write last monday of may$"):
        parse_rule(text)


@pytest.mark.parametrize("raw", ["", "whenever", "4th of july", "4th day of july", "4th thursday of n", [], 4])
def test_anything_else_gets_an_example(raw: object) -> None:
    with pytest.raises(ValueError, match="is no rule: write one such as 4th thursday of november"):
        parse_rule(raw)


def test_exactly_one_of_dates_and_rule() -> None:
    one = {"dates": "2026-12-24"}, {"rule": "last monday of may"}, {"dates": None, "rule": "last monday of may"}
    assert not [fault for fields in one for fault in Holiday(name="H", **fields).faults()]
    both = Holiday(name="H", dates="2026-12-24", rule="last monday of may")
    assert [field for field, _ in both.faults()] == ["rule"]
    assert [field for field, _ in Holiday(name="H").faults()] == [""]
    assert [field for field, _ in Holiday(name="H", dates=None).faults()] == [""]
