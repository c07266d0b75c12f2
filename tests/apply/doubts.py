"""A tenant in which something was sent and never answered, a clock of its own, and the look for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.apply.recovery import Recovered, Recovery
from provisioner.kinds.desired import Declared
from provisioner.kinds.natural import natural_keys
from provisioner.plan.diff import remembered
from provisioner.providers.setster.registry import TABLES
from provisioner.state.model import Key, Pending, Record
from tests.support import COMPANY, Json, Tenant, at, declare

SETTLE = 60.0
NOON = 1_000_000.0
LONG_AGO = NOON - 3600
HILL = declare("location/hill", name="Hill", city="Oslo")
DOCK = declare("location/dock", name="Dock")
CUT = declare("service/cut", name="Cut", duration="30 min")
ANA = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz")
CRM = declare("webhook/crm", target_url="https://crm.example/hook", events=["appointment.created"])
LIV = declare("client/liv", email="Liv@x.example", name="Liv Ås")
WEST = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw")
IN_WEST = declare("west/service/cut", name="Cut", duration="30 min")


@dataclass
class Clock:
    """A clock that moves only when someone sleeps."""

    now: float = NOON
    slept: list[float] = field(default_factory=list)
    told: list[tuple[float, int]] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[Any]] | None = None
    """What happens during a sleep."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        if self.meanwhile:
            await self.meanwhile()


def doubt(tenant: Tenant, declared: Declared, since: float = LONG_AGO, known: Iterable[str] = (), **more: Any) -> None:
    """A create that was sent and never answered."""
    applied, secrets = remembered(declared, None, tenant.digest)
    record = Record("", owned=True, applied=applied, secrets=secrets)
    keys = tuple(Key(*key) for key in natural_keys(declared.resource))
    made = Pending(record, keys, known=frozenset(known), since=since)
    tenant.state = replace(tenant.state, pending={**tenant.state.pending, declared.address: replace(made, **more)})


def record(tenant: Tenant, address: str, id_: str) -> None:
    """Something that is recorded already."""
    records = {**tenant.state.records, at(address): Record(id_, owned=True)}
    tenant.state = tenant.state.with_records(records)


def path(declared: Declared) -> str:
    """Where the vendor makes one of its kind."""
    kind = declared.address.kind
    return TABLES[kind].path if kind in TABLES else f"/{kind}"


async def make(tenant: Tenant, declared: Declared, account: str | int = COMPANY) -> str:
    """What the vendor carried out, as it turns out: the id."""
    kind = declared.address.kind
    sort: Mapping[str, Json] = {
        "account": {"password": "pw"},
        "employee": {"links": []},
        "service": {"duration": "30"},
    }
    applied, _ = remembered(declared, None, tenant.digest)
    body = {name: value for name, value in applied.items() if "." not in name} | sort.get(kind, {})
    data = await tenant.vendor("POST", path(declared), body | {"company_id": int(account)}, account)
    made = data[0] if isinstance(data, list) else data
    return str(made["company_id" if kind == "account" else TABLES[kind].id])


async def recover(
    tenant: Tenant, *, wait: bool = False, clock: Clock | None = None, capabilities: Mapping[str, Any] | None = None
) -> Recovered:
    """Look; the state is what was learnt."""
    provider, clock = tenant.provider(), clock or Clock()
    provider.capabilities = {**provider.capabilities, **(capabilities or {})}
    await provider.sign_in()
    await tenant.clear_calls()
    try:
        recovered = await Recovery(
            provider, SETTLE, wait, lambda *told: clock.told.append(told), lambda: clock.now, clock.sleep
        ).run(tenant.state)
    finally:
        await provider.close()
    tenant.state = recovered.state
    return recovered
