"""The demo set: a small studio with a branch, in the middle of a busy week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.sandbox.setster.zones import ZONES

Body = dict[str, Any]

_NUMBERS = {name: number for number, name in ZONES.items()}
_HOME = "US/Pacific"
_CONFIRMED, _UNCONFIRMED, _CANCELLED = 2, 1, 3
_WORKDAYS = ("mo", "tu", "we", "th", "fr")
_CLIENTS = {
    "maya": "Maya Haddad",
    "noah": "Noah Fischer",
    "ines": "Inês Duarte",
    "sam": "Sam O'Connor",
    "yuki": "Yuki Tanaka",
    "lea": "Léa & Paul Roux",
}
# Employee, service, place, day of the week (7 is the next Monday), start, client, status
_BOOKED = (
    ("ann", "cut", "main", 0, "09:00", "maya", _CONFIRMED),
    ("ann", "colour", "main", 0, "13:00", "ines", _CONFIRMED),
    ("ben", "massage", "main", 0, "10:00", "sam", _CONFIRMED),
    ("ben", "massage", "main", 0, "14:00", "yuki", _CANCELLED),
    ("ann", "cut", "main", 1, "10:00", "noah", _CONFIRMED),
    ("ann", "cut", "main", 1, "15:00", "lea", _UNCONFIRMED),
    ("chloe", "facial", "uptown", 1, "11:00", "maya", _CONFIRMED),
    ("ben", "massage", "main", 2, "09:00", "ines", _CONFIRMED),
    ("ann", "colour", "main", 2, "10:00", "sam", _CONFIRMED),
    ("dana", "yoga", "main", 1, "18:00", "maya", _CONFIRMED),
    ("dana", "yoga", "main", 1, "18:00", "sam", _CONFIRMED),
    ("dana", "yoga", "main", 3, "18:00", "lea", _UNCONFIRMED),
    ("chloe", "facial", "uptown", 2, "12:30", "yuki", _UNCONFIRMED),
    ("chloe", "massage", "uptown", 2, "15:00", "noah", _CONFIRMED),
    ("ann", "cut", "main", 3, "09:00", "yuki", _CONFIRMED),
    ("ann", "cut", "main", 3, "14:00", "maya", _UNCONFIRMED),
    ("ben", "massage", "main", 3, "09:30", "lea", _CONFIRMED),
    ("dana", "talk", "online", 3, "10:00", "noah", _CONFIRMED),
    ("dana", "talk", "online", 3, "11:30", "sam", _UNCONFIRMED),
    ("ann", "colour", "main", 4, "09:00", "lea", _CONFIRMED),
    ("ben", "massage", "main", 4, "11:00", "maya", _CONFIRMED),
    ("ben", "massage", "main", 4, "15:00", "ines", _UNCONFIRMED),
    ("chloe", "facial", "uptown", 5, "10:30", "sam", _CONFIRMED),
    ("ann", "cut", "main", 7, "11:00", "ines", _CONFIRMED),
    ("ben", "massage", "main", 8, "13:00", "noah", _UNCONFIRMED),
    ("dana", "talk", "online", 9, "10:30", "yuki", _CONFIRMED),
)


def document(now: datetime) -> Body:
    """Return the set as a seed document for the week of a moment: all is written as on its Monday, at midnight."""
    local = now.astimezone(ZoneInfo(_HOME)).date()
    monday = local - timedelta(days=local.weekday())
    midnight = datetime.combine(monday, time(), ZoneInfo(_HOME))
    return {
        "now": midnight.astimezone(UTC).isoformat(),
        "business": {"company_name": "Harbour Studio", "nick_name": "harbourstudio", "phone": "206-555-0100"},
        "custom_fields": _custom_fields(),
        "locations": _locations(),
        "services": _services(),
        "employees": _employees(monday),
        "holidays": _holidays(monday),
        "webhooks": [{"target_url": "http://127.0.0.1:9000/hooks", "events": ["*"]}],
        "clients": [{"name": name, "email": f"{key}@example.net"} for key, name in _CLIENTS.items()],
        "appointments": [_appointment(monday, *each) for each in _BOOKED],
        "accounts": [_branch(monday)],
    }


def _custom_fields() -> list[Body]:
    common = {"length": 200, "required": 0, "status": 1, "visibility": 3, "readonly": 0}
    return [
        {"label": "Allergies", "type": 1, "ord": 1, "hint": "What should we not use?"} | common,
        {"label": "How did you find us?", "type": 7, "ord": 2, "hint": "", "options": "A friend|A search|By luck"}
        | common,
    ]


def _locations() -> list[Body]:
    return [
        {
            "key": "main",
            "name": "Harbour",
            "street1": "12 Pier Road",
            "city": "Seattle",
            "state": "WA",
            "zip": "98101",
            "country": "US",
            "timezone_id": _NUMBERS[_HOME],
        },
        {"key": "uptown", "name": "Uptown", "street1": "400 High Street", "city": "Denver", "state": "CO"}
        | {"zip": "80014", "country": "US", "timezone_id": _NUMBERS["US/Mountain"]},
        {"key": "online", "name": "Online", "virtual": True, "timezone_id": _NUMBERS["US/Eastern"]},
    ]


def _services() -> list[Body]:
    evening = {"start_time": _evening(6), "end_time": _evening(7), "repeat": 1, "days": {"3": 1, "5": 1}}
    offered = [
        {"key": "cut", "name": "Haircut", "duration": 45, "duration_padding": 15, "price": 60},
        {"key": "colour", "name": "Colour", "duration": 120, "price": 140},
        {"key": "massage", "name": "Massage", "duration": 60, "duration_padding": 15, "price": 90},
        {"key": "facial", "name": "Facial", "duration": 30, "price": 45},
        {"key": "talk", "name": "Video consultation", "duration": 30, "price": 0},
        {"key": "yoga", "name": "Yoga class", "duration": 60, "price": 15, "group_session": 6, "set_schedule": True}
        | {"schedule": [evening]},
    ]
    addon = {"key": "stones", "name": "Hot stones", "duration": 15, "price": 20, "is_subservice": True}
    return [*({"start_step": 30} | each for each in offered), addon]


def _evening(hour: int) -> Body:
    return {"hour": hour, "min": 0, "am": "pm"}


def _employees(monday: date) -> list[Body]:
    thursday = monday + timedelta(days=3)
    return [
        _employee("ann", "Ann", "Lee", {"@main": ["@cut", "@colour"]})
        | {"availabilities": [_hours(monday, "@main", _WORKDAYS, ("9:00", "12:30"), ("13:00", "17:30"))]},
        _employee("ben", "Ben", "Okafor", {"@main": ["@massage", "@stones"]})
        | {
            "availabilities": [
                _hours(monday, "@main", _WORKDAYS, ("9:00", "17:00")),
                _hours(thursday, "@main", ("th",), ("12:00", "17:00"))
                | {"type": 1, "repeat": 2}
                | {"end_date": _slashed(thursday)},
            ]
        },
        _employee("chloe", "Chloé", "Martin", {"@uptown": ["@facial", "@massage"]})
        | {
            "availabilities": [
                _hours(monday, "@uptown", ("tu", "we", "th"), ("11:00", "19:00")),
                _hours(monday, "@uptown", ("sa",), ("10:00", "14:00")),
            ]
        },
        _employee("dana", "Dana", "Petrov", {"@online": ["@talk"], "@main": ["@yoga"]})
        | {"availabilities": [_hours(monday, "@online", ("we", "th"), ("10:00", "16:00"))]},
    ]


def _employee(key: str, first: str, last: str, links: dict[str, list[str]]) -> Body:
    named = {place: dict.fromkeys(services, 1) for place, services in links.items()}
    person = {"email": f"{key}@harbour.example", "first_name": first, "last_name": last}
    return {"key": key, "status": True, "links": named} | person


def _hours(first: date, place: str, days: tuple[str, ...], *times: tuple[str, str]) -> Body:
    """Return an entry for the year from a date on, the same on each of the days."""
    week = {day: {"time": [list(each) for each in times]} for day in days}
    dates = {"start_date": _slashed(first), "end_date": _slashed(first + timedelta(days=365))}
    return {"repeat": 1, "type": 0, "location_id": place, "days": week} | dates


def _slashed(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _holidays(monday: date) -> list[Body]:
    outing, drill = monday + timedelta(days=11), monday + timedelta(days=2)
    return [
        {"name": "Staff outing", "type": 2, "start_date": f"{outing} 00:00:00", "end_date": f"{outing} 23:59:59"},
        {"name": "Fire drill", "type": 2, "start_date": f"{drill} 16:00:00", "end_date": f"{drill} 17:00:00"},
        # A month that this week and the next have nothing to do with
        {"name": "Founders' day", "type": 1, "month": (monday.month + 3) % 12, "day_in_week": 0, "day_order": 1},
    ]


def _appointment(
    monday: date, employee: str, service: str, place: str, day: int, start: str, client: str, status: int
) -> Body:
    return {
        "employee_id": f"@{employee}",
        "service_id": f"@{service}",
        "location_id": f"@{place}",
        "start_date": f"{monday + timedelta(days=day)} {start}",
        "client_name": _CLIENTS[client],
        "client_email": f"{client}@example.net",
        "status": status,
    }


def _branch(monday: date) -> Body:
    account = {"company_name": "Harbour Kids", "nick_name": "harbourkids", "email": "kids@harbour.example"}
    return {
        "account": account | {"password": "sandbox"},
        "services": [{"key": "cut", "name": "Kids' haircut", "duration": 30, "price": 25, "start_step": 30}],
        "employees": [
            _employee("eli", "Eli", "Stone", {"@main": ["@cut"]})
            | {"availabilities": [_hours(monday, "@main", ("sa", "su"), ("10:00", "15:00"))]}
        ],
        "appointments": [
            _appointment(monday, "eli", "cut", "main", 5, "10:30", "maya", _CONFIRMED),
            _appointment(monday, "eli", "cut", "main", 6, "13:00", "lea", _CONFIRMED),
        ],
    }
