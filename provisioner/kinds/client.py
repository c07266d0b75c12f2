"""A client: a person who books (seed: Create a Client). The vendor writes clients itself with every appointment."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds.base import Resource
from provisioner.kinds.calendar import parse_date
from provisioner.kinds.fields import Bool, Form, Name, RequiredEmail, Text
from provisioner.kinds.values import refused

GENDERS = ("m", "f")


def parse_gender(raw: Any) -> str | None:
    """The vendor's two letters, or null for not said (seed: Create a Client, `gender`)."""
    if raw is not None and raw not in GENDERS:
        raise refused(raw, "is none of the vendor's genders", "m, f or null")
    return None if raw is None else str(raw)


def parse_day(raw: Any) -> str | None:
    """A day as text; a client has nothing that counts with days."""
    return None if raw is None else parse_date(raw).isoformat()


def _same_birthday(one: str, other: str) -> bool:
    """Only day and month are relevant (seed: Create a Client, `birthday`)."""
    return one[5:] == other[5:]


_DAY = {"type": "string", "format": "date"}
GENDER = Form("word", lambda v: v, grammar="`m` or `f`", schema={"enum": list(GENDERS)})
DAY = Form("day", lambda v: v, grammar="a date such as `2026-08-03`", schema=_DAY)
BIRTHDAY = Form(
    "day",
    lambda v: v,
    _same_birthday,
    "a date such as `1990-08-03`; the year is not compared",
    {**_DAY, "examples": ["1990-08-03"]},
)


class Client(Resource):
    """A person who books appointments, known by their e-mail address."""

    kind: ClassVar[str] = "client"
    section: ClassVar[str] = "clients"
    title: ClassVar[str] = "client"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("email",),)
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("name",), ("phone",), ("address", "zip"))
    removable: ClassVar[bool] = False
    drifts: ClassVar[str] = "bookings rewrite clients"
    personal: ClassVar[bool] = True

    email: RequiredEmail = Field(description="unique in the account; found by it when it is not in the state")
    name: Name = Field(description="full name")
    phone: Text = Field(None, description="phone number, kept as written")
    notes: Text = Field(None, description="notes of the staff")
    preferences: Text = Field(None, description="what they prefer")
    address: Text = Field(None, description="first line of the address")
    address2: Text = Field(None, description="second line of the address")
    city: Text = Field(None, description="city")
    state: Text = Field(None, description="state or region")
    zip: Text = Field(None, description="postal code, kept as written")
    country: Text = Field(None, description="country, kept as written")
    gender: Annotated[str | None, BeforeValidator(parse_gender), GENDER] = Field(None, description="gender")
    birthday: Annotated[str | None, BeforeValidator(parse_day), BIRTHDAY] = Field(None, description="birthday")
    client_since: Annotated[str | None, BeforeValidator(parse_day), DAY] = Field(
        None, description="when they first booked or were entered (the vendor's `cient_since`)"
    )
    accept_emails: Bool = Field(None, description="they agreed to marketing by e-mail")
