"""The examples do what they say, from nothing to nothing."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, EXAMPLES, Env, Workspace, environment, run

PASSWORDS = {f"JUNIPER_{name}_PASSWORD": f"example-{name}" for name in ("WEST", "HARBOUR", "AIRPORT")}
FRANCHISE = {f"JUNIPER_{code}_PASSWORD": f"example-{code}" for code in ("BOS", "EWR", "AUS", "DEN", "SEA")}
STARTER = EXAMPLES.parent / "provisioner/cli/starter"


@pytest.mark.parametrize(
    ("name", "env", "edit", "update"),
    [
        ("quickstart", {}, ("studio.yaml", "price: 38", "price: 40"), "service/haircut"),
        ("salon-chain", PASSWORDS, ("west/west.yaml", "price: 42", "price: 44"), "west/service/haircut"),
        ("timetap-yoga", {}, ("classes.yaml", "price: 18", "price: 19"), "recurring_appointment/vinyasa"),
        ("franchise", FRANCHISE, ("menu.yaml", "price: 39", "price: 41"), "seattle/service/haircut"),
    ],
)
def test_an_example(tmp_path: Path, name: str, env: Env, edit: tuple[str, str, str], update: str) -> None:
    example = Workspace(tmp_path / name)
    ignored = shutil.ignore_patterns(".provisioner")
    shutil.copytree(EXAMPLES / name, example.root, ignore=ignored)
    assert example("validate").code == 0
    assert example("plan", "--detailed-exitcode", env=env).code == 2
    planned = example.planned(env=env)
    assert max(map(len, example("plan", env=env).out.splitlines())) <= 80

    ran = example.apply(env=env)
    assert planned["effort"]["writes"] == example.writes() == len(ran.err.splitlines())
    looks = sum(call["effect"] == "discover" for call in planned["calls"])
    assert len(planned["calls"]) == example.writes() + looks
    example.settled(env=env)

    example.edit(*edit)
    document = example.planned(env=env)
    assert [(each["action"], each["address"]) for each in document["changes"]] == [("update", update)]
    assert [each["name"] for each in document["changes"][0]["fields"]] == ["price"]
    writes = example.writes()
    assert "0 added, 1 changed, 0 destroyed." in example.apply(env=env).out
    assert example.writes() == writes + document["effort"]["writes"] == writes + 1
    example.settled(env=env)

    ran = example("destroy", "--yes")
    assert ran.code == 0, ran.err
    assert example.addresses() == []
    assert example("destroy", "--yes").last.startswith("No changes.")


def test_the_chain_asks_for_its_passwords(tmp_path: Path) -> None:
    chain = Workspace(tmp_path / "chain")
    shutil.copytree(EXAMPLES / "salon-chain", chain.root, ignore=shutil.ignore_patterns(".provisioner"))
    ran = chain("plan")
    assert (ran.code, ran.out) == (1, "")
    *lines, count = ran.err.splitlines()
    assert count == "3 problems found. Nothing was changed."
    for line, variable in zip(lines, ("JUNIPER_WEST", "JUNIPER_HARBOUR", "JUNIPER_AIRPORT"), strict=True):
        assert line.startswith("accounts.yaml:")
        assert f"the environment variable {variable}_PASSWORD is not set: export it" in line


def test_a_row_of_the_franchise_is_a_store(tmp_path: Path) -> None:
    stores = Workspace(tmp_path / "stores")
    shutil.copytree(EXAMPLES / "franchise", stores.root, ignore=shutil.ignore_patterns(".provisioner"))
    stores.apply(env=FRANCHISE)
    stores.edit("data/stores.csv", "9-18,10-16", "9-18,10-14")
    (change,) = stores.planned(env=FRANCHISE)["changes"]
    assert (change["address"], change["place"]["file"], change["place"]["line"]) == (
        "boston/hours/manager/salon",
        "data/stores.csv",
        2,
    )
    more = (
        "miami,MIA,Miami,100 Biscayne Boulevard,FL,33132,,America/New_York,Eva,Lund,eva@miami.juniper.example,9-17,,\n"
    )
    stores.edit("data/stores.csv", "austin,AUS", more + "austin,AUS")
    made = {each["address"] for each in stores.planned(env={**FRANCHISE, "JUNIPER_MIA_PASSWORD": "x"})["changes"]}
    assert {"account/miami", "miami/location/salon", "miami/service/color", "miami/hours/manager/salon"} <= made


def test_quickstart_is_what_init_writes(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).code == 0
    names = sorted(path.name for path in STARTER.glob("*.yaml"))
    assert names == sorted(path.name for path in (EXAMPLES / "quickstart").glob("*.yaml"))
    for name in names:
        text = (STARTER / name).read_bytes()
        assert (EXAMPLES / "quickstart" / name).read_bytes() == text
        assert (tmp_path / name).read_bytes() == text


def test_the_demo(tmp_path: Path) -> None:
    before = sorted(EXAMPLES.rglob("*"))
    started = time.monotonic()
    done = subprocess.run(
        ["sh", str(EXAMPLES / "demo.sh"), COMMAND],
        cwd=tmp_path,
        env=environment(tmp_path, {"TMPDIR": str(tmp_path)}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 60
    lines = done.stdout.splitlines()
    assert sum(line.startswith("No changes. ") for line in lines) == 1
    assert "Plan: 0 to add, 1 to change, 0 to destroy." in lines
    assert "Traceback" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []  # nothing is left behind
    assert sorted(EXAMPLES.rglob("*")) == before
