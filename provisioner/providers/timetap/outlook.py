"""What a planned change of a series will lead to: its dates (seed: get/dates, which makes nothing), and its mail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date

from provisioner.errors import ManifestError, Problem, VendorError
from provisioner.kinds import Address
from provisioner.kinds.override import Override, taking_place
from provisioner.plan.change import WRITES, Action, Change, Outlook
from provisioner.providers.http import Message
from provisioner.providers.timetap import calls
from provisioner.providers.timetap.fields import PATTERN, encode
from provisioner.providers.timetap.session import PATH, Session

SHOWN = 5
Looked = tuple[Address, Outlook | Problem]


async def foresee(session: Session, changes: Sequence[Change]) -> dict[Address, Outlook]:
    """The outlook of each change that writes. Raises ManifestError for patterns that the vendor takes for none."""
    look = _Look(session, session.client.clock.today())
    found = await asyncio.gather(*(look.at(change) for change in changes if change.action in WRITES))
    problems = [each for _, each in found if isinstance(each, Problem)]
    if problems:
        raise ManifestError(problems)
    return {address: each for address, each in found if isinstance(each, Outlook)}


class _Look:
    """One look at the changes of a plan."""

    def __init__(self, session: Session, now: date) -> None:
        self._session, self._today = session, now

    async def at(self, change: Change) -> Looked:
        live = _days(change.live.raw.get("dates")) if change.live else []
        if change.action is Action.DELETE:
            lines = [f"{_counted(live)} will be cancelled{self._next(live)}"]
            return change.address, self._told(change, lines)
        try:
            after = await self._after(change, live)
        except VendorError as error:
            return _problem(change, f"its dates cannot be told: {error}")
        if isinstance(after, str):
            return _problem(change, after)
        lines = _effect(change) if change.action is Action.UPDATE else []
        endless = ", and more, as it has no end" if change.values["dates"].end is None else ""
        lines.append(f"{_counted(after)}{endless}{self._next(after)}")
        if change.action is Action.UPDATE:
            lines += _differences(live, after)
        return change.address, self._told(change, lines)

    async def _after(self, change: Change, live: list[date]) -> list[date] | str:
        """The dates that the series will have, or why it cannot have them."""
        pattern = await self._pattern(change)
        overrides: tuple[Override, ...] = change.values.get("overrides") or ()
        stray = [each.day for each in overrides if each.day not in pattern]
        if not pattern:
            return "it would have no date at all: correct every, days or dates"
        since = calls.since(change)
        if stray and (since is None or stray[0] >= since):
            near = _near(stray[0], pattern)
            return f"overrides: {stray[0]} is no date of the series: write one of its own, such as {near}"
        dates = taking_place(iter(pattern), overrides)
        if since is None:
            return dates
        return [day for day in live if day < since] + [day for day in dates if day >= since]

    async def _pattern(self, change: Change) -> list[date]:
        values = {name: change.values[name] for name in PATTERN if change.values.get(name) is not None}
        live = change.live.raw if change.live else {}
        body = {name: live.get(name) for name in calls.PATTERN_NAMES if name in live} | encode(values)
        answer = await self._session.read(Message("POST", f"{PATH}/get/dates", body=body, reads=True))
        if not isinstance(answer, list):
            raise VendorError("the vendor answered no list of dates")
        return _days(answer)

    def _next(self, days: Iterable[date]) -> str:
        ahead = [day for day in days if day >= self._today]
        if not ahead:
            return ", all of them past"
        return f"; next {_listed(ahead)}"

    def _told(self, change: Change, lines: list[str]) -> Outlook:
        told = calls.receivers(change)
        count = len(told) * calls.requests(change, self._today)
        if count:
            lines.append(f"{count} message{'s' if count > 1 else ''} will go out, to the {' and the '.join(told)}")
        if calls.invites(change):
            lines.append("whoever waits for a date that is cancelled will be invited: the vendor does not say how many")
        return Outlook(tuple(lines), count)


def _problem(change: Change, why: str) -> Looked:
    place = change.place
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    return change.address, Problem(*where, f"{change.address}: {why}")


def _effect(change: Change) -> list[str]:
    since = calls.since(change)
    if not calls.rewrites(change):
        return ["the other dates stay as they are"]
    return [f"takes effect from {since}" if since else "takes effect for the whole series, from its start"]


def _differences(live: Sequence[date], after: Sequence[date]) -> list[str]:
    new = [day for day in after if day not in live]
    gone = [day for day in live if day not in after]
    if not new and not gone:
        return ["the same dates as now"]
    return [
        *([f"{len(new)} new: {_listed(new)}"] if new else []),
        *([f"{len(gone)} no longer: {_listed(gone)}"] if gone else []),
    ]


def _days(raw: object) -> list[date]:
    """Dates as the vendor writes them. Raises VendorError."""
    try:
        return sorted(date.fromisoformat(str(each)[:10]) for each in raw or ())  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise VendorError("the dates came back in an unknown shape") from None


def _listed(days: Sequence[date]) -> str:
    return ", ".join(map(str, days[:SHOWN])) + (", ..." if len(days) > SHOWN else "")


def _counted(days: Sequence[date]) -> str:
    return f"{len(days)} date{'' if len(days) == 1 else 's'}"


def _near(day: date, pattern: Sequence[date]) -> date:
    return min(pattern, key=lambda each: abs(each - day))
