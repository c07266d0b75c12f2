"""Taking back what a run did to a series: each field alone, and what it was is what it is again."""

import re
from pathlib import Path

import pytest

from tests.cli.command import Workspace
from tests.cli.test_timetap import SETTINGS, YOGA

FULL = YOGA + "    price: 12.50\n    note: Bring a mat\n    seats: 8\n"
EDITS = {
    "every": ("every: 1 week", "every: 2 weeks"),
    "days": ("days: mon", "days: mon wed"),
    "time": ("09:30-10:15", "09:30-10:30"),
    "dates": ("2083-06-30", "2083-07-30"),
    "staff": ("staff: 811", "staff: 812"),
    "location": ("location: 5021", "location: 5022"),
    "reason": ("reason: 3301", "reason: 3302"),
    "client": ("    client: 90017\n", ""),
    "price": ("price: 12.50", "price: 13.50"),
    "note": ("note: Bring a mat", "note: Bring two"),
    "seats": ("seats: 8", "seats: 9"),
    "overrides": ("    seats: 8\n", "    seats: 8\n    overrides: {2083-01-11: {cancelled: true}}\n"),
    "effective_from": ("seats: 8", "seats: 9\n    effective_from: 2083-03-01"),
}


@pytest.mark.parametrize("name", EDITS)
def test_each_field_alone(tmp_path: Path, name: str) -> None:
    studio = Workspace(tmp_path)
    studio.write("provisioner.yaml", SETTINGS)
    studio.write("yoga.yaml", FULL)
    studio.apply()
    studio.edit("yoga.yaml", *EDITS[name])
    if name == "client":
        studio.edit("yoga.yaml", "    seats: 8\n", "    seats: 8\n    client: null\n")
    assert "1 changed" in studio.apply().out
    ran = studio("plan", "--undo", "last")
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert re.search(r"Plan: 0 to add, 1 to change", ran.out), ran.out
    assert "1 changed" in studio.apply("--undo", "last").out
    studio.write("yoga.yaml", FULL)
    assert studio.changes() == [], studio("plan").out
