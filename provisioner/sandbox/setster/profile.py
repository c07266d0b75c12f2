"""The fields of an account, in the three parts that the vendor writes separately."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.setster import values, zones
from provisioner.sandbox.setster.shape import Field, Record, Shape, fields, fixed, hidden

NICK_NAME = values.matching(r"[A-Za-z0-9]+", "may contain only letters and digits")

# seed: Modify Business Info. `business_hours` is shown by Get Full Account Data only.
BUSINESS = (
    Field("company_name", values.filled),
    Field("nick_name", NICK_NAME),
    *fields(values.text, "", "website", "contact", "facebook", "linkedin", "twitter", "skype_name"),
    *fields(values.text, "", "yelp", "pinterest", "vimeo", "youtube", "phone", "fax", "industry", "logo", "paragraph"),
    *hidden("business_hours"),
    Field("timezone_id", values.whole, zones.DEFAULT),
)
# seed: Modify Personal Info, without `phone`: there is one business phone, which both parts write
PERSONAL = (
    Field("email", values.email),
    *fields(values.text, "", "password", "first_name", "last_name"),
)
# seed: Create a Sub-Account
_CREATION = (
    *fields(values.text, "", "address_city", "address_country", "address_state", "address_street1", "address_street2"),
    *fields(values.text, "", "addresszip", "splash", "policies", "capture_leads"),
    *fields(values.text, "", "business_hours_label", "policies_label", "paragraph_label"),
    *hidden("map_url", "return_url"),
    *fields(values.whole, 0, "send_to_contact", "directory", "max_providers", "timezone"),
    Field("account_type", lambda value: str(values.one_of((0, 1, 2, 4, 5, 6))(value)), "0"),
    *fields(values.flag, True, "notify_app_unconfirmed", "notify_app_unpaid", "enable_locations"),
    Field("show_map_profile", values.flag, default=False),
    Field("lang", values.one_of(("en", "fr", "es"), values.text), "en"),
)
_FIXED = (
    *fixed(0, "id", "company_id", "created_by", "status"),
    *fixed("", "date_created", "settings"),
    *fixed("0", "no_views"),
    *fixed({"host": "", "account": "", "password": "", "sync_period": 0}, "exchange_sync_settings"),
)

ACCOUNT = Shape(
    (*BUSINESS, *PERSONAL, *_CREATION, *_FIXED), required=("company_name", "nick_name", "email", "password")
)


def complete(account: Record, days_off: list[str]) -> dict[str, Any]:
    """Return what Get Full Account Data adds to the account (seed: Get Full Account Data).

    Assumption: both kinds of business hours are the text of the business info; holidays are the captions of them all.
    """
    business_hours = account["business_hours"]
    return ACCOUNT.read(account) | {
        "holidays": days_off,
        "business_hours": business_hours,
        "company_business_hours": business_hours,
    }
