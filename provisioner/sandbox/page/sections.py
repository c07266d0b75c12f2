"""The parts of a tenant's page: one table for each kind of object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.page import words
from provisioner.sandbox.page.frame import section
from provisioner.sandbox.page.holdings import name
from provisioner.sandbox.page.html import Html, join, link, table, tag
from provisioner.sandbox.setster.appointment_shape import local
from provisioner.sandbox.setster.pictures import FOLDER
from provisioner.sandbox.tables import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from provisioner.sandbox.page.holdings import Holdings
    from provisioner.sandbox.store import Store

    Record = dict[str, Any]
    Row = tuple[str, ...]

MOST = 100
"""Rows of one table; a tenant can have thousands of objects."""


def everything(store: Store, held: Holdings, week: Sequence[Record], href: Callable[[int], str]) -> list[Html]:
    """Return the tables of a tenant; `week` are the appointments shown, `href` leads to a location's week."""
    return [
        _listed("locations", "Locations", held.locations, _LOCATION, lambda each: _location(store, each, href)),
        _listed("employees", "Employees", held.employees, _EMPLOYEE, lambda each: _employee(store, each)),
        _listed("services", "Services", held.services, _SERVICE, _service),
        _listed("links", "Links", _linked(held), ("Employee", "Location", "Services"), lambda row: row),
        _listed("holidays", "Holidays", held.holidays, _HOLIDAY, _holiday),
        _listed("custom_fields", "Custom fields", held.custom_fields, _FIELD, _field),
        _listed("webhooks", "Webhooks", held.webhooks, _WEBHOOK, _webhook),
        _listed("clients", "Clients", held.clients, _CLIENT, _client),
        _listed("appointments", "Appointments of this week", week, _APPOINTMENT, lambda each: _appointment(held, each)),
    ]


def _listed(part: str, title: str, found: Iterable[Any], headings: Row, row: Callable[[Any], Row]) -> Html:
    records = list(found)
    if not records:
        return section(part, title, tag("p", "None.", class_="soft"))
    shown = records[:MOST]
    caption = f"{len(records):,}" if len(shown) == len(records) else f"the first {MOST} of {len(records):,}"
    return section(part, title, table(f"{caption}; ids are in brackets", headings, [row(each) for each in shown]))


def _named(name: str, number: int) -> str:
    return f"{name} [{number}]"


_LOCATION: Row = ("Location", "Address", "Contact", "Time zone", "Is main", "Is virtual")


def _location(store: Store, each: Record, href: Callable[[int], str]) -> Row:
    street = ", ".join(filter(None, (each[part] for part in ("street1", "street2", "city", "state", "zip", "country"))))
    place = join((_photo(store, "location", each["id"]), link(href(each["id"]), _named(each["name"], each["id"]))))
    contact = ", ".join(filter(None, (each["phone"], each["email"])))
    zone = words.zone(each["timezone_id"])
    return place, street, contact, zone, words.yes(each["is_main"]), words.yes(each["virtual"])


_EMPLOYEE: Row = ("Employee", "E-mail", "Job", "Phone", "Is active", "Is owner")


def _employee(store: Store, each: Record) -> Row:
    person = join((_photo(store, "employee", each["id"]), _named(name(each), each["id"])))
    return person, each["email"], each["job"], each["phone"], words.yes(each["status"]), words.yes(each["is_owner"])


_SERVICE: Row = ("Service", "Minutes", "Padding", "Price", "Seats", "Kind", "Is active")


def _service(each: Record) -> Row:
    kinds = (("is_subservice", "sub-service"), ("set_schedule", "set schedule"), ("tmp_default", "default"))
    kind = ", ".join(word for name, word in kinds if each.get(name))
    seats = str(each["group_session"] or "")
    padding = str(each["duration_padding"] or "")
    return (
        _named(each["name"], each["id"]),
        str(each["duration"]),
        padding,
        words.price(each["price"]),
        seats,
        kind,
        words.yes(each["status"]),
    )


def _linked(held: Holdings) -> list[Row]:
    """Return who does what where, one row for each employee and location."""
    pairs: dict[tuple[int, int], list[int]] = {}
    for employee, location, service in held.links:
        pairs.setdefault((employee, location), []).append(service)
    places = {each["id"]: each["name"] for each in held.locations}
    return [
        (
            held.names.employees.get(employee, str(employee)),
            places.get(location, str(location)),
            ", ".join(held.names.services.get(each, str(each)) for each in services),
        )
        for (employee, location), services in pairs.items()
    ]


_HOLIDAY: Row = ("Holiday", "When", "Is enabled")


def _holiday(each: Record) -> Row:
    return _named(each["name"], each["id"]), words.holiday(each), words.yes(each["enabled"])


_FIELD: Row = ("Custom field", "Takes", "Choices", "Shown with", "Is required", "Is active")


def _field(each: Record) -> Row:
    choices = ", ".join(each["options"].split("|")) if each["options"] else ""
    kinds = words.field_type(each["type"]), choices, words.visibility(each["visibility"])
    return _named(each["label"], each["id"]), *kinds, words.yes(each["required"]), words.yes(each["status"])


_WEBHOOK: Row = ("Webhook", "Events", "Is active")


def _webhook(each: Record) -> Row:
    events = ", ".join(event["event"] for event in each["events"] if event["active"])
    return _named(each["target_url"] or "no address", each["id"]), events, words.yes(each["active"])


_CLIENT: Row = ("Client", "E-mail", "Phone", "City")


def _client(each: Record) -> Row:
    return _named(each["name"], each["id"]), each["email"], each["phone"], each["city"]


_APPOINTMENT: Row = ("Start", "Until", "Service", "Employee", "Location", "Client", "Status")


def _appointment(held: Holdings, each: Record) -> Row:
    start, end = local(each), local(each, "end")
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return (
        _named(f"{start:%a %Y-%m-%d %H:%M}", each["id"]),
        until,
        held.names.services.get(each["service_id"], str(each["service_id"])),
        held.names.employees.get(each["employee_id"], str(each["employee_id"])),
        next((place["name"] for place in held.locations if place["id"] == each["location_id"]), ""),
        each["client_name"],
        words.status(each["status"]),
    )


def _photo(store: Store, kind: str, number: int) -> Html:
    file = pictures.name_of(store, kind, number)
    return Html() if file is None else tag("img", src=f"{FOLDER}/{kind}/{file}", alt="", class_="photo")


def contents(names: Mapping[str, str]) -> Html:
    """Return links to the parts of a page."""
    items = (tag("li", link(f"#{number}", title)) for number, title in names.items())
    return tag("nav", tag("ul", *items), aria_label="On this page")
