"""A copy of what was read of accounts elsewhere: the same ids, the same bodies, however odd, and nothing checked.

What a read does not show has stand-ins: pictures without content, and no passwords. Every account is opened by one
guest, because nobody knows who signs in to the original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.setster import (
    client,
    custom_field,
    employee,
    holiday,
    location,
    options,
    pictures,
    profile,
    service,
    signin,
    values,
    webhook,
    zones,
)
from provisioner.sandbox.setster import hours as working
from provisioner.sandbox.tables import accounts, appointments, claims, hours, links, objects
from provisioner.sandbox.tables import pictures as picture_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from provisioner.sandbox.setster.shape import Shape
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World


class Kind(NamedTuple):
    """How the objects of one kind are read: their shape, what their id is called, and which names are theirs alone."""

    shape: Shape
    id: str = "id"
    claims: tuple[tuple[str, str, bool], ...] = ()
    """What is claimed, by which field, and whether the company is its scope."""


KINDS = {
    location.KIND: Kind(location.SHAPE),
    service.KIND: Kind(service.SHAPE),
    employee.KIND: Kind(employee.SHAPE, claims=(("email", "email", False), ("nickname", "nickname", True))),
    holiday.KIND: Kind(holiday.SHAPE),
    custom_field.KIND: Kind(custom_field.SHAPE),
    webhook.KIND: Kind(webhook.SHAPE),
    client.KIND: Kind(client.SHAPE, "client_id", ((client.CLAIM, "email", True),)),
}
_BESIDE = ("holidays", "business_hours", "company_business_hours")
"""What Get Full Account Data adds to an account."""


def begin(world: World, document: Mapping[str, Any], guest: str) -> None:
    """Fill an empty store with a copy, in the transaction that is open; `guest` may sign in to each of its accounts.

    The document has `zones` (number -> name) and `accounts`: of each `company_id`, `parent`, `business` and `options`
    as they were read, `objects` (kind -> bodies in the order of their list), `links` (triples of ids), `hours`
    (employee -> entries) and `appointments` (see `_book`).
    """
    store = world.store
    store.set_setting(signin.GUEST, guest)
    if document["zones"]:
        store.set_setting(zones.SETTING, document["zones"])
    for each in document["accounts"]:
        _account(store, each)
    for each in document["accounts"]:
        company = each["company_id"]
        for kind, bodies in each["objects"].items():
            _objects(store, kind, company, bodies)
        links.add(store, company, map(tuple, each["links"]))
        for number, entries in each["hours"].items():
            hours.replace(store, int(number), [(_where(entry), entry) for entry in entries])
        _book(world, company, each["appointments"])
    _go_on(store)


def _account(store: Store, each: Mapping[str, Any]) -> None:
    company, business = each["company_id"], each["business"]
    chosen, shared = options.copied(each["options"])
    record = profile.ACCOUNT.copied(business, _BESIDE) | {"business_hours": business.get("business_hours") or ""}
    accounts.insert(store, each["parent"], record | shared | {"options": chosen}, company)
    claims.claim(store, "nick_name", record["nick_name"], company)
    _picture(store, "account", company, company, record["logo"])
    people = each["objects"].get(employee.KIND, [])
    owner = next((person["id"] for person in people if person.get("is_owner") in (True, 1, "1", "true")), None)
    if owner is not None:
        accounts.set_owner(store, company, int(owner))


def _objects(store: Store, kind: str, company: int, bodies: list[Mapping[str, Any]]) -> None:
    how, shown = KINDS[kind], {spot.kind: spot.shown for spot in pictures.SPOTS}
    for order, raw in zip(_places(how, bodies), bodies, strict=True):
        number, record = int(raw[how.id]), how.shape.copied(raw, (how.id,))
        objects.copy(store, kind, company, number, order, record)
        for name, field, scoped in how.claims:
            claims.claim(store, name, _text(record[field]), number, scope=company if scoped else 0)
        if kind in shown:
            _picture(store, kind, number, company, record[shown[kind]])


def _places(how: Kind, bodies: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return the place of each in its list: as it was read, and by rank where that alone does not keep the order."""
    read = [(_place(raw.get("ord")), int(raw[how.id])) for raw in bodies]
    order = sorted(range(len(read)), key=lambda index: read[index][0])
    if [read[index] for index in order] == sorted(read):
        return [place for place, _ in read]
    return [rank for _, rank in sorted((index, rank) for rank, index in enumerate(order))]


def _place(read: Any) -> int:
    try:
        return values.whole(read)
    except ValueError:
        return 0


def _text(read: Any) -> str | None:
    return read if isinstance(read, str) else None


def _picture(store: Store, kind: str, number: int, company: int, shown: Any) -> None:
    if isinstance(shown, str) and shown:
        picture_table.stand_in(store, kind, number, company, shown.rpartition("/")[2])


def _where(entry: Mapping[str, Any]) -> int | None:
    try:
        return working.location(entry.get("location_id"))
    except ValueError:
        return None


def _book(world: World, company: int, booked: Iterable[Mapping[str, Any]]) -> None:
    """Keep appointments with `id`, the ids of what they are for, `start` and `end` (UTC epoch seconds), a status and
    `subservices`; what is left of the client is a made-up name.
    """
    now, names = int(world.now().timestamp()), zones.of(world.store)
    blank: dict[str, Any] = dict.fromkeys(("client_phone", "client_address", "note", "ews_id", "reason", "key"), "")
    blank |= {"custom_fields": {}, "custom_data": {}, "answers": {}, "paid": False, "price": 0, "duration": None}
    for each in booked:
        place = objects.get(world.store, location.KIND, company, each["location_id"]) or {}
        zone = place["timezone_id"] if place.get("timezone_id") in names else zones.DEFAULT
        person = f"client-{each['client_id'] or each['id']}"
        who = {"client_name": person, "client_email": f"{person}@example.invalid"}
        when = {"padding": 0, "zone": names.get(zone, "UTC"), "timezone_id": zone, "created": now, "updated": now}
        appointments.save(world.store, {**blank, **each, **who, **when, "company_id": company})


def _go_on(store: Store) -> None:
    """Let new ids follow those that are there."""
    tops = dict(store.rows("SELECT kind, max(id) FROM objects GROUP BY kind"))
    for kind in KINDS:
        store.begin_ids_after(kind, max(tops.get(kind, 0), objects.BASES.get(kind, objects.OTHER_BASE)))
    (booked,) = store.one("SELECT max(id) FROM appointments")
    store.begin_ids_after("account", max(*accounts.ids(store), accounts.BASE))
    store.begin_ids_after(appointments.KIND, max(booked or 0, appointments.BASE))
