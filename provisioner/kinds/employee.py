"""An employee: a person, a team or a room that takes appointments (seed: Create an Employee)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from provisioner.kinds.base import Group, Resource
from provisioner.kinds.fields import (
    TURNED_OFF,
    AtCreation,
    Bool,
    Claim,
    CreateDefault,
    Needed,
    OptionalEmail,
    OptionalName,
    Role,
    Secret,
    Text,
    Url,
    one_of,
)
from provisioner.kinds.picture import Photo

ImportFrom = Annotated[str | None, *one_of("none", "google", "ics", "exchange")]
ExportTo = Annotated[str | None, *one_of("none", "outlook", "ical", "google", "yahoo", "msn", "icaldav")]


class Permissions(Group):
    """Which parts of the vendor's own pages an employee may use (seed: Create an Employee, `permissions`)."""

    locations: Bool = Field(None, description="locations")
    providers: Bool = Field(None, description="employees")
    services: Bool = Field(None, description="services")
    availability: Bool = Field(None, description="working hours")
    appointments: Bool = Field(None, description="appointments")
    get_widget: Bool = Field(None, description="the code of the booking page")
    promote: Bool = Field(None, description="promotion")
    clients: Bool = Field(None, description="clients")
    overview: Bool = Field(None, description="the overview")
    calendar: Bool = Field(None, description="the calendar")
    settings: Bool = Field(None, description="settings")
    profile: Bool = Field(None, description="their profile")
    account: Bool = Field(None, description="the account")


class Employee(Resource):
    """Someone who is booked; where and when is said under `at` and `away`."""

    kind: ClassVar[str] = "employee"
    section: ClassVar[str] = "employees"
    title: ClassVar[str] = "employee"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("email",),)
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("first_name", "last_name"), ("phone",), ("nickname",))
    everywhere: ClassVar[tuple[str, ...]] = ("email",)
    kept_roles: ClassVar[frozenset[str]] = frozenset({"owner"})
    strands: ClassVar[frozenset[str]] = frozenset({"delete"})
    nested: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "link": ("at", "location", "services"),
        "hours": ("at", "location", "hours"),
        "away": ("away",),
    }

    owner: Annotated[Claim, Role("owner")] = Field(None, description="this is the account's owner")
    email: Annotated[OptionalEmail, Needed("owner")] = Field(
        None, description="unique e-mail address; found by it when it is not in the state"
    )
    first_name: Annotated[OptionalName, Needed("owner")] = Field(None, description="first name")
    last_name: Annotated[OptionalName, Needed("owner")] = Field(None, description="last name")
    active: Annotated[Bool, CreateDefault(True), TURNED_OFF] = Field(
        None, description="can be booked (`status`); the vendor's default is false, ours at creation is true"
    )
    job: Text = Field(None, description="job title")
    bio: Text = Field(None, description="what clients read about them")
    photo: Photo = Field(None, description="picture that clients see")
    phone: Text = Field(None, description="phone number")
    public_email: Bool = Field(None, description="clients see the e-mail address")
    public_phone: Bool = Field(None, description="clients see the phone number")
    nickname: Text = Field(None, description="unique in the account; letters, digits, dot and underline")
    facebook: Url = Field(None, description="Facebook page")
    linkedin: Url = Field(None, description="LinkedIn page")
    twitter: Url = Field(None, description="Twitter page")
    yelp: Url = Field(None, description="Yelp page; cannot be read back")
    pinterest: Url = Field(None, description="Pinterest page; cannot be read back")
    vimeo: Url = Field(None, description="Vimeo page; cannot be read back")
    youtube: Url = Field(None, description="YouTube channel; cannot be read back")
    receivesms: Bool = Field(None, description="gets text messages about new appointments")
    sms_email: Text = Field(None, description="text message gateway, such as `number@txt.att.net`")
    newsletter: Bool = Field(None, description="gets the vendor's newsletter")
    ics_service: ImportFrom = Field(None, description="where busy times are imported from")
    ics_url: Url = Field(None, description="iCalendar address of the import; cannot be read back")
    ics_export_service: ExportTo = Field(None, description="where appointments are exported to")
    google_export_canceled: Bool = Field(None, description="export cancelled appointments to Google")
    google_export_add_pt: Bool = Field(None, description="the vendor's Google export flag `add_pt`")
    permissions: Permissions | None = Field(
        None, description="what they may use once they can sign in; what is not named stays as it is"
    )
    password: Secret = Field(None, description="lets them sign in; sent at creation and on `--rotate`")
    send_invite_email: Annotated[Bool, AtCreation(), CreateDefault(False)] = Field(
        None, description="the vendor mails an invitation at creation; ours is false unless asked"
    )
