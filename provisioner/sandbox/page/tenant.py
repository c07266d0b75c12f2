"""One tenant's page: its weeks, and everything in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from provisioner.sandbox.page import holdings, sections, words
from provisioner.sandbox.page.calendar import draw, legend
from provisioner.sandbox.page.frame import page, section
from provisioner.sandbox.page.html import Html, link, tag
from provisioner.sandbox.page.week import monday, today, week
from provisioner.sandbox.setster.zones import ZONES
from provisioner.sandbox.slots.clock import DAY
from provisioner.sandbox.tables import accounts, appointments

if TYPE_CHECKING:
    from starlette.responses import Response

    from provisioner.sandbox.page.holdings import Holdings
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

WEEKS = 6
"""Locations whose week is drawn at once; the others' are one link away."""
_YEARS = range(1972, 2900)
_PARTS = {
    "weeks": "Week",
    "locations": "Locations",
    "employees": "Employees",
    "services": "Services",
    "links": "Links",
    "holidays": "Holidays",
    "custom_fields": "Custom fields",
    "webhooks": "Webhooks",
    "clients": "Clients",
    "appointments": "Appointments",
}


def show(world: World, company: int, asked: str, location: str) -> Response:
    """Return the page of an account that exists, for the week of a date YYYY-MM-DD (or "") and one location (or "")."""
    held = holdings.read(world.store, company)
    now = today(ZONES[held.account["timezone_id"]], world.now())
    first = monday(_day(asked) or now)
    chosen = [each for each in held.locations if location in ("", str(each["id"]))][:WEEKS]
    weeks, rules = _weeks(world, held, chosen, first, now)
    return page(
        held.account["company_name"] or f"Account {company}",
        _about(world.store, held),
        sections.contents(_PARTS),
        section("weeks", f"Week of {first.day} {first:%B %Y}", _turn(held, first, now, location), legend(), *weeks),
        *sections.everything(
            world.store,
            held,
            _booked(world.store, company, chosen, first),
            lambda place: f"?week={first}&location={place}#weeks",
        ),
        trail=[link("/", "All tenants")],
        rules=rules,
    )


def _day(asked: str) -> date | None:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _about(store: Store, held: Holdings) -> Html:
    account = held.account
    parent, children = account["created_by"], accounts.children(store, account["id"])
    who = f"Account {account['id']}, nick_name {account['nick_name']}, owner {account['email']}"
    above = tag("p", "A sub-account of ", link(f"/tenants/{parent}", f"account {parent}"), ".") if parent else Html()
    below = [link(f"/tenants/{child}", str(child)) for child in children[: sections.MOST]]
    below = [part for each in below for part in (each, Html(", "))][:-1]
    down = tag("p", "Its sub-accounts: ", *below, ".") if below else Html()
    return Html(tag("p", f"{who}, time zone {words.zone(account['timezone_id'])}.") + above + down)


def _turn(held: Holdings, first: date, now: date, location: str) -> Html:
    """Return the links to other weeks."""
    suffix = f"&location={location}" if location.isdigit() else ""
    step = timedelta(days=7)
    weeks = (("← Week before", first - step), ("This week", monday(now)), ("Week after →", first + step))
    turns = [tag("li", link(f"?week={day}{suffix}#weeks", text)) for text, day in weeks]
    hidden = len(held.locations) - WEEKS
    if location:
        turns.append(tag("li", link(f"?week={first}#weeks", "All locations")))
    elif hidden > 0:
        turns.append(tag("li", f"{hidden} more: ", link("#locations", "choose a location")))
    return tag("nav", tag("ul", *turns, class_="turn"), aria_label="Weeks")


def _weeks(
    world: World, held: Holdings, chosen: list[dict[str, Any]], first: date, now: date
) -> tuple[list[Html], str]:
    drawn, rules = [], []
    for place in chosen:
        days = week(world.store, place, held.bookable(place["id"]), first)
        drawing = draw(f"w{place['id']}", days, held.names, now)
        zone = tag("span", f" {words.zone(place['timezone_id'])}", class_="soft")
        drawn += [tag("h3", tag("bdi", place["name"]), zone), drawing.html]
        rules.append(drawing.rules)
    return drawn, "".join(rules)


def _booked(store: Store, company: int, chosen: list[dict[str, Any]], first: date) -> list[dict[str, Any]]:
    """Return the week's appointments of the locations that are shown, those that hold no slot included."""
    booked: list[dict[str, Any]] = []
    for place in chosen:
        start = int(
            datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(ZONES[place["timezone_id"]])).timestamp()
        )
        wanted = {"location_id": [place["id"]]}
        booked += appointments.found(store, company, wanted, first=start, last=start + 7 * DAY - 1)
    return sorted(booked, key=lambda each: (each["start"], each["id"]))
