"""Messages that may go out about the appointments of something that is deleted: counted, and never promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from provisioner.kinds.base import Unreadable
from provisioner.kinds.desired import Desired
from provisioner.kinds.webhook import hears
from provisioner.plan.change import Plan
from provisioner.report.json import plan_json
from provisioner.report.text import Banner, Effort, plan_text
from tests.risk.diary import BENS, SALON, Diary
from tests.support import Tenant, change, declare, manifests, replaced, tell, without

BANNER, EFFORT = Banner(sandbox=True, host="sandbox", company_id="2345"), Effort(1, 1, 1)
HOOKS = (
    declare("webhook/all", target_url="https://hooks.acme.example/s3cret?key=1", events="all"),
    declare("webhook/new", target_url="https://other.example/x", events=["appointment.created"]),
    declare("webhook/off", target_url="https://off.example/x", events=["appointment.canceled"], active=False),
    declare("webhook/gone", target_url="https://hooks.acme.example/y", events=["appointment.canceled"]),
)
NO_BEN = ("employee/ben", "hours/ben/downtown", "link/ben/downtown/haircut")


def said(plan: Plan) -> str:
    """The line of messages, put together again."""
    _, found, rest = plan_text(plan, BANNER, EFFORT).partition("\nMessages: ")
    return found.strip() + " " + " ".join(rest.partition("\nPlan: ")[0].split()) if found else ""


async def planned(tenant: Tenant, before: Desired, after: Desired) -> Plan:
    diary = Diary(tenant)
    await diary.open(before)
    return (await diary.planned(after))[1]


def test_webhooks_that_hear_of_what_is_cancelled_are_counted() -> None:
    async def story(tenant: Tenant) -> None:
        salon = replaced(SALON, *HOOKS)
        plan = await planned(tenant, salon, without(salon, *NO_BEN))
        assert said(plan) == (
            "Messages: none will go out; if the vendor cancels the appointments of what is deleted, "
            "up to 6 webhook calls to hooks.acme.example and 3 messages to clients."
        )
        document = plan_json(plan, BANNER, EFFORT, ())
        assert document["perhaps_messages"] == [
            {"to": "webhook", "host": "hooks.acme.example", "at_most": 6},
            {"to": "clients", "host": None, "at_most": 3},
        ]
        assert "s3cret" not in str(document["perhaps_messages"])
        assert "s3cret" not in plan_text(plan, BANNER, EFFORT)

    tell(story)


def test_webhooks_that_no_manifest_names_are_counted_too() -> None:
    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        body = {"company_id": 2345, "target_url": "https://live.example/x", "events": ["appointment.deleted"]}
        await tenant.vendor("POST", "/subscribe", body)
        _, plan = await diary.planned(without(SALON, *NO_BEN))
        assert "up to 3 webhook calls to live.example and 3 messages to clients" in said(plan)

    tell(story)


def test_what_writes_no_appointment_sends_nothing_and_reads_no_webhooks() -> None:
    async def story(tenant: Tenant) -> None:
        salon = replaced(SALON, *HOOKS)
        diary = Diary(tenant)
        await diary.open(salon)
        rest = manifests(*(each for each in SALON.resources.values()))
        for after in (replaced(rest, change(BENS, hours=[])), without(rest, "link/ben/downtown/haircut")):
            await tenant.clear_calls()
            _, plan = await diary.planned(replaced(after, *HOOKS))
            assert plan.booked
            assert plan.booked.echoes == ()
            assert said(plan) == ""

    tell(story)


@pytest.mark.parametrize(
    ("values", "host"),
    [
        ({"target_url": "https://a.example:8443/x", "events": ("*",), "active": True}, "a.example"),
        ({"target_url": "https://user:pass@a.example/x", "events": ("appointment.updated",)}, "a.example"),
        ({"target_url": "https://a.example", "events": Unreadable("?")}, "a.example"),
        ({"target_url": "nonsense", "events": ("*",)}, "an address that cannot be read"),
        ({"target_url": "http://[", "events": ("*",)}, "an address that cannot be read"),
        ({"target_url": "https://a.example", "events": ("appointment.reminder", "appointment.rescheduled")}, ""),
        ({"target_url": "https://a.example", "events": ()}, ""),
        ({"target_url": "https://a.example", "events": ("*",), "active": False}, ""),
    ],
)
def test_what_a_webhook_hears(values: Mapping[str, Any], host: str) -> None:
    assert hears(values) == host
