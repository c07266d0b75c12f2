"""What a client could book, as the booking page would show it (seed: Get Availability): one request answers for one
service at one location and everybody who offers it there, weeks in a row, and the first start after them.

Assumptions: a week is seven days from `start_date` on; in a week every time has its date before it, and one without is
of the day at the head of the answer; what `first_available` finds is the one start of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from provisioner.errors import VendorError
from provisioner.providers.base import Question
from provisioner.providers.setster.session import Session


async def read_openings(session: Session, question: Question) -> tuple[datetime, ...]:
    """The starts, ascending. Raises VendorError for an answer of an unknown shape."""
    asked = {
        "service_id": question.service,
        "location_id": question.location,
        "start_date": str(question.since),
        "t": "weekly",
        "no_of_weeks": str(question.weeks),
        "return": "times",
        "first_available": "1",
    }
    if question.addons:
        asked["subservices"] = ",".join(question.addons)
    data = await session.get("/availability", question.account_id, **asked)
    try:
        return tuple(sorted(_starts(data)))
    except (KeyError, TypeError, ValueError):
        raise VendorError("openings came back in an unknown shape: what can be booked is not known") from None


def _starts(data: Mapping[str, Any]) -> Iterator[datetime]:
    for each in data["times"] or ():
        day, _, clock = str(each).rpartition(" ")
        yield datetime.combine(date.fromisoformat(day) if day else _head(data), time.fromisoformat(clock))


def _head(data: Mapping[str, Any]) -> date:
    """The day that the answer is about."""
    return date(*(int(data[name]) for name in ("year", "month", "day")))
