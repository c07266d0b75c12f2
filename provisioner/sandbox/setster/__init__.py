"""Setster's scheduling API, version 2, under `/api/v2`: `OPERATIONS` is everything it can do so far."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from starlette.routing import Mount, Route, Router

from provisioner.sandbox.pipeline import Endpoint
from provisioner.sandbox.setster import (
    account,
    business,
    employee,
    hours,
    links,
    location,
    options,
    order,
    personal,
    service,
    signin,
    subaccount,
    timezone,
)
from provisioner.sandbox.setster.dispatch import responder
from provisioner.sandbox.setster.envelope import crash

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
    *links.OPERATIONS,
    *hours.OPERATIONS,
    *location.OPERATIONS,
    *employee.OPERATIONS,
    *service.OPERATIONS,
    *timezone.OPERATIONS,
)


def mount(world: World) -> Mount:
    """Return the API as a part of an app; unknown paths are answered in its envelope too."""
    paths: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method] = operation
    routes = [Route(path, Endpoint(world, responder(world, found), crash)) for path, found in paths.items()]
    unknown = Endpoint(world, responder(world, {}), crash)
    return Mount(PREFIX, app=Router(routes, redirect_slashes=False, default=unknown))
