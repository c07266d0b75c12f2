"""TimeTap's API for recurring appointments: the second vendor."""

from __future__ import annotations

from provisioner.providers.base import Connection, Provider, Vendor
from provisioner.providers.timetap.copied import copied


def _connect(connection: Connection) -> Provider:
    from provisioner.providers.http import Client
    from provisioner.providers.timetap.provider import TimeTap
    from provisioner.providers.timetap.session import Credentials, Session

    client = Client(
        connection.endpoint,
        connection.concurrency,
        connection.calls_per_second,
        app=connection.app,
        proxy=connection.proxy,
        reads_only=connection.reads_only,
        clock=connection.clock,
    )
    credentials = Credentials(connection.credentials["api_key"], connection.credentials["private_key"])
    return TimeTap(Session(client, credentials), connection.company_id)


VENDOR = Vendor(
    name="timetap",
    kinds=("recurring_appointment",),
    credentials=("api_key", "private_key"),
    sandbox={"api_key": "sandbox", "private_key": "sandbox-private"},
    connect=_connect,
    copied=copied,
    hosts=("api.timetap.com",),  # contract: TimeTap
    path="/timetap",
    root="/live",
)
"""The vendor as the rest of the program sees it."""
