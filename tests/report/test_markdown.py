"""Markdown for a pull request: nothing in it that a tenant or a manifest wrote is markup, and it fits a comment."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings

from provisioner.apply.outcome import Applied
from provisioner.kinds import Address
from provisioner.plan.change import Action, Change, Plan
from provisioner.report.head import Banner, Effort
from provisioner.report.markdown import LONGEST, ROWS, plan_markdown
from tests.report.strategies import plans

BANNER, EFFORT = Banner(sandbox=True, host="sandbox", company_id="2345"), Effort(1, 1, 1)
HOSTILE = "a|b `c` <img src=x> @team #12 [x](http://x.example) ~~s~~ **b** www.x.example\n| new | row |"


def change(name: str, action: Action = Action.CREATE, reason: str = "") -> Change:
    return Change(Address("", "service", (name,)), action, reason)


def rows(text: str) -> list[str]:
    return [line for line in text.partition("<details>")[0].splitlines() if line.startswith("| ")]


def test_every_change_has_a_row_with_deletions_first() -> None:
    plan = Plan((change("a"), change("b", Action.DELETE, "it left the manifests"), change("c", Action.FORGET)))
    _, _, *found = rows(plan_markdown(plan, BANNER, EFFORT))
    assert [row.split(" | ")[0:2] for row in found] == [
        ["| `-`", "service/b"],
        ["| `+`", "service/a"],
        ["| `.`", "service/c"],
    ]
    assert "**1 to add, 1 to destroy, 1 to forget.**" in plan_markdown(plan, BANNER, EFFORT)


def test_a_blocked_plan_says_so() -> None:
    plan = Plan((replace(change("a", Action.DELETE), blocked="it is protected"),))
    text = plan_markdown(plan, BANNER, EFFORT)
    assert "**1 blocked: nothing will be applied.**" in text
    assert "| **BLOCKED**: it is protected |" in text


def test_nothing_is_markup_that_somebody_else_wrote() -> None:
    plan = Plan((change(HOSTILE, reason=HOSTILE),), notes=(HOSTILE,))
    text = plan_markdown(plan, BANNER, EFFORT).partition("<details>")[0]
    assert len(rows(text)) == 3
    assert not re.search(r"[@~<>\[\]]|https?:|www\.|#\d", text.replace("### ", "").replace("&#", "&"))
    assert all(row.count("|") == 5 for row in rows(text))


def test_a_block_of_code_is_not_ended_by_what_is_in_it() -> None:
    plan = Plan((change("a", reason="````\n</details>"),), notes=("`````",))
    text = plan_markdown(plan, BANNER, EFFORT)
    fence = re.findall("^`{3,}", text, re.MULTILINE)
    assert len(fence) == 2
    assert len(fence[0]) > 5


def test_it_fits_a_comment_whatever_the_plan() -> None:
    plan = Plan(tuple(change(f"service-{n}" * 20, reason="because " * 50) for n in range(5000)))
    text = plan_markdown(plan, BANNER, EFFORT)
    assert len(text) <= LONGEST + 1000
    hostile = Plan(tuple(change(f"{n}" + "|" * 300, reason="@" * 300) for n in range(5000)), notes=("<" * 500,) * 500)
    assert len(plan_markdown(hostile, BANNER, EFFORT)) <= LONGEST + 1000
    assert "... cut here: see the log" in text
    assert len(rows(text)) < ROWS


def test_a_long_table_says_how_much_longer_it_is() -> None:
    text = plan_markdown(Plan(tuple(change(f"s{n}") for n in range(ROWS + 7))), BANNER, EFFORT)
    assert len(rows(text)) == ROWS + 3
    assert "| | and 7 more | | |" in text


def test_an_outcome_comes_first() -> None:
    failed = Applied(done=(), failed=((change("a"), "the vendor refused it"),), writes=1, seconds=1.0)
    text = plan_markdown(Plan((change("a"),)), BANNER, EFFORT, failed)
    assert text.startswith("### Apply: SANDBOX")
    assert "**Incomplete.**" in text
    assert "the vendor refused it" in text.partition("<details>")[0]


@settings(max_examples=30)
@given(plan=plans())
def test_any_plan_is_a_document_of_balanced_parts(plan: Plan) -> None:
    text = plan_markdown(plan, BANNER, EFFORT)
    assert len(text) < 66_000
    assert text.count("<details>") == text.count("<summary>")
    assert text.endswith("</details>\n")
