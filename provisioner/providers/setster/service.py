"""Services on the wire (seed: List Services, Create a Service, Modify a Service)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.providers.base import Capability
from provisioner.providers.setster.codec import days, flag, hours, minutes, money, number, number_flag, secret, text
from provisioner.providers.setster.table import Body, Table

_CLEARED_BY_BLANK = ("active_from", "active_until")


def _finish(body: Body, changed: Mapping[str, Any]) -> Body:
    """Dates that read as null are cleared by sending "" (seed: Modify a Service, `active_from`)."""
    del changed
    return body | {name: "" for name in _CLEARED_BY_BLANK if name in body and body[name] is None}


SERVICE = Table(
    kind="service",
    path="/service",
    fields={
        **{name: text(name) for name in ("name", "description", "client_instructions", "widget_message")},
        **{name: money(name) for name in ("price", "payment_min_amount")},
        **{name: minutes(name) for name in ("duration", "duration_padding", "start_step")},
        **{
            name: hours(name)
            for name in (
                "prior_notice",
                "cancel_appointment",
                "reschedule_appointment",
                "send_reminder",
            )
        },
        **{name: number(name) for name in ("max_clients", "group_session")},
        "after_notice": days("after_notice"),
        "addon": flag("is_subservice"),
        "require_addon": number_flag("require_addon"),
        "allow_cash_payment": flag("allow_cash_payment"),
        "auto_confirm": flag("auto_confirm"),
        "waiting_list": number_flag("waiting_list"),
        "active": flag("status"),
        "active_rules": number_flag("active_rules"),
        "password": secret("password"),
    },
    passed=frozenset({"set_schedule", "schedule", "active_from", "active_until", "active_interval_status", "photo"}),
    capability=Capability(always_with=frozenset({"employee"}), hidden_roles=frozenset({"default"})),
    finish=_finish,
)
