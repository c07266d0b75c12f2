"""Setster's API v2: the first vendor."""

from __future__ import annotations

from provisioner.providers.base import Connection, Copied, Found, Provider, Vendor
from provisioner.providers.checkup import Checkup, Probe


def _connect(connection: Connection) -> Provider:
    from provisioner.providers.setster.provider import Setster
    from provisioner.providers.setster.session import session_to

    return Setster(session_to(connection), files=connection.files)


def _copied(found: Found) -> Copied:
    from provisioner.providers.setster.copied import copied

    return copied(found)


def _check_up(connection: Connection) -> Checkup:
    from provisioner.providers.setster.checkup.checkup import SetsterCheckup

    return SetsterCheckup(connection)


def _probe(connection: Connection, account_id: str) -> Probe:
    from provisioner.providers.setster.probe.probe import SetsterProbe

    return SetsterProbe(connection, account_id)


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
    copied=_copied,
    check_up=_check_up,
    probe=_probe,
    hosts=("www.setster.com",),  # seed: Authenticate, and every other request sample
    path="/api/v2",
    plain=frozenset({"email"}),
)
