"""Setster's scheduling API, version 2, under `/api/v2`: `OPERATIONS` is everything it can do so far."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from provisioner.sandbox.pipeline import Vendor
from provisioner.sandbox.setster import (
    account,
    business,
    client,
    custom_field,
    employee,
    holiday,
    hours,
    links,
    location,
    options,
    order,
    personal,
    pictures,
    service,
    signin,
    subaccount,
    timezone,
    webhook,
)
from provisioner.sandbox.setster.dispatch import responder
from provisioner.sandbox.setster.envelope import crash, refusal

if TYPE_CHECKING:
    from provisioner.sandbox.setster.call import Operation
    from provisioner.sandbox.world import World

PREFIX = "/api/v2"

# Paths with words come before those with `{id}` in the same place.
OPERATIONS: tuple[Operation, ...] = (
    *signin.OPERATIONS,
    *account.OPERATIONS,
    *subaccount.OPERATIONS,
    *business.OPERATIONS,
    *options.OPERATIONS,
    *personal.OPERATIONS,
    *order.OPERATIONS,
    *pictures.OPERATIONS,
    *links.OPERATIONS,
    *hours.OPERATIONS,
    *location.OPERATIONS,
    *employee.OPERATIONS,
    *service.OPERATIONS,
    *holiday.OPERATIONS,
    *custom_field.OPERATIONS,
    *timezone.OPERATIONS,
    *webhook.OPERATIONS,
    *client.OPERATIONS,
)


def vendor(world: World) -> Vendor:
    """Return what the pipeline has to know; the empty route stands for every unknown path, answered in the envelope."""
    paths: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method] = operation
    return Vendor(
        prefix=PREFIX,
        responders={path: responder(world, found) for path, found in {**paths, "": {}}.items()},
        sign_in=frozenset(operation.path for operation in OPERATIONS if not operation.signed),
        session=lambda request: request.query.get("session_token", ""),
        refusal=refusal,
        crash=crash,
    )
