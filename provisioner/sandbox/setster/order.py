"""The order of locations, employees and services in their lists."""

from __future__ import annotations

from functools import partial

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import NOTHING, Reply, missing
from provisioner.sandbox.setster.shape import Field, Shape
from provisioner.sandbox.tables import objects

SHAPE = Shape((Field("id", values.whole), Field("ord", values.whole)), required=("id", "ord"))


def update(kind: str, call: Call) -> Reply:
    """Give many objects their places in one call (seed: Update Location's Sort Order)."""
    places = [SHAPE.accept(entry) for entry in call.entries]
    unknown = objects.unknown(call.store, kind, call.company, (place["id"] for place in places))
    if unknown:
        raise missing(kind, unknown[0])
    for place in places:
        objects.place(call.store, kind, place["id"], place["ord"])
    return NOTHING


OPERATIONS = tuple(
    Operation("POST", f"/{kind}/updateOrder", partial(update, kind)) for kind in ("location", "employee", "service")
)
