"""Setster's scheduling API, version 2, under `/api/v2`: `OPERATIONS` is everything it can do so far."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from provisioner.sandbox.pipeline import Vendor
from provisioner.sandbox.setster import (
    account,
    appointment,
    appointment_action,
    appointment_list,
    availability,
    business,
    client,
    custom_field,
    employee,
    free_time,
    holiday,
    hours,
    links,
    location,
    options,
    order,
    password,
    payment,
    personal,
    pictures,
    service,
    signin,
    signout,
    subaccount,
    sync,
    timezone,
    webhook,
    widget,
)
from provisioner.sandbox.setster.dispatch import responder
from provisioner.sandbox.setster.envelope import crash, refusal
from provisioner.sandbox.tables import sessions

if TYPE_CHECKING:
    from provisioner.sandbox.setster.call import Operation
    from provisioner.sandbox.world import World

PREFIX = "/api/v2"

# Paths with words come before those with `{id}` in the same place.
OPERATIONS: tuple[Operation, ...] = (
    *signin.OPERATIONS,
    *signout.OPERATIONS,
    *password.OPERATIONS,
    *account.OPERATIONS,
    *subaccount.OPERATIONS,
    *business.OPERATIONS,
    *options.OPERATIONS,
    *personal.OPERATIONS,
    *payment.OPERATIONS,
    *widget.OPERATIONS,
    *order.OPERATIONS,
    *pictures.OPERATIONS,
    *links.OPERATIONS,
    *hours.OPERATIONS,
    *availability.OPERATIONS,
    *free_time.OPERATIONS,
    *sync.OPERATIONS,
    *location.OPERATIONS,
    *employee.OPERATIONS,
    *service.OPERATIONS,
    *holiday.OPERATIONS,
    *custom_field.OPERATIONS,
    *timezone.OPERATIONS,
    *webhook.OPERATIONS,
    *client.OPERATIONS,
    *appointment_list.OPERATIONS,
    *appointment_action.OPERATIONS,
    *appointment.OPERATIONS,
)


def vendor(world: World) -> Vendor:
    """Return what the pipeline has to know; the empty route stands for every unknown path, answered in the envelope."""
    paths: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method] = operation
    return Vendor(
        prefix=PREFIX,
        unsaid=PREFIX,
        responders={path: responder(world, found) for path, found in {**paths, "": {}}.items()},
        sign_in=frozenset(operation.path for operation in OPERATIONS if not operation.signed),
        session=lambda request: request.query.get("session_token", ""),
        sessions=sessions,
        refusal=refusal,
        crash=crash,
    )
