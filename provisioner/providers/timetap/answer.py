"""What this vendor's answers mean: plain JSON, and for a failure an HTTP status.

Assumption: the page shows no failure. The usual meaning of the status decides, and its words are a `message`.
"""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.providers.http import Answer
from provisioner.providers.verdict import Errand, Event, Purpose

LONGEST = 300
"""Characters that people are shown of it."""


def meaning(answer: Answer, errand: Errand) -> Event:
    """For the table of requests. What was changed need not be answered, and what was made has to be, for its id.

    Assumptions: a 401 is about the session, and at the sign-in about the credentials. A 403 is about what was asked.
    """
    status = answer.status
    if status == 429:
        return Event.LIMITED
    if status == 401:
        return Event.CREDENTIALS if errand.purpose is Purpose.SIGN_IN else Event.EXPIRED
    if status >= 500:
        return Event.BROKEN
    if status >= 400:
        return Event.REFUSED
    if status >= 300:
        return Event.REDIRECTED
    if isinstance(answer.body, Mapping | list):
        return Event.DONE
    bare = errand.purpose in (Purpose.UPDATE, Purpose.ACTION) and status in (204, 205)
    return Event.DONE if bare else Event.NONSENSE


def words(answer: Answer) -> str:
    """What an answer says, for people; it may repeat what it was sent."""
    said = answer.body.get("message") if isinstance(answer.body, Mapping) else None
    text = " ".join(str(said).split()) if said else ""
    if 300 <= answer.status < 400:
        return f"the vendor answered {answer.status}: a redirect, which is never followed. Is the endpoint right?"
    if answer.status < 300:
        return f"the vendor answered {answer.status}, and nothing that can be read"
    verb = "failed" if answer.status >= 500 else "refused it"
    return f"the vendor {verb} ({answer.status}): {text}" if text else f"the vendor {verb} ({answer.status})"


def shortened(text: str) -> str:
    """A text of at most `LONGEST` characters."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
