"""The owner of an account: one person, shown in the account and among the employees."""

from __future__ import annotations

from provisioner.sandbox.setster import employee, profile, values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply
from provisioner.sandbox.setster.shape import Field, Shape, fields
from provisioner.sandbox.tables import accounts, objects

SHAPE = Shape((*profile.PERSONAL, Field("phone")))
# Assumption: even a full write never takes away what the owner signs in with.
RESETS = Shape(fields(values.text, "", "first_name", "last_name", "phone"))


def save(call: Call) -> Reply:
    """Modify the owner, in the account and as an employee (seed: Modify Personal Info).

    The page calls `phone` the business phone: it is the account's, and becomes the owner's. Assumption: this needs a
    session like all that writes, although its section lacks "Authorizations".
    """
    accepted = SHAPE.accept(call.mapping)
    account = accounts.get(call.store, call.company)
    account = RESETS.changed(account, accepted, full=call.dialect.put == "full")
    accounts.save(call.store, call.company, account)
    owner = {name: account[name] for name in ("email", "password", "first_name", "last_name", "phone")}
    employee.update_owner(call.store, call.company, owner)
    return Reply(profile.ACCOUNT.read(account))


def get(call: Call) -> Reply:
    """Return the owner in a list of one, with the licences used (seed: Get Account Owner Info).

    Assumption: every active employee uses a licence. The authority is spelt as in the page's sample.
    """
    account = accounts.get(call.store, call.company)
    staff = objects.listed(call.store, "employee", call.company)
    owner = next(person for person in staff if person["id"] == account["owner"])
    info = {
        **{name: account[name] for name in ("email", "phone", "first_name", "last_name", "company_id")},
        "permissions": owner["permissions"],
        "authority": "ROLE_NORMA",
        "is_owner": 1,
        "status": int(owner["status"]),
        "currency": account["options"]["currency"],
        "can_login": 1,
        "used_licenses": sum(person["status"] for person in staff),
        "locations": len(objects.ids(call.store, "location", call.company)),
        "employees": len(staff),
    }
    return Reply([info])


OPERATIONS = (
    Operation("POST", "/account/savePersonalInfo", save),
    Operation("GET", "/account/getPersonalInfo", get),
)
