"""What the room says is open is what the sandbox offers, which shares no code with it: on random accounts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, event, given, settings

from provisioner.kinds.calendar import Dates
from provisioner.opening import Opening, found, wanted
from tests.opening.tenants import PLACES, SERVICES, Wish, wishes
from tests.support import COMPANY, Tenant, tell

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


async def asked(tenant: Tenant, place: str, service: str, start: date, **more: object) -> list[str]:
    """What the sandbox offers in a week."""
    query = {"location_id": tenant.id(f"location/{place}"), "service_id": tenant.id(f"service/{service}"), **more}
    answer = await tenant.vendor(
        "GET", "/availability", None, COMPANY, start_date=start, t="weekly", **{"return": "times"}, **query
    )
    return [str(each)[:16] for each in answer["times"]]


def compare(wish: Wish) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(wish.desired)
        planned = await tenant.plan(wish.desired)
        live = planned.evidence
        account = next(each.fields for each in live.of("", "account"))
        read = found(live, "", planned.matches.address, account)
        await tenant.control("PUT", "/clock", {"now": wish.now.isoformat()})
        for facts in (wanted(wish.desired)[""], read):
            await agree(tenant, Opening(facts, wish.now))

    tell(story)


async def agree(tenant: Tenant, opening: Opening) -> None:
    for place, service in product(PLACES, SERVICES):
        today = opening.today(place)
        for start in (today - timedelta(days=1), today + timedelta(days=6)):
            window = Dates(start, start + timedelta(days=6))
            own = [f"{offer.start:%Y-%m-%d %H:%M}" for offer in opening.offers(place, service, window)]
            assert own == await asked(tenant, place, service, start), (place, service, start)
        verdict = opening.verdict(place, service)
        first = [f"{verdict.first.start:%Y-%m-%d %H:%M}"] if verdict.first else []
        assert first == (await asked(tenant, place, service, today, first_available=1))[:1], (place, service)
        assert verdict.bookable != bool(verdict.whys)
        for why in verdict.whys:
            event(why.cause)


@settings(BOUNDED, max_examples=10)
@given(wish=wishes())
def test_what_is_open_is_what_is_offered(wish: Wish) -> None:
    compare(wish)


@pytest.mark.slow
@settings(BOUNDED, max_examples=1000, derandomize=False)
@given(wish=wishes())
def test_what_is_open_is_what_is_offered_in_many_more_accounts(wish: Wish) -> None:
    compare(wish)
