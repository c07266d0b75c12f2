"""The whole text: colour, size, and what may never reach a terminal. Its wording is tested by `tests/plan/cases`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds import Address
from provisioner.kinds.desired import Place
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.report.layout import columns
from provisioner.report.style import Style
from provisioner.report.text import Banner, Effort, plan_text
from tests.nasty import odd
from tests.report.strategies import hostile, plans

Make = Callable[..., Change]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def plain_text(plan: Plan, **rest: Any) -> str:
    return plan_text(plan, Banner(False, "h", "1"), Effort(1, 1, 1), **rest)


@given(plans(), hostile, st.sampled_from([40, 80, 200]))
def test_no_text_of_a_tenant_or_manifest_reaches_the_terminal_unescaped(plan: Plan, name: str, width: int) -> None:
    text = plan_text(plan, Banner(True, name, name, name), Effort(1, 1, 1), width)
    assert not odd(text)
    assert all(line == line.rstrip(" ") for line in text.split("\n"))


words = st.text("abcdefghij klmno", min_size=1, max_size=400).map(str.strip).filter(bool)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=5), st.integers(80, 140))
def test_ordinary_values_stay_within_the_width(pairs: list[tuple[str, str]], width: int) -> None:
    some = tuple(
        Change(
            Address("", "service", (f"s{n}",)),
            Action.UPDATE,
            "the manifests changed",
            id="12",
            fields=(FieldChange("description", before, after, outside=True), FieldChange("name", after, before)),
            place=Place("menu.yaml", n, 1),
            blocked=before,
        )
        for n, (before, after) in enumerate(pairs)
    )
    text = plain_text(Plan(some, drift=some, notes=tuple(a for a, _ in pairs)), width=width)
    longest = max(len(word) for pair in pairs for text_ in pair for word in text_.split())
    for line in text.splitlines():
        assert columns(line) <= width or len(line) <= longest + 30


def test_a_long_name_and_long_values_that_moved_outside_fit_the_line() -> None:
    place = Place("settings/accounts/acme-west.yaml", 1234, 5)
    field = FieldChange("options.prior_reschedule_appointment", "b " * 99, "a " * 99, outside=True, place=place)
    change = Change(Address("", "account", ("acme-west",)), Action.UPDATE, "", id="9", fields=(field,))
    text = plain_text(Plan((change,), drift=(change,)))
    assert all(len(line) <= 80 for line in text.splitlines())


def test_colour_only_reinforces(
    plan: Callable[..., Plan], create: Make, update: Make, banner: Banner, effort: Effort
) -> None:
    some = plan(create("service/a", name="A"), replace(update("service/b", name=("B", "C")), blocked="too many"))
    bare = plan_text(some, banner, effort)
    assert Style(colour=False).lines(bare.split("\n")) == bare.split("\n")
    coloured = "\n".join(Style(colour=True).lines(bare.split("\n")))
    assert coloured != bare
    assert ANSI.sub("", coloured) == bare
    for symbol, code in (("+", "32"), ("~", "33")):
        assert f"  \x1b[{code}m{symbol}\x1b[0m " in coloured
    assert "\x1b[1;31m! BLOCKED: too many\x1b[0m" in coloured


def test_a_thousand_links_are_one_block_for_each_pair(plan: Callable[..., Plan], create: Make) -> None:
    links = [create(Address("", "link", (f"e{e}", "hq", f"s{s:02}"))) for e in range(20) for s in range(50)]
    lines = plain_text(plan(*links)).splitlines()
    assert sum(1 for line in lines if line.startswith("  + link/")) == 20
    assert "  + 1000 links" in lines
    assert len(lines) < 200


def test_the_text_ends_with_the_totals_and_the_digest(plan: Callable[..., Plan], create: Make, update: Make) -> None:
    lines = plain_text(plan(create("service/a", name="A"), update("service/b", name=("B", "C")))).split("\n")
    assert lines[-2:] == ["Plan: 1 to add, 1 to change, 0 to destroy.", "Digest: 7f3a9c41d2"]


@pytest.mark.parametrize(
    ("managed", "said"),
    [
        (0, "No changes. Nothing is managed here."),
        (1, "No changes. 1 resource is as the manifests say."),
        (12, "No changes. 12 resources are as the manifests say."),
    ],
)
def test_nothing_to_do_is_one_sentence(plan: Callable[..., Plan], managed: int, said: str) -> None:
    assert plain_text(plan(managed=managed)) == f"LIVE h company 1   1 read; 1 write planned\n\n{said}"


def test_wide_characters_are_counted_as_they_are_shown(plan: Callable[..., Plan], update: Make) -> None:
    text = plain_text(plan(update("service/a", description=("\u4e2d" * 200, "\u6587" * 200))))
    assert all(columns(line) <= 80 for line in text.splitlines())


def test_long_texts_are_cut_where_they_begin_to_differ(plan: Callable[..., Plan], update: Make) -> None:
    same = "all the same until here, " * 20
    text = plain_text(plan(update("service/a", description=(same + "old", same + "new"))))
    assert 'until here, old"' in text
    assert 'until here, new"' in text


def test_a_long_text_about_a_person_is_cut_there_too_with_what_is_live_hidden(
    plan: Callable[..., Plan], update: Make
) -> None:
    same = "all the same until here, " * 20
    text = plain_text(plan(update("client/liv", notes=(same + "old", same + "new"))))
    assert '(not shown) -> ..."' in text
    assert 'here, new"' in text
    assert "old" not in text


def test_entries_of_a_list_that_look_the_same_when_cut_are_shown_whole(plan: Callable[..., Plan], update: Make) -> None:
    same = "all the same until here, " * 5
    text = plain_text(plan(update("custom_field/a", options=((same + "old\\", "b"), (same + "new", "b")))))
    shown = " ".join(text.split())
    assert f"- {same}old\\\\ #" in shown, "a backslash is escaped once"
    assert f"+ {same}new -" in shown
    assert all(columns(line) <= 80 for line in text.splitlines())
