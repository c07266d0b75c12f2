"""Everything that one account holds, read once for its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.dump import KINDS
from provisioner.sandbox.page.calendar import Names
from provisioner.sandbox.tables import accounts, links, objects

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.tables.links import Triple

Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Holdings:
    """An account and its objects, as they are stored; `links` are (employee, location, service)."""

    account: dict[str, Any]
    locations: Records
    employees: Records
    services: Records
    holidays: Records
    custom_fields: Records
    webhooks: Records
    clients: Records
    links: list[Triple]

    @cached_property
    def names(self) -> Names:
        """What its employees and services are called."""
        people = {each["id"]: name(each) for each in self.employees}
        return Names(people, {each["id"]: str(each["name"]) for each in self.services})

    def bookable(self, location: int) -> list[int]:
        """Return the active employees with a link at a location, in list order."""
        linked = {employee for employee, place, _ in self.links if place == location}
        return [each["id"] for each in self.employees if each["id"] in linked and each["status"]]


def name(employee: dict[str, Any]) -> str:
    """Return what an employee is called: by the e-mail address, if nothing else is known."""
    return f"{employee['first_name']} {employee['last_name']}".strip() or str(employee["email"])


def read(store: Store, company: int) -> Holdings:
    """Read an account that exists."""
    found = {plural: objects.listed(store, kind, company) for kind, plural in KINDS.items()}
    return Holdings(account=accounts.get(store, company), links=links.listed(store, company), **found)
