"""Fields that the vendor's page shows and we have no use for, and fields of ours that it never shows.

Sources: the response samples of seed "List Locations", "List Services", "List Employees", "List Holidays", "List Custom
Fields", "List Webhooks", "List Clients", "Get Full Account Data" and "Get Booking Options".
"""

from __future__ import annotations

from collections.abc import Mapping

_STAMPED = frozenset({"company_id", "ord", "created_at", "updated_at"})
SHOWN: Mapping[str, frozenset[str]] = {
    "location": _STAMPED,
    "service": _STAMPED,
    "employee": _STAMPED | {"can_login", "ics_export_url", "username"},
    "holiday": _STAMPED | {"caption", "timestamp", "year"},
    "custom_field": _STAMPED,
    "webhook": _STAMPED,
    "client": _STAMPED | {"date_created", "employee_id", "last_app_date"},
    "account": frozenset(
        {
            "capture_leads", "company_business_hours", "company_id", "created_by", "date_created", "directory",
            "holidays", "id", "lang", "no_views", "notify_app_unconfirmed", "notify_app_unpaid", "send_to_contact",
            "settings", "splash", "status", "timezone",
        }
    ),
    "options": frozenset({"company_id"}),
}  # fmt: skip
NEVER_SHOWN: Mapping[str, frozenset[str]] = {
    "employee": frozenset({"send_invite_email"}),
    "account": frozenset({"map_url", "return_url"}),
}
"""By their names at the vendor: written, and in no sample of what is read."""
