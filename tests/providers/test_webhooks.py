"""The events of a webhook: added, silenced and enabled again with one call each, whatever a write means there."""

from itertools import permutations
from typing import Any

import pytest

from provisioner.kinds.desired import Removal
from provisioner.kinds.webhook import EVENTS
from provisioner.plan.change import Action
from provisioner.providers.setster.webhook import WEBHOOK, join_events, read_events
from tests.support import (
    DIALECTS,
    HERE,
    Dialect,
    Tenant,
    at,
    change,
    declare,
    manifests,
    replaced,
    spoken,
    tell,
    without,
)

CREATED, UPDATED, DELETED = EVENTS[:3]
CRM = declare("webhook/crm", target_url="https://crm.example/hook", events=[CREATED, UPDATED])
OTHER = declare("webhook/other", target_url="https://other.example/hook", events="all", active=False)
BASE = manifests(CRM, OTHER)
WISHES: tuple[Any, ...] = ([], [CREATED], [DELETED, CREATED], "all")


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def heard(tenant: Tenant, address: str = "webhook/crm") -> dict[str, int]:
    """Event -> whether the vendor calls for it."""
    return {each["event"]: each["active"] for each in tenant.held(address)["events"]}


def test_a_webhook_is_made_found_again_and_removed(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        made = await tenant.settle(BASE)
        assert len(made.planned.calls) == made.applied.writes == 2
        assert heard(tenant) == {CREATED: 1, UPDATED: 1}
        assert heard(tenant, "webhook/other") == {"*": 1}
        assert [each["active"] for each in (await tenant.dump())["webhooks"]] == [1, 0]
        tenant.forget()
        assert (await tenant.settle(BASE)).planned.of(Action.ADOPT) == ["webhook/crm", "webhook/other"]
        assert (await tenant.settle(without(BASE, "webhook/crm"))).planned.of(Action.FORGET) == ["webhook/crm"]
        ran = await tenant.apply(manifests(), policy=tenant.policy)
        assert ran.applied.writes == 0, "adopted, not owned"

    tell(story, dialect)


def test_what_we_made_is_destroyed_with_one_call(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ran = await tenant.settle(without(BASE, "webhook/crm"))
        assert ran.planned.summary() == ["delete webhook/crm"]
        assert len(ran.planned.calls) == 1
        assert [each["target_url"] for each in (await tenant.dump())["webhooks"]] == ["https://other.example/hook"]

    tell(story, dialect)


def test_any_events_become_any_others_with_one_call(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(CRM))  # a new one needs an event
        for before, after in permutations(WISHES, 2):
            await tenant.settle(manifests(change(CRM, events=before)))
            ran = await tenant.settle(manifests(change(CRM, events=after)))
            assert ran.planned.fields("webhook/crm") == ["events"]
            assert len(ran.planned.calls) == ran.applied.writes == 1
            live = heard(tenant)
            if after == "all":
                assert live.pop("*") == 1
                assert set(live.values()) <= {1}, "beside * nothing is silenced"
            else:
                assert {event for event, on in live.items() if on} == set(after)

    tell(story, dialect)


def test_an_event_that_goes_is_silenced_and_keeps_its_id(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ids = {each["event"]: each["id"] for each in tenant.held("webhook/crm")["events"]}
        fewer = replaced(BASE, change(CRM, events=[CREATED]))
        await tenant.settle(fewer)
        assert heard(tenant) == {CREATED: 1, UPDATED: 0}
        await tenant.settle(BASE)
        assert heard(tenant) == {CREATED: 1, UPDATED: 1}
        assert {each["event"]: each["id"] for each in tenant.held("webhook/crm")["events"]} == ids

    tell(story, dialect)


def test_another_field_leaves_events_alone_that_nobody_manages(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        body = {"target_url": "https://crm.example/hook", "events": [CREATED, {"event": UPDATED, "active": 0}]}
        await tenant.vendor("POST", "/subscribe", body)
        bare = declare("webhook/crm", target_url="https://crm.example/hook", active=True)
        assert (await tenant.settle(manifests(bare))).planned.of(Action.ADOPT) == ["webhook/crm"]
        off = await tenant.settle(manifests(change(bare, active=False, target_url="https://crm.example/new")))
        assert len(off.planned.calls) == 1
        assert heard(tenant) == {CREATED: 1, UPDATED: 0}
        assert tenant.held("webhook/crm")["target_url"] == "https://crm.example/new"

    tell(story, dialect)


def test_events_moved_outside_are_put_back(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        body = {"target_url": "https://crm.example/hook", "events": [{"event": CREATED, "active": 0}, DELETED]}
        await tenant.vendor("PUT", f"/subscribe/{tenant.id('webhook/crm')}", body)
        ran = await tenant.settle(BASE)
        assert [str(c.address) for c in ran.planned.plan.drift] == ["webhook/crm"]
        assert {event for event, on in heard(tenant).items() if on} == {CREATED, UPDATED}

    tell(story, dialect)


def test_one_silenced_of_all_is_not_taken_for_all(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        events = [{"event": "*", "active": 1}, {"event": DELETED, "active": 0}]
        await tenant.vendor(
            "PUT",
            f"/subscribe/{tenant.id('webhook/other')}",
            {"target_url": "https://other.example/hook", "active": 0, "events": events},
        )
        ran = await tenant.settle(BASE)
        assert ran.planned.fields("webhook/other") == ["events"]
        assert heard(tenant, "webhook/other") == {"*": 1, DELETED: 1}

    tell(story, dialect)


def test_a_webhook_can_be_deactivated_and_left() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        removed = {"webhook/crm": Removal("deactivate", HERE)}
        ran = await tenant.apply(manifests(OTHER, removed=removed))
        assert ran.planned.summary() == ["update webhook/crm"]
        assert at("webhook/crm") not in tenant.state.records
        (held,) = (
            each
            for each in (await tenant.dump())["webhooks"]
            if each["target_url"] == CRM.resource.wanted()["target_url"]
        )
        assert held["active"] == 0
        assert [each["active"] for each in held["events"]] == [1, 1]

    tell(story)


@pytest.mark.parametrize("odd", ["x", [7], {"a": 1}, [{"event": CREATED, "active": "maybe"}]])
def test_events_that_cannot_be_read_are_written_anew_or_left(odd: Any, dialect: Dialect) -> None:
    assert join_events(odd, None) == odd

    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("webhook/crm", events=odd)
        await tenant.settle(BASE)

    tell(story, dialect)


def test_the_vendors_key_goes_no_further_than_the_edge() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        key = tenant.held("webhook/crm")["verification_key"]
        assert len(key) > 20
        planned = await tenant.plan(replaced(BASE, change(CRM, active=False)))
        everything = f"{planned.evidence}{planned.calls}{planned.plan}{tenant.state}"
        assert "https://crm.example/hook" in everything
        assert key not in everything

    tell(story)


@pytest.mark.parametrize(
    ("raw", "events"),
    [
        (None, ()),
        ([], ()),
        ({}, ()),
        ([DELETED, {"event": CREATED}], (CREATED, DELETED)),
        ([{"event": CREATED, "active": "0"}, {"event": UPDATED, "active": True}], (UPDATED,)),
        ([{"event": "*", "active": 0}, {"event": CREATED, "active": 1}], (CREATED,)),
        ([{"event": each, "active": 1} for each in EVENTS], ("*",)),
        (["appointment.new", CREATED], (CREATED, "appointment.new")),
    ],
)
def test_events_are_read_in_any_disguise(raw: Any, events: tuple[str, ...]) -> None:
    assert read_events(raw) == events


@pytest.mark.parametrize("raw", ["x", [1], [{"active": 1}], [{"event": CREATED, "active": "maybe"}]])
def test_events_in_an_unknown_shape_are_shown_as_they_are(raw: Any) -> None:
    live = WEBHOOK.decode({"id": 1, "target_url": "https://crm.example", "events": raw}, {})
    assert "not readable" in str(live.fields["events"])


def test_an_event_that_nobody_knows_is_silenced_like_any_other() -> None:
    assert join_events(["appointment.new"], [{"event": CREATED, "active": 1}]) == [
        {"event": "appointment.new", "active": 0},
        {"event": CREATED, "active": 1},
    ]
