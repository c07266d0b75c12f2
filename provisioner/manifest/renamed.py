"""Vendor spellings that mislead and have another name here, for the error that names ours."""

from __future__ import annotations

from collections.abc import Mapping

RENAMED: Mapping[str, Mapping[str, str]] = {
    "account": {
        "timezone_id": "timezone",
        "address_zip": "addresszip",
        "zip": "addresszip",
        "language": "lang",
        "cancel": "prior_cancel_appointment",
        "cancel_appointment": "prior_cancel_appointment",
        "reschedule": "prior_reschedule_appointment",
        "reschedule_appointment": "prior_reschedule_appointment",
    },
    "location": {
        "timezone_id": "timezone",
        "addresszip": "zip",
        "address_zip": "zip",
        "street": "street1",
        "tmp_default": "main",
    },
    "service": {
        "is_subservice": "addon",
        "subservice": "addon",
        "status": "active",
        "active_from": "bookable",
        "active_until": "bookable",
        "active_interval_status": "bookable",
        "set_schedule": "schedule",
        "tmp_default": "default",
        "cancel": "cancel_appointment",
        "prior_cancel_appointment": "cancel_appointment",
        "reschedule": "reschedule_appointment",
        "prior_reschedule_appointment": "reschedule_appointment",
    },
    "employee": {
        "status": "active",
        "is_owner": "owner",
        "username": "email",
        "links": "at",
        "availability": "at",
        "hours": "at",
        "locations": "at",
        "photo_url": "photo",
    },
    "webhook": {"url": "target_url", "event": "events", "status": "active"},
    "client": {"cient_since": "client_since", "full_name": "name", "address1": "address", "street1": "address"},
    "holiday": {
        "date": "dates",
        "start_date": "dates",
        "end_date": "dates",
        "day_in_week": "rule",
        "day_order": "rule",
        "month": "rule",
        "status": "enabled",
        "active": "enabled",
    },
    "custom_field": {
        "visibility": "visible",
        "status": "active",
        "enabled": "active",
        "removable": "deletable",
        "order": "ord",
        "name": "label",
    },
}
"""Kind -> the vendor's name -> ours."""
