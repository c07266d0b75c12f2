"""How a series is spelled at this vendor (seed: the table of Object Values).

Assumptions: the weekday flags and `type` are written, though the table does not mark them, because nothing else says
them. What something refers to is an object with its id; of groups and resources, whose pages are not at hand, the id
is called as the others are. Times are whole numbers, 930 for 09:30.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from provisioner.kinds.base import Unreadable
from provisioner.kinds.calendar import DAYS
from provisioner.kinds.frequency import Frequency
from provisioner.kinds.period import Period
from provisioner.kinds.values import Duration, text_money

Body = Mapping[str, Any]
ID = "recurringAppointmentId"
REQUIRED = ("startDate", "startTime", "endTime", "location", "reason", "staff")
"""What every write has to carry (seed: the column Required)."""
CANCELLED = "Cancelled"
_EVERY = {"week": ("W", "everyXWeeks"), "month": ("M", "everyXMonths")}
_MAIL = {"client": "sendConfirmationToClient", "staff": "sendConfirmationToStaff"}
_CUSTOM = "fields"
_DEAREST = 12
"""Digits before the point that a price may have."""


class Spelling(NamedTuple):
    """One field of ours: its names at the vendor, and both directions; `decode` is given the whole object."""

    names: tuple[str, ...]
    encode: Callable[[Any], Body]
    decode: Callable[[Body], Any]


def military(minutes: int) -> int:
    """A time of day as the vendor writes it."""
    return minutes // 60 * 100 + minutes % 60


def read_military(raw: Any) -> int:
    """Minutes since midnight. Raises ValueError."""
    hours, minutes = divmod(_number(raw), 100)
    if not (0 <= hours <= 24 and 0 <= minutes < 60):
        raise ValueError(f"{raw!r} is no time of day")
    return hours * 60 + minutes


def _number(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str) or not str(raw).isascii():
        raise TypeError(f"{raw!r} is no whole number")
    return int(raw)


def _price(raw: Any) -> Decimal | None:
    """Raises ValueError or ArithmeticError for what is none, and for what is none that anybody pays."""
    if raw in (None, ""):
        return None
    price = Decimal(str(raw))
    if not price.is_finite() or (price and abs(price.adjusted()) > _DEAREST):
        raise ValueError(f"{raw!r} is no price")
    return price


def _interval(start: str, end: str) -> Spelling:
    def encode(value: Any) -> Body:
        return {start: military(value[0]), end: military(value[1])} if value else {start: None, end: None}

    def decode(raw: Body) -> Any:
        return (read_military(raw[start]), read_military(raw[end])) if raw[start] is not None else None

    return Spelling((start, end), encode, decode)


def _thing(name: str, id_: str) -> Spelling:
    """Something that is named by its id: written as an object, read as that or as the bare id beside it."""

    def decode(raw: Body) -> Any:
        found = raw.get(id_)
        if found is None:
            found = (raw.get(name) or {}).get(id_)
        return _number(found) if found is not None else None

    return Spelling((name,), lambda v: {name: {id_: v} if v is not None else None}, decode)


def _plain(name: str, decode: Callable[[Any], Any], encode: Callable[[Any], Any] = lambda v: v) -> Spelling:
    return Spelling((name,), lambda v: {name: encode(v)}, lambda raw: decode(raw[name]))


def _text(name: str) -> Spelling:
    return _plain(name, lambda raw: str(raw) if raw not in (None, "") else None, lambda v: v or "")


def _hours(name: str) -> Spelling:
    return _plain(
        name,
        lambda raw: Duration(_number(raw) * 60) if raw is not None else None,
        lambda v: int(v) // 60 if v is not None else None,
    )


def _encode_every(value: Frequency) -> Body:
    type_, name = _EVERY[value.unit]
    return {"type": type_, **{other: None for _, other in _EVERY.values()}, name: value.number}


def _decode_every(raw: Body) -> Frequency:
    unit = next(unit for unit, (type_, _) in _EVERY.items() if type_ == raw["type"])
    return Frequency(_number(raw[_EVERY[unit][1]]), unit)


def _encode_dates(value: Period) -> Body:
    return {"startDate": str(value.start), "endDate": str(value.end) if value.end else None}


def _decode_dates(raw: Body) -> Period:
    end = raw["endDate"]
    return Period(date.fromisoformat(raw["startDate"]), date.fromisoformat(end) if end else None)


def _ids(raw: Any) -> tuple[int, ...]:
    return tuple(sorted(map(_number, raw or ())))


def _decode_blocked(raw: Body) -> tuple[int, ...]:
    """Without the additional staff, which the vendor puts there itself (seed: blockStaffIdList)."""
    return tuple(sorted({*_ids(raw["blockStaffIdList"])} - {*_ids(raw.get("additionalStaffIdList"))}))


def _answers(raw: Any) -> tuple[tuple[str, str], ...]:
    """A field that nobody filled in is an empty one."""
    return tuple(sorted((_label(each), "" if each["value"] is None else str(each["value"])) for each in raw or ()))


def _label(raw: Any) -> str:
    if not isinstance(raw["label"], str | int):
        raise TypeError("no label")
    return str(raw["label"])


FIELDS: Mapping[str, Spelling] = {
    "every": Spelling(("type", "everyXWeeks", "everyXMonths"), _encode_every, _decode_every),
    "days": Spelling(
        DAYS,
        lambda v: {name: number in (v or ()) for number, name in enumerate(DAYS)},
        lambda raw: tuple(number for number, name in enumerate(DAYS) if raw[name]),
    ),
    "time": _interval("startTime", "endTime"),
    "client_time": _interval("clientStartTime", "clientEndTime"),
    "dates": Spelling(("startDate", "endDate"), _encode_dates, _decode_dates),
    "staff": _thing("staff", "staffId"),
    "location": _thing("location", "locationId"),
    "reason": _thing("reason", "reasonId"),
    "client": _thing("client", "clientId"),
    "coordinator": _thing("coordinatorStaff", "staffId")._replace(
        decode=lambda raw: _number(raw["coordinatorStaff"]["staffId"]) if raw["coordinatorStaff"] else None
    ),
    "additional_staff": _plain("additionalStaffIdList", _ids, lambda v: list(v or ())),
    "blocked_staff": Spelling(("blockStaffIdList",), lambda v: {"blockStaffIdList": list(v or ())}, _decode_blocked),
    "location_group": _thing("locationGroup", "locationGroupId"),
    "location_super_group": _thing("locationSuperGroup", "locationSuperGroupId"),
    "resource": _thing("resource", "resourceId"),
    "class_schedules": _plain(
        "classScheduleList",
        lambda raw: _ids(each["classScheduleId"] for each in raw or ()),
        lambda v: [{"classScheduleId": each} for each in v or ()],
    ),
    "address": _text("address"),
    "seats": _plain("seats", _number),
    "price": _plain("price", _price, lambda v: text_money(v) if v is not None else None),
    "discount": _plain("discount", lambda raw: _number(raw) if raw is not None else None),
    "note": _text("note"),
    "change_reason": _text("changeReason"),
    "cancel_reason": _text("cancelReason"),
    "custom_fields": _plain(
        _CUSTOM, _answers, lambda v: [{"label": label, "value": value, "mode": "APPT"} for label, value in v or ()]
    ),
    "status": _plain("status", lambda raw: str(raw).lower(), lambda v: str(v).capitalize()),
    "reminders.client_email": _hours("clientReminderHours"),
    "reminders.client_sms": _hours("remindClientSmsHours"),
    "reminders.staff_email": _hours("staffReminderHours"),
    "reminders.staff_sms": _hours("remindStaffSmsHours"),
}
"""By our names; what is not in it (overrides, and how a change is carried out) is no property of the object."""
PATTERN = ("every", "days", "dates")
"""The fields that say on which dates a series is."""


def decode(raw: Body) -> dict[str, Any]:
    """The fields of a series as it was read; one that is absent stays absent."""
    fields: dict[str, Any] = {}
    for ours, spelling in FIELDS.items():
        if spelling.names[0] in raw:
            try:
                fields[ours] = spelling.decode(raw)
            except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, StopIteration):
                shown = {name: raw.get(name) for name in spelling.names}
                fields[ours] = Unreadable(shown if len(shown) > 1 else shown[spelling.names[0]])
    return fields


def encode(values: Mapping[str, Any], raw: Body | None = None) -> dict[str, Any]:
    """The properties that carry these values; custom fields that are live keep what else they say."""
    body: dict[str, Any] = {}
    for ours, value in values.items():
        if ours in FIELDS:
            body |= FIELDS[ours].encode(value)
    if raw and _CUSTOM in body:
        known = _customs(raw.get(_CUSTOM))
        body[_CUSTOM] = [{**each, **known.get(each["label"], {}), "value": each["value"]} for each in body[_CUSTOM]]
    return body


def _customs(raw: Any) -> dict[str, Body]:
    """What a vendor says of custom fields, by their labels; what is none of its own making is left out."""
    each = (each for each in raw if isinstance(each, Mapping)) if isinstance(raw, list) else ()
    return {found["label"]: found for found in each if isinstance(found.get("label"), str)}


_IDS = {name: f"{name}Id" for name in ("staff", "location", "reason", "client")}
_SERIES = ("dates", "every", "days", "class_schedules")
_NOT_ITS_OWN = frozenset(name for ours in _SERIES for name in FIELDS[ours].names) | {"timeSlotList"}


def carried(raw: Body, *, strange: bool = True) -> dict[str, Any]:
    """All of a series that can be read and written, as it is: nothing says that what an update leaves out stays.

    Without what the vendor works out by itself, which would be fixed by it: the client's times where they are the
    appointment's, and the additional staff among those that are blocked. What cannot be read goes back as it came,
    unless it is not to (`strange`).
    """
    values = decode(raw)
    body: dict[str, Any] = {}
    for ours, value in values.items():
        if ours == "client_time" and value == values.get("time"):
            continue
        if not isinstance(value, Unreadable):
            body |= FIELDS[ours].encode(value)
        whole = {name: raw[name] for name in FIELDS[ours].names if isinstance(raw.get(name), dict | list) and raw[name]}
        if isinstance(value, Unreadable) and strange:
            whole = {name: raw.get(name) for name in FIELDS[ours].names}
        body |= whole if ours != "blocked_staff" or isinstance(value, Unreadable) else {}
    body = {name: value for name, value in body.items() if value is not None and raw.get(name) is not None}
    body |= {name: {id_: raw[id_]} for name, id_ in _IDS.items() if name not in body and raw.get(id_) is not None}
    return {**body, **({"timeSlotList": raw["timeSlotList"]} if raw.get("timeSlotList") else {})}


def of_one(body: Body) -> dict[str, Any]:
    """What a single occurrence has of its series."""
    return {name: value for name, value in body.items() if name not in _NOT_ITS_OWN}


def spelled(names: Iterable[str], body: Body) -> dict[str, Any]:
    """These fields of a series in the vendor's spelling, null where it has none."""
    return {name: body.get(name) for ours in names if ours in FIELDS for name in FIELDS[ours].names}


def mail(receivers: tuple[str, ...]) -> dict[str, bool]:
    """Who gets a confirmation. Quiet unless it is asked for: what is stored at the vendor may say otherwise."""
    return {name: receiver in receivers for receiver, name in _MAIL.items()}
