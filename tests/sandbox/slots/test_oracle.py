"""The booking engine against a slow second opinion, on random tenants in weeks in which clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.slots.oracle import Oracle, Seen
from tests.sandbox.slots.tenant import Booked, Tenant, Written, write
from tests.sandbox.slots.tenants import ZONES, Case, cases, mostly

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

NICK_NAMES = (f"salon{number}" for number in count())
ADDON = 2
relaxed = settings(
    deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def zone_ids(shared_sandbox: Sandbox) -> dict[str, int]:
    """The vendor's numbers by the names of zones."""
    return {each["dbName"]: int(number) for number, each in shared_sandbox.ok("GET", "/tz/list").items()}


def opened(sandbox: Sandbox, tenant: Tenant, zone_ids: dict[str, int]) -> Written:
    sandbox.clock.now = tenant.now
    sandbox.sign_in()
    return write(sandbox, tenant, next(NICK_NAMES), zone_ids)


def check_offer(
    data: st.DataObject, written: Written, case: Case, zone_ids: dict[str, int], seen: Seen
) -> list[datetime]:
    """Ask one question, compare everything in the answer, and return the starts."""
    service = data.draw(st.sampled_from((0, 0, 0, 1, ADDON)), "service")
    person = data.draw(st.sampled_from((None, None, *range(len(case.tenant.people)))), "person")
    addons = data.draw(st.sampled_from(((), (), (ADDON,))), "add-ons")
    zone = data.draw(st.none() | ZONES, "zone")
    kind = data.draw(st.sampled_from(("daily", "daily", "weekly")), "t")
    day = case.around + timedelta(days=data.draw(st.integers(-2, 2 if kind == "daily" else -2), "day"))
    query: dict[str, Any] = {"t": kind, "start_date": day.isoformat(), "location_id": written.locations[0]}
    query |= {"subservices": [written.services[each] for each in addons]} if addons else {}
    query |= {"provider_id": written.people[person]} if person is not None else {}
    query |= {"timezone_id": zone_ids[zone]} if zone else {}
    oracle = Oracle(case.tenant, service, 0, person, addons, seen=seen)
    expected = oracle.offered(day, 1 if kind == "daily" else 7, zone)
    form = "%H:%M:%S" if kind == "daily" else "%Y-%m-%d %H:%M:%S"
    answer = written.ask(written.services[service], available_seats=1, total_seats=1, **query, **{"return": "times"})
    assert answer == {
        "interval": oracle.length,
        "boxInterval": 5,
        "padding": oracle.padding,
        "day": day.day,
        "month": day.month,
        "year": day.year,
        "times": [each.strftime(form) for each in expected],
        "available_seats": {each.strftime(form): next(iter(seats.values())) for each, seats in expected.items()},
        "total_seats": {each.strftime(form): sum(seats.values()) for each, seats in expected.items()},
    }
    return list(expected) if zone is None else []


def check_booking(
    data: st.DataObject, written: Written, tenant: Tenant, near: list[datetime], day: date, seen: Seen
) -> Tenant:
    """Try to book, with the code that was to be expected, and return the tenant with the new appointment."""
    service, place = data.draw(mostly((0, 0), (1, 0), (0, 1)), "booked service and location")
    person = data.draw(st.sampled_from((None, *range(len(tenant.people)))), "booked person")
    addons = data.draw(st.sampled_from(((), (), (ADDON,))), "booked add-ons")
    minutes = data.draw(st.sampled_from((0, 0, 0, 30)), "duration")
    anywhen = st.builds(datetime, st.just(day.year), st.just(day.month), st.just(day.day), st.integers(0, 23))
    start = data.draw(st.sampled_from(near[:3]) if near else anywhen, "start")
    start += timedelta(minutes=data.draw(mostly(0, 15, -30, 60), "shift"))
    body = {"service_id": written.services[service], "location_id": written.locations[place]}
    body |= {"start_date": f"{start:%Y-%m-%d %H:%M}", "subservices": ",".join(str(written.services[n]) for n in addons)}
    body |= {"employee_id": written.people[person]} if person is not None else {}
    body |= {"duration": minutes} if minutes else {}
    oracle = Oracle(tenant, service, place, person, addons, minutes, seen)
    code, chosen = oracle.verdict(start)
    answer = written.book(body)
    assert answer["statusCode"] == code, (answer, body)
    if chosen is None:
        return tenant
    assert answer["data"]["employee_id"] == written.people[chosen]
    begun = start.replace(tzinfo=ZoneInfo(tenant.zones[place])).astimezone(UTC)
    booked = Booked(chosen, place, service, begun, oracle.length, oracle.padding)
    return replace(tenant, booked=(*tenant.booked, booked))


def check_tenant(data: st.DataObject, sandbox: Sandbox, case: Case, zone_ids: dict[str, int]) -> None:
    written = opened(sandbox, case.tenant, zone_ids)
    seen: Seen = {}
    near = check_offer(data, written, case, zone_ids, seen)
    for _ in range(data.draw(mostly(3, 0, 6), "bookings")):
        tenant = check_booking(data, written, case.tenant, near, case.around, seen)
        case = case._replace(tenant=tenant)
    if case.tenant.booked:
        check_offer(data, written, case, zone_ids, seen)


@given(st.data(), cases())
@settings(relaxed, max_examples=15)
def test_the_engine_agrees_with_the_oracle(
    shared_sandbox: Sandbox, zone_ids: dict[str, int], data: st.DataObject, case: Case
) -> None:
    check_tenant(data, shared_sandbox, case, zone_ids)


@pytest.mark.slow
@given(st.data(), cases())
@settings(relaxed, max_examples=2_000)
def test_the_engine_agrees_with_the_oracle_on_thousands_of_tenants(
    shared_sandbox: Sandbox, zone_ids: dict[str, int], data: st.DataObject, case: Case
) -> None:
    check_tenant(data, shared_sandbox, case, zone_ids)
