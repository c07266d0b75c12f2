"""Making accounts, and what each comes with: its owner, a main location and a default service."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import employee, location, options, profile, service, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Code, Failure, Reply, taken
from provisioner.sandbox.tables import accounts, claims, objects

if TYPE_CHECKING:
    from datetime import datetime

    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.store import Store

DEFAULT_LIMIT = 1_000_000


def create(call: Call) -> Reply:
    """Create a child of the company in scope; what comes with it stays untold (seed: Create a Sub-Account)."""
    values = zones.check(call.store, profile.ACCOUNT.accept(call.mapping))
    limit = call.store.setting("account_limit", DEFAULT_LIMIT)
    if len(accounts.children(call.store, call.company)) >= limit:
        raise Failure(Code.ACCOUNTS_LIMIT_REACHED, f"the limit of {limit} sub-accounts is reached")
    company = found(call.store, call.world.now(), values, parent=call.company)
    return Reply(profile.ACCOUNT.read(accounts.get(call.store, company)))


def found(store: Store, now: datetime, values: Record, *, parent: int | None = None, company: int | None = None) -> int:
    """Make an account with all that it comes with, and return its id.

    Assumption: the owner, the main location and the default service appear at once, and are not linked.
    """
    record = profile.ACCOUNT.fresh() | values | {"date_created": moment(now), "options": options.fresh()}
    company = accounts.insert(store, parent, record, company)
    if not claims.claim(store, "nick_name", values["nick_name"], company):
        raise taken("nick_name", values["nick_name"])
    owner = {name: record[name] for name in ("email", "first_name", "last_name", "password", "phone")}
    accounts.set_owner(store, company, employee.add(store, company, owner | {"status": True}, is_owner=True))
    objects.insert(store, "location", company, location.main(record))
    objects.insert(store, "service", company, service.default(moment(now)))
    return company


def moment(now: datetime) -> str:
    """Write a moment as the samples do."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS = (Operation("POST", "/account", create),)
