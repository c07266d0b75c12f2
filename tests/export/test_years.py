"""A tenant of 300 objects, clicked together over years: taken over without one write, then changed in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.command import Workspace
from tests.export.taken import SETTINGS
from tests.export.years import TOTAL, make_file

SECRET: Mapping[str, str] = {"SERVICE_SERVICE_11_PASSWORD": "vip"}


@pytest.fixture(scope="module")
def _years(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("years") / "chain")
    workspace.root.mkdir()
    workspace.write("provisioner.yaml", SETTINGS)
    make_file(workspace.db)
    return workspace


@pytest.fixture
def years(_years: Workspace, tmp_path: Path) -> Workspace:
    """The tenant as it was found."""
    return _years.copy(tmp_path / "years")


def held(workspace: Workspace) -> dict[str, list[str]]:
    """Every object of the sandbox, by kind."""
    kinds = ("location", "service", "employee", "holiday", "custom_field", "webhook")
    return {kind: [json.dumps(body, sort_keys=True) for body in workspace.live(kind)] for kind in kinds}


@pytest.mark.parametrize("layout", ["kind", "location"])
def test_from_nothing_to_managed_with_no_write_and_then_one_change(years: Workspace, layout: str) -> None:
    before, writes = held(years), years.writes()
    assert sum(map(len, before.values())) + 2 == TOTAL == 300  # and two sub-accounts
    ran = years("export", "--layout", layout)
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert years("validate").code == 0
    assert years("fmt", "--check").code == 0
    years.settled(env=SECRET)
    assert years.writes() == writes
    assert held(years) == before

    name = "locations.yaml" if layout == "kind" else "locations/shop-20.yaml"
    years.edit(name, "phone: 555-0020", "phone: 555-9999")
    planned = years.planned(env=SECRET)
    assert [(each["action"], each["address"]) for each in planned["changes"]] == [("update", "location/shop-20")]
    assert [field["name"] for field in planned["changes"][0]["fields"]] == ["phone"]
    years.apply(env=SECRET)
    assert years.writes() == writes + 1
    after = held(years)
    changed = {
        kind: [(one, other) for one, other in zip(before[kind], after[kind], strict=True) if one != other]
        for kind in before
    }
    ((one, other),) = changed.pop("location")
    before_it, after_it = json.loads(one), json.loads(other)
    noise = {"id", "company_id"}  # the sandbox stores these when it first writes a body anew
    assert {n for n in after_it if n not in noise and before_it.get(n) != after_it[n]} == {"phone"}
    assert not any(changed.values())
    years.settled(env=SECRET)


def test_what_needs_a_look_is_printed_with_its_place_and_stands_there(years: Workspace) -> None:
    ran = years("export", "--layout", "kind")
    text = {path.name: path.read_text("utf-8").splitlines() for path in years.root.glob("*.yaml")}
    places = re.findall(r"^    (\w+\.yaml):(\d+): (.*)$", ran.out, re.MULTILINE)
    assert len(places) > 30
    for name, line, said in places:
        assert text[name][int(line) - 1].lstrip().startswith("# needs a look: "), (name, line, said)
    for words in (
        "employee/ana9-diaz-9: email: 'room 3' is not an e-mail address",
        "service/service-4: duration: 50 min is not a multiple of 15 min",
        'location/shop-8: timezone: what is live is "4711": it cannot be read',
        "2 live services have the name Service 1: pinned by their ids",
        "custom field 810303 (Question 2?): a dropdown needs options",
        "it offers service 999999, which is not declared: none of its services there are managed",
        "SERVICE_SERVICE_11_PASSWORD   service/service-11",
    ):
        assert words in ran.out, words


def test_without_a_state_everything_is_found_again(years: Workspace) -> None:
    assert years("export").code == 0
    years.state.unlink()
    years.state.with_name("journal.ndjson").unlink()
    assert {
        change.partition(" ")[0] for change in (each["action"] + " " for each in years.planned(env=SECRET)["changes"])
    } == {"adopt"}
    writes = years.writes()
    years.apply(env=SECRET)
    assert years.writes() == writes
    years.settled(env=SECRET)


def test_what_was_left_out_is_listed_and_is_no_change(years: Workspace) -> None:
    assert years("export").code == 0
    ran = years("plan", "--show-unmanaged", "--detailed-exitcode", env=SECRET)
    assert ran.code == 0
    assert ran.last.startswith("No changes. ")
    assert 'holiday "Closed 2" (id 810303)' in ran.out
    assert "link/ana0-diaz-0/shop-1/id:999999" in ran.out
    listed = years.planned("--show-unmanaged", env=SECRET)["unmanaged"]
    assert {"account": "", "kind": "custom_field", "id": "810303", "name": "Question 2?"} in listed
    assert "unmanaged" not in years.planned(env=SECRET)
