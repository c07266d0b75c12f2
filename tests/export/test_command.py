"""What `provisioner export` writes and where, and what it refuses to write over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Workspace, served
from tests.export.taken import SETTINGS
from tests.export.test_examples import forget


@pytest.fixture
def found(tmp_path: Path) -> Workspace:
    """A live tenant, and a workspace with nothing but the settings."""
    root = tmp_path / "found"
    root.mkdir()
    workspace = Workspace(root)
    assert workspace("init").code == 0
    workspace.apply()
    forget(workspace)
    workspace.write("provisioner.yaml", SETTINGS)
    return workspace


def files(root: Path) -> list[str]:
    """The manifests of a folder."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.yaml") if path.name != "provisioner.yaml")


def test_people_could_have_written_it(found: Workspace) -> None:
    assert found("export").code == 0
    text = (found.root / "employees.yaml").read_text("utf-8")
    head, ana = text.splitlines()[1:10], text[text.index("  ana:\n") :].splitlines()[:11]
    assert head == [
        "employees:",
        "  owner:",
        "    owner: true",
        "    email: owner@example.com",
        "    # needs a look: first_name: it has none. It stays so: what stands here is ignored",
        "    first_name: unknown",
        "    # needs a look: last_name: it has none. It stays so: what stands here is ignored",
        "    last_name: unknown",
        "    lifecycle: {ignore: [first_name, last_name]}",
    ]
    assert ana == [
        "  ana:",
        "    email: ana@juniper.example",
        "    first_name: Ana",
        "    last_name: Diaz",
        "    job: Stylist",
        "    at:",
        "      juniper-studio:",
        "        services: [haircut, colour]",
        "        hours:",
        "          - {dates: 2027, week: {mon-fri: 09:00-17:00, sat: [09:00-11:00, 12:00-15:00]}}",
        "    away: [2027-08-02..2027-08-13]",
    ]
    colour = "  colour: {name: Colour, duration: 1 h 30 min, price: 85, duration_padding: 15 min}\n"
    assert colour in (found.root / "services.yaml").read_text("utf-8")


def test_one_file_for_each_location(found: Workspace) -> None:
    assert found("export", "--layout", "location").code == 0
    assert "locations/juniper-studio.yaml" in files(found.root)
    text = (found.root / "locations/juniper-studio.yaml").read_text("utf-8")
    assert "\nlocations:\n  juniper-studio:\n    main: true\n" in text
    assert "\n  ana:\n" in text
    found.settled()


def test_nothing_is_written_over(found: Workspace) -> None:
    assert found("export").code == 0
    before = {name: (found.root / name).read_bytes() for name in files(found.root)}
    ran = found("export")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == (
        "Error: . holds manifests (accounts.yaml, employees.yaml, locations.yaml and 1 more), and nothing is written "
        "over: move them away, or write elsewhere with --out DIR\n"
    )
    assert {name: (found.root / name).read_bytes() for name in files(found.root)} == before
    for name in before:
        (found.root / name).unlink()
    ran = found("export")
    assert ran.code == 4
    assert "addresses of sandbox company 2345 are managed from here: put the manifests back" in ran.err
    assert files(found.root) == []


def test_elsewhere_it_is_a_workspace_of_its_own(found: Workspace, tmp_path: Path) -> None:
    with served(found.root) as sandbox:
        found.write("provisioner.yaml", SETTINGS.replace("endpoint: sandbox", f"endpoint: {sandbox.endpoint}"))
        assert found("export").code == 0
        other = Workspace(tmp_path / "other")
        ran = found("export", "--out", str(other.root))
        assert (ran.code, ran.err) == (0, "")
        assert files(other.root) == files(found.root)
        other.settled()
        again = found("export", "--out", str(other.root))
        assert (again.code, files(other.root)) == (4, files(found.root))


def test_in_the_same_workspace_elsewhere_is_refused(found: Workspace) -> None:
    ran = found("export", "--out", "review")
    assert ran.code == 4
    assert ran.err.startswith("Error: review is in this workspace, which would read its manifests too")
    assert not (found.root / "review").exists()


def test_what_would_be_destroyed_for_being_left_out_is_refused(found: Workspace) -> None:
    found.write("provisioner.yaml", f"{SETTINGS}policy: {{prune: all}}\n")
    ran = found("export")
    assert ran.code == 4
    assert "prune: all destroys what is live and not in the manifests" in ran.err
    assert files(found.root) == []


def test_clients_are_left_out_unless_they_are_asked_for(found: Workspace) -> None:
    found.write("clients.yaml", "clients:\n  liv: {email: liv@example.com, name: Liv, phone: 22 33}\n")
    found.apply()
    forget(found)
    assert "Clients are left out" in found("export").out
    assert "liv@" not in "".join((found.root / name).read_text("utf-8") for name in files(found.root))
    ran = found("plan", "--show-unmanaged")
    assert "    1 client\n" in ran.out
    assert "liv@" not in ran.out
    forget(found)
    assert found("export", "--clients").code == 0
    text = (found.root / "clients.yaml").read_text("utf-8")
    assert "\nclients:\n  liv: {email: liv@example.com, name: Liv, phone: 22 33, client_since: " in text
    found.settled()


def test_the_defaults_of_the_settings_are_taken_into_account(found: Workspace) -> None:
    defaults = "defaults:\n  locations: {country: USA, city: Paris}\n  services: {duration_padding: 15 min}\n"
    found.write("provisioner.yaml", SETTINGS + defaults)
    assert found("export").code == 0
    text = "".join((found.root / name).read_text("utf-8") for name in files(found.root))
    assert "city: Los Angeles" in text
    assert "country" not in text
    assert "duration_padding: 0 min" in text
    found.settled()


def test_nothing_is_left_behind(found: Workspace) -> None:
    assert found("export").code == 0
    assert found.kept == ["sandbox.db", "state"]


def test_a_reading_that_takes_long_says_how_far_it_is(found: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    del found
    from provisioner.cli import progress

    told: list[str] = []
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setattr(progress, "say", lambda words, **_: told.append(words))
    with progress.Reading(bar=False) as reading:
        reading(3, 10)
        reading(10, 12)
    assert told == ["Reading: 3 of 10 lists", "Reading: 10 of 12 lists"]
