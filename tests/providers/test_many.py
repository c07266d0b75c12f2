"""Several objects in one request: what rides together, and what becomes of each when only some of it went well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from provisioner.apply.outcome import Applied
from provisioner.errors import ManifestError
from provisioner.kinds.desired import Desired
from provisioner.plan.change import Action
from provisioner.providers.base import Call, Done, Outcome
from provisioner.sandbox.setster import custom_field
from provisioner.sandbox.tables import objects
from tests.support import DIALECTS, Dialect, Tenant, at, canned, change, declare, manifests, replaced, spoken, tell

REFERRAL = declare("custom_field/referral", label="How?", type="dropdown", options=["Friend", "Web"])
ORDER = declare("custom_field/order", label="Order ID", type="hidden")
PHONE = declare("custom_field/phone", label="Phone", type="phone", required=True)
FORM = manifests(REFERRAL, ORDER, PHONE)
CHANGED = replaced(FORM, change(REFERRAL, options=["Web"]), change(ORDER, label="Number"), change(PHONE, hint="+47"))
DAYS = manifests(*(declare(f"holiday/d{n}", name=f"Day {n}", dates=f"2026-03-0{n + 1}") for n in range(5)))
BULK, GONE = "/customfield/bulksave", "/availability/deleteHoliday"

BUILT_IN = {"label": "Phone", "type": 2, "length": 20, "status": True}
Answer = Callable[[Any], Any]


def wired(path: str, answer: Answer, times: int = 1) -> Any:
    """Stands in the wire: lets some requests to a path be answered otherwise, after they were carried out."""
    left = [times]

    def around(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            if left[0] and scope["path"].removeprefix("/api/v2").startswith(path):
                left[0] -= 1
                await answer(app)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return between

    return around


def lost(app: Any, *, executed: bool = True) -> Any:
    """The answer never comes."""

    async def swallow(scope: Any, receive: Any, send: Any) -> None:
        if executed:
            await app(scope, receive, nowhere)
        await canned(200, b"<html>")(send)

    return swallow


async def nowhere(_message: Any) -> None:
    """The answer is lost."""


def first_only(app: Any) -> Any:
    """The vendor carries out the first entry of a bulk save and dies."""

    async def half(scope: Any, receive: Any, send: Any) -> None:
        body = json.loads((await receive())["body"])
        entries = json.dumps(body[:1]).encode()

        async def shorter() -> Any:
            return {"type": "http.request", "body": entries, "more_body": False}

        await app(scope, shorter, nowhere)
        await canned(200, b"<html>")(send)

    return half


async def carry_out(tenant: Tenant, desired: Desired, meanwhile: tuple[str, str, Any] | None = None) -> Applied:
    """An apply that looks again at once, of a plan since which someone else wrote something."""
    provider = tenant.provider()
    try:
        planned = await tenant._plan(provider, desired, {})
        if meanwhile:
            await tenant.vendor(*meanwhile)
            provider._newest._found.clear()
        executor = tenant.executor(planned, provider)
        executor.settle = 0
        applied = await executor.run()
        tenant.state = executor.result
        return applied
    finally:
        await provider.close()


async def labels(tenant: Tenant) -> list[str]:
    return sorted(each["label"] for each in (await tenant.dump())["custom_fields"])


@pytest.mark.parametrize("dialect", DIALECTS[:2] + DIALECTS[-2:], ids=spoken)
def test_all_custom_fields_of_an_account_are_made_and_changed_in_one_call(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        made = await tenant.settle(FORM)
        assert [call.id for call in made.planned.calls] == ["save custom_fields"]
        new = declare("custom_field/new", label="New", type="text")
        ran = await tenant.settle(replaced(CHANGED, new))
        assert len(ran.planned.calls) == ran.applied.writes == 1
        assert len(ran.applied.done) == 4
        assert await labels(tenant) == ["How?", "New", "Number", "Phone"]
        assert tenant.held("custom_field/phone")["required"] is True

    tell(story, dialect)


def test_each_account_has_a_call_of_its_own() -> None:
    async def story(tenant: Tenant) -> None:
        west = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw")
        ran = await tenant.settle(manifests(west, REFERRAL, declare("west/custom_field/a", label="A", type="text")))
        assert [call.id for call in ran.planned.writes] == [
            "create account/west", "save custom_fields", "save west/custom_fields"
        ]  # fmt: skip

    tell(story)


def test_what_came_with_a_new_account_is_changed_and_not_made_a_second_time() -> None:
    async def story(tenant: Tenant) -> None:
        west = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw")
        phone = declare("west/custom_field/phone", label="phone", type="phone", required=True)
        wish = manifests(west, phone, declare("west/custom_field/a", label="A", type="text"))

        def bring_phone(call: Call, outcome: Outcome) -> None:
            result = next(iter(outcome.values()))
            if call.id == "create account/west" and isinstance(result, Done):
                with tenant.store.transaction():
                    objects.insert(tenant.store, "custom_field", int(result.id), custom_field.SHAPE.fresh() | BUILT_IN)

        ran = await tenant.apply(wish, observe=bring_phone)
        assert ran.applied.complete, ran.failed
        assert ran.applied.writes == 2
        assert await labels(tenant) == ["A", "phone"]
        assert tenant.held("west/custom_field/phone")["required"] is True
        await tenant.assert_settled(wish)

    tell(story)


def test_a_lost_answer_is_looked_for_and_nothing_is_made_twice() -> None:
    async def story(tenant: Tenant) -> None:
        tenant.wrap = wired(BULK, lost)
        ran = await tenant.apply(FORM)
        assert ran.applied.complete
        assert await labels(tenant) == ["How?", "Order ID", "Phone"]
        await tenant.assert_settled(FORM)

    tell(story)


def test_what_was_changed_beside_what_was_made_is_sent_once_more() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(REFERRAL, ORDER))
        tenant.wrap = wired(BULK, lost)
        ran = await tenant.apply(CHANGED)
        assert ran.applied.complete, ran.failed
        assert await labels(tenant) == ["How?", "Number", "Phone"]
        assert all(tenant.state.records[a].owned for a in CHANGED.resources)
        await tenant.assert_settled(CHANGED)

    tell(story)


@pytest.mark.parametrize("again", [1, 2])
def test_of_what_was_made_in_part_only_the_rest_is_made(again: int) -> None:
    async def story(tenant: Tenant) -> None:
        tenant.wrap = wired(BULK, first_only, again)
        applied = await carry_out(tenant, FORM)
        assert applied.complete, applied.failed
        assert await labels(tenant) == ["How?", "Order ID", "Phone"]
        await tenant.assert_settled(FORM)

    tell(story)


def test_what_moved_since_the_plan_fails_alone() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(FORM)
        entry = {**tenant.held("custom_field/order"), "label": "Theirs", "company_id": 2345}
        applied = await carry_out(tenant, CHANGED, ("PUT", f"/customfield/{entry['id']}", entry))
        assert {str(c.address) for c, _ in applied.failed} == {"custom_field/order"}
        assert "changed since the plan was made" in applied.failed[0][1]
        assert {str(c.address) for c in applied.done} == {"custom_field/referral", "custom_field/phone"}
        assert await labels(tenant) == ["How?", "Phone", "Theirs"]

    tell(story)


def test_a_vendor_that_ignores_the_id_is_noticed() -> None:
    def forgetful(app: Any) -> Any:
        async def create(scope: Any, receive: Any, send: Any) -> None:
            body = json.loads((await receive())["body"])
            without = json.dumps([{k: v for k, v in entry.items() if k != "id"} for entry in body]).encode()

            async def changed() -> Any:
                return {"type": "http.request", "body": without, "more_body": False}

            await app(scope, changed, send)

        return create

    async def story(tenant: Tenant) -> None:
        await tenant.settle(FORM)
        tenant.wrap = wired(BULK, forgetful)
        ran = await tenant.apply(replaced(FORM, change(PHONE, hint="+47")))
        assert "made a second one" in ran.failed["custom_field/phone"]

    tell(story)


def test_what_is_not_deletable_stays() -> None:
    async def story(tenant: Tenant) -> None:
        fixed = declare("custom_field/fixed", label="Address", type="address", deletable=False)
        await tenant.settle(manifests(fixed, ORDER))
        ran = await tenant.settle(manifests())
        assert ran.planned.of(Action.FORGET) == ["custom_field/fixed"]
        assert ran.planned.of(Action.DELETE) == ["custom_field/order"]
        assert await labels(tenant) == ["Address"]

    tell(story)


def test_two_with_one_label_must_be_told_apart() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ORDER))
        entry = {**tenant.held("custom_field/order"), "company_id": 2345}
        await tenant.vendor("POST", "/customfield", {k: v for k, v in entry.items() if k != "id"})
        await tenant.assert_settled(manifests(ORDER))
        tenant.forget()
        with pytest.raises(ManifestError, match="2 live custom fields have the label"):
            await tenant.plan(manifests(ORDER))

    tell(story)


def test_holidays_are_deleted_together() -> None:
    async def story(tenant: Tenant) -> None:
        made = await tenant.settle(DAYS)
        assert made.applied.writes == 5
        ran = await tenant.settle(manifests())
        assert [call.id for call in ran.planned.calls] == ["delete holidays"]
        assert ran.applied.writes == 1
        assert (await tenant.dump())["holidays"] == []

    tell(story)


def test_more_holidays_than_fit_in_an_address_take_another_call() -> None:
    async def story(tenant: Tenant) -> None:
        many = manifests(*(declare(f"holiday/d{n}", name=f"Day {n}", dates="2026-03-01") for n in range(101)))
        await tenant.settle(many)
        ran = await tenant.settle(manifests())
        assert [call.id for call in ran.planned.calls] == ["delete holidays", "delete holidays 2"]

    tell(story)


def test_a_lost_deletion_is_looked_for() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(DAYS)
        tenant.wrap = wired(GONE, lost)
        ran = await tenant.apply(manifests())
        assert ran.applied.complete, ran.failed
        assert not tenant.state.records

    tell(story)


def test_holidays_of_which_one_is_gone_are_told_apart() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(DAYS)
        applied = await carry_out(tenant, manifests(), ("POST", f"{GONE}/{tenant.id('holiday/d2')}", None))
        assert [str(c.address) for c in applied.done] == ["holiday/d2"]
        assert len(applied.failed) == 4
        ran = await tenant.settle(manifests())
        assert len(ran.applied.done) == 4
        assert at("holiday/d0") not in tenant.state.records

    tell(story)
