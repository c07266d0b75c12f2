"""What an apply did: true numbers, then what failed and what was not attempted and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from provisioner.apply.outcome import Applied
from provisioner.kinds import read_address
from provisioner.plan.change import Action, Change
from provisioner.report.outcome import outcome_text
from tests.nasty import odd
from tests.report.strategies import outcomes

Make = Callable[..., Change]


def test_a_complete_apply_is_one_line_and_its_cost(create: Make, update: Make) -> None:
    made = (*(create(f"service/s{n}", name="x") for n in range(3)), update("service/t", name=("a", "b")))
    adopted = replace(made[0], action=Action.ADOPT)
    assert outcome_text(Applied(made)) == "Apply complete! 3 added, 1 changed, 0 destroyed."
    assert outcome_text(Applied((*made, adopted, adopted), writes=4, seconds=2.2)) == (
        "Apply complete! 3 added, 1 changed, 0 destroyed, 2 adopted.\n4 writes in 2 s."
    )


def test_a_failure_keeps_the_numbers_true_and_names_what_follows_from_it(create: Make) -> None:
    made, failed, skipped, cancelled = (create(f"service/{name}", name=name) for name in ("a", "b", "c", "d"))
    outcome = Applied(
        done=(made,),
        failed=((failed, "the vendor said: name is taken\x1b[2J"),),
        skipped=((skipped, read_address("service/b")),),
        cancelled=(cancelled,),
        writes=2,
        seconds=0.4,
    )
    assert outcome_text(outcome).split("\n") == [
        "Apply incomplete: 1 added, 0 changed, 0 destroyed; 1 failed, 2 not attempted.",
        "2 writes in 1 s.",
        "",
        "Failed",
        "  + service/b",
        "      the vendor said: name is taken\\u001b[2J",
        "",
        "Not attempted",
        "  + service/c",
        "      because service/b failed",
        "  + service/d",
        "      because the run was interrupted",
    ]


@given(outcomes(), st.sampled_from([40, 80, 200]))
def test_the_vendors_words_cannot_reach_the_terminal_unescaped(outcome: Applied, width: int) -> None:
    assert not odd(outcome_text(outcome, width))
