"""`apply --events`: what happens, a line at a time, in an order to rely on; and no apply depends on who reads."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from provisioner.schema import events_schema
from tests.cli.command import COMMAND, PATIENCE, Workspace, environment, ruded

LINE = jsonschema.Draft7Validator(events_schema(closed=True))


def read(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        LINE.validate(line)
    return lines


@pytest.mark.parametrize("given", ["-", "events.ndjson"])
def test_a_run_from_its_start_to_its_end(starter: Workspace, given: str) -> None:
    ran = starter("apply", "--yes", "--events", given)
    assert ran.code == 0
    out, rest = (ran.out, ran.err) if given == "-" else ((starter.root / given).read_text(), ran.out)
    lines = read(out)
    assert [lines[0]["event"], lines[-1]["event"]] == ["run_started", "finished"]
    assert "Apply complete! 9 added, 2 changed, 0 destroyed." in rest
    assert lines[0]["calls"] == 7
    done = [line["call"] for line in lines if line["event"] == "call_done"]
    started = [line["call"] for line in lines if line["event"] == "call_started"]
    assert sorted(done) == sorted(started)
    assert len({*done}) == 7
    for call in done:
        kinds = [line["event"] for line in lines if line.get("call") == call]
        assert kinds == ["call_started", "call_done"]
    assert all(part["outcome"] == "done" for line in lines if line["event"] == "call_done" for part in line["parts"])
    assert lines[-1]["outcome"]["complete"] is True
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    starter.settled()


def test_nothing_to_do_is_an_end_as_well(applied: Workspace) -> None:
    assert applied("apply", "--yes", "--events", "e").code == 0
    (line,) = read((applied.root / "e").read_text())
    assert (line["event"], line["exit"], line["outcome"]) == ("finished", 0, None)


def test_an_error_is_the_last_line(starter: Workspace) -> None:
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    ran = starter("apply", "--yes", "--events", "-")
    assert ran.code == 1
    (line,) = read(ran.out)
    assert (line["event"], line["exit"]) == ("finished", 1)
    assert "wrong.yaml:1:" in line["error"]


def test_what_the_vendor_refuses_is_told_with_its_words_and_no_secret(starter: Workspace, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    told.write_text(json.dumps({"words": "it is too late ::error::x ##[group]y", "sign_in": False}))
    password = "{email: z@x.example, first_name: Z, last_name: Z, password: '${env:ZOE}'}"
    starter.write("secret.yaml", f"employees: {{zoe: {password}}}\n")
    with ruded(tmp_path, told) as served:
        ran = starter("apply", "--yes", "--events", "-", "--endpoint", served.endpoint, env={"ZOE": "hunter2"})
    assert ran.code == 5
    lines = read(ran.out)
    failed = [part for line in lines if line["event"] == "call_done" for part in line["parts"] if part["reason"]]
    assert failed
    assert any("it is too late" in part["reason"] for part in failed)
    assert (lines[-1]["exit"], lines[-1]["outcome"]["complete"]) == (5, False)
    assert "hunter2" not in ran.out + ran.err


def test_no_apply_depends_on_who_reads(starter: Workspace) -> None:
    with subprocess.Popen(
        [COMMAND, "apply", "--yes", "--events", "-"],
        cwd=starter.root,
        env=environment(starter.root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as applying:
        assert applying.stdout
        assert applying.stderr
        applying.stdout.close()
        err = applying.stderr.read()
        assert applying.wait(PATIENCE) == 0
    assert "Nobody takes the events any more: Broken pipe. The run goes on." in err
    assert "Apply complete!" in err
    assert "Traceback" not in err
    starter.settled()


@pytest.mark.parametrize("given", ["", ".", "nowhere/e", "events.yaml"])
def test_what_is_no_place_for_events(starter: Workspace, given: str) -> None:
    ran = starter("apply", "--yes", "--events", given)
    assert (ran.code, ran.out) == (64, "")
    assert "Invalid value for '--events'" in ran.err
