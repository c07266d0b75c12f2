"""Services: what is offered, how long it takes and when it may be booked."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import booked, links, rota, schedule, values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed
from provisioner.sandbox.tables import links as link_table
from provisioner.sandbox.tables import objects, pictures

if TYPE_CHECKING:
    from typing import Any

    from provisioner.sandbox.setster.shape import Record

KIND = "service"
_date = values.date("%Y-%m-%d", "YYYY-MM-DD")
_RULES = ("prior_notice", "after_notice", "cancel_appointment", "reschedule_appointment", "send_reminder")
_TEXTS = ("client_instructions", "widget_message", "password", "photo")


def optional_date(value: Any) -> str | None:
    """Accept a date, or the empty string that clears it (seed: Create a Service, active_from)."""
    return None if value == "" else _date(value)


# seed: Create a Service
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", "ord", accept=values.whole),
        *fixed("", "created_at"),
        Field("tmp_default", values.flag, default=False, read=False, write=False),
        Field("name", values.filled),
        Field("duration", values.multiple_of(15, least=15), 60),
        Field("description"),
        *fields(values.flag, False, "auto_confirm", "is_subservice", "set_schedule"),
        *fields(values.multiple_of(5), 0, "duration_padding", "start_step"),
        *fields(values.whole, 0, "max_clients", *_RULES, "group_session", "waiting_list"),
        Field("require_addon", values.one_of((0, 1)), 0),
        Field("schedule", schedule.accept, []),
        *fields(values.number, 0, "price", "payment_min_amount"),
        Field("allow_cash_payment", values.flag, default=False),
        *fields(values.text, "", *_TEXTS),
        *fields(optional_date, None, "active_from", "active_until"),
        *fields(values.flag, True, "active_interval_status", "status"),
        Field("active_rules", values.whole, 1),
    ),
    required=("name", "duration"),
)
# seed: List Services; there is no filter by name
FILTERS = (
    *("id", "description", "auto_confirm", "is_subservice", "duration", "duration_padding", "max_clients", *_RULES),
    *("start_step", "set_schedule", "price", "payment_min_amount", "allow_cash_payment", "group_session"),
    *("waiting_list", *_TEXTS, "active_from", "active_until", "active_interval_status", "status", "active_rules"),
    "tmp_default",
)


def default(created_at: str) -> Record:
    """Return the service that a new account comes with (seed: List Services, the sample)."""
    about = {"name": "Default service", "description": "This service should be used in testing only"}
    return SHAPE.fresh() | about | {"created_at": created_at, "tmp_default": True}


def list_all(call: Call) -> Reply:
    """Return the services (seed: List Services). Assumption: `location_id` asks for those linked there."""
    found = filter(SHAPE.matches(FILTERS, call.query), objects.listed(call.store, KIND, call.company))
    where = call.whole("location_id")
    if where is not None:
        there = {service for _, location, service in links_of(call) if location == where}
        found = filter(lambda each: each["id"] in there, found)
    if call.flag("active_services"):
        today = rota.day_of(call.world.now().astimezone(UTC).date().isoformat())
        found = filter(lambda each: _is_active(each, today), found)
    return Reply([SHAPE.read(each) for each in found])


def links_of(call: Call) -> list[tuple[int, int, int]]:
    """Return the company's links as (employee, location, service)."""
    return link_table.listed(call.store, call.company)


def _is_active(service: Record, today: int) -> bool:
    """Say whether a service shows on the widget today. Assumption: that is what the filter calls active."""
    since, until = service["active_from"], service["active_until"]
    inside = (not since or rota.day_of(since) <= today) and (not until or today <= rota.day_of(until))
    return bool(service["status"]) and (inside or not service["active_interval_status"])


def get(call: Call) -> Reply:
    """Return one service in a list (seed: Get a Service)."""
    return Reply([SHAPE.read(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create a service; the answer is an object, not a list (seed: Create a Service)."""
    created_at = call.world.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = SHAPE.fresh() | SHAPE.accept(call.mapping) | {"created_at": created_at}
    number = objects.insert(call.store, KIND, call.company, record)
    links.write(call, KIND, number)
    return Reply(SHAPE.read(call.stored(KIND, number)))


def modify(call: Call) -> Reply:
    """Modify a service; the answer is an object, not a list (seed: Modify a Service)."""
    old = call.stored(KIND)
    full = call.dialect.put == "full"
    record = SHAPE.changed(old, SHAPE.accept(call.mapping), full=full)
    objects.save(call.store, KIND, old["id"], record)
    links.write(call, KIND, old["id"], full=full)
    return Reply(SHAPE.read(record))


def delete(call: Call) -> Reply:
    """Delete a service with its links (seed: Delete a Service)."""
    number = call.stored(KIND)["id"]
    booked.refuse(call, KIND, number)
    link_table.clear(call.store, KIND, number)
    pictures.clear(call.store, KIND, number)
    objects.delete(call.store, KIND, number)
    return DONE


OPERATIONS = (
    Operation("GET", "/service", list_all),
    Operation("POST", "/service", create),
    Operation("GET", "/service/{id}", get),
    Operation("PUT", "/service/{id}", modify),
    Operation("DELETE", "/service/{id}", delete),
)
