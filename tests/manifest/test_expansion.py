"""A few lines that want a great deal: they end in one line that says so, before they fill the memory."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds.desired import Place
from provisioner.manifest import assemble, references
from provisioner.manifest.budget import Budget
from provisioner.manifest.problems import LONGEST, MOST, Problems

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

HERE = Place("x.yaml", 3, 5)
TOO_MUCH = (
    "with this the manifests expand to over {0} resources, links and removals in all accounts together: name fewer"
)
COUNT = 150


def accounts(count: int) -> str:
    return "accounts:\n" + "".join(f"  a{n}: {{company_name: A{n}}}\n" for n in range(count))


def members(count: int) -> str:
    return (
        "employees:\n"
        + "".join(f"  e{n}: {{email: e{n}@x.example, first_name: E, last_name: X}}\n" for n in range(count))
        + "locations:\n"
        + "".join(f"  l{n}: {{name: L{n}}}\n" for n in range(count))
        + services(count)
    )


def services(count: int) -> str:
    return "services:\n" + "".join(f"  s{n}: {{name: S{n}, duration: 15 min}}\n" for n in range(count))


REMOVED = "removed:\n" + "".join(f"  service/s{n}: {{how: forget}}\n" for n in range(COUNT))
FORMER = ", ".join(f"k{n}" for n in range(COUNT))
EVERYWHERE = f"{accounts(COUNT)}---\naccount: all\n"


@pytest.mark.parametrize(
    "text",
    [
        EVERYWHERE + services(COUNT),
        f"{accounts(COUNT)}---\naccount: 'a*'\n{REMOVED}",
        accounts(COUNT) + "---\naccount: '*1*'\nservices: {}\n" * COUNT,
        f"{EVERYWHERE}services: {{x: {{name: X, duration: 1 h, lifecycle: {{was: [{FORMER}]}}}}}}",
        f"{EVERYWHERE}links: [{{employees: [{FORMER}], locations: all, services: all}}]\n",
        members(20) + "links:\n" + "  - {employees: all, locations: all, services: all}\n" * 3,
    ],
    ids=["resources", "removals", "scopes", "former keys", "dangling links", "links"],
)
def test_what_expands_too_far_is_one_problem(folder: Folder, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "Budget", partial(Budget, most=20_000))
    (line,) = folder.told(text)
    assert line.startswith("main.yaml:")
    assert line.endswith(TOO_MUCH.format("20,000"))


def test_two_million_are_too_many(folder: Folder) -> None:
    (line,) = folder.told(f"{accounts(1500)}---\naccount: all\n{services(1500)}")
    assert line.endswith(TOO_MUCH.format("2,000,000"))


def test_a_budget_may_be_spent_to_its_end() -> None:
    problems = Problems()
    problems.add(Place("x.yaml", 1, 1), "something else")
    budget = Budget(problems, 10)
    budget.spend(4, HERE)
    budget.spend(6, HERE)
    with pytest.raises(ManifestError) as caught:
        budget.spend(1, HERE)
    assert [str(each).partition(": ")[0] for each in caught.value.problems] == ["x.yaml:1:1", "x.yaml:3:5"]


# -- texts


def test_references_bring_in_a_bounded_text(folder: Folder) -> None:
    folder.write("big.txt", "x" * 600_000)
    (line,) = folder.told("locations: {a: {name: A, description: '${file:big.txt} ${file:big.txt}'}}")
    assert line.endswith("description: it grows beyond 1 MiB with what it refers to: refer to less")


def described(text: str, count: int) -> str:
    return "locations:\n" + "".join(f"  a{n}: {{name: A{n}, description: '{text}'}}\n" for n in range(count))


def test_all_references_bring_in_a_bounded_amount(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST_IN_ALL", 1000)
    folder.write("some.txt", "x" * 100)
    assert len(folder.desired(described("${file:some.txt}", 10)).resources) == 10
    (line,) = folder.told(described("${file:some.txt}", 11))
    assert line == (
        "main.yaml:12:33: description: with it, all that references bring in grows beyond 128 MiB: refer to less"
    )


def test_the_same_text_is_one_object(folder: Folder) -> None:
    folder.write("big.txt", "x" * 10_000)
    found = folder.desired(described("${file:big.txt}", 30)).resources.values()
    assert len({id(each.resource.wanted()["description"]) for each in found}) == 1


def test_many_references_in_one_text(folder: Folder) -> None:
    folder.options["variables"] = {"X": "x"}
    text = "${var:X}" * 100_000
    assert folder.wanted("location/a", f"locations: {{a: {{name: '{text}'}}}}") == {"name": "x" * 100_000}


# -- problems


def test_a_thousand_problems_are_enough(folder: Folder) -> None:
    told = folder.told("services:\n" + "".join(f"  s{n}: {{nam: S{n}, duration: 15 min}}\n" for n in range(5000)))
    assert len(told) == MOST


def test_a_thousand_problems_of_yaml_are_enough(folder: Folder) -> None:
    assert len(folder.told("services:\n" + "".join(f"  s{n}: ~\n" for n in range(5000)))) == MOST


def test_a_message_is_one_short_line() -> None:
    problems = Problems()
    problems.add(HERE, "two\nlines, \x1b[31mred\u202e, " + "x" * 10_000)
    with pytest.raises(ManifestError) as caught:
        problems.raise_any()
    (problem,) = caught.value.problems
    assert problem.message.startswith("two\\nlines, \\u001b[31mred\\u202e, xxx")
    assert problem.message.isprintable()
    assert len(problem.message) < LONGEST + 30
