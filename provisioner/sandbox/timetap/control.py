"""What the control API can see and do of TimeTap's, under `/_sandbox/timetap`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import notices, occurrences, series, waiting
from provisioner.sandbox.timetap import recurring, schedule, settings, values
from provisioner.sandbox.timetap.appointment import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

    Action = Callable[[Store, Request, Any], Any]


def actions(world: World) -> list[tuple[str, str, Action]]:
    """Return method, path and action of each request; ValueError for what makes no sense."""

    def show(store: Store, _request: Request, _body: Any) -> list[dict[str, Any]]:
        return [_shown(world, schedule.extend(world, each)) for each in series.listed(store)]

    return [
        ("GET", "/timetap", lambda store, _request, _body: settings.read(store)._asdict()),
        ("PUT", "/timetap", lambda store, _request, body: settings.write(store, body)._asdict()),
        ("GET", "/timetap/series", show),
        ("GET", "/timetap/messages", lambda store, _request, _body: notices.listed(store)),
        ("POST", "/timetap/waitlist", _wait),
    ]


def dump(store: Store) -> list[dict[str, Any]]:
    """Return every series as it is stored, with its occurrences and who waits for it."""
    return [
        each._asdict()
        | {
            "occurrences": [one._asdict() for one in occurrences.listed(store, each.id)],
            "waiting": [one._asdict() for one in waiting.listed(store, each.id)],
        }
        for each in series.listed(store)
    ]


def _shown(world: World, each: series.Series) -> dict[str, Any]:
    """Return a series as the API shows it, and all its appointments."""
    single = [listed(each, one) for one in schedule.appointments(world, each)]
    return recurring.read(world, each) | {"occurrences": single}


def _wait(store: Store, _request: Request, body: Any) -> dict[str, int]:
    """Put a client on the wait list of a date of a series: the API itself has no way to."""
    number = values.at_least(1)(body["recurringAppointmentId"])
    if number not in {each.id for each in series.listed(store)}:
        raise ValueError(f"there is no recurring appointment {number}")
    return {"waitListId": waiting.add(store, number, values.day(body["date"]), values.at_least(1)(body["clientId"]))}
