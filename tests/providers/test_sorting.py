"""The order of lists: one change and one call for each list, compared among what it names, everything else behind."""

from __future__ import annotations

import pytest

from tests.support import DIALECTS, Dialect, Tenant, change, declare, manifests, replaced, spoken, tell, without

WEST = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw")
CUT, COLOUR = (declare(f"west/service/{key}", name=key, duration="45 min") for key in ("cut", "color"))
WASH = declare("west/service/wash", name="wash", duration="45 min", default=True)
UP, DOWN = (declare(f"west/location/{key}", name=key) for key in ("up", "down"))
ANA, BEN = (
    declare(f"west/employee/{key}", email=f"{key}@w.example", first_name=key, last_name="X") for key in ("ana", "ben")
)
SERVICES = declare("west/order/services", keys=["wash", "color", "cut"])
LOCATIONS = declare("west/order/locations", keys=["up", "down"])
EMPLOYEES = declare("west/order/employees", keys=["ben", "ana"])
ALL = manifests(WEST, CUT, COLOUR, WASH, UP, DOWN, ANA, BEN, SERVICES, LOCATIONS, EMPLOYEES)


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


async def shown(tenant: Tenant, kind: str, name: str = "name") -> list[str]:
    found = await tenant.vendor("GET", f"/{kind}", company=tenant.company("west"))
    return [each[name] for each in found]


def test_a_new_account_is_put_in_order_with_what_it_came_with_behind(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await tenant.settle(ALL)
        assert await shown(tenant, "service") == ["wash", "color", "cut"]
        assert await shown(tenant, "location") == ["up", "down", "West"]
        assert (await shown(tenant, "employee", "first_name"))[:2] == ["ben", "ana"]
        assert sum(call.id.startswith("order of") for call in ran.planned.writes) == 3

    tell(story, dialect)


def test_another_order_is_one_change_and_one_call(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        ran = await tenant.settle(replaced(ALL, change(SERVICES, keys=["cut", "wash", "color"])))
        assert ran.planned.summary() == ["update west/order/services"]
        assert len(ran.planned.calls) == ran.applied.writes == 1
        assert await shown(tenant, "service") == ["cut", "wash", "color"]

    tell(story, dialect)


def test_what_nobody_manages_may_stand_anywhere_and_goes_behind_when_it_is_written() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        for name in ("Theirs", "Other"):
            await tenant.vendor("POST", "/service", {"name": name, "duration": 45}, tenant.company("west"))
        assert (await shown(tenant, "service"))[:2] == ["Theirs", "Other"]
        await tenant.assert_settled(ALL)
        ran = await tenant.settle(replaced(ALL, change(SERVICES, keys=["color", "cut", "wash"])))
        assert ran.applied.writes == 1
        assert await shown(tenant, "service") == ["color", "cut", "wash", "Theirs", "Other"]

    tell(story)


def test_an_order_that_moved_outside_is_drift_and_put_back() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        body = [{"id": tenant.id("west/service/cut"), "ord": 0}]
        await tenant.vendor("POST", "/service/updateOrder", body, tenant.company("west"))
        ran = await tenant.settle(ALL)
        assert [str(change.address) for change in ran.planned.plan.drift] == ["west/order/services"]
        assert await shown(tenant, "service") == ["wash", "color", "cut"]

    tell(story)


def test_what_is_created_and_deleted_beside_it_is_waited_for_and_left_out() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        tip = declare("west/service/tip", name="tip", duration="15 min")
        more = declare("west/service/more", name="more", duration="15 min")
        wish = replaced(without(ALL, "west/service/cut"), tip, more, change(SERVICES, keys=["tip", "wash", "color"]))
        ran = await tenant.settle(wish)
        (order,) = (call for call in ran.planned.calls if call.id == "order of west/order/services")
        assert order.needs == {"create west/service/tip", "create west/service/more"}
        assert await shown(tenant, "service") == ["tip", "wash", "color", "more"]

    tell(story)


def test_an_order_that_leaves_is_forgotten_and_nothing_is_written() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        ran = await tenant.settle(without(ALL, "west/order/services", "west/order/locations"))
        assert ran.planned.summary() == ["forget west/order/locations", "forget west/order/services"]
        assert ran.applied.writes == 0
        assert await shown(tenant, "service") == ["wash", "color", "cut"]

    tell(story)


def test_only_the_list_that_is_put_in_order_is_read() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        await tenant.clear_calls()
        await tenant.plan(ALL, selected=lambda address: address.kind in ("order", "account") and "serv" in str(address))
        assert {call["path"].removeprefix("/api/v2") for call in await tenant.calls()} <= {
            "/account/getAccountInfo",
            "/account/companies",
            "/service",
            "/employee",
        }

    tell(story)


def test_an_order_that_others_changed_after_the_plan_is_not_written_over() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(ALL)
        wish = replaced(ALL, change(SERVICES, keys=["cut", "wash", "color"]))
        provider = tenant.provider()
        planned = await tenant._plan(provider, wish, {})
        body = [{"id": tenant.id("west/service/color"), "ord": 0}]
        await tenant.vendor("POST", "/service/updateOrder", body, tenant.company("west"))
        provider._newest._found.clear()  # as if the plan had been looked at for a while
        applied = await tenant.executor(planned, provider).run()
        await provider.close()
        assert [why for _, why in applied.failed] == ["the order changed since the plan was made: plan again"]
        assert (await shown(tenant, "service"))[0] == "color"

    tell(story)
