"""Signing out: the session ends at once, and the browser is sent elsewhere."""

from __future__ import annotations

from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply
from provisioner.sandbox.tables import sessions

MOVED = 301


def logout(call: Call) -> Reply:
    """End the session of the request (seed: Logout, which has no sample; the vendor's earlier description says 301).

    Assumption: the way leads to the front page, and that is the sandbox's own.
    """
    sessions.end(call.store, call.query.get("session_token", ""))
    return Reply({}, status=MOVED, headers=((b"location", b"/"),))


OPERATIONS = (Operation("GET", "/account/logout", logout),)
