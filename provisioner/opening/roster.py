"""One account sorted: who is there, what is offered, who offers it where, and what is closed when.

What nobody named has the value that the vendor gives to something new (seed: Create a Service), but for `active` of an
employee, which is true at creation because we send it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.base import Unreadable
from provisioner.kinds.calendar import Dates
from provisioner.kinds.holiday import Rule
from provisioner.kinds.hours import Shifts
from provisioner.kinds.period import Period
from provisioner.opening.facts import Facts, Values

UNKNOWN_ZONE = "UTC"
"""What a location's clock is where neither it nor the account names a zone: one that is never changed."""


class Place(NamedTuple):
    """A location; `zone` is None where nobody names one."""

    address: Address
    name: str
    zone: str | None


class Person(NamedTuple):
    """An employee with the days off."""

    address: Address
    name: str
    active: bool
    away: tuple[Dates, ...]


class Offering(NamedTuple):
    """A service on its terms, in minutes; None is no bound, and no schedule of its own."""

    address: Address
    name: str
    active: bool
    addon: bool
    duration: int
    step: int
    prior: int
    after: int | None
    period: Period | None
    schedule: Shifts | None
    unreadable: bool
    """Whether a value that decides when it is bookable could not be read."""


class Closing(NamedTuple):
    """An enabled holiday; exactly one of the two says when."""

    address: Address
    name: str
    dates: Dates | None
    rule: Rule | None


Named = Place | Person | Offering | Closing


@dataclass(frozen=True, slots=True)
class Roster:
    """All of it, by key; `links` has the employees by location and service, in the order in which they stand."""

    places: Mapping[str, Place]
    people: Mapping[str, Person]
    offerings: Mapping[str, Offering]
    links: Mapping[tuple[str, str], tuple[str, ...]]
    hours: Mapping[tuple[str, str], Shifts | None]
    """By employee and location; None could not be read."""
    closings: tuple[Closing, ...]
    doubts: tuple[Address, ...]
    """What has a value that could not be read and that can matter."""

    def name(self, kind: str, key: str) -> str:
        """What people call a location, a service, an employee or a holiday; the key where that is not known."""
        named: Mapping[str, Mapping[str, Named]] = {
            "location": self.places,
            "service": self.offerings,
            "employee": self.people,
            "holiday": {closing.address.key[0]: closing for closing in self.closings},
        }
        own = named.get(kind, {}).get(key)
        return own.name if own else key


def roster(facts: Facts) -> Roster:
    """Sort an account."""
    kinds: dict[str, dict[Address, Values]] = {}
    for address, values in facts.resources.items():
        kinds.setdefault(address.kind, {})[address] = values
    away = {a.key[0]: values.get("away") for a, values in kinds.get("away", {}).items()}
    offerings = {a.key[0]: _offering(a, values, facts.account) for a, values in kinds.get("service", {}).items()}
    hours = {a.key: _read(values.get("hours"), ()) for a, values in kinds.get("hours", {}).items()}
    closed = {a: values for a, values in kinds.get("holiday", {}).items() if values.get("enabled") is not False}
    return Roster(
        {a.key[0]: _place(a, values, facts.account) for a, values in kinds.get("location", {}).items()},
        {a.key[0]: _person(a, values, away.get(a.key[0])) for a, values in kinds.get("employee", {}).items()},
        offerings,
        _links(kinds.get("link", {})),
        {(key[0], key[1]): shifts for key, shifts in hours.items()},
        tuple(_closing(a, values) for a, values in closed.items()),
        (
            *(each.address for each in offerings.values() if each.unreadable),
            *_unreadable(closed, "dates", "rule"),
            *_unreadable(kinds.get("hours", {}), "hours"),
            *_unreadable(kinds.get("away", {}), "away"),
        ),
    )


def _links(links: Iterable[Address]) -> dict[tuple[str, str], tuple[str, ...]]:
    offered: dict[tuple[str, str], list[str]] = {}
    for address in links:
        employee, location, service = address.key
        offered.setdefault((location, service), []).append(employee)
    return {key: tuple(own) for key, own in offered.items()}


def _place(address: Address, values: Values, account: Values) -> Place:
    zones = (values.get("timezone"), account.get("timezone"))
    zone = next((each for each in zones if isinstance(each, str)), None)
    return Place(address, _name(address, values.get("name")), zone)


def _person(address: Address, values: Values, away: Any) -> Person:
    names = (values.get(name) for name in ("first_name", "last_name"))
    name = " ".join(each for each in names if isinstance(each, str))
    return Person(address, _name(address, name), values.get("active") is not False, _read(away, ()) or ())


def _closing(address: Address, values: Values) -> Closing:
    dates, rule = (_read(values.get(name), None) for name in ("dates", "rule"))
    return Closing(address, _name(address, values.get("name")), dates, rule)


def _offering(address: Address, values: Values, account: Values) -> Offering:
    """A service. Assumption: without rules of its own (`active_rules`) the account's options hold for both notices and
    the step; a step of 0 is the service's own length.
    """
    own = values.get("active_rules") is not False
    names = ("prior_notice", "after_notice", "start_step")
    terms = {name: (values.get(name) if own else account.get(f"options.{name}")) for name in names}
    deciding = (*terms.values(), *(values.get(name) for name in ("duration", "bookable", "schedule")))
    minutes = {name: int(value) if isinstance(value, int) else 0 for name, value in terms.items()}
    duration = _read(values.get("duration"), 0) or 0
    return Offering(
        address,
        _name(address, values.get("name")),
        active=values.get("active") is not False,
        addon=values.get("addon") is True,
        duration=duration,
        step=minutes["start_step"] or duration,
        prior=minutes["prior_notice"],
        after=minutes["after_notice"] or None,
        period=_read(values.get("bookable"), None),
        schedule=_read(values.get("schedule"), None),
        unreadable=not duration or any(isinstance(value, Unreadable) for value in deciding),
    )


def _name(address: Address, name: Any) -> str:
    return name if isinstance(name, str) and name else address.key[0]


def _read(value: Any, missing: Any) -> Any:
    """A value as it is, None where it could not be read."""
    return None if isinstance(value, Unreadable) else missing if value is None else value


def _unreadable(resources: Mapping[Address, Values], *names: str) -> Iterable[Address]:
    return (a for a, values in resources.items() if any(isinstance(values.get(name), Unreadable) for name in names))
