"""Reading accounts, and asking whether a name is free."""

from __future__ import annotations

from provisioner.sandbox.setster import profile
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply
from provisioner.sandbox.tables import accounts, claims, objects

TAKEN = Reply({}, "nick_name already exists")  # seed: Check Nickname Availability; the same for e-mails


def summary(call: Call) -> Reply:
    """Return the account (seed: Get Account Summary)."""
    return Reply(profile.ACCOUNT.read(accounts.get(call.store, call.company)))


def full(call: Call) -> Reply:
    """Return the account with holidays and business hours (seed: Get Full Account Data)."""
    days_off = [each["caption"] for each in objects.listed(call.store, "holiday", call.company)]
    return Reply(profile.complete(accounts.get(call.store, call.company), days_off))


def companies(call: Call) -> Reply:
    """Return the direct sub-accounts: ids as text and names, nothing else (seed: List Sub-Accounts)."""
    found = (accounts.get(call.store, child) for child in accounts.children(call.store, call.company))
    return Reply([{"company_id": str(each["company_id"]), "company_name": each["company_name"]} for each in found])


def check_nick_name(call: Call) -> Reply:
    """Say whether a nick_name is free (seed: Check Nickname Availability); a taken one is statusCode 0 as well."""
    holder = claims.holder(call.store, "nick_name", call.request.params["nickname"])
    return DONE if holder is None else TAKEN


def check_email(call: Call) -> Reply:
    """Say whether an e-mail is free (seed: Check Email Availability).

    Assumption: employees' addresses count, because all of them are unique.
    """
    holder = claims.holder(call.store, "email", call.request.params["email"])
    return DONE if holder is None else TAKEN


OPERATIONS = (
    Operation("GET", "/account", summary),
    Operation("GET", "/account/companies", companies),
    Operation("GET", "/account/getAccountInfo", full),
    Operation("GET", "/account/checknickname/{nickname}", check_nick_name, public=True),
    Operation("GET", "/account/checkemail/{email}", check_email, public=True),
)
