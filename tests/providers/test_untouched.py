"""What nobody manages survives every write of ours, byte for byte, however the vendor takes a body."""

import copy
import json
from typing import Any

import pytest

from provisioner.plan.change import Action
from tests.support import DIALECTS, Dialect, Json, Tenant, change, declare, manifests, replaced, spoken, tell, without

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
ANA = declare(
    "employee/ana",
    email="ana@x.example",
    first_name="Ana",
    last_name="Diaz",
    yelp="https://yelp.example/ana",
    pinterest="https://pin.example/ana",
    ics_url="https://cal.example/ana",
)
BOB = declare("employee/bob", email="bob@x.example", first_name="Bob", last_name="Own")
DOWNTOWN = declare("location/downtown", name="Downtown")
UPTOWN = declare("location/uptown", name="Uptown")
HAIRCUT = declare("service/haircut", name="Haircut", duration="45 min")
COLOUR = declare("service/color", name="Colour", duration="90 min")
BASE = manifests(
    ANA,
    BOB,
    DOWNTOWN,
    UPTOWN,
    HAIRCUT,
    COLOUR,
    declare("link/ana/downtown/haircut"),
    declare("link/bob/downtown/haircut"),
    declare("hours/ana/downtown", hours=WEEK),
)
DAYS = {"mo": {"time": [["9:00", "10:30"], ["11:00", "24:00"]]}}


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def foreign_entries(uptown: int) -> list[Json]:
    """What other people and other programs leave in a list: hours elsewhere, and entries that have no kind of ours."""
    dates = {"start_date": "01/02/2026", "end_date": "6/30/2026"}
    return [
        {"repeat": 1, "type": 0, **dates, "location_id": uptown, "days": {"mo": {"time": [["9:00", "10:30"]]}}},
        {"repeat": "1", "type": "0", **dates, "location_id": str(uptown), "days": []},
        {"repeat": 1, "type": 1, **dates, "location_id": uptown, "days": DAYS},
        {"repeat": 2, "type": 1, **dates, "location_id": uptown, "days": {}},
        {"repeat": 2, "type": 0, **dates, "location_id": None, "days": {}},
        {"repeat": 1, "type": 0, **dates, "days": {"su": {"time": [["1:00", "2:00"]]}}},
        {"repeat": 1, "type": 1, **dates, "days": {"we": {"time": [["12:00", "13:00"]]}}},
    ]


def unfit_entries(uptown: int) -> list[Json]:
    """Entries that this sandbox would not take, and a vendor might hold all the same."""
    dates = {"start_date": "tomorrow", "end_date": None}
    return [
        {"repeat": 7, "type": 0, **dates, "location_id": uptown, "days": "all", "note": {"by": "hand"}},
        {"repeat": 1, "type": "weird", **dates, "location_id": uptown, "days": {}},
        {"type": None, "colour": "red"},
    ]


HOURS_CHANGES = {
    "changed": change(declare("hours/ana/downtown", hours=WEEK), hours=[{**WEEK[0], "week": {"sat": "09:00-12:00"}}]),
    "days off added": declare("away/ana", away=["2026-08-03..2026-08-14"]),
    "added elsewhere": declare("hours/ana/attic", hours=WEEK),
}


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", HOURS_CHANGES)
def test_hours_elsewhere_survive_a_write_of_hours(name: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        before = [*tenant.entries("employee/ana"), *foreign_entries(tenant.id("location/uptown"))]
        tenant.tamper_entries("employee/ana", before)
        await tenant.assert_settled(BASE)
        ran = await tenant.settle(replaced(BASE, declare("location/attic", name="Attic"), HOURS_CHANGES[name]))
        assert len([call for call in ran.planned.calls if call.id.startswith("hours")]) == 1
        held = [json.dumps(entry) for entry in tenant.entries("employee/ana")]
        assert [e for e in map(json.dumps, foreign_entries(tenant.id("location/uptown"))) if e not in held] == []

    tell(story, dialect)


def test_entries_of_no_known_sort_are_sent_back_as_they_came() -> None:
    """The sandbox checks and drops what a vendor may keep, so here the request itself is what is promised."""
    sent: list[Json] = []

    def listening(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            async def heard() -> Any:
                message = await receive()
                if scope["path"].endswith("/assignAvailability") and message.get("body"):
                    sent.append(json.loads(message["body"]))
                return message

            await app(scope, heard, send)

        return between

    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        odd = unfit_entries(tenant.id("location/uptown"))
        tenant.tamper_entries("employee/ana", [*tenant.entries("employee/ana"), *odd])
        await tenant.assert_settled(BASE)
        await tenant.apply(replaced(BASE, HOURS_CHANGES["changed"]))
        assert sent[-1]["availabilities"][:3] == odd

    tell(story, wrap=listening)


def test_removed_hours_leave_those_elsewhere() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        odd = foreign_entries(tenant.id("location/uptown"))
        tenant.tamper_entries("employee/ana", [*odd, *tenant.entries("employee/ana")])
        await tenant.settle(without(BASE, "hours/ana/downtown"))
        assert tenant.entries("employee/ana") == odd

    for put in ("partial", "full"):
        tell(story, {"put": put})


async def link(tenant: Tenant) -> set[tuple[int, int, int]]:
    """Links that no manifest knows: of pairs that none names, with things that none manages."""
    theirs = (await tenant.vendor("POST", "/location", {"name": "Theirs"}))[0]["id"]
    work = (await tenant.vendor("POST", "/service", {"name": "Theirs", "duration": 15}))["id"]
    body = {"email": "they@x.example", "first_name": "T", "last_name": "H", "links": {str(theirs): {str(work): 1}}}
    they = (await tenant.vendor("POST", "/employee", body))[0]["id"]
    ana, bob = tenant.id("employee/ana"), tenant.id("employee/bob")
    uptown, downtown = tenant.id("location/uptown"), tenant.id("location/downtown")
    haircut, color = tenant.id("service/haircut"), tenant.id("service/color")
    made = {
        (ana, theirs, haircut),
        (ana, theirs, work),
        (ana, uptown, color),
        (they, downtown, work),
        (bob, uptown, haircut),
        (they, downtown, haircut),
        (they, uptown, color),
    }
    for employee, location, service in made:
        await tenant.vendor("POST", "/employee/assignServices", {str(location): [service]}, employee_id=employee)
    return made | {(they, theirs, work)}


LINK_CHANGES = {
    "a service": (change(HAIRCUT, price="31"),),
    "a location": (change(DOWNTOWN, street1="2 Main"),),
    "an employee": (change(ANA, job="Stylist"),),
    "all of them": (
        change(HAIRCUT, price="31"),
        change(DOWNTOWN, city="X"),
        change(ANA, job="y"),
        change(BOB, job="z"),
    ),
    "a link": (declare("link/ana/downtown/color"),),
    "a link with a new service": (
        declare("service/new", name="New", duration="15 min"),
        declare("link/ana/downtown/new"),
    ),
    "a new location with links": (
        declare("location/new", name="New"),
        declare("link/ana/new/haircut"),
        declare("link/bob/new/color"),
    ),
    "a new employee": (
        declare("employee/new", email="n@x.example", first_name="N", last_name="W"),
        declare("link/new/downtown/haircut"),
        change(DOWNTOWN, city="Y"),
        change(HAIRCUT, price="1"),
    ),
}


@pytest.mark.sweep(5)
@pytest.mark.parametrize("name", LINK_CHANGES)
def test_links_that_nobody_manages_survive_a_write_of(name: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        managed = await tenant.links()
        theirs = await link(tenant)
        await tenant.assert_settled(BASE)
        ran = await tenant.settle(replaced(BASE, *LINK_CHANGES[name]))
        created = {f"create {d.address}" for d in LINK_CHANGES[name] if d.address not in BASE.resources}
        assert created <= set(ran.done)
        assert len(ran.planned.calls) <= len(LINK_CHANGES[name])
        held = await tenant.links()
        assert theirs | managed <= held
        assert len(held) == len(theirs | managed) + sum("link/" in each for each in created)

    tell(story, dialect)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("gone", ["link/ana/downtown/haircut", "employee/bob", "service/color", "location/uptown"])
def test_links_that_nobody_manages_survive_a_removal_of(gone: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        theirs = await link(tenant)
        managed = {triple for triple in await tenant.links() if triple not in theirs}
        members = {tenant.id(gone)} if not gone.startswith("link") else {tenant.id("employee/ana")}
        extra = ("link/bob/downtown/haircut",) if gone == "employee/bob" else ()
        await tenant.settle(without(BASE, gone, *extra))
        expected = {t for t in theirs if gone.startswith("link") or not members & set(t)}
        expected |= {t for t in managed if not members & set(t)}
        assert await tenant.links() == expected

    tell(story, dialect)


def test_fields_that_nobody_manages_survive_a_write(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await tenant.vendor(
            "PUT",
            f"/location/{tenant.id('location/downtown')}",
            {
                "name": "Downtown",
                "tags": "a,b",
                "photo": "p.jpg",
                "zip": "01234",
                "paypal_email": "p@x.example",
                "lat": 1.5,
                "lng": -2.25,
                "timezone_id": 140,
                "links": location_links(tenant),
            },
        )
        await tenant.vendor(
            "PUT",
            f"/service/{tenant.id('service/haircut')}",
            {
                "name": "Haircut",
                "duration": 45,
                "price": 12.5,
                "photo": "s.jpg",
                "password": "shh",
                "set_schedule": 1,
                "schedule": [{"repeat": 0}],
                "active_from": "2026-01-01",
                "links": service_links(tenant),
            },
        )
        before = {name: tenant.held(name) for name in ("location/downtown", "service/haircut")}
        await tenant.settle(replaced(BASE, change(DOWNTOWN, phone="1"), change(HAIRCUT, description="d")))
        assert tenant.held("location/downtown") == before["location/downtown"] | {"phone": "1"}
        assert tenant.held("service/haircut") == before["service/haircut"] | {"description": "d"}

    tell(story, dialect)


def location_links(tenant: Tenant) -> Json:
    haircut = {str(tenant.id("service/haircut")): 1}
    return {str(tenant.id(f"employee/{name}")): haircut for name in ("ana", "bob")}


def service_links(tenant: Tenant) -> Json:
    downtown = {str(tenant.id("location/downtown")): 1}
    return {str(tenant.id(f"employee/{name}")): downtown for name in ("ana", "bob")}


def test_options_that_nobody_manages_survive_a_write(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        west = declare(
            "account/west",
            company_name="W",
            nick_name="w",
            email="w@x.example",
            password="p",
            options={"currency": "EUR"},
        )
        await tenant.settle(manifests(west))
        company = tenant.company("west")
        info = await tenant.vendor("GET", "/account/getOptions", company=company)
        theirs = info | {
            "hide_about": 1,
            "send_reminder": 48,
            "currenciesStripe": ["USD"],
            "lang": "fr",
            "stripe_client_id": "acct",
            "timezone_id": 140,
            "notify_app_unpaid": 0,
        }
        await tenant.vendor("POST", "/account/saveOptions", theirs, company)
        before = copy.deepcopy((await tenant.dump(company))["accounts"][0])
        await tenant.settle(manifests(change(west, company_name="West", options={"currency": "CHF"})))
        before["options"]["currency"], before["company_name"] = "CHF", "West"
        assert (await tenant.dump(company))["accounts"] == [before]

    tell(story, dialect)


def test_the_owners_other_data_survive_a_new_name(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        west = declare(
            "account/west", company_name="W", nick_name="w", email="w@x.example", password="p", first_name="A"
        )
        await tenant.settle(manifests(west))
        company = tenant.company("west")
        before = await tenant.vendor("GET", "/account", company=company)
        await tenant.vendor("POST", "/account/saveBussinessInfo", before | {"phone": "555"}, company)
        await tenant.vendor(
            "POST",
            "/account/savePersonalInfo",
            {"email": "w@x.example", "first_name": "A", "last_name": "L", "phone": "555"},
            company,
        )
        await tenant.settle(manifests(change(west, first_name="B")))
        held = (await tenant.dump(company))["accounts"][0]
        assert (held["first_name"], held["last_name"], held["phone"]) == ("B", "L", "555")
        assert held["password"] == "p"

    tell(story, dialect)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", ["its own field", "a link that rides in its body", "a link that goes"])
def test_fields_that_cannot_be_read_survive_a_write(name: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        theirs = [
            declare(f"link/ana/{where}/{what}") for where in ("downtown", "uptown") for what in ("haircut", "color")
        ]
        changed = {
            "its own field": replaced(BASE, change(ANA, job="Stylist")),
            "a link that rides in its body": replaced(BASE, *theirs),
            "a link that goes": without(BASE, "link/ana/downtown/haircut"),
        }[name]
        await tenant.settle(BASE)
        ran = await tenant.settle(changed)
        assert len(ran.planned.calls) == 1
        held = tenant.held("employee/ana")
        assert held["yelp"] == "https://yelp.example/ana"
        assert held["pinterest"] == "https://pin.example/ana"
        assert held["ics_url"] == "https://cal.example/ana"

    tell(story, dialect)


def test_a_field_that_cannot_be_read_is_sent_when_the_manifests_move(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ran = await tenant.settle(replaced(BASE, change(ANA, yelp="https://yelp.example/diaz")))
        assert ran.planned.of(Action.UPDATE) == ["employee/ana"]
        assert ran.planned.fields("employee/ana") == ["yelp"]
        assert tenant.held("employee/ana")["yelp"] == "https://yelp.example/diaz"
        assert tenant.held("employee/ana")["pinterest"] == "https://pin.example/ana"

    tell(story, dialect)
