"""Searching the answers to custom fields: which fields, how exactly, all of them or one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.sandbox.setster.envelope import Failure
from provisioner.sandbox.setster.search import cf_filter

ANSWERS: dict[Any, Any] = {1: ["Gold"], "2": "gold member", 3: [["201 S. Division St.", "500"], 48104], 4: None}


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({}, True),
        ({"cf_search": " "}, True),
        ({"cf_search": "gold"}, True),
        ({"cf_search": "gol"}, False),
        ({"cf_search": "gol", "cf_search_precision": "fuzzy"}, True),
        ({"cf_search": "division", "cf_search_precision": "fuzzy"}, True),
        ({"cf_search": "48104"}, True),
        ({"cf_search": "None"}, False),
        ({"cf_search": "gold", "cf_ids": "custom_field_1"}, True),
        ({"cf_search": "gold", "cf_ids": "2"}, False),
        ({"cf_search": "gold", "cf_ids": "custom_field_1, 2"}, False),
        ({"cf_search": "gold", "cf_ids": "custom_field_1,2", "cf_search_operand": "or"}, True),
        ({"cf_search": "gold", "cf_ids": "custom_field_1,2", "cf_search_precision": "fuzzy"}, True),
        ({"cf_search": "gold", "cf_ids": "1,9"}, False),
        ({"cf_search": "gold", "cf_ids": "1,9", "cf_search_operand": "or"}, True),
        ({"cf_ids": "9"}, True),
    ],
)
def test_answers_are_searched(asked: dict[str, str], fits: bool) -> None:
    assert cf_filter(asked)(ANSWERS) is fits


@pytest.mark.parametrize(
    "asked", [{"cf_ids": "one"}, {"cf_search_precision": "close"}, {"cf_search_operand": "xor"}, {"cf_ids": "1,,x"}]
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Failure) as refused:
        cf_filter(asked)
    assert refused.value.code == 1
    assert next(iter(asked)) in refused.value.text


TEXTS = st.sampled_from(["a", "A", "ab", "b", ""])


@given(st.dictionaries(st.integers(1, 4), st.lists(TEXTS)), st.lists(st.integers(1, 4), min_size=1), TEXTS.filter(bool))
def test_one_is_less_than_all_and_exact_less_than_fuzzy(answers: dict[int, Any], ids: list[int], text: str) -> None:
    asked = {"cf_ids": ",".join(map(str, ids)), "cf_search": text}
    for precision in ("exact", "fuzzy"):
        every = cf_filter(asked | {"cf_search_precision": precision})(answers)
        one = cf_filter(asked | {"cf_search_precision": precision, "cf_search_operand": "or"})(answers)
        each = [cf_filter(asked | {"cf_ids": str(number), "cf_search_precision": precision})(answers) for number in ids]
        assert (every, one) == (all(each), any(each))
    assert cf_filter(asked | {"cf_search_precision": "fuzzy"})(answers) >= cf_filter(asked)(answers)
