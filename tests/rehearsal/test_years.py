"""A tenant of 300 objects, clicked together over years: rehearsed with the real command, and then applied."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.cli.command import Workspace
from tests.export.taken import SETTINGS
from tests.export.years import make_file
from tests.rehearsal.stage import path_of

SECRET = {"SERVICE_SERVICE_11_PASSWORD": "vip"}
MANY = ("--allow-update", "150")


def test_a_messy_tenant(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    make_file(workspace.db)
    assert workspace("export", "--layout", "kind").code == 0
    ran = workspace("rehearse", env=SECRET)
    assert (ran.code, ran.err) == (0, "")
    assert "The plan after it: No changes. 869 resources are as the manifests say." in ran.out

    workspace.edit("locations.yaml", "phone: 555-0020", "phone: 555-9999")
    workspace.write("spa.yaml", "services:\n  spa: {name: Spa, duration: 2 h, price: 90}\n")
    text = (workspace.root / "employees.yaml").read_text("utf-8")
    for name in ("Ana2", "Ana3"):  # but for the two who share an address: nobody says which of them may be written
        text = text.replace(f"first_name: {name}", f"first_name: New{name}")
    workspace.write("employees.yaml", text)
    told = json.loads(workspace("rehearse", "--json", *MANY, env=SECRET).out)
    writes, known = workspace.writes(), len(workspace.calls())
    ran = workspace("apply", "--yes", *MANY, "--report", "json=done.json", env=SECRET)
    assert told["digest"] == json.loads((workspace.root / "done.json").read_text("utf-8"))["digest"]
    done = json.loads((workspace.root / "done.json").read_text("utf-8"))["outcome"]
    assert done == told["rehearsal"]["outcome"]
    assert (ran.code, done["complete"]) == (5, False)
    assert workspace.writes() - writes == done["writes"] > 10
    sent = Counter((method, path_of(path)) for method, path in workspace.calls()[known:] if method != "GET")
    del sent["POST", "/account/authenticate"]
    said = Counter({(each["method"], each["path"]): each["times"] for each in told["rehearsal"]["requests"]})
    assert {key: times for key, times in said.items() if key[0] != "GET"} == sent
    left = [each["address"] for each in workspace.planned(env=SECRET)["changes"]]
    assert left == [each["address"] for each in told["rehearsal"]["afterwards"]]
