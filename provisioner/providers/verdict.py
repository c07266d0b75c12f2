"""What one try of a request means for what comes next: the table of requests, as one pure function.

A vendor says what its answers mean (`Event`); everything else is the same for all vendors.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from provisioner.providers.base import Replay

MOST_FAILURES = 3
"""Tries that may fail by the network or by the vendor's own fault."""
MOST_LIMITED = 10
"""Tries that may be answered with 429. They were surely not carried out, and the vendor says when to come back; what
keeps the sum of them in bounds is the budget of the host."""


class Event(StrEnum):
    """What became of one try."""

    NEVER_SENT = "never sent"
    """Name look-up, connection or TLS failed."""
    LOST = "lost"
    """It left, and no whole answer came: reset, time-out, truncated."""
    DONE = "done"
    REFUSED = "refused"
    """Understood and not carried out: a 4xx of no other meaning, or the vendor's own word for it."""
    EXPIRED = "expired"
    """403, and nothing in the answer says that it is about anything but the session."""
    CREDENTIALS = "credentials"
    """401, or the vendor's own word for wrong credentials or an inactive account."""
    LIMITED = "limited"
    """429."""
    BROKEN = "broken"
    """5xx, or the vendor's own word for a fault of its own."""
    REDIRECTED = "redirected"
    """3xx."""
    NONSENSE = "nonsense"
    """A success by its status, and not what the vendor answers to anything."""


class Purpose(StrEnum):
    """What a request is for."""

    READ = "read"
    UPDATE = "update"
    """Writes the whole object."""
    DELETE = "delete"
    SIGN_IN = "sign in"
    CREATE = "create"
    ACTION = "action"


class Errand(NamedTuple):
    """A request as far as the table asks: what for, whether it may be repeated, and how many things it carries."""

    purpose: Purpose
    replay: Replay = Replay.SAFE
    """Says nothing for a create, which is never repeated once it may have been carried out."""
    parts: int = 1

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.purpose not in (Purpose.READ, Purpose.SIGN_IN)

    @property
    def repeatable(self) -> bool:
        """Whether carrying it out twice is the same as once."""
        return not self.writes or (self.purpose is not Purpose.CREATE and self.replay is Replay.SAFE)


class History(NamedTuple):
    """The tries of one request before the one that is judged."""

    failures: int = 0
    """How many failed by the network or by the vendor's own fault."""
    limited: int = 0
    """How many were answered with 429."""
    renewed: bool = False
    """The session was renewed for it, and has been seen to work."""
    doubtful: bool = False
    """One of them may have been carried out."""

    def after(self, event: Event) -> History:
        """The history with one more try in it, and with what was done about it."""
        return self._replace(
            failures=self.failures + (event is Event.NEVER_SENT or event in _DOUBTFUL),
            limited=self.limited + (event is Event.LIMITED),
            renewed=self.renewed or event is Event.EXPIRED,
            doubtful=self.doubtful or event in _DOUBTFUL,
        )

    def used_up(self) -> History:
        """The history of a request that may not be tried again."""
        return self._replace(failures=MOST_FAILURES, limited=MOST_LIMITED, renewed=True)


class Verdict(StrEnum):
    """What to do. The last five end it."""

    RETRY = "retry"
    """Try again: when the vendor says (Retry-After), and after a back-off when it does not."""
    SIGN_IN = "sign in"
    """Renew the session, which all requests share, and try again."""
    DONE = "done"
    NOT_EXECUTED = "not executed"
    """A write failed and surely changed nothing."""
    UNKNOWN = "unknown"
    """A write failed and may have been carried out, wholly or in part: look."""
    ERROR = "error"
    """What writes nothing failed."""
    STOP = "stop"
    """Nothing else with these credentials can go well: send nothing any more."""


_DOUBTFUL = frozenset({Event.LOST, Event.BROKEN, Event.NONSENSE})


def judge(event: Event, errand: Errand, past: History) -> Verdict:
    """What to do after a try.

    | event | read, update, delete, sign-in | create | action |
    |---|---|---|---|
    | never sent | retry, 3 tries | the same | the same |
    | lost, broken, nonsense | retry, 3 tries | unknown | retry if declared safe, else unknown |
    | 429 | retry, 10 tries | the same | the same |
    | expired | sign in once, then an error | the same | the same |
    | credentials | stop | stop | stop |
    | refused | error | not executed if it carries one thing, else unknown | error |
    | redirected | error | error | error |

    An "error" of a read is ERROR. Of a write it is NOT_EXECUTED where that is certain, and UNKNOWN where it is not:
    after a try that may have been carried out, for a refusal of several things at once, and for a redirect, which is
    how many servers answer a form that they have taken in. A sign-in that is refused, however that is said, stops
    everything.
    """
    match event:
        case Event.DONE:
            return Verdict.DONE
        case Event.CREDENTIALS:
            return Verdict.STOP
        case Event.LIMITED if past.limited + 1 < MOST_LIMITED:
            return Verdict.RETRY
        case Event.NEVER_SENT if past.failures + 1 < MOST_FAILURES:
            return Verdict.RETRY
        case Event.EXPIRED if not past.renewed:
            return Verdict.SIGN_IN if errand.purpose is not Purpose.SIGN_IN else Verdict.RETRY
        case Event.LOST | Event.BROKEN | Event.NONSENSE if errand.repeatable and past.failures + 1 < MOST_FAILURES:
            return Verdict.RETRY
        case _:
            return _end(event, errand, past)


def _end(event: Event, errand: Errand, past: History) -> Verdict:
    if errand.purpose is Purpose.SIGN_IN and event in (Event.REFUSED, Event.EXPIRED, Event.REDIRECTED):
        return Verdict.STOP
    if not errand.writes:
        return Verdict.ERROR
    partly = event is Event.REFUSED and errand.parts > 1
    doubt = past.doubtful or partly or event in _DOUBTFUL or event is Event.REDIRECTED
    return Verdict.UNKNOWN if doubt else Verdict.NOT_EXECUTED
