"""The business profile of an account."""

from __future__ import annotations

from provisioner.sandbox.setster import profile, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, taken
from provisioner.sandbox.setster.shape import Shape
from provisioner.sandbox.tables import accounts, claims

SHAPE = Shape(profile.BUSINESS, required=("company_name", "nick_name"))


def save(call: Call) -> Reply:
    """Modify the business profile (seed: Modify Business Info)."""
    values = zones.check(call.store, SHAPE.accept(call.mapping))
    if not claims.claim(call.store, "nick_name", values["nick_name"], call.company):
        raise taken("nick_name", values["nick_name"])
    old = accounts.get(call.store, call.company)
    account = SHAPE.changed(old, values, full=call.dialect.put == "full")
    accounts.save(call.store, call.company, account)
    return Reply(profile.ACCOUNT.read(account))


OPERATIONS = (Operation("POST", "/account/saveBussinessInfo", save),)
