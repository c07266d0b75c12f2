"""Accounts on the wire: one resource here, four calls there.

Sources: seed "Create a Sub-Account", "Get Full Account Data", "Modify Business Info", "Modify Booking Options", "Modify
Personal Info".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.live import Live
from provisioner.providers.setster.codec import (
    Wire,
    Zones,
    days,
    decode_fields,
    flag,
    hours,
    minutes,
    number,
    number_flag,
    picture,
    secret,
    text,
    word,
    zone,
)

BUSINESS: dict[str, Wire] = {
    **{name: text(name) for name in (
        "company_name", "nick_name", "website", "contact", "facebook", "linkedin", "twitter", "skype_name", "yelp",
        "pinterest", "vimeo", "youtube", "phone", "fax", "industry", "paragraph", "business_hours",
    )},
    "timezone": zone("timezone_id"),
    "logo": picture("logo"),
}  # fmt: skip
PERSONAL: dict[str, Wire] = {
    **{name: text(name) for name in ("email", "first_name", "last_name")},
    "password": secret("password"),
}
AT_CREATION: dict[str, Wire] = {
    **{name: text(name) for name in (
        "address_street1", "address_street2", "address_city", "address_state", "address_country", "addresszip",
        "policies", "map_url", "return_url", "business_hours_label", "policies_label", "paragraph_label",
    )},
    "show_map_profile": flag("show_map_profile"),
    "enable_locations": flag("enable_locations"),
    "account_type": number("account_type"),
    "max_providers": number("max_providers"),
}  # fmt: skip
_FLAGS = (
    "auto_confirm", "select_single_service", "select_single_location", "month_view_availability",
    "email_confirmation", "book_another_appointment", "allow_cash_payment", "waiting_list", "enable_mobile_widget",
    "show_staff_photo", "show_provider_image", "hide_contact", "hide_about", "show_email",
    "display_google_map_on_locations", "hide_timezone_alert", "email_timezone_alert", "show_in_host_or_client_time",
    "any_available_provider", "new_style", "new_mobile_style", "widget_send_client_emails",
    "widget_send_provider_emails", "notify_app_unconfirmed", "notify_app_unpaid", "send_to_contact",
)  # fmt: skip
_OPTIONS: Mapping[str, Wire] = {
    **{name: text(name) for name in (
        "currency", "lang", "providers_tab_option", "layout_params", "style_params", "widget_customBookingFields",
    )},
    **{name: number_flag(name) for name in _FLAGS},
    **{name: hours(name) for name in (
        "prior_notice", "prior_cancel_appointment", "prior_reschedule_appointment", "send_reminder",
    )},
    "duration_padding": minutes("duration_padding"),
    "start_step": minutes("start_step"),
    "after_notice": days("after_notice"),
    "default_calendar_view": word("default_calendar_view", {"day": "d", "week": "w"}),
}  # fmt: skip
OPTIONS: Mapping[str, Wire] = {f"options.{name}": wire for name, wire in _OPTIONS.items()}

ASPECTS: Mapping[str, tuple[str, Mapping[str, Wire]]] = {
    "business": ("/account/saveBussinessInfo", BUSINESS),
    "options": ("/account/saveOptions", OPTIONS),
    "personal": ("/account/savePersonalInfo", PERSONAL),
}
"""Which call writes which fields (seed: the path is spelled saveBussinessInfo)."""
PASSED = {
    "business": frozenset(),
    "options": frozenset({"timezone_id", "currenciesStripe", "currenciesPaypal", "stripe_client_id"}),
    "personal": frozenset({"phone"}),
}
"""Sent as read, not managed by this aspect. The personal info's `phone` is the business phone."""
SECRETS = frozenset({"password", "exchange_sync_settings"})


def decode(raw: Mapping[str, Mapping[str, Any]], zones: Zones, roles: frozenset[str]) -> Live:
    """An account from what was read of it: "business" always, "options" when they are managed."""
    business = {k: v for k, v in raw["business"].items() if k not in SECRETS}
    options = dict(raw.get("options", {}))
    fields = decode_fields(BUSINESS | PERSONAL | AT_CREATION, business, zones) | decode_fields(OPTIONS, options, zones)
    kept = {"business": business, "options": options, "personal": business}
    return Live("account", str(business["company_id"]), fields, roles=roles, raw=kept)


def body_over(aspect: str, raw: Mapping[str, Mapping[str, Any]] | None, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The body of one aspect's write: all of it that is readable and writable, with what changes on top."""
    sent = PASSED[aspect] | {wire.name for wire in ASPECTS[aspect][1].values()}
    live = (raw or {}).get(aspect, {})
    return {k: v for k, v in live.items() if k in sent} | dict(changed)
