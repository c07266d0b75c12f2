"""A tenant that people have clicked together for years: 300 objects, made over the vendor's own API and then spoiled.

`years.py FILE` makes one in the data file of an embedded sandbox, which must be empty.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from provisioner.providers.http import Client
from provisioner.providers.setster.session import Credentials, Session
from provisioner.sandbox.app import create_app
from provisioner.sandbox.store import Store

COMPANY = 2345
LOCATIONS, SERVICES, EMPLOYEES, HOLIDAYS, QUESTIONS, HOOKS, SUBS = 40, 60, 150, 25, 10, 5, 2
TOTAL = LOCATIONS + SERVICES + EMPLOYEES + HOLIDAYS + QUESTIONS + HOOKS + 5 * SUBS
"""The objects that there are in the end; a sub-account counts with its owner, its location, its service and one more.

Of the account itself the main location, the default service and the owner are among them.
"""
ZONES = (553, 140, 200)


@asynccontextmanager
async def session_of(app: Any) -> AsyncIterator[Session]:
    """A session with a sandbox in process."""
    client = Client("http://sandbox/api/v2", 16, app=app)
    session = Session(client, str(COMPANY), Credentials("owner@example.com", "sandbox-key"))
    await session.sign_in()
    try:
        yield session
    finally:
        await client.close()


async def make(app: Any) -> None:
    """Fill an empty sandbox."""
    async with session_of(app) as session:
        await Years(session).pass_by()
    spoil(app.state.store)


class Years:
    """What people did, one request after another."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def send(self, method: str, path: str, body: Any, company: int = COMPANY) -> Any:
        """One request that goes well; answers the object."""
        envelope = await self.session._signed(method, path, {"company_id": str(company)}, body)
        assert envelope.ok, f"{method} {path}: {envelope}"
        return envelope.data[0] if isinstance(envelope.data, list) and envelope.data else envelope.data

    async def pass_by(self) -> None:
        """All of it."""
        places = [await self.location(n) for n in range(LOCATIONS - 1)]
        menu = [await self.service(n) for n in range(SERVICES - 1)]
        for n in range(EMPLOYEES - 1):
            await self.employee(n, places, menu)
        for n in range(HOLIDAYS):
            day = f"2027-{1 + n % 12:02}-{1 + n:02}"
            dates = {"start_date": f"{day} 00:00:00", "end_date": f"{day} 23:59:59"}
            await self.send("POST", "/availability/saveHoliday", {"name": f"Closed {n % 20}", "type": 2, **dates})
        for n in range(QUESTIONS):
            field = {"label": f"Question {n % 8}?", "type": 0, "length": 50 * n, "required": n % 2 == 0, "ord": n}
            more = {
                "company_id": COMPANY,
                "status": True,
                "visibility": 1,
                "readonly": False,
                "hint": "",
                "removable": n > 3,
            }
            await self.send("POST", "/customfield", field | more)
        for n in range(HOOKS):
            url = f"https://crm{n % 4}.example/hook"
            await self.send("POST", "/subscribe", {"target_url": url, "events": ["appointment.created"]})
        for n in range(SUBS):
            names = {"company_name": f"Branch {n}", "nick_name": f"branch{n}", "password": "p"}
            made = await self.send("POST", "/account", {**names, "email": f"owner@branch{n}.example"})
            await self.send("POST", "/service", {"name": "Cut", "duration": 30}, made["company_id"])

    async def location(self, n: int, name: str = "") -> int:
        """A shop; every 35th has a name that another one has, unless it is given one."""
        address = {"street1": f"{n} Main Street", "city": "Springfield", "timezone_id": ZONES[n % 3]}
        made = await self.send(
            "POST", "/location", {"name": name or f"Shop {n % 35}", **address, "phone": f"555-{n:04}"}
        )
        return int(made["id"])

    async def service(self, n: int) -> int:
        """A service; every 50th has a name that another one has."""
        rules = {"duration_padding": 5 * (n % 3), "prior_notice": n % 4, "status": n % 9 != 0, "price": 10 + n / 2}
        body = {
            "name": f"Service {n % 50}",
            "duration": 15 * (1 + n % 6),
            "description": "one\ntwo" if n % 7 == 0 else "",
        }
        secret = {"password": "vip"} if n == 11 else {}
        return int((await self.send("POST", "/service", {**body, **rules, **secret}))["id"])

    async def employee(self, n: int, places: list[int], menu: list[int]) -> None:
        """Somebody who works at one of the places, or at two; every sixth is gone."""
        there = [places[n % len(places)], *([places[(n * 7 + 1) % len(places)]] if n % 5 == 0 else [])]
        links = {str(place): {str(each): 1 for each in (menu[n % 50], menu[(n + 3) % len(menu)])} for place in there}
        person = {"first_name": f"Ana{n % 90}", "last_name": f"Diaz {n % 100}", "email": f"a{n}@shop.example"}
        made = await self.send("POST", "/employee", {**person, "status": n % 6 != 0, "links": links})
        entries = [_week(place, n) for place in there] + [_away(n)] * (n % 4 == 0)
        await self.send("PUT", f"/employee/{made['id']}/assignAvailability", {"availabilities": entries})


def _week(place: int, n: int) -> dict[str, Any]:
    days = {day: {"time": [["9:00", "17:00"]]} for day in (("mo", "tu", "we") if n % 2 else ("th", "fr"))}
    dates = {"start_date": "1/1/2027", "end_date": "12/31/2027"}
    return {"repeat": 1, "type": 0, **dates, "location_id": place, "days": days}


def _away(n: int) -> dict[str, Any]:
    return {
        "repeat": 2,
        "type": 1,
        "start_date": f"{1 + n % 12}/1/2027",
        "end_date": f"{1 + n % 12}/8/2027",
        "days": {},
    }


def spoil(store: Store) -> None:
    """What no API would take today, and what happened beside it."""
    with store.transaction():
        _set(store, "location", 3, name=" Shop 3 ", email="nobody", website="see facebook")
        _set(store, "location", 7, description=None, phone=None, timezone_id=0)
        _set(store, "location", 9, timezone_id=4_711)
        _set(store, "service", 5, duration=50)
        _set(store, "service", 8, duration_padding=7, prior_notice="soon")
        _set(store, "service", 13, name="", price=None)
        _set(store, "service", 21, description="win\r\ndows\r\n", active_from="0000-00-00")
        _set(store, "employee", 4, last_name=None)
        _set(store, "employee", 10, email="room 3")
        _set(store, "employee", 12, email="a13@shop.example")
        _set(store, "employee", 20, permissions="locations,unheard_of", ics_service=9)
        _set(store, "holiday", 2, start_date="2027-03-03 12:00:00")
        _set(store, "holiday", 4, type=9)
        _set(store, "custom_field", 2, type=7, options="")
        _set(store, "webhook", 1, events=[{"event": "*", "active": 1}, {"event": "appointment.created", "active": 0}])
        gone = store.rows("SELECT employee_id, location_id, service_id FROM links ORDER BY 1, 2, 3 LIMIT 3")
        for employee, location, _ in gone:
            store.run("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", employee, location, 999_999, COMPANY)
        store.run("INSERT INTO links VALUES (?, ?, ?, ?)", gone[0][0], 888_888, gone[0][2], COMPANY)
        odd = {"repeat": 7, "type": 0, "start_date": "x", "end_date": "", "location_id": gone[2][1], "days": None}
        store.run("INSERT INTO hours VALUES (?, 90, ?, ?)", gone[2][0], gone[2][1], json.dumps(odd))


def _set(store: Store, kind: str, number: int, **raw: Any) -> None:
    """Store anything at all in the object of a kind that was made so many objects after the first."""
    where = "kind = ? AND company_id = ? ORDER BY id LIMIT 1 OFFSET ?"
    id_, body = store.one(f"SELECT id, body FROM objects WHERE {where}", kind, COMPANY, number)
    store.run("UPDATE objects SET body = ? WHERE kind = ? AND id = ?", json.dumps(json.loads(body) | raw), kind, id_)


def make_file(path: Path) -> None:
    """Make one in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    app = create_app(path, company_id=COMPANY)
    try:
        asyncio.run(make(app))
    finally:
        app.state.store.close()


if __name__ == "__main__":
    make_file(Path(sys.argv[1]))
