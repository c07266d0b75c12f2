"""A plan with something of everything: what is lost, drift, hours, calls, appointments at risk, two accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from provisioner.kinds import Address, read_address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Place
from provisioner.kinds.hours import parse_shifts
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Booked, Change, FieldChange, Plan
from provisioner.providers.base import Call, Effect, Part

AT = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)
BOOKED = tuple(Booking(str(number), AT + timedelta(days=7 * number), client="Zed") for number in range(6))
BEFORE = parse_shifts([{"dates": "2027", "week": {"mon-fri": "09:00-17:00", "sat": "09:00-13:00"}}])
AFTER = parse_shifts([{"dates": "2027", "week": {"mon-thu": "09:00-17:00", "fri": ["09:00-12:00", "13:00-18:30"]}}])


def update(address: str, *fields: FieldChange, **rest: Any) -> Change:
    """An update that the manifests ask for."""
    named = read_address(address)
    live = Live(named.kind, "12", {field.name: field.before for field in fields})
    made = Change(named, Action.UPDATE, "the manifests changed", "12", fields, 3, Place("west.yaml", 12, 3), live=live)
    return replace(made, **rest)


def chain() -> tuple[Plan, list[Call]]:
    """The plan, and its calls."""
    hours = update(
        "west/hours/ana/downtown", FieldChange("hours", BEFORE, AFTER, place=Place("west.yaml", 31, 9)),
        stranded=BOOKED, unallowed="pass --allow-stranded", blocked="pass --allow-stranded",
    )  # fmt: skip
    zip_ = FieldChange("zip", "99999", "90291", outside=True, applied="90291", place=Place("west.yaml", 20, 5))
    beach = update("west/location/beach", zip_, reason="changed outside since the last apply")
    price = update("service/haircut", FieldChange("price", "30", "35", place=Place("menu.yaml", 4, 12)))
    ben = Change(read_address("west/employee/ben"), Action.DELETE, "no longer in the manifests", "7")
    link = Change(Address("west", "link", ("ben", "beach", "cut")), Action.DELETE, "", with_=ben.address)
    account = Change(read_address("account/harbour"), Action.CREATE, "not in the tenant yet")
    pier = Change(Address("harbour", "location", ("pier",)), Action.CREATE, "not in the tenant yet")
    changes = (price, account, pier, beach, hours, link, ben)
    plan = Plan(changes, drift=(beach,), managed=40, digest="7f3a9c41d2", booked=Booked(AT, BOOKED), notes=("Mind it",))
    calls = [
        Call("a", Effect.CREATE, (Part(account.address),)),
        Call("b", Effect.CREATE, (Part(pier.address),), frozenset({"a"})),
    ]
    return plan, calls
