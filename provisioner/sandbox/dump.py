"""What the sandbox holds, in full, for people and assertions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import accounts, appointments, hours, links, objects, pictures

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

KINDS = {
    "location": "locations",
    "employee": "employees",
    "service": "services",
    "holiday": "holidays",
    "custom_field": "custom_fields",
    "webhook": "webhooks",
    "client": "clients",
}


def overview(store: Store) -> list[dict[str, Any]]:
    """Return who is there: each account's id, parent (0 for none), names and the owner's e-mail."""
    names = ("company_id", "created_by", "company_name", "nick_name", "email")
    found = (accounts.get(store, company) for company in accounts.ids(store))
    return [{name: account[name] for name in names} for account in found]


def dump(store: Store, companies: list[int]) -> dict[str, Any]:
    """Return everything the companies hold, as stored: also what reads do not show.

    `pictures` are without their bytes. `links` are `[employee, location, service]`; `availability` maps an employee's
    id to its entries, if there are any.
    """
    everything: dict[str, Any] = {"accounts": [accounts.get(store, company) for company in companies]}
    for kind, plural in KINDS.items():
        everything[plural] = [each for company in companies for each in objects.listed(store, kind, company)]
    everything["appointments"] = [each for company in companies for each in appointments.found(store, company, {})]
    everything["links"] = [triple for company in companies for triple in links.listed(store, company)]
    everything["pictures"] = [each for company in companies for each in pictures.listed(store, company)]
    entries = {str(each["id"]): hours.listed(store, each["id"]) for each in everything["employees"]}
    everything["availability"] = {employee: each for employee, each in entries.items() if each}
    return everything
