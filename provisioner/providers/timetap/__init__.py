"""TimeTap's API for recurring appointments: the second vendor."""

from __future__ import annotations

from provisioner.providers.base import Connection, Copied, Found, Provider, Vendor
from provisioner.providers.checkup import Checkup


def _connect(connection: Connection) -> Provider:
    from provisioner.providers.timetap.provider import TimeTap
    from provisioner.providers.timetap.session import session_to

    return TimeTap(session_to(connection), connection.company_id)


def _copied(found: Found) -> Copied:
    from provisioner.providers.timetap.copied import copied

    return copied(found)


def _check_up(connection: Connection) -> Checkup:
    from provisioner.providers.timetap.checkup import TimeTapCheckup

    return TimeTapCheckup(connection)


VENDOR = Vendor(
    name="timetap",
    kinds=("recurring_appointment",),
    credentials=("api_key", "private_key"),
    sandbox={"api_key": "sandbox", "private_key": "sandbox-private"},
    connect=_connect,
    copied=_copied,
    check_up=_check_up,
    hosts=("api.timetap.com",),  # contract: TimeTap
    path="/timetap",
    root="/live",
    sandbox_company="71300",
)
"""The vendor as the rest of the program sees it."""
