"""One answer of this vendor: `{statusCode, statusDescriptions, data}`, and what it means (contract: Transport)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from provisioner.providers.http import Answer
from provisioner.providers.verdict import Errand, Event, Purpose

NONE, OK, NOT_FOUND = -1, 0, 7
MEANINGS = {
    1: "INVALID_PARAMETERS", 2: "INVALID_CREDENTIALS", 3: "ACCOUNT_NOT_ACTIVE", 4: "INTERNAL_ERROR",
    5: "ERROR_SAVING_ENTITY", 6: "ERROR_DELETING", 7: "NOT_FOUND", 8: "NOT_ALLOWED", 9: "SLOT_NOT_AVAILABLE",
    10: "SLOT_OCCUPIED", 11: "ACCOUNTS_LIMIT_REACHED",
}  # fmt: skip
CREDENTIALS = frozenset({2, 3})
FAULTS = frozenset({4, 5})
REFUSALS = frozenset({1, 6, 7, 8, 9, 10, 11})
"""Envelope codes that say the request was understood and not carried out."""
LONGEST = 300
"""Characters that people are shown of it."""


class Envelope(NamedTuple):
    """The vendor's answer: HTTP status, its own code (-1 when there was no envelope), its words, its data."""

    status: int
    code: int
    words: str = ""
    data: Any = None

    def __str__(self) -> str:
        meaning = MEANINGS.get(self.code, "")
        status = "" if self.status == 200 else f"{self.status} "
        if meaning:
            verb = "failed" if self.code in FAULTS else "refused it"
            return f"the vendor {verb} ({status}{meaning}): {self.words}"
        if 300 <= self.status < 400:
            return f"the vendor answered {self.status}: a redirect, which is never followed. Is the endpoint right?"
        return f"the vendor answered {self.status}: {self.words or 'no envelope'}"


def read_envelope(answer: Answer) -> Envelope:
    """The envelope of an answer, whatever it is."""
    body = answer.body
    code = _code(body.get("statusCode")) if isinstance(body, Mapping) else None
    if code is None:
        return Envelope(answer.status, NONE)
    words = " ".join(str(body.get("statusDescriptions", "")).split())
    return Envelope(answer.status, code, words, body.get("data"))


def _code(raw: Any) -> int | None:
    """A code, as a number or as a string of digits."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        return int(raw[:9])
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None


def meaning(envelope: Envelope, errand: Errand) -> Event:
    """What an answer means, for the table of requests.

    Assumptions: a 200 whose code is not 0 is a failure. A 403 is about the session unless its code says that the
    request itself was refused. What is to be deleted and is not found is deleted.
    """
    match envelope:
        case Envelope(status=429):
            return Event.LIMITED
        case Envelope(status=401):
            return Event.CREDENTIALS
        case Envelope(status=status) if status >= 500 or envelope.code in FAULTS:
            return Event.BROKEN
        case Envelope(status=status) if 300 <= status < 400:
            return Event.REDIRECTED
        case Envelope(code=code) if code in REFUSALS:
            return Event.DONE if code == NOT_FOUND and errand.purpose is Purpose.DELETE else Event.REFUSED
        case Envelope(status=403):
            return Event.EXPIRED
        case Envelope(code=code) if code in CREDENTIALS:
            return Event.CREDENTIALS
        case Envelope(status=status) if status >= 400:
            return Event.REFUSED
        case Envelope(status=status, code=code) if status >= 200 and code == OK:
            return Event.DONE
        case _:
            return Event.NONSENSE
