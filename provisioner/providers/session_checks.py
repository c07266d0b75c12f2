"""What every vendor's check-up finds out of sessions: that one opens, and how one is answered that is over."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from provisioner.finding import Finding, failed, look, passed
from provisioner.providers.http import Answer, NoAnswerError
from provisioner.providers.verdict import Event

NOBODY = "0" * 26
"""A session that nobody opened."""


async def opened(sign_in: Awaitable[None]) -> list[Finding]:
    """How long a sign-in takes. Raises SignInError."""
    started = time.perf_counter()
    await sign_in
    return [passed("Sign-in", f"accepted in {(time.perf_counter() - started) * 1000:.0f} ms")]


async def ended(read: Awaitable[Answer], event: Callable[[Answer], Event], status: int) -> list[Finding]:
    """What a session that is over is answered, as far as one that never was shows it: `read` is a stranger's.

    `status` is what the vendor's page says.
    """
    check = "Ended sessions"
    try:
        answer = await read
    except NoAnswerError as error:
        return [failed(check, str(error))]
    match event(answer):
        case Event.EXPIRED:
            return [passed(check, f"an unknown session is answered with {status}, after which we sign in anew")]
        case Event.DONE:
            why = "an unknown session is answered like a known one"
            return [failed(check, why, "tell the vendor: anybody can read")]
    remedy = f"only a {status} is taken for the end of a session: long applies may fail when theirs ends"
    return [look(check, f"an unknown session is answered with {answer.status}", remedy)]
