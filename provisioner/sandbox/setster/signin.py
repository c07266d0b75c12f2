"""Signing in: e-mail of the owner, API key and company against a session token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import envelope
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Code, Failure, Reply
from provisioner.sandbox.tables import accounts, claims, sessions

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store


GUEST = "guest"
"""The setting with an e-mail that opens every account: of a copy, whose owners' own may be anything."""


def authenticate(call: Call) -> Reply:
    """Open a session (seed: Authenticate).

    Assumption: one API key opens the sandbox and all its sub-accounts, each with its own owner's e-mail. Without a
    `company_id`, as in the page's curl line, the e-mail decides. Without a `token`, the owner's `password` counts,
    "used along with the account email" (seed: Create a Sub-Account). Only the control API makes an account inactive.
    """
    email = call.query.get("email", "")
    account = _account(call.store, email, call.whole("company_id"))
    if account is None or not _fits(call, account):
        raise Failure(Code.INVALID_CREDENTIALS, "Invalid credentials", envelope.UNAUTHORIZED)
    if not account.get("active", True):
        raise Failure(Code.ACCOUNT_NOT_ACTIVE, "Account not active", envelope.UNAUTHORIZED)
    token = sessions.start(call.store, account["company_id"], call.world.now().timestamp())
    return Reply({"user": _user(account), "session_token": token})


def _fits(call: Call, account: dict[str, Any]) -> bool:
    """Say whether the API key is right, or the password where no key is given."""
    key, password = call.query.get("token", ""), call.query.get("password", "")
    given, wanted = (key, call.world.api_key) if key or not password else (password, account["password"])
    return hmac.compare_digest(given.encode(), wanted.encode())


def _account(store: Store, email: str, company: int | None) -> dict[str, Any] | None:
    """Return the account whose owner signs in."""
    asked = [company] if company is not None else accounts.ids(store)
    if company is not None and email == store.setting(GUEST, None) and accounts.exists(store, company):
        return accounts.get(store, company)
    owner = claims.holder(store, "email", email)
    found = (accounts.get(store, each) for each in asked if accounts.exists(store, each))
    return next((account for account in found if owner is not None and account["owner"] == owner), None)


def _user(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": account["owner"],
        "company_id": account["company_id"],
        "account_type": int(account["account_type"] or 0),
        "enable_locations": account["enable_locations"],
        "intuit_user_id": None,
        "nick_name": account["nick_name"],
        "is_owner": True,
        "enabled": True,
    }


OPERATIONS = (Operation("POST", "/account/authenticate", authenticate, signed=False),)
