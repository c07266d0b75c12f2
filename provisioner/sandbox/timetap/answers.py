"""How TimeTap answers: the plain object or array, and for a failure an HTTP status with the reason.

Assumption: the page shows no failure. This module is the one place that says what one looks like: the usual HTTP status
and `{"status", "message"}`.
"""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.exchange import Answer, dump

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
NOT_ALLOWED = 405
BROKEN = 500
_SERVER_CODES = (4, 5)  # those of the fault script that mean a fault of the server


class Failure(Exception):  # noqa: N818  not an error of ours: the answer that the caller deserves
    """A request that is refused with an HTTP status: nothing it wrote stays."""

    def __init__(self, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers


def invalid(text: str) -> Failure:
    """Make the failure of a request whose parameters or body are wrong."""
    return Failure(BAD_REQUEST, text)


def unauthorized(text: str) -> Failure:
    """Make the failure of a request without a session, and of a bad sign-in."""
    return Failure(UNAUTHORIZED, text, (b"www-authenticate", b"Bearer"))


def succeed(data: Any) -> Answer:
    """Write what was asked for.

    Assumption: 200 also for what was made.
    """
    return Answer(200, dump(data), code=0)


def fail(failure: Failure) -> Answer:
    """Write a failure; it keeps nothing. The calls list shows its HTTP status as its code, too."""
    body = dump({"status": failure.status, "message": failure.text})
    return Answer(failure.status, body, code=failure.status, keep=False, headers=failure.headers)


def refusal(code: int, status: int) -> Answer:
    """Write a failure that a fault script asks for; there is no envelope to fail in with a 200."""
    if status == 200:
        status = BROKEN if code in _SERVER_CODES else BAD_REQUEST
    return fail(Failure(status, "the fault script refuses this request"))


def crash() -> Answer:
    """Write the failure of a bug in the sandbox."""
    return fail(Failure(BROKEN, "internal error"))
