"""A recurring appointment: a series that repeats by weeks or months (seed: Recurring Appointments)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds import patterns
from provisioner.kinds.base import Group, Resource
from provisioner.kinds.calendar import (
    Interval,
    parse_date,
    parse_days,
    text_days,
    text_interval,
)
from provisioner.kinds.fields import Bool, Form, Instruction, Integer, Money, Text, one_of
from provisioner.kinds.frequency import Every
from provisioner.kinds.override import Overrides, parse_sitting
from provisioner.kinds.period import PERIOD, Period, parse_period
from provisioner.kinds.values import Duration, check_multiple, parse_duration, parse_int, parse_text, refused, said
from provisioner.kinds.values import text_duration as spell
from provisioner.kinds.vendor_id import NUMBER, Ids, OptionalId, RequiredId, Shape

RECEIVERS = ("client", "staff")
_EXAMPLE = "2027-01-04..2027-06-30"


def parse_series_dates(raw: Any) -> Period:
    """From when to when; without an end it goes on (`2027-01-04..`)."""
    period = parse_period(raw)
    if period is None or period.start is None:
        raise refused(raw, "has no start", f"{_EXAMPLE}, or 2027-01-04.. where it goes on")
    return period


def parse_receivers(raw: Any) -> tuple[str, ...]:
    """Who is told, each once, in one order."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise refused(raw, "is no list of who is told", "[client], [client, staff], or [] for nobody")
    for number, word in enumerate(raw):
        if word not in RECEIVERS:
            raise refused(word, "is nobody who can be told", " or ".join(RECEIVERS))
        if word in raw[:number]:
            raise ValueError(f"{word} stands there twice: remove one")
    return tuple(word for word in RECEIVERS if word in raw)


def _not_ended(raw: Any) -> Any:
    """The vendor's third status is what it gives to what is over."""
    if str(raw).lower() in ("cancelled", "canceled"):
        why = "a series is cancelled by taking it out of the manifests, and one date with overrides"
        raise ValueError(f"{said(raw)} is not written: {why}: {{2027-03-01: {{cancelled: true}}}}")
    return raw


def parse_answers(raw: Any) -> tuple[tuple[str, str], ...]:
    """Custom fields as (label, value), in the order of the labels."""
    if isinstance(raw, tuple):
        return raw
    if not isinstance(raw, Mapping):
        raise refused(raw, "is no mapping of labels to values", "{Level: Beginners}, or {} for none")
    return tuple(sorted((parse_text(label), _answer(label, value)) for label, value in raw.items()))


def _answer(label: str, value: Any) -> str:
    try:
        return parse_text(value)
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from None


def parse_hours_before(raw: Any) -> Duration | None:
    """Whole hours before it begins; null for no reminder."""
    if raw is None:
        return None
    duration = parse_duration(raw)
    return duration if isinstance(raw, Duration) else check_multiple(duration, 60)


def parse_seats(raw: Any) -> int:
    """One or more."""
    if raw is None:
        raise ValueError("null is not allowed here: it cannot be cleared")
    seats = parse_int(raw)
    if seats < 1:
        raise refused(raw, "is no number of seats", "1 or more")
    return seats


def _nullable(parse: Any) -> Any:
    return lambda raw: None if raw is None else parse(raw)


_DAY_WORDS = "(?:daily|(?:mon|tue|wed|thu|fri|sat|sun)(?: *- *(?:mon|tue|wed|thu|fri|sat|sun))?)"
DAYS = Form(
    "days",
    text_days,
    grammar="days of the week such as `mon wed`, `mon-fri` or `daily`",
    schema={"type": "string", "pattern": rf"^ *{_DAY_WORDS}(?:[ ,]+{_DAY_WORDS})*,* *$", "examples": ["mon wed"]},
)
TIME = Form("interval", text_interval, grammar="an interval such as `09:30-10:15`", schema=patterns.INTERVAL)
DATE = Form("date", date.isoformat, grammar="a date such as `2027-03-01`", schema=patterns.DATE)
SERIES_DATES = Form(
    "period",
    PERIOD.dump,
    grammar=f"dates such as `{_EXAMPLE}`, or `2027-01-04..` where it goes on",
    schema={**PERIOD.schema, "examples": [_EXAMPLE, "2027-01-04.."]},
)
HOURS_BEFORE = Form(
    "duration",
    lambda v: f"{int(v) // 60} h" if int(v) % 60 == 0 else spell(v),
    grammar="a duration such as `24 h`, whole hours",
    schema=patterns.duration(never=False),
)
TOLD = Form(
    "receivers",
    list,
    grammar="a list of `client` and `staff`",
    schema={"type": "array", "items": {"enum": list(RECEIVERS)}, "uniqueItems": True},
)
FROM_A_DATE = Instruction(creates=False, but_for=("overrides",))
ANSWERS = Form(
    "answers",
    dict,
    grammar="a mapping of labels to values: `{Level: Beginners}`",
    schema={"type": "object", "additionalProperties": patterns.ANY_TEXT, "examples": [{"Level": "Beginners"}]},
)
Seats = Annotated[
    int | None,
    BeforeValidator(parse_seats),
    Form("integer", lambda v: v, grammar="a whole number from 1", schema={**patterns.WHOLE, "minimum": 1}),
]
Reminder = Annotated[Duration | None, BeforeValidator(parse_hours_before), HOURS_BEFORE]


class Reminders(Group):
    """How long before each occurrence somebody is reminded of it."""

    client_email: Reminder = Field(None, description="the client, by e-mail")
    client_sms: Reminder = Field(None, description="the client, by text message")
    staff_email: Reminder = Field(None, description="the staff, by e-mail")
    staff_sms: Reminder = Field(None, description="the staff, by text message")


class RecurringAppointment(Resource):
    """A series of appointments that repeats by weeks or months; staff, places and clients are named by id."""

    kind: ClassVar[str] = "recurring_appointment"
    section: ClassVar[str] = "recurring_appointments"
    title: ClassVar[str] = "recurring appointment"
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("dates", "time", "staff"),)
    ending: ClassVar[str] = "cancelled"
    entries: ClassVar[tuple[str, ...]] = ("overrides",)
    ids: ClassVar[Shape] = NUMBER

    every: Every = Field(description="how often it repeats; by months it is on the day of the month of its start")
    days: Annotated[tuple[int, ...] | None, BeforeValidator(_nullable(parse_days)), DAYS] = Field(
        None, description="on which days of the week, where it repeats by weeks"
    )
    time: Annotated[Interval, BeforeValidator(parse_sitting), TIME] = Field(description="from when to when on each day")
    client_time: Annotated[Interval | None, BeforeValidator(_nullable(parse_sitting)), TIME] = Field(
        None, description="what the client is told instead, where that is another time"
    )
    dates: Annotated[Period, BeforeValidator(parse_series_dates), SERIES_DATES] = Field(
        description="its first and its last day"
    )
    staff: RequiredId = Field(description="who it is with")
    location: RequiredId = Field(description="where it takes place")
    reason: RequiredId = Field(description="what it is for: the vendor's word for a service")
    client: OptionalId = Field(None, description="who it is for")
    coordinator: OptionalId = Field(None, description="who coordinates it; their schedule is not blocked")
    additional_staff: Ids = Field(None, description="who else is there; they are blocked off as well")
    blocked_staff: Ids = Field(None, description="who else cannot be booked then, the additional staff left out")
    location_group: OptionalId = Field(None, description="the group of locations that it is assigned to")
    location_super_group: OptionalId = Field(None, description="the super group of locations that it is assigned to")
    resource: OptionalId = Field(None, description="what is reserved for it")
    class_schedules: Ids = Field(None, description="the class schedules that it belongs to")
    address: Text = Field(None, description="the address where it takes place")
    seats: Seats = Field(None, description="how many can take part")
    price: Money = Field(None, description="price of each")
    discount: Integer = Field(None, description="what is taken off the price, in whole units of the currency")
    note: Text = Field(None, description="note in the field for comments")
    change_reason: Text = Field(None, description="why it was changed")
    cancel_reason: Text = Field(None, description="why it is cancelled")
    custom_fields: Annotated[tuple[tuple[str, str], ...] | None, BeforeValidator(parse_answers), ANSWERS] = Field(
        None, description="custom fields by their label, all of them"
    )
    status: Annotated[str | None, *one_of("open", "closed"), BeforeValidator(_not_ended)] = Field(
        None, description="whether it can be booked"
    )
    reminders: Reminders | None = Field(None, description="how long before somebody is reminded")
    overrides: Overrides = Field(None, description="single occurrences that are other than the rest, by their date")
    effective_from: Annotated[date | None, BeforeValidator(_nullable(parse_date)), DATE, FROM_A_DATE] = Field(
        None, description="from which date a change takes effect; without it, for the whole series"
    )
    confirmations: Annotated[tuple[str, ...] | None, BeforeValidator(parse_receivers), TOLD, Instruction()] = Field(
        None, description="who gets a message when it is made or changed; without it, nobody"
    )
    waitlist_invites: Annotated[Bool, Instruction(creates=False)] = Field(
        None,
        description="whether those who wait for a date that a change cancels are invited; without it, they are not",
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """What does not go together."""
        if self.every.unit == "week" and not self.days:
            yield "days" if "days" in self.model_fields_set else "", "it lacks its days: add `days: mon`, for example"
        if self.every.unit == "month" and self.days:
            yield "days", "by months it is on its start's day of the month: remove days, or write every: 4 weeks"
        if self.blocked_staff is not None and self.additional_staff is None:
            why = "the additional staff are blocked as well, so both are needed: add `additional_staff: []`"
            yield "blocked_staff", why
        for both in sorted({*(self.blocked_staff or ())} & {*(self.additional_staff or ())}):
            yield "blocked_staff", f"{both} is additional staff, which is blocked anyway: remove it here"
        yield from self._strays()

    def _strays(self) -> Iterator[tuple[str, str]]:
        start, end = self.dates
        for override in self.overrides or ():
            if (start and override.day < start) or (end and override.day > end):
                why = f"it is no date of the series ({PERIOD.dump(self.dates)}): correct it"
                yield "overrides", f"{override.day}: {why}"
            elif self.client_time and "time" in override.values and "client_time" not in override.values:
                why = "the client is told another time than this, so both are needed: add client_time"
                yield "overrides", f"{override.day}: {why}"
        since = self.effective_from
        late = since and end and since > end and since - timedelta(1) > end  # the day after the end ends it there
        if since and (late or (start and since < start)):
            yield "effective_from", f"{since} is outside {PERIOD.dump(self.dates)}: correct or remove it"
