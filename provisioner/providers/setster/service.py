"""Services on the wire (seed: List Services, Create a Service, Modify a Service)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from provisioner.kinds.period import Period
from provisioner.providers.base import Capability
from provisioner.providers.setster import schedule
from provisioner.providers.setster.codec import (
    days,
    flag,
    hours,
    minutes,
    money,
    number,
    number_flag,
    picture,
    read_flag,
    secret,
    spread,
    text,
)
from provisioner.providers.setster.table import Body, Table

_CLEARED_BY_BLANK = ("active_from", "active_until")
_BOOKABLE = (*_CLEARED_BY_BLANK, "active_interval_status")


def _write_bookable(period: Period | None) -> dict[str, Any]:
    """The two dates, "" for an end that is not there (seed: Create a Service, `active_from`).

    Assumption: `active_interval_status` says whether they count; it is true wherever we write them.
    """
    start, end = period or (None, None)
    dates = {"active_from": start, "active_until": end}
    return {**{name: str(day) if day else "" for name, day in dates.items()}, "active_interval_status": True}


def _read_bookable(raw: Mapping[str, Any]) -> Period | None:
    if not read_flag(True if raw["active_interval_status"] is None else raw["active_interval_status"]):
        raise ValueError("what its dates mean is not known")
    start, end = (date.fromisoformat(str(raw[name])[:10]) if raw[name] else None for name in _CLEARED_BY_BLANK)
    return Period(start, end) if start or end else None


def _finish(body: Body, changed: Mapping[str, Any], raw: Mapping[str, Any]) -> Body:
    """Dates that read as null are cleared by sending "" (seed: Modify a Service, `active_from`)."""
    del changed, raw
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
        "photo": picture("photo"),
        "bookable": spread(_BOOKABLE, _write_bookable, _read_bookable),
        "schedule": spread(("set_schedule", "schedule"), schedule.write, schedule.read),
    },
    passed=frozenset(),
    capability=Capability(always_with=frozenset({"employee"}), hidden_roles=frozenset({"default"})),
    finish=_finish,
)
