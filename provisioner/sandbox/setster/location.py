"""Locations: where appointments take place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from provisioner.sandbox.setster import booked, links, values, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Code, Failure, Reply
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed
from provisioner.sandbox.tables import accounts, hours, objects, pictures
from provisioner.sandbox.tables import links as link_table

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

KIND = "location"
_ADDRESS = ("street1", "street2", "city", "state", "zip", "country")
_POINT = ("lat", "lng")

# seed: Create a Location
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", "ord", accept=values.whole),
        *fixed(False, "is_main", accept=values.flag),
        Field("name", values.filled),
        *fields(values.text, "", "description", *_ADDRESS, "photo", "phone", "email", "website", "tags"),
        Field("paypal_email"),
        Field("virtual", values.flag, default=False),
        Field("timezone_id", values.whole, zones.DEFAULT),
        *fields(values.decimal, 0.0, *_POINT),
        Field("update_lat_lng", values.flag, default=False, read=False),
    ),
    required=("name",),
)
# seed: List Locations
FILTERS = (
    *("id", "name", "description", *_ADDRESS, "phone", "email", "website", "lat", "lng"),
    *("tags", "photo", "paypal_email", "timezone_id", "virtual"),
)


def main(account: Record) -> Record:
    """Return the main location of a new account; it has the account's name, address, phone and time zone.

    Assumption: all but the name.
    """
    address = {name: account[f"address_{name}"] for name in ("street1", "street2", "city", "state", "country")}
    record = SHAPE.fresh() | address | {"zip": account["addresszip"], "is_main": True}
    record |= {"name": account["company_name"], "phone": account["phone"], "timezone_id": account["timezone_id"]}
    return record | point(record)


def point(record: Record) -> dict[str, float]:
    """Compute a place on earth from the address: not the true one, but always the same; 0, 0 without an address."""
    address = " ".join(str(record[name] or "") for name in _ADDRESS).strip()
    if not address:
        return {"lat": 0.0, "lng": 0.0}
    north, east = divmod(crc32(address.encode()), 2**16)
    return {"lat": round(north / 2**16 * 120 - 60, 6), "lng": round(east / 2**16 * 360 - 180, 6)}


def list_all(call: Call) -> Reply:
    """Return the locations (seed: List Locations). Assumption: `tmp_default` asks for the main location."""
    found = filter(SHAPE.matches(FILTERS, call.query), objects.listed(call.store, KIND, call.company))
    main_only, linked, shown = call.flag("tmp_default"), call.flag("has_links"), call.flag("include_links")
    maps = links.grouped(call.store, call.company, KIND) if shown or linked is not None else {}
    return Reply(
        [
            SHAPE.read(each) | ({"links": maps.get(each["id"], [])} if shown else {})
            for each in found
            if main_only in (None, each["is_main"]) and linked in (None, each["id"] in maps)
        ]
    )


def get(call: Call) -> Reply:
    """Return one location in a list (seed: Get a Location)."""
    return Reply([SHAPE.read(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create a location (seed: Create a Location). Assumption: its time zone is the account's unless given."""
    accepted = zones.check(call.store, SHAPE.accept(call.mapping))
    zone = accounts.zone_of(call.store, call.company)
    record = SHAPE.fresh() | {"timezone_id": zone} | accepted
    record |= point(record) | {name: accepted[name] for name in _POINT if name in accepted}
    number = objects.insert(call.store, KIND, call.company, record)
    links.write(call, KIND, number)
    return Reply([SHAPE.read(call.stored(KIND, number))])


def modify(call: Call) -> Reply:
    """Modify a location; it stays where it is on earth unless told (seed: Modify a Location, update_lat_lng)."""
    old = call.stored(KIND)
    accepted = zones.check(call.store, SHAPE.accept(call.mapping))
    full = call.dialect.put == "full"
    record = SHAPE.changed(old, accepted, full=full)
    record |= {name: old[name] for name in _POINT if name not in accepted}
    if accepted.get("update_lat_lng"):
        record |= point(record)
    objects.save(call.store, KIND, old["id"], record)
    links.write(call, KIND, old["id"], full=full)
    return Reply([SHAPE.read(record)])


def delete(call: Call) -> Reply:
    """Delete a location with its links and the hours at it (seed: Delete a Location).

    Assumption: the main location cannot be deleted.
    """
    record = call.stored(KIND)
    if record["is_main"]:
        raise Failure(Code.NOT_ALLOWED, "the main location cannot be deleted")
    booked.refuse(call, KIND, record["id"])
    link_table.clear(call.store, KIND, record["id"])
    hours.leave(call.store, record["id"])
    pictures.clear(call.store, KIND, record["id"])
    objects.delete(call.store, KIND, record["id"])
    return DONE


OPERATIONS = (
    Operation("GET", "/location", list_all),
    Operation("POST", "/location", create),
    Operation("GET", "/location/{id}", get),
    Operation("PUT", "/location/{id}", modify),
    Operation("DELETE", "/location/{id}", delete),
)
