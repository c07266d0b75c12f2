"""TimeTap's API for recurring appointments, under `/timetap`: `OPERATIONS` is all of it, and signing in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from provisioner.sandbox.pipeline import Vendor
from provisioner.sandbox.tables import bearers
from provisioner.sandbox.timetap import by_appointment, recurring, signin
from provisioner.sandbox.timetap.answers import crash, refusal
from provisioner.sandbox.timetap.dispatch import responder, token

if TYPE_CHECKING:
    from provisioner.sandbox.timetap.call import Operation
    from provisioner.sandbox.world import World

PREFIX = "/timetap"

# Paths with words come before those with `{id}` in the same place.
OPERATIONS: tuple[Operation, ...] = (*signin.OPERATIONS, *recurring.OPERATIONS, *by_appointment.OPERATIONS)


def vendor(world: World) -> Vendor:
    """Return what the pipeline has to know; the empty route stands for every unknown path."""
    paths: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method] = operation
    return Vendor(
        prefix=PREFIX,
        unsaid="",
        responders={path: responder(world, found) for path, found in {**paths, "": {}}.items()},
        sign_in=frozenset(operation.path for operation in OPERATIONS if not operation.signed),
        session=token,
        sessions=bearers,
        refusal=refusal,
        crash=crash,
    )
