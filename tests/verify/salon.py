"""A salon in the sandbox in which a haircut can be booked: it is settled, spoiled, and verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from provisioner.kinds.desired import Declared, Desired
from provisioner.verify.result import Row, Verified
from provisioner.verify.verification import Verification, Wish
from tests.support import COMPANY, Tenant, declare, manifests

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
"""A Monday; in Los Angeles it is four in the morning."""
WEEK = {"mon-fri": "09:00-17:00"}
HOURS = [{"dates": "2027", "week": WEEK}]
OVER = [{"dates": "2026", "week": WEEK}]
ANA: Mapping[str, Any] = {"email": "ana@x.example", "first_name": "Ana", "last_name": "Diaz"}
BEN: Mapping[str, Any] = {"email": "ben@x.example", "first_name": "Ben", "last_name": "Cole"}


@dataclass(frozen=True)
class Salon:
    """Ana cuts hair downtown, until something is said otherwise."""

    service: Mapping[str, Any] = field(default_factory=dict)
    ana: Mapping[str, Any] = field(default_factory=dict)
    hours: Any = field(default_factory=lambda: HOURS)
    """None are none at all."""
    linked: bool = True
    more: tuple[Declared, ...] = ()

    def but(self, **other: Any) -> Salon:
        """The same salon with something otherwise; what is said of the service and of Ana adds up."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name, value in other.items():
            adds = name in ("service", "ana")
            values[name] = {**values[name], **value} if adds else (*values[name], *value) if name == "more" else value
        return Salon(**values)

    def desired(self) -> Desired:
        """As manifests would declare it."""
        pair = (declare("link/ana/downtown/cut"),) if self.linked else ()
        hours = () if self.hours is None else (declare("hours/ana/downtown", hours=self.hours),)
        return manifests(
            declare("location/downtown", name="Downtown", timezone="America/Los_Angeles", main=True),
            declare("service/cut", **{"name": "Haircut", "duration": "45 min", "active": True, **self.service}),
            declare("employee/ana", **{**ANA, "active": True, **self.ana}),
            *pair,
            *hours,
            *self.more,
            pairs=["link/ana/downtown"],
        )


async def look(tenant: Tenant, desired: Desired, now: datetime = NOW, **wish: Any) -> Verified:
    """Verify as of a moment."""
    provider = tenant.provider()
    try:
        await provider.sign_in()
        return await Verification(provider, desired, tenant.state, str(COMPANY), Wish(**wish), lambda: now).run()
    finally:
        await provider.close()


async def set_clock(tenant: Tenant, now: datetime = NOW) -> None:
    """What time it is at the vendor."""
    await tenant.control("PUT", "/clock", {"now": now.isoformat()})


async def book(tenant: Tenant, start: datetime, location: str = "downtown", service: str = "cut", **more: Any) -> Any:
    """Book as a client would; what is not offered is refused, and fails."""
    body = {
        "service_id": tenant.id(f"service/{service}"),
        "location_id": tenant.id(f"location/{location}"),
        "start_date": f"{start:%Y-%m-%d %H:%M}",
        "client_name": "Liv",
        "client_email": "liv@clients.example",
        **more,
    }
    return await tenant.vendor("POST", "/appointment", body)


def told(row: Row) -> list[str]:
    """The causes of a row."""
    return [reason.cause.value for reason in row.reasons]


def only(verified: Verified) -> Row:
    """The one row that there is."""
    assert len(verified.rows) == 1, verified.rows
    return verified.rows[0]
