"""The one shape of every Setster answer: `{statusCode, statusDescriptions, data}`."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from provisioner.sandbox.exchange import Answer, dump


class Code(IntEnum):
    """What the envelope's `statusCode` can say."""

    OK = 0
    INVALID_PARAMETERS = 1
    INVALID_CREDENTIALS = 2
    ACCOUNT_NOT_ACTIVE = 3
    INTERNAL_ERROR = 4
    ERROR_SAVING_ENTITY = 5
    ERROR_DELETING = 6
    NOT_FOUND = 7
    NOT_ALLOWED = 8
    SLOT_NOT_AVAILABLE = 9
    SLOT_OCCUPIED = 10
    ACCOUNTS_LIMIT_REACHED = 11


# Assumption: the page gives no HTTP status for a failure but 401 (sign-in) and 403 (an ended session; a refused
# appointment), so every other one is a 200 whose statusCode is not 0. This table is the one place that says so.
HTTP_STATUS: dict[Code, int] = {Code.INTERNAL_ERROR: 500}
UNAUTHORIZED = 401
FORBIDDEN = 403
NO_SUCH_PATH = 404


class Failure(Exception):  # noqa: N818  not an error of ours: the answer that the caller deserves
    """A request that is refused: nothing it wrote stays. `status` overrides the table of HTTP statuses."""

    def __init__(self, code: Code, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status or HTTP_STATUS.get(code, 200)


def invalid(text: str) -> Failure:
    """Make the failure of a request whose parameters or body are wrong."""
    return Failure(Code.INVALID_PARAMETERS, text)


def taken(name: str, value: str) -> Failure:
    """Make the failure of a value that only one may hold, and another does.

    Assumption: such a body is valid by itself, and what fails is the saving.
    """
    return Failure(Code.ERROR_SAVING_ENTITY, f"{name} {value} already exists")


def missing(kind: str, number: object) -> Failure:
    """Make the failure of an id that the company does not have."""
    return Failure(Code.NOT_FOUND, f"{kind} {number} not found")


class Reply(NamedTuple):
    """A request that went well: its data, and the words, HTTP status and headers where they are not the usual ones."""

    data: Any
    text: str = "OK"
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()


DONE = Reply({})  # seed: Delete a Location
NOTHING = Reply(None)  # seed: Update Location's Sort Order


def succeed(reply: Reply, company: int | None) -> Answer:
    """Write the envelope of a reply."""
    body = dump({"statusCode": 0, "statusDescriptions": reply.text, "data": reply.data})
    return Answer(reply.status, body, code=0, company=company, headers=reply.headers)


def fail(failure: Failure, company: int | None = None) -> Answer:
    """Write the envelope of a failure; it keeps nothing."""
    body = dump({"statusCode": int(failure.code), "statusDescriptions": failure.text, "data": None})
    return Answer(failure.status, body, code=int(failure.code), company=company, keep=False)


def refusal(code: int, status: int) -> Answer:
    """Write the envelope of a failure that a fault script asks for."""
    return fail(Failure(Code(code), Code(code).name, status))


def crash() -> Answer:
    """Write the envelope of a bug in the sandbox."""
    return fail(Failure(Code.INTERNAL_ERROR, "INTERNAL_ERROR"))
