"""A salon in which a haircut can be booked, as the tests of the room change it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from provisioner.kinds.desired import Declared
from provisioner.opening import Opening, wanted
from tests.support import declare, manifests

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
"""A Monday; in Los Angeles it is four in the morning."""
WEEK = {"mon-fri": "09:00-17:00"}
HOURS = [{"dates": "2027", "week": WEEK}]


def salon(*more: Declared, now: datetime = NOW, without: str = "", **service: Any) -> Opening:
    """Ana cuts hair downtown. What is declared again is as it is declared last; `service` are fields of the haircut."""
    usual = (
        declare("location/downtown", name="Downtown", timezone="America/Los_Angeles"),
        declare("service/cut", **{"name": "Haircut", "duration": "45 min", **service}),
        declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz"),
        declare("link/ana/downtown/cut"),
        declare("hours/ana/downtown", hours=HOURS),
    )
    desired = manifests(*(each for each in (*usual, *more) if str(each.address) != without))
    return Opening(wanted(desired)[""], now)


def ben(*, active: bool = True, hours: Any = HOURS) -> tuple[Declared, ...]:
    """Somebody else who cuts hair downtown."""
    return (
        declare("employee/ben", email="ben@x.example", first_name="Ben", last_name="Cole", active=active),
        declare("link/ben/downtown/cut"),
        declare("hours/ben/downtown", hours=hours),
    )
