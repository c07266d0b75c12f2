"""Reading what is booked: every page, nothing twice, nothing dropped, whatever the vendor answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from provisioner.errors import VendorError
from provisioner.kinds.booking import Booking, Standing
from provisioner.providers.setster.bookings import LEAST, PAGE, decode
from tests.support import COMPANY, Tenant, declare, intercept, manifests, ok, tell

NOW = datetime(2026, 9, 28, 15, 0, tzinfo=UTC)
SHOWN: dict[str, Any] = {  # seed: List Appointments
    "id": 2342, "client_id": 23113, "company_id": 3123, "client_email": "user@example.com",
    "client_name": "Test Client", "client_phone": "12345678", "client_address": "string", "employee_id": 12412,
    "location_id": 54232, "service_id": 453, "start_date": "2019-09-01 12:00", "end_date": "2019-09-01 13:00",
    "length": 1800000, "duration_padding": 0, "note": "string", "status": 0, "type": "string",
    "last_updated": "2024-03-15 16:00:50", "created_at": "2024-03-15 16:00:50", "subservices": "string",
    "paid": False, "price": 0, "ews_id": "", "custom_fields": {}, "custom_data": {"key1": "Lorem Ipsum"},
    "timezone_short": "GMT -05:00", "timezone_offset_seconds": -18000, "timezone_id": 553,
}  # fmt: skip
Rows = list[dict[str, Any]]
KEYS = {"location": "downtown", "service": "haircut", "employee": "ana"}
SALON = manifests(
    declare("location/downtown", name="Downtown", timezone="America/Los_Angeles"),
    declare("service/haircut", name="Haircut", duration="1 h", active=True, after_notice="90 d", start_step="30 min"),
    declare("employee/ana", email="ana@example.com", first_name="Ana", last_name="Diaz", active=True),
    declare("link/ana/downtown/haircut"),
    declare("hours/ana/downtown", hours=[{"dates": "2026", "week": {"daily": "09:00-17:00"}}]),
)


def row(number: int, start: datetime = NOW + timedelta(days=5), **fields: Any) -> dict[str, Any]:
    """An appointment of an hour as the vendor shows it, in UTC."""
    times = {"start_date": f"{start:%Y-%m-%d %H:%M}", "end_date": f"{start + timedelta(hours=1):%Y-%m-%d %H:%M}"}
    return SHOWN | {"id": number, "timezone_offset_seconds": 0} | times | fields


async def read(tenant: Tenant, since: datetime = NOW) -> tuple[Booking, ...]:
    """What the provider says is booked."""
    provider = tenant.provider()
    try:
        await provider.sign_in()
        return await provider.bookings(str(COMPANY), since)
    finally:
        await provider.close()


def answered(rows: Callable[[dict[str, str]], Rows], asked: list[dict[str, str]]) -> Any:
    """A vendor whose list of appointments is given; what it was asked for is noted."""

    def answer(_method: str, path: str, query: str) -> Any:
        if path != "/appointment":
            return None
        asked.append(dict(parse_qsl(query)))
        return ok(rows(asked[-1]))

    return intercept(answer)


def test_the_vendors_own_sample_is_read() -> None:
    booking = decode(SHOWN)
    assert (booking.id, booking.employee, booking.location, booking.service) == ("2342", "12412", "54232", "453")
    assert booking.start == datetime(2019, 9, 1, 17, tzinfo=UTC)
    assert booking.start.hour == 12, "the location's wall time is kept"
    assert booking.end == datetime(2019, 9, 1, 18, tzinfo=UTC)
    assert booking.standing is Standing.UNVERIFIED
    assert booking.stands
    assert not booking.unreadable
    assert "Test Client" not in repr(booking)


@pytest.mark.parametrize(
    ("status", "stands"),
    [(0, True), (1, True), ("2", True), (3, False), (4, False), (6, False), (8, False), (9, False), (10, True),
     (11, True), (12, True), (13, True)],
)  # fmt: skip
def test_who_is_waiting(status: object, stands: bool) -> None:
    assert decode(SHOWN | {"status": status}).stands is stands


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start_date", "soon"), ("start_date", None), ("end_date", ""), ("end_date", "2018-01-01 00:00"),
        ("timezone_offset_seconds", None), ("timezone_offset_seconds", 10**9), ("employee_id", 0),
        ("location_id", None), ("service_id", {}), ("status", 7), ("status", None), ("status", "gone"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_counts(field: str, value: object) -> None:
    booking = decode(SHOWN | {field: value})
    assert booking.unreadable == (field,)
    assert booking.stands


def test_only_what_is_ahead_is_read_from_the_sandbox() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(SALON)
        await tenant.control("PUT", "/clock", {"now": "2026-09-01T00:00:00Z"})
        booked = []
        for start in ("2026-09-27 12:00", "2026-10-03 09:30", "2026-11-07 09:30"):
            who = {"client_email": "liv@example.com", "client_name": "Liv", "company_id": COMPANY}
            ids = {f"{kind}_id": tenant.id(f"{kind}/{key}") for kind, key in KEYS.items()}
            body = who | ids
            booked.append(str((await tenant.vendor("POST", "/appointment", body | {"start_date": start}))["id"]))
        await tenant.clear_calls()
        found = await read(tenant)
        assert [each.id for each in found] == booked[1:]
        assert [f"{each.start:%d %b %H:%M}" for each in found] == ["03 Oct 09:30", "07 Nov 09:30"]
        assert [each.client for each in found] == ["Liv", "Liv"]
        assert len(await tenant.calls()) == 1

    tell(story)


@pytest.mark.parametrize("many", [0, 1, LEAST - 1, LEAST, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
@pytest.mark.parametrize("meaning", ["place", "number", "capped"])
def test_every_page_is_read_whatever_the_pager_means(many: int, meaning: str) -> None:
    held = [row(n) for n in range(1, many + 1)]
    asked: list[dict[str, str]] = []

    def page(query: dict[str, str]) -> Rows:
        start, end = int(query["start"]), int(query["end"])
        ends = {"place": end, "number": start + end, "capped": min(end, start + LEAST)}
        return held[start : ends[meaning]]

    async def story(tenant: Tenant) -> None:
        assert [each.id for each in await read(tenant)] == [str(raw["id"]) for raw in held]
        assert many >= LEAST or len(asked) == 1

    tell(story, wrap=answered(page, asked))


def test_a_list_that_moves_while_it_is_read_is_read_at_once() -> None:
    held = [row(n) for n in range(PAGE + 10)]
    asked: list[dict[str, str]] = []

    def page(query: dict[str, str]) -> Rows:
        if query["end"] == "all":
            return held
        found = held[int(query["start"]) : int(query["end"])]
        held.pop(0)  # cancelled and deleted by somebody
        return found

    async def story(tenant: Tenant) -> None:
        assert [each.id for each in await read(tenant)] == [str(raw["id"]) for raw in held]
        assert [query["end"] for query in asked][-1] == "all"

    tell(story, wrap=answered(page, asked))


def test_the_list_is_asked_from_the_day_before_so_that_no_zone_hides_anything() -> None:
    west = row(1, NOW - timedelta(hours=11), timezone_offset_seconds=-12 * 3600)  # an hour from now, on Baker Island
    asked: list[dict[str, str]] = []

    async def story(tenant: Tenant) -> None:
        found = await read(tenant)
        assert [each.start for each in found] == [NOW + timedelta(hours=1)]
        assert asked[0]["start_date"] == "2026-09-27"

    tell(story, wrap=answered(lambda _: [west], asked))


def test_what_has_no_readable_time_is_kept() -> None:
    asked: list[dict[str, str]] = []

    async def story(tenant: Tenant) -> None:
        (found,) = await read(tenant)
        assert found.start is None
        assert found.unreadable == ("start_date", "end_date")

    tell(story, wrap=answered(lambda _: [row(1, start_date="?", end_date="?")], asked))


def test_an_answer_that_is_no_list_is_no_empty_calendar() -> None:
    async def story(tenant: Tenant) -> None:
        with pytest.raises(VendorError, match="unknown shape"):
            await read(tenant)

    tell(story, wrap=intercept(lambda _m, path, _q: ok("none") if path == "/appointment" else None))
