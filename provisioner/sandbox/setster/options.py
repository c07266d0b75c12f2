"""The booking options of an account: flags are 0 and 1 here, and some of them are the account's own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.setster.shape import AS_READ, Field, Record, Shape, fields
from provisioner.sandbox.tables import accounts

if TYPE_CHECKING:
    from collections.abc import Mapping

# seed: Modify Booking Options. Where it gives no default, the sample's value or the empty one stands in.
_OPTIONS = (
    Field("currency", default="USD"),
    *fields(values.whole, 0, "hide_contact", "hide_about", "show_email", "show_provider_image"),
    Field("providers_tab_option", default="2"),
    *fields(values.whole, 1, "select_single_service", "select_single_location"),
    Field("default_calendar_view", values.one_of(("d", "w"), values.text), "d"),
    *fields(values.whole, 1, "month_view_availability", "email_confirmation"),
    *fields(values.whole, 0, "book_another_appointment", "display_google_map_on_locations", "hide_timezone_alert"),
    *fields(values.whole, 0, "show_in_host_or_client_time", "email_timezone_alert"),
    *fields(values.text, "", "widget_customBookingFields", "layout_params", "style_params", "stripe_client_id"),
    *fields(values.whole, 1, "enable_mobile_widget", "show_staff_photo", "new_style", "new_mobile_style"),
    Field("any_available_provider", default="1"),
    *fields(values.whole, 0, "auto_confirm", "prior_notice", "prior_cancel_appointment"),
    *fields(values.whole, 0, "prior_reschedule_appointment", "duration_padding", "start_step", "after_notice"),
    *fields(values.whole, 0, "allow_cash_payment", "waiting_list"),
    *fields(values.whole, 1, "widget_send_client_emails", "widget_send_provider_emails"),
    Field("send_reminder", values.whole, 24),  # typed a boolean by the page, and 24 in its sample
    *fields(values.texts, [], "currenciesStripe", "currenciesPaypal"),
)
_SHARED = (
    *fields(values.whole, 1, "notify_app_unconfirmed", "notify_app_unpaid"),
    Field("send_to_contact", values.whole, 0),
    Field("lang", values.one_of(("en", "fr", "es"), values.text), "en"),
    Field("timezone_id", values.whole, zones.DEFAULT),
)
SHAPE = Shape((*_OPTIONS, *_SHARED))
MAIL = Shape(
    tuple(SHAPE.fields[name] for name in ("widget_send_client_emails", "widget_send_provider_emails", "send_reminder")),
    required=("widget_send_client_emails", "widget_send_provider_emails", "send_reminder"),
)
_NOTIFY = ("notify_app_unconfirmed", "notify_app_unpaid")


def fresh() -> Record:
    """Return the options of a new account; those shared with the account live there."""
    return Shape(_OPTIONS).fresh()


def copied(raw: Mapping[str, Any]) -> tuple[Record, Record]:
    """Return the options of an account that were read elsewhere, and beside them those that are the account's own."""
    record = SHAPE.copied(raw, computed=("company_id",))
    shared = {field.name: record.pop(field.name) for field in _SHARED}
    return record, {name: value for name, value in shared.items() if name in raw}


def get(call: Call) -> Reply:
    """Return the options (seed: Get Booking Options)."""
    return Reply(_read(accounts.get(call.store, call.company)))


def save(call: Call) -> Reply:
    """Modify the options (seed: Modify Booking Options)."""
    account = accounts.get(call.store, call.company)
    accepted = _mail(call.mapping.get("email_settings")) | zones.check(call.store, SHAPE.accept(call.mapping))
    changed = SHAPE.changed(SHAPE.fresh() | _read(account), accepted, full=call.dialect.put == "full")
    as_read = {name: value for name, value in account["options"].items() if name == AS_READ}
    account["options"] = as_read | {field.name: changed[field.name] for field in _OPTIONS}
    account |= {field.name: changed[field.name] for field in _SHARED}
    account |= {name: bool(changed[name]) for name in _NOTIFY}
    accounts.save(call.store, call.company, account)
    return Reply(_read(account))


def _mail(settings: Any) -> Record:
    """Read `email_settings`, which names three options again; in the sample the ones outside win."""
    if settings in (None, [], ""):
        return {}
    if not isinstance(settings, dict):
        raise invalid("email_settings must be an object")
    return MAIL.accept(settings)


def _read(account: Record) -> Record:
    shared = {field.name: account[field.name] for field in _SHARED}
    shared |= {name: int(account[name]) for name in _NOTIFY if isinstance(account[name], bool)}
    return {"company_id": account["company_id"]} | SHAPE.read(account["options"] | shared)


OPERATIONS = (
    Operation("POST", "/account/saveOptions", save),
    Operation("GET", "/account/getOptions", get),
)
