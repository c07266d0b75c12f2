"""The terms on which a service is booked: its own rules, or those of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox.setster import rota
from provisioner.sandbox.slots.agenda import Terms
from provisioner.sandbox.slots.rules import FOREVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from provisioner.sandbox.setster.shape import Record

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LONGEST_PADDING = 7 * _DAY


def terms(service: Record, subservices: Sequence[Record], options: Mapping[str, Any]) -> Terms:
    """Return the terms of a service with its sub-services (seed: Create a Service; "adds additional time").

    seed: `require_addon`, "uses global default ... unless service has active_rules=1". Assumptions: the same holds for
    the notices, the padding and the step; a group session of 0 has one seat, as one of 1 has; `max_clients` says
    nothing about slots; an appointment has to lie within the active dates, unless `active_interval_status` is off.
    """
    rules = service if service["active_rules"] else options
    length = sum(each["duration"] for each in (service, *subservices)) * _MINUTE
    bounded = service["active_interval_status"]
    return Terms(
        length=length,
        padding=min(max(0, rules["duration_padding"]) * _MINUTE, _LONGEST_PADDING),
        step=max(0, rules["start_step"]) * _MINUTE or length,
        prior=max(0, rules["prior_notice"]) * _HOUR,
        after=rules["after_notice"] * _DAY if rules["after_notice"] > 0 else None,
        seats=max(1, service["group_session"]),
        first_day=rota.day_of(service["active_from"]) if bounded and service["active_from"] else 0,
        last_day=rota.day_of(service["active_until"]) if bounded and service["active_until"] else FOREVER,
        schedule=rota.schedule(service["schedule"]) if service["set_schedule"] else None,
    )
