"""A slow second opinion: it looks at every minute by itself and at nothing else, in the words of the vendor's page.

Minutes are UTC; what is local is what the clock on the wall of the location reads at that minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.slots.tenant import Body, Tenant

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
Seats = dict[int, int]
Seen = dict[tuple[int, int, int, datetime], bool]


@dataclass
class Oracle:
    """What can be booked of one service with add-ons at one location; all of them are places in the tenant's lists."""

    tenant: Tenant
    service: int
    location: int = 0
    person: int | None = None
    addons: tuple[int, ...] = ()
    minutes: int = 0
    seen: Seen = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.about: Body = self.tenant.services[self.service]
        self.zone = ZoneInfo(self.tenant.zones[self.location])
        rules = self.about if self.about.get("active_rules", 1) else self.tenant.options
        self.step = rules.get("start_step", 0)
        self.padding = rules.get("duration_padding", 0)
        self.prior = timedelta(hours=rules.get("prior_notice", 0))
        self.after = timedelta(days=rules.get("after_notice", 0))
        self.slot = sum(self.tenant.services[each]["duration"] for each in (self.service, *self.addons))
        self.length = self.minutes or self.slot
        self.seats = self.about.get("group_session", 0) or 1

    def workers(self) -> list[int]:
        """Everybody who may be booked at all."""
        parts = [self.tenant.services[each] for each in (self.service, *self.addons)]
        if self.about.get("is_subservice") or not all(each.get("status", True) for each in parts):
            return []
        return [
            number
            for number, each in enumerate(self.tenant.people)
            if each.status and (self.location, self.service) in each.links and self.person in (None, number)
        ]

    # -- is somebody there at this minute?

    def is_open(self, person: int, minute: datetime) -> bool:
        wall = local(minute, self.zone)
        key = (self.service, self.location, person, wall)
        if key not in self.seen:
            self.seen[key] = self._is_open(person, wall)
        return self.seen[key]

    def _is_open(self, person: int, wall: datetime) -> bool:
        here = [
            each for each in self.tenant.people[person].hours if each.get("location_id", self.location) == self.location
        ]
        if self.about.get("set_schedule"):
            there = any(is_scheduled(each, wall) for each in self.about["schedule"])
        else:
            there = any(not each["type"] and covers(each, wall) for each in here)
        away = any(each["type"] and covers(each, wall) for each in here)
        return there and not away and not self._is_holiday(wall) and self._is_active(wall.date())

    def _is_holiday(self, wall: datetime) -> bool:
        return any(each.get("enabled", 1) and falls_on(each, wall) for each in self.tenant.holidays)

    def _is_active(self, day: date) -> bool:
        if not self.about.get("active_interval_status", True):
            return True
        since, until = self.about.get("active_from") or "0000", self.about.get("active_until") or "9999"
        return bool(since <= day.isoformat() <= until)

    # -- may an appointment start at this minute?

    def starts(self, person: int, first: datetime, last: datetime) -> Iterator[datetime]:
        """The minutes from `first` to `last` at which one may start with this person, were there no appointments."""
        minute = first - 26 * timedelta(hours=1)  # a midnight lies in between, where counting begins anew
        since, before = minute, datetime(1, 1, 1, tzinfo=UTC)
        run = self._run(person, minute, last + self.length * MINUTE)
        while minute < last:
            if run[minute] and (not run.get(before) or self._is_midnight(minute)):
                since = minute
            fits = run[minute] >= self.length and (minute - since) % ((self.step or self.slot) * MINUTE) == timedelta(0)
            if fits and minute >= first and self._is_in_time(minute):
                yield minute
            minute, before = minute + MINUTE, minute

    def _is_midnight(self, minute: datetime) -> bool:
        """Whether the local date is another one than a minute ago."""
        return local(minute, self.zone).date() != local(minute - MINUTE, self.zone).date()

    def _run(self, person: int, first: datetime, last: datetime) -> dict[datetime, int]:
        """For every minute, how many open ones in a row begin with it."""
        run = {}
        minute, count = last, 0
        while minute >= first:
            count = count + 1 if self.is_open(person, minute) else 0
            run[minute] = count
            minute -= MINUTE
        return run

    def _is_in_time(self, minute: datetime) -> bool:
        soon = minute < self.tenant.now + self.prior
        return not soon and not (self.after and minute > self.tenant.now + self.after)

    def left(self, person: int, start: datetime) -> int:
        """How many seats the appointments that there are leave at a start."""
        same, end = 0, start + self.length * MINUTE
        for each in self.tenant.booked:
            over, apart = each.start + each.minutes * MINUTE, max(self.padding, each.padding) * MINUTE
            if each.employee == person and each.start - end < apart and start - over < apart:
                if (each.service, each.location, each.start) != (self.service, self.location, start):
                    return 0
                same += 1
        return self.seats - same

    # -- the answers

    def offered(self, day: date, days: int, zone: str | None = None) -> dict[datetime, Seats]:
        """What is offered on these days of a zone: local start to the seats of each who is free."""
        shown = ZoneInfo(zone) if zone else self.zone
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found: dict[datetime, Seats] = {}
        for person in self.workers():
            for start in self.starts(person, midnight - 15 * 60 * MINUTE, midnight + days * DAY + 15 * 60 * MINUTE):
                wall = start.astimezone(shown)
                inside = day <= wall.date() < day + days * DAY
                seats = self.left(person, start)
                if inside and not wall.fold and not start.astimezone(self.zone).fold and seats > 0:
                    found.setdefault(wall.replace(tzinfo=None), {})[person] = seats
        return dict(sorted(found.items()))

    def verdict(self, wall: datetime) -> tuple[int, int | None]:
        """The code that a booking gets, and with whom it is made."""
        minute = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if local(minute, self.zone) != wall:
            return 9, None
        able = [each for each in self.workers() if minute in set(self.starts(each, minute, minute + MINUTE))]
        free = [each for each in able if self.left(each, minute) > 0]
        return (0, free[0]) if free else (10, None) if able else (9, None)


@lru_cache(maxsize=100_000)
def local(minute: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall reads."""
    return minute.astimezone(zone).replace(tzinfo=None)


@lru_cache
def read(written: str, form: str) -> datetime:
    """A date or a time in one of the page's forms."""
    return datetime.strptime(written, form)  # noqa: DTZ007


def covers(entry: Body, wall: datetime) -> bool:
    """Working hours: `repeat` 1 is weekly, 2 an interval of dates, whole if it has no days."""
    first, last = (read(entry[name], "%m/%d/%Y").date() for name in ("start_date", "end_date"))
    if not first <= wall.date() <= last:
        return False
    if not entry["days"]:
        return bool(entry["repeat"] == 2)
    times = entry["days"].get(NAMES[wall.weekday()], {"time": []})["time"]
    return any(start <= f"{wall:%H:%M}" < end for start, end in times)


def falls_on(holiday: Body, wall: datetime) -> bool:
    """Holidays: type 1 is the nth weekday of a month, type 2 lasts from a moment to another one."""
    if holiday["type"] == 2:
        start, end = (read(holiday[name], "%Y-%m-%d %H:%M:%S") for name in ("start_date", "end_date"))
        return start < wall + MINUTE and wall < end
    if (wall.month - 1, wall.weekday()) != (holiday["month"], holiday["day_in_week"]):
        return False
    if holiday["day_order"] == 4:
        return (wall + 7 * DAY).month != wall.month
    return bool((wall.day - 1) // 7 == holiday["day_order"])


def is_scheduled(entry: Body, wall: datetime) -> bool:
    """Set times: `repeat` 0 once, 1 weekly (1 is Sunday), 2 monthly; d/m/Y, and a clock of twelve hours."""
    first, last = (read(entry[name], "%d/%m/%Y") for name in ("start_date", "end_date"))
    start, end = (half_day(entry[name]) for name in ("start_time", "end_time"))
    if entry["repeat"] == 0:
        return first + start <= wall < last + (end or DAY)
    for back in (0, 1):
        day = datetime(wall.year, wall.month, wall.day) - back * DAY  # noqa: DTZ001
        number = day.isoweekday() % 7 + 1 if entry["repeat"] == 1 else day.day
        until = end if end > start else end + DAY
        if first <= day <= last and entry["days"].get(str(number)) and day + start <= wall < day + until:
            return start != end or not end
    return False


def half_day(time: dict[str, Any]) -> timedelta:
    """A time on a clock of twelve hours."""
    found = read(f"{time['hour']}:{time['min']} {time['am']}", "%I:%M %p")
    return timedelta(hours=found.hour, minutes=found.minute)
