"""The order of locations, employees and services in their lists."""

from __future__ import annotations

from functools import partial
from typing import Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import NOTHING, Reply, invalid, missing
from provisioner.sandbox.setster.shape import Field, Shape
from provisioner.sandbox.tables import objects

SHAPE = Shape((Field("id", values.whole), Field("ord", values.whole)), required=("id", "ord"))


def update(kind: str, call: Call) -> Reply:
    """Give many objects their places in one call (seed: Update Location's Sort Order)."""
    places = [SHAPE.accept(entry) for entry in _entries(call.body)]
    unknown = objects.unknown(call.store, kind, call.company, (place["id"] for place in places))
    if unknown:
        raise missing(kind, unknown[0])
    for place in places:
        objects.place(call.store, kind, place["id"], place["ord"])
    return NOTHING


def _entries(body: Any) -> list[dict[str, Any]]:
    if not isinstance(body, list) or not all(isinstance(entry, dict) for entry in body):
        raise invalid("the body must be a list of {id, ord}")
    return body


OPERATIONS = tuple(
    Operation("POST", f"/{kind}/updateOrder", partial(update, kind)) for kind in ("location", "employee", "service")
)
