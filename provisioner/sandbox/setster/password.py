"""A forgotten password: a mail with a link, and a new password against the hash in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from provisioner.sandbox.setster import employee, values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid, missing
from provisioner.sandbox.setster.subaccount import moment
from provisioner.sandbox.tables import accounts, mails, resets

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

SENT = Reply({}, "Confirmation email sent")
CHANGED = Reply({}, "Password changed")


def request_reset(call: Call) -> Reply:
    """Keep a mail with the link to `confirmation_url` (seed: Request password reset).

    Assumption: the link is good until it is used, or until another one is asked for.
    """
    owner, address = _owner(call), _asked(call, "confirmation_url")
    query = urlencode({"email": owner["email"], "hash_code": resets.start(call.store, call.company)}, safe="@")
    now = moment(call.world.now())
    mails.add(call.store, call.company, now, owner["email"], "Password reset", f"{address}?{query}")
    return SENT


def reset(call: Call) -> Reply:
    """Give the owner of the account a new password (seed: Reset Password)."""
    account = _owner(call)
    given, password = _asked(call, "hash_code"), _asked(call, "new_password")
    if not resets.take(call.store, call.company, given):
        raise invalid("hash_code is not valid")
    accounts.save(call.store, call.company, account | {"password": password})
    employee.update_owner(call.store, call.company, {"password": password})
    return CHANGED


def _owner(call: Call) -> Record:
    """Return the account whose owner has the e-mail asked for."""
    email = _asked(call, "email")
    account = accounts.get(call.store, call.company)
    if account["email"].casefold() != email.casefold():
        raise missing("owner", email)
    return account


def _asked(call: Call, name: str) -> str:
    try:
        return values.filled(call.query.get(name, ""))
    except ValueError as error:
        raise invalid(f"{name} {error}") from None


OPERATIONS = (
    Operation("POST", "/account/request_password_reset", request_reset, public=True),
    Operation("POST", "/account/reset_password", reset, public=True),
)
