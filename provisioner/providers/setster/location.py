"""Locations on the wire (seed: List Locations, Create a Location, Modify a Location)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.providers.base import Capability
from provisioner.providers.setster.codec import degrees, flag, picture, text, zone
from provisioner.providers.setster.table import Body, Table

_ADDRESS = frozenset({"street1", "street2", "city", "state", "zip", "country"})
_PLACE = frozenset({"lat", "lng"})


def _finish(body: Body, changed: Mapping[str, Any], raw: Mapping[str, Any]) -> Body:
    """A changed address has a new place on the map: let the vendor compute it, unless we are told where it is.

    An address that stays leaves the place alone: somebody may have moved it by hand.
    """
    moved = any(str(changed[name] or "") != str(raw.get(name) or "") for name in changed.keys() & _ADDRESS)
    if moved and not changed.keys() & _PLACE:
        body = {name: value for name, value in body.items() if name not in _PLACE}
        body["update_lat_lng"] = True
    return body


LOCATION = Table(
    kind="location",
    path="/location",
    fields={
        **{
            name: text(name)
            for name in (
                "name",
                "description",
                "street1",
                "street2",
                "city",
                "state",
                "zip",
                "country",
                "phone",
                "email",
                "website",
                "tags",
                "paypal_email",
            )
        },
        "virtual": flag("virtual"),
        "photo": picture("photo"),
        "timezone": zone("timezone_id"),
        "lat": degrees("lat"),
        "lng": degrees("lng"),
    },
    passed=frozenset(),
    capability=Capability(always_with=frozenset({"employee"})),  # a write must send back the links
    roles={"is_main": "main"},
    finish=_finish,
)
