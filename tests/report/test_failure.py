"""What a report says of a run that came to no plan."""

from __future__ import annotations

from provisioner.errors import ManifestError, Problem, RefusedError, StaleError
from provisioner.report.failure import failure_json, failure_markdown
from provisioner.report.markdown import LONGEST, ROWS

HOSTILE = "a|b <img src=x> @team\n# new"


def test_problems_have_their_places() -> None:
    error = ManifestError([Problem("a.yaml", 3, 5, "it is wrong: mend it"), Problem("b.yaml", 1, 1, "so is it")])
    told = failure_json(error)["error"]
    assert (told["exit_code"], told["message"]) == (1, "2 problems")
    assert told["problems"][0] == {"file": "a.yaml", "line": 3, "column": 5, "message": "it is wrong: mend it"}
    text = failure_markdown(error)
    assert text == "### No plan: 2 problems\n\n- a.yaml:3:5: it is wrong: mend it\n- b.yaml:1:1: so is it\n"


def test_it_says_when_there_may_be_more_of_them() -> None:
    error = ManifestError([Problem("a.yaml", 1, 1, "x")], more=True)
    assert failure_json(error)["error"]["message"] == "at least 1 problem"


def test_any_other_error_is_one_sentence() -> None:
    assert failure_json(RefusedError("no"))["error"] == {"exit_code": 4, "message": "no", "problems": [], "moved": []}
    assert failure_markdown(RefusedError("no")) == "### No plan: no\n"
    assert failure_json(StaleError("it is stale", ["a: was edited"]))["error"]["moved"] == ["a: was edited"]


def test_it_is_bounded_and_nothing_in_it_is_markup() -> None:
    text = failure_markdown(ManifestError([Problem("a.yaml", n, 1, HOSTILE) for n in range(5_000)]))
    assert len(text) < LONGEST
    assert text.count("\n- ") == ROWS + 1
    assert text.endswith(f"- and {5_000 - ROWS} more\n")
    assert not any(mark in text for mark in ("<img", "@team", "\n# "))
