"""What a new object has in fields that nobody named, where that is more than nothing, no or 0.

Sources: seed "Modify Booking Options", "Create a Service", "Create an Employee", "Create a Webhook" and "Create a
Holiday". Assumption: where a page gives no default, its sample has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.values import Duration

_SWITCHED_ON = (
    "select_single_service", "select_single_location", "month_view_availability", "email_confirmation",
    "enable_mobile_widget", "show_staff_photo", "new_style", "new_mobile_style", "any_available_provider",
    "widget_send_client_emails", "widget_send_provider_emails", "notify_app_unconfirmed", "notify_app_unpaid",
)  # fmt: skip
FRESH: Mapping[str, Mapping[str, Any]] = {
    "account": {
        **{f"options.{name}": True for name in _SWITCHED_ON},
        "options.providers_tab_option": "2",
        "options.default_calendar_view": "day",
        "options.send_reminder": Duration(1440),
        "options.lang": "en",
    },
    "service": {"active": True, "active_rules": True},
    "employee": {"ics_service": "none", "ics_export_service": "none"},
    "webhook": {"active": True},
    "holiday": {"enabled": True},
}
COMPUTED: Mapping[str, frozenset[str]] = {"location": frozenset({"lat", "lng"})}
