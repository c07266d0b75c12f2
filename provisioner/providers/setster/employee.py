"""Employees on the wire, with the links that arrive in their list (seed: List Employees, Create an Employee)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.live import Live
from provisioner.providers.setster.codec import flag, hidden, number_flag, pairs, picture, read_flag, secret, text, word
from provisioner.providers.setster.permissions import LABELS, join_permissions, permission
from provisioner.providers.setster.table import Table

_EXPORTS = ("none", "outlook", "ical", "google", "yahoo", "msn", "icaldav")

EMPLOYEE = Table(
    kind="employee",
    path="/employee",
    fields={
        **{
            name: text(name)
            for name in (
                "email",
                "first_name",
                "last_name",
                "job",
                "bio",
                "phone",
                "nickname",
                "facebook",
                "linkedin",
                "twitter",
                "sms_email",
            )
        },
        **{name: flag(name) for name in ("public_email", "public_phone", "receivesms", "send_invite_email")},
        **{name: hidden(name) for name in ("yelp", "pinterest", "vimeo", "youtube", "ics_url")},
        **{name: number_flag(name) for name in ("newsletter", "google_export_canceled", "google_export_add_pt")},
        "active": flag("status"),
        "photo": picture("photo_url"),
        "ics_service": word("ics_service", {"none": 0, "google": 1, "ics": 2, "exchange": 3}),
        "ics_export_service": word("ics_export_service", {name: code for code, name in enumerate(_EXPORTS)}),
        "password": secret("password"),
        **{f"permissions.{label}": permission(label) for label in LABELS},
    },
    join={"permissions": join_permissions},
    passed=frozenset(
        {
            "ics_export_hash",
            "intuit_user_id",
            "ipp_mode",
            "intuit_auth_id",
            "intuit_db_id",
            "intuit_realm_id",
            "intuit_ticket_id",
        }
    ),
    roles={"is_owner": "owner"},
    query={"statuses": "all", "include_links": "1"},
    secrets=frozenset({"password", "links"}),
    unique=frozenset({"email"}),
)


def read_links(raw: Mapping[str, Any]) -> Iterator[Live]:
    """The links of one employee. Assumption: read in the shape they are written, `{LOCATION: {SERVICE: 1}}`."""
    employee = str(raw["id"])
    for location, services in pairs(raw.get("links")):
        for service, on in pairs(services):
            if _linked(on):
                refs = (employee, str(location), str(service))
                yield Live("link", ":".join(refs), refs=refs)


def _linked(on: Any) -> bool:
    try:
        return read_flag(on)
    except ValueError:
        return True
