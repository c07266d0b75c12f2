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


def authenticate(call: Call) -> Reply:
    """Open a session (seed: Authenticate).

    Assumption: one API key opens the sandbox and all its sub-accounts, each with its own owner's e-mail. Without a
    `company_id`, as in the page's curl line, the e-mail decides.
    """
    email = call.query.get("email", "")
    account = _account(call.store, email, call.whole("company_id"))
    given = call.query.get("token", "").encode()
    if account is None or not hmac.compare_digest(given, call.world.api_key.encode()):
        raise Failure(Code.INVALID_CREDENTIALS, "Invalid credentials", envelope.UNAUTHORIZED)
    token = sessions.start(call.store, account["company_id"], call.world.now().timestamp())
    return Reply({"user": _user(account), "session_token": token})


def _account(store: Store, email: str, company: int | None) -> dict[str, Any] | None:
    """Return the account whose owner signs in."""
    asked = [company] if company is not None else accounts.ids(store)
    owner = claims.holder(store, "email", email)
    found = (accounts.get(store, each) for each in asked if accounts.exists(store, each))
    return next((account for account in found if owner is not None and account["owner"] == owner), None)


def _user(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": account["owner"],
        "company_id": account["company_id"],
        "account_type": int(account["account_type"]),
        "enable_locations": account["enable_locations"],
        "intuit_user_id": None,
        "nick_name": account["nick_name"],
        "is_owner": True,
        "enabled": True,
    }


OPERATIONS = (Operation("POST", "/account/authenticate", authenticate, signed=False),)
