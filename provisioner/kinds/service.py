"""A service: what clients book, or an add-on to it (seed: Create a Service)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from provisioner.kinds.base import Resource
from provisioner.kinds.count import Count
from provisioner.kinds.fields import (
    LONGER,
    SHORTER,
    TURNED_OFF,
    TURNED_ON,
    Bool,
    Claim,
    FiveMinutes,
    HoursOrNever,
    Money,
    Name,
    QuarterHours,
    Role,
    Secret,
    Strands,
    Text,
    WholeDays,
    WholeHours,
)
from provisioner.kinds.period import OptionalPeriod, narrowed
from provisioner.kinds.picture import Photo
from provisioner.kinds.schedule import Schedule


class Service(Resource):
    """A bookable offering with its duration, price and booking rules."""

    kind: ClassVar[str] = "service"
    section: ClassVar[str] = "services"
    title: ClassVar[str] = "service"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("name",),)
    strands: ClassVar[frozenset[str]] = frozenset({"delete"})

    default: Annotated[Claim, Role("default")] = Field(None, description="take over the account's default service")
    name: Name = Field(description="name that clients see; found by it when it is not in the state")
    duration: Annotated[QuarterHours, LONGER] = Field(description="how long it takes")
    description: Text = Field(None, description="what clients read about it")
    photo: Photo = Field(None, description="picture that clients see")
    addon: Annotated[Bool, TURNED_ON] = Field(
        None, description="an add-on that is booked with another service (`is_subservice`)"
    )
    require_addon: Bool = Field(None, description="clients must pick at least one add-on")
    price: Money = Field(None, description="price in the account's currency")
    payment_min_amount: Money = Field(None, description="least amount that makes a payment valid")
    allow_cash_payment: Bool = Field(None, description="clients may pay on site")
    auto_confirm: Bool = Field(None, description="confirm appointments without staff")
    duration_padding: Annotated[FiveMinutes, LONGER] = Field(None, description="pause between two appointments")
    start_step: FiveMinutes = Field(
        None, description="clients choose any start in this step; `0 min` offers slots only"
    )
    prior_notice: Annotated[WholeHours, LONGER] = Field(
        None, description="shortest time between booking and appointment"
    )
    after_notice: Annotated[WholeDays, SHORTER] = Field(
        None, description="how far ahead it can be booked; `0 d` is no bound"
    )
    cancel_appointment: HoursOrNever = Field(None, description="until when a client can cancel")
    reschedule_appointment: HoursOrNever = Field(None, description="until when a client can reschedule")
    send_reminder: WholeHours = Field(None, description="how long before an appointment its reminder is sent")
    max_clients: Count = Field(None, description="the vendor's limit of clients; 0 is none")
    group_session: Count = Field(None, description="how many appointments fit in one slot")
    waiting_list: Bool = Field(None, description="offer a waiting list when all is booked")
    client_instructions: Text = Field(None, description="text of the confirmation mail")
    widget_message: Text = Field(None, description="text that is shown after a booking")
    password: Secret = Field(None, description="clients must know it to book")
    active: Annotated[Bool, TURNED_OFF] = Field(None, description="shown to clients (`status`)")
    bookable: Annotated[OptionalPeriod, Strands(narrowed)] = Field(
        None, description="days on which the booking page shows it (`active_from`, `active_until`); `null` is always"
    )
    schedule: Annotated[Schedule, Strands()] = Field(
        None, description="the only times at which it takes place, as for an event; `null` follows the employees' hours"
    )
    active_rules: Annotated[Bool, Strands()] = Field(
        None, description="the service's own booking rules hold instead of the account's"
    )
