"""Setster's API v2: the first vendor."""

from __future__ import annotations

from provisioner.providers.base import Connection, Provider, Vendor
from provisioner.providers.setster.copied import copied


def _connect(connection: Connection) -> Provider:
    from provisioner.providers.http import Client
    from provisioner.providers.setster.provider import Setster
    from provisioner.providers.setster.session import Credentials, Session

    client = Client(
        connection.endpoint,
        connection.concurrency,
        connection.calls_per_second,
        app=connection.app,
        proxy=connection.proxy,
        reads_only=connection.reads_only,
        clock=connection.clock,
    )
    credentials = Credentials(connection.credentials["email"], connection.credentials["api_key"])
    session = Session(client, connection.company_id, credentials, wrapped=connection.wrapped)
    return Setster(session, files=connection.files)


VENDOR = Vendor(
    name="setster",
    kinds=(
        "account",
        "location",
        "service",
        "employee",
        "link",
        "hours",
        "away",
        "holiday",
        "custom_field",
        "webhook",
        "client",
        "order",
    ),
    credentials=("email", "api_key"),
    sandbox={"email": "owner@example.com", "api_key": "sandbox-key"},
    connect=_connect,
    copied=copied,
    hosts=("www.setster.com",),  # seed: Authenticate, and every other request sample
    path="/api/v2",
)
