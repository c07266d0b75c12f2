"""Signing in: an API key and the md5 of it and the private key, which is never sent, against a bearer token."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from provisioner.sandbox.tables import bearers
from provisioner.sandbox.timetap import settings
from provisioner.sandbox.timetap.answers import invalid, unauthorized
from provisioner.sandbox.timetap.call import Call, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

API_KEY = "sandbox"
PRIVATE_KEY = "sandbox-private"
BUSINESS = 71_300
"""The id of the one business there is."""
SETTING = "timetap_business"
"""The setting with another id: of a copy, that of its original."""
_SECONDS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")


def session_token(call: Call) -> dict[str, str]:
    """Open a session (contract: `signature = md5(apiKey + privateKey)` in hex, `timestamp` in seconds).

    Assumptions: the timestamp must be near the vendor's clock (see `settings`) and may have a fraction; what is wrong
    with the key, the signature or the time is a 401, and the same words for the first two.
    """
    query = call.query
    absent = [name for name in ("apiKey", "timestamp", "signature") if not query.get(name)]
    if absent:
        raise invalid(f"{', '.join(absent)} must be given")
    _check_time(call, query["timestamp"])
    if not _is_signed(query):
        raise unauthorized("the apiKey or its signature is wrong")
    business = call.store.setting(SETTING, BUSINESS)
    return {"sessionToken": bearers.start(call.store, business, call.world.now().timestamp())}


def _is_signed(query: Mapping[str, str]) -> bool:
    expected = hashlib.md5((API_KEY + PRIVATE_KEY).encode(), usedforsecurity=False).hexdigest()
    key = hmac.compare_digest(query["apiKey"].encode(), API_KEY.encode())
    return hmac.compare_digest(query["signature"].lower().encode(), expected.encode()) and key


def _check_time(call: Call, written: str) -> None:
    if not _SECONDS.fullmatch(written):
        raise invalid("timestamp must be in seconds since 1970")
    window = settings.read(call.store).timestamp_seconds
    away = abs(float(written) - call.world.now().timestamp())
    if window is not None and away > window:
        raise unauthorized(f"the timestamp is {away:.0f} s away from the clock here: more than {window} s")


OPERATIONS = (Operation("GET", "/sessionToken", session_token, signed=False),)
