"""The plan of `examples/acme` as docs/bookings.md shows it: a salon gives up its Saturdays, of which six are booked."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.cli import compose, tenant
from provisioner.cli.options import Options
from provisioner.cli.remembered import remember
from provisioner.providers.clock import Clock
from provisioner.report.text import plan_text
from provisioner.sandbox.app import create_app
from tests.cli.command import EXAMPLES, Workspace

NOW = datetime(2026, 9, 28, 15, 0, tzinfo=UTC)
SECRETS = {"ACME_WEST_PASSWORD": "example-west", "ACME_ZOE_PASSWORD": "example-zoe"}
PAGE = EXAMPLES.parent / "docs/bookings.md"
SATURDAYS = ("10-03 09:30", "10-03 11:00", "10-10 09:30", "10-17 12:00", "10-31 12:00", "11-07 12:00")
"""Of 2026; the clock goes back on 1 November."""
OTHERS = ("10-02 10:00", "10-05 16:00", "11-02 09:00")


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The example before its last edits, applied, with its diary filled and a price that moved outside."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    found = Workspace(tmp_path / "acme")
    shutil.copytree(EXAMPLES / "acme", found.root, ignore=shutil.ignore_patterns(".provisioner"))
    found.edit("west.yaml", "(310) 555-0100 ", "(310) 123-4567 ")
    found.edit("staff/ana.yaml", "{mon-fri: 09:00-17:00}", "{mon-fri: 09:00-17:00, sat: 09:00-13:00}")
    (found.root / "staff/zoe.yaml").rename(found.root / "zoe.kept")
    found.apply(env=SECRETS)
    asyncio.run(fill_the_diary(found))
    found.tamper("service", "Haircut", price=35)
    (found.root / "zoe.kept").rename(found.root / "staff/zoe.yaml")
    found.edit("west.yaml", "(310) 123-4567 ", "(310) 555-0100 ")
    found.edit("staff/ana.yaml", ", sat: 09:00-13:00", "")
    return found


def planned(acme: Workspace, **given: Any) -> str:
    """The plan of that Monday in September."""
    options = Options(**given)
    workspace = compose.read_workspace(acme.root, options)
    place = tenant.locate(workspace.settings, options.endpoint)

    async def plan() -> str:
        async with tenant.connected(acme.root, workspace.settings, place) as provider:
            kept = await remember(tenant.state_file(acme.root, place), provider, workspace.settings, place)
            clock = Clock(date=NOW.timestamp)
            made = await compose.plan_workspace(workspace, place, provider, options, kept, clock=clock)
            return plan_text(made.plan, made.banner, made.effort)

    return asyncio.run(plan())


async def fill_the_diary(acme: Workspace) -> None:
    """Clients book by the vendor's own API."""
    records = acme.records()
    account = records["account/acme-west"]["id"]
    keys = {"location": "downtown", "employee": "ana", "service": "haircut"}
    ids = {f"{kind}_id": records[f"acme-west/{kind}/{key}"]["id"] for kind, key in keys.items()}
    app = create_app(acme.db)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sandbox") as client:
        await client.put("/_sandbox/clock", json={"now": "2026-09-21T15:00:00Z"})
        who = {"email": "owner@example.com", "token": "sandbox-key", "company_id": "2345"}
        answer = await client.post("/api/v2/account/authenticate", params=who)
        signed = {"session_token": answer.json()["data"]["session_token"], "company_id": account}
        for day in (*SATURDAYS, *OTHERS):
            body = {"client_email": "liv@clients.example", "client_name": "Liv", "start_date": f"2026-{day}"}
            body |= {"company_id": account, **ids}
            answer = await client.post("/api/v2/appointment", params=signed, json=body)
            assert answer.json()["statusCode"] == 0, answer.text
    app.state.store.close()


def test_the_page_shows_what_the_example_plans(acme: Workspace) -> None:
    text = planned(acme)
    shown = re.search(r"```text example=acme\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    assert _told(text) == _told(shown[1].rstrip())


def _told(text: str) -> str:
    """Without what differs from run to run."""
    text = re.sub(r"\(id \d+\)", "(id N)", text)
    return re.sub(r"about \d+ s|Digest: \w+", "N", text)


def test_it_is_done_when_somebody_says_so(acme: Workspace) -> None:
    allowed = "acme-west/hours/ana/downtown=6"
    assert "BLOCKED" not in planned(acme, allow_stranded=(allowed,))
    assert "6 future appointments on Saturdays, first 3 Oct 09:30     allowed" in planned(
        acme, allow_stranded=(allowed,)
    )
