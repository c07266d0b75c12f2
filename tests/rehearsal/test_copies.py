"""What a copy keeps of its original: everything that reads show, whatever it is, and its own numbers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioner.providers.http import Client
from provisioner.providers.setster.provider import Setster
from provisioner.providers.setster.session import Credentials, Session
from provisioner.sandbox.app import create_app
from tests.export.odd import with_unknown_fields
from tests.export.taken import PLACE, SETTINGS
from tests.rehearsal.stage import agree, at_once, carry_out, rehearse, stage
from tests.support import API, COMPANY, Tenant, Wrap, change, declare, intercept, manifests, ok, replaced

SPA = declare("location/spa", name="Spa", street1="1 Main Street", timezone="Europe/Paris")
CUT = declare("service/cut", name="Cut", duration="45 min", password="secret-of-the-cut")
ANA = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Lee")
LINK = declare("link/ana/spa/cut")
WEST = declare("account/west", company_name="West", nick_name="west", email="o@west.example", password="pw")
BAR = declare("west/location/bar", name="Bar")
BASE = manifests(SPA, CUT, ANA, LINK, WEST, BAR)
OTHER_ZONES = {"7": "Europe/Paris", "9": "Asia/Tokyo", "11": "US/Pacific", "90210": "Pacific/Auckland"}


def made(wrap: Wrap = lambda app: app) -> Tenant:
    """A tenant as `BASE` has it."""
    tenant = Tenant(wrap=wrap)
    asyncio.run(tenant.settle(BASE))
    return tenant


def seen(app: Any, path: str, company: int = COMPANY, **params: str) -> Any:
    """What anybody reads of a sandbox."""

    async def read() -> Any:
        session = Session(Client(API, 1, app=app), str(COMPANY), Credentials("owner@example.com", "sandbox-key"))
        try:
            await session.sign_in()
            return await session.get(path, str(company), **params)
        finally:
            await session.client.close()

    return asyncio.run(read())


PATHS = (
    "/account/getAccountInfo", "/account/getOptions", "/location", "/service", "/employee", "/availability/getHoliday",
         "/customfield", "/subscribe", "/account/companies", "/tz/list")  # fmt: skip


def test_a_copy_reads_as_its_original_does(tmp_path: Path) -> None:
    tenant = made(with_unknown_fields())
    tenant.tamper("location/spa", street2=None, description=None, timezone_id="x", virtual="maybe")
    tenant.tamper("employee/ana", nickname=None, bio=["odd"], permissions="unheard_of")
    tenant.tamper("service/cut", duration="50", price=None)
    show = rehearse(tenant, tmp_path, BASE)
    copy = create_app(":memory:", company_id=COMPANY, copy=show.original.copied.document)
    for path in PATHS:
        query = {"statuses": "all", "include_links": "1"} if path == "/employee" else {}
        for company in (COMPANY, tenant.company("west")):
            here, there = (_open(seen(each, path, company, **query)) for each in (tenant.wrap(tenant.app), copy))
            assert here == there, path
    copy.state.store.close()
    tenant.close()


def _open(data: Any) -> Any:
    """A reading without what no copy may hold."""
    if isinstance(data, list):
        return [_open(each) for each in data]
    if isinstance(data, dict):
        return {name: _open(value) for name, value in data.items() if name not in ("password", "verification_key",
                "exchange_sync_settings")}  # fmt: skip
    return data


def test_no_secret_is_in_a_copy(tmp_path: Path) -> None:
    tenant = made()
    show = rehearse(tenant, tmp_path, BASE)
    assert "secret-of-the-cut" not in str(show.original.copied.document)
    assert "1 secret has a stand-in" in show.original.copied.lacking
    tenant.close()


def test_the_zones_of_a_vendor_who_numbers_them_otherwise(tmp_path: Path) -> None:
    tenant = made()
    for kind in ("location", "account"):
        _renumber(tenant, kind)
    tenant.wrap = intercept(
        lambda _method, path, _query: (
            ok({number: {"dbName": name} for number, name in OTHER_ZONES.items()}) if path == "/tz/list" else None
        )
    )
    wanted = replaced(
        BASE, change(SPA, timezone="Pacific/Auckland"), declare("location/bar", name="B", timezone="Asia/Tokyo")
    )
    show = rehearse(tenant, tmp_path, wanted)
    assert show.rehearsal.differs == ()
    assert show.rehearsal.first.settled, show.rehearsal.first
    tenant.close()


def _renumber(tenant: Tenant, kind: str) -> None:
    table = "accounts" if kind == "account" else "objects"
    with tenant.store.transaction():
        for old, new in ((553, 11), (402, 7)):
            tenant.store.run(
                f"UPDATE {table} SET body = json_set(body, '$.timezone_id', ?) "
                "WHERE json_extract(body, '$.timezone_id') = ?",
                new,
                old,
            )


def test_nothing_leaves_a_connection_that_only_reads() -> None:
    async def story(tenant: Tenant) -> None:
        planned = await tenant.plan(replaced(BASE, change(CUT, price=7)))
        await tenant.clear_calls()
        client = Client(API, 4, app=tenant.app, reads_only=True)
        provider = Setster(Session(client, str(COMPANY), Credentials("owner@example.com", "sandbox-key")))
        ran = await tenant.executor(planned, provider).run()
        await provider.close()
        assert [why for _, why in ran.failed] == [
            f"PUT /service/{tenant.id('service/cut')} would write, and nothing is to be written: held back"
        ]
        assert {call["method"] for call in await tenant.calls()} <= {"GET"}

    tenant = made()
    asyncio.run(story(tenant))
    tenant.close()


def test_what_was_read_is_not_asked_for_again(tmp_path: Path) -> None:
    tenant = made()
    at_once(tenant.clear_calls())
    show = rehearse(tenant, tmp_path, BASE)
    asked = [(call["path"], call["company_id"], str(call["query"])) for call in at_once(tenant.calls())]
    assert len(asked) == len(set(asked)) == show.original.reads
    tenant.close()


def test_new_things_get_new_numbers(tmp_path: Path) -> None:
    tenant = made()
    wanted = replaced(BASE, declare("location/new", name="New"), declare("west/location/new", name="New"))
    show = rehearse(tenant, tmp_path, wanted)
    agree(show, carry_out(tenant, wanted))
    tenant.close()


def test_a_copy_does_not_go_into_a_file_that_has_something_in_it(tmp_path: Path) -> None:
    tenant = made()
    document = rehearse(tenant, tmp_path, BASE).original.copied.document
    create_app(tmp_path / "some.db", company_id=COMPANY).state.store.close()
    with pytest.raises(ValueError, match="empty"):
        create_app(tmp_path / "some.db", company_id=COMPANY, copy=document)
    tenant.close()


# -- time


PACES = [("calls_per_second: 2", 19.5, 21.0), ("concurrency: 1, calls_per_second: null", 40.0, 41.0),
         ("calls_per_second: null", 3.0, 15.0)]  # fmt: skip


@pytest.mark.parametrize(("limits", "least", "most"), PACES)
def test_the_time_is_counted_with_the_limits_of_the_settings(
    tmp_path: Path, limits: str, least: float, most: float
) -> None:
    """Forty writes of a second each: none of it is waited for."""
    tenant = Tenant()
    wanted = manifests(*(declare(f"service/s{n}", name=f"S{n}", duration="1 h") for n in range(40)))
    original = replace(rehearse(tenant, tmp_path, wanted).original, reads=10, seconds=10.0)
    live = stage(tmp_path, wanted, replace(PLACE, sandbox=False), f"{SETTINGS}limits: {{{limits}}}\n")
    rehearsal = live.rehearse(original, [{}])
    assert rehearsal.seconds_each == 1.0
    assert rehearsal.first.applied.writes == 40
    assert least <= rehearsal.first.applied.seconds <= most
    tenant.close()
