"""An account: a sub-account under the parent, or the parent itself (`parent: true`).

Sources: seed "Create a Sub-Account", "Modify Business Info", "Modify Booking Options", "Modify Personal Info".
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from provisioner.kinds.base import Group, Resource
from provisioner.kinds.fields import (
    LONGER,
    SHORTER,
    AtCreation,
    Bool,
    Claim,
    Email,
    FiveMinutes,
    HoursOrNever,
    Integer,
    NickName,
    OptionalName,
    Role,
    Secret,
    Strands,
    Text,
    WholeDays,
    WholeHours,
    Zone,
    one_of,
)
from provisioner.kinds.picture import Logo

View = Annotated[str | None, *one_of("day", "week")]
Language = Annotated[str | None, *one_of("en", "fr", "es")]


class BookingOptions(Group):
    """How the account's booking page behaves (seed: Modify Booking Options)."""

    currency: Text = Field(None, description="ISO 4217 code of every price in the account, such as `USD`")
    lang: Language = Field(None, description="language of the booking page and its messages")
    auto_confirm: Bool = Field(None, description="confirm appointments without staff")
    prior_notice: Annotated[WholeHours, LONGER] = Field(
        None, description="shortest time between booking and appointment"
    )
    after_notice: Annotated[WholeDays, SHORTER] = Field(
        None, description="how far ahead an appointment can be booked; `0 d` is no bound"
    )
    prior_cancel_appointment: HoursOrNever = Field(None, description="until when a client can cancel")
    prior_reschedule_appointment: HoursOrNever = Field(None, description="until when a client can reschedule")
    duration_padding: Annotated[FiveMinutes, LONGER] = Field(None, description="pause between two appointments")
    start_step: FiveMinutes = Field(
        None, description="clients choose any start in this step; `0 min` offers slots only"
    )
    send_reminder: WholeHours = Field(None, description="how long before an appointment its reminder is sent")
    select_single_service: Bool = Field(None, description="skip the choice of a service when there is one")
    select_single_location: Bool = Field(None, description="skip the choice of a location when there is one")
    default_calendar_view: View = Field(None, description="what the booking page opens with")
    month_view_availability: Bool = Field(None, description="show open days in the month view")
    email_confirmation: Bool = Field(None, description="clients verify their e-mail address")
    book_another_appointment: Bool = Field(None, description="offer another booking at the end")
    allow_cash_payment: Bool = Field(None, description="clients may pay on site")
    waiting_list: Bool = Field(None, description="offer a waiting list when all is booked")
    enable_mobile_widget: Bool = Field(None, description="the booking page has a mobile form")
    show_staff_photo: Bool = Field(None, description="show photos of employees")
    show_provider_image: Bool = Field(None, description="show the image of the chosen employee")
    hide_contact: Bool = Field(None, description="hide contact data on the booking page")
    hide_about: Bool = Field(None, description="hide the about text on the booking page")
    show_email: Bool = Field(None, description="show the account's e-mail on the booking page")
    display_google_map_on_locations: Bool = Field(None, description="show a map beside each location")
    hide_timezone_alert: Bool = Field(None, description="do not tell clients about a differing time zone")
    email_timezone_alert: Bool = Field(None, description="tell clients about a differing time zone by e-mail")
    show_in_host_or_client_time: Bool = Field(None, description="show times in the client's zone")
    any_available_provider: Bool = Field(None, description="offer `any available` instead of a choice of employee")
    providers_tab_option: Text = Field(None, description="the vendor's own code for the tab of employees")
    new_style: Bool = Field(None, description="the booking page's newer look")
    new_mobile_style: Bool = Field(None, description="the mobile page's newer look")
    widget_send_client_emails: Bool = Field(None, description="mail clients about their bookings")
    widget_send_provider_emails: Bool = Field(None, description="mail employees about bookings")
    notify_app_unconfirmed: Bool = Field(None, description="tell staff about unconfirmed appointments")
    notify_app_unpaid: Bool = Field(None, description="tell staff about unpaid appointments")
    send_to_contact: Bool = Field(None, description="copy messages to the account's contact address")
    layout_params: Text = Field(None, description="the vendor's serialized layout of the widget, as read")
    style_params: Text = Field(None, description="the vendor's serialized style of the widget, as read")
    widget_customBookingFields: Text = Field(  # noqa: N815 -- the vendor's name
        None, description="the vendor's serialized choice of booking fields, as read"
    )


class Account(Resource):
    """A scheduling account with its business data, booking options and owner."""

    kind: ClassVar[str] = "account"
    section: ClassVar[str] = "accounts"
    title: ClassVar[str] = "account"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("nick_name",),)
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("company_name",), ("email",), ("phone",), ("contact",))
    everywhere: ClassVar[tuple[str, ...]] = ("email",)
    removable: ClassVar[bool] = False
    to_create: ClassVar[tuple[str, ...]] = ("company_name", "nick_name", "email", "password")

    parent: Annotated[Claim, Role("parent")] = Field(None, description="this is the account that is acted as")
    company_name: OptionalName = Field(None, description="the company's name")
    nick_name: NickName = Field(None, description="unique across the vendor, letters and digits; the public address")
    email: Email = Field(None, description="the owner's e-mail and user name; unique across the vendor")
    password: Secret = Field(None, description="the owner's password, sent at creation and on `--rotate`")
    first_name: Text = Field(None, description="the owner's first name")
    last_name: Text = Field(None, description="the owner's last name")
    timezone: Annotated[Zone, Strands()] = Field(None, description="the account's time zone")
    phone: Text = Field(None, description="the main business phone number")
    fax: Text = Field(None, description="the main business fax number")
    website: Text = Field(None, description="the company's web site")
    contact: Email = Field(None, description="the company's main e-mail address")
    industry: Text = Field(None, description="the line of business")
    paragraph: Text = Field(None, description="the about text that clients see")
    logo: Logo = Field(None, description="the company's logo; it can be replaced and not removed")
    business_hours: Text = Field(None, description="opening hours as text; they do not bound bookings")
    facebook: Text = Field(None, description="Facebook page")
    linkedin: Text = Field(None, description="LinkedIn page")
    twitter: Text = Field(None, description="Twitter page")
    skype_name: Text = Field(None, description="Skype name")
    yelp: Text = Field(None, description="Yelp page")
    pinterest: Text = Field(None, description="Pinterest page")
    vimeo: Text = Field(None, description="Vimeo page")
    youtube: Text = Field(None, description="YouTube channel")
    address_street1: Annotated[Text, AtCreation()] = Field(None, description="street of the account's address")
    address_street2: Annotated[Text, AtCreation()] = Field(None, description="second line of the account's address")
    address_city: Annotated[Text, AtCreation()] = Field(None, description="city of the account's address")
    address_state: Annotated[Text, AtCreation()] = Field(None, description="state of the account's address")
    address_country: Annotated[Text, AtCreation()] = Field(None, description="country of the account's address")
    addresszip: Annotated[Text, AtCreation()] = Field(None, description="zip code of the account's address")
    policies: Annotated[Text, AtCreation()] = Field(None, description="the booking policy that clients see")
    map_url: Annotated[Text, AtCreation()] = Field(None, description="link to a map of the account's address")
    return_url: Annotated[Text, AtCreation()] = Field(None, description="where clients are sent after booking")
    show_map_profile: Annotated[Bool, AtCreation()] = Field(None, description="show the map on the profile page")
    enable_locations: Annotated[Bool, AtCreation()] = Field(None, description="the account may have many locations")
    account_type: Annotated[Integer, AtCreation()] = Field(
        None, description="the vendor's number of the subscription plan"
    )
    max_providers: Annotated[Integer, AtCreation()] = Field(None, description="licences for employees")
    business_hours_label: Annotated[Text, AtCreation()] = Field(None, description="label of the business hours")
    policies_label: Annotated[Text, AtCreation()] = Field(None, description="label of the policies")
    paragraph_label: Annotated[Text, AtCreation()] = Field(None, description="label of the about text")
    options: BookingOptions | None = Field(None, description="the booking options")
