"""A salon of two locations with a diary: every appointment has a name, and a case says which of them must be named.

It is Monday 28 September 2026, 08:00 in Los Angeles. The clock goes back there on 1 November and forward on 14 March.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from provisioner.kinds.desired import Desired
from provisioner.plan.change import Plan
from provisioner.plan.stranding import read_allowed, strand
from provisioner.providers.base import forbidden
from provisioner.reading.appointments import Appointments
from provisioner.sandbox.tables import appointments
from tests.support import COMPANY, Planned, Tenant, declare, manifests

NOW = datetime(2026, 9, 28, 15, 0, tzinfo=UTC)
PACIFIC = "America/Los_Angeles"
WEEK = {"mon-fri": "09:00-17:00", "sat": "09:00-13:00"}
PARENT = declare("account/own", parent=True, options={"prior_notice": "2 h", "duration_padding": "0 min"})
DOWNTOWN = declare("location/downtown", name="Downtown", timezone=PACIFIC)
UPTOWN = declare("location/uptown", name="Uptown", timezone=PACIFIC)
HAIRCUT = declare(
    "service/haircut", name="Haircut", duration="1 h", active=True, prior_notice="2 h", after_notice="300 d",
    duration_padding="0 min", active_rules=True,
)  # fmt: skip
COLOUR = declare("service/colour", name="Colour", duration="30 min", active=True, addon=True, active_rules=True)
YOGA = declare("service/yoga", name="Yoga", duration="1 h", active=True, group_session=8, active_rules=True)
ANA = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz", active=True)
BEN = declare("employee/ben", email="ben@x.example", first_name="Ben", last_name="Okoro", active=True)
HOURS = declare("hours/ana/downtown", hours=[{"dates": "2026-01-01..2027-12-31", "week": WEEK}])
UP = declare("hours/ana/uptown", hours=[{"dates": "2026-01-01..2027-12-31", "week": {"sun": "10:00-14:00"}}])
BENS = declare("hours/ben/downtown", hours=[{"dates": "2026-01-01..2027-12-31", "week": WEEK}])
AWAY = declare("away/ana", away=["2026-12-21..2026-12-23"])
NEW_YEAR = declare("holiday/new-year", name="New Year", dates="2027-01-01")
LINKS = [
    declare(f"link/{each}")
    for each in ("ana/downtown/haircut", "ana/downtown/yoga", "ana/uptown/haircut", "ben/downtown/haircut")
]
SALON = manifests(DOWNTOWN, UPTOWN, HAIRCUT, COLOUR, YOGA, ANA, BEN, HOURS, UP, BENS, AWAY, NEW_YEAR, *LINKS)


class Entry(NamedTuple):
    """One appointment: local time, with an offset where the clock reads it twice, real minutes, and whose."""

    start: str
    minutes: int = 60
    who: str = "ana"
    where: str = "downtown"
    what: str = "haircut"
    addons: tuple[str, ...] = ()
    status: int = 2


DIARY: Mapping[str, Entry] = {
    "past": Entry("2026-09-26 10:00"),
    "under-way": Entry("2026-09-28 07:30"),
    "soon": Entry("2026-09-28 09:30"),
    "tue": Entry("2026-09-29 10:00"),
    "tue-next": Entry("2026-09-29 11:00"),
    "tue-ben": Entry("2026-09-29 10:00", who="ben"),
    "tue-late": Entry("2026-09-29 16:00"),
    "tue-long": Entry("2026-09-29 13:00", minutes=90, addons=("colour",)),
    "wed-short": Entry("2026-09-30 09:00", minutes=30),
    "sat-1": Entry("2026-10-03 09:30"),
    "sat-2": Entry("2026-10-10 12:00", status=1),
    "sat-3": Entry("2026-10-10 10:00", status=0),
    "sat-off": Entry("2026-10-03 19:00"),
    "sat-cancelled": Entry("2026-10-03 10:30", status=3),
    "sat-busy": Entry("2026-10-03 11:30", status=4),
    "sat-no-show": Entry("2026-10-03 12:00", status=9),
    "sat-ben": Entry("2026-10-03 09:30", who="ben"),
    "sat-dst": Entry("2026-10-31 12:00"),
    "sat-after-dst": Entry("2026-11-07 12:00"),
    "sun-up": Entry("2026-10-04 10:00", where="uptown"),
    "sun-dst": Entry("2026-11-01 13:00", where="uptown"),
    "class-1": Entry("2026-10-07 15:00", what="yoga"),
    "class-2": Entry("2026-10-07 15:00", what="yoga"),
    "class-3": Entry("2026-10-07 15:00", what="yoga", status=3),
    "xmas": Entry("2026-12-24 10:00"),
    "xmas-ben": Entry("2026-12-24 10:00", who="ben"),
    "on-leave": Entry("2026-12-22 10:00"),
    "spring": Entry("2027-03-13 12:00"),
    "far": Entry("2027-07-30 10:00"),
}
"""All that is booked: `soon` is nearer than two hours, `far` farther than 300 days, `sat-off` outside of the hours."""


@dataclass
class Diary:
    """A salon with its diary, in a sandbox of its own."""

    tenant: Tenant
    names: dict[str, str] = field(default_factory=dict)
    """Id of an appointment -> its name."""

    async def open(self, desired: Desired = SALON, entries: Mapping[str, Entry] = DIARY) -> None:
        """Make the salon and write the diary."""
        await self.tenant.control("PUT", "/clock", {"now": NOW.isoformat()})
        await self.tenant.settle(desired)
        for name, entry in entries.items():
            self.book(name, entry)

    def book(self, name: str, entry: Entry, company: int = COMPANY, ids: Mapping[str, int] | None = None) -> None:
        """Write one appointment, whatever is open; `ids` are those of another account."""
        told = datetime.fromisoformat(entry.start)
        start = (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(PACIFIC))).timestamp()
        keys = zip(_KINDS, entry[2:5], strict=True)
        ids = ids or {kind: self.tenant.id(f"{kind}/{key}") for kind, key in keys}
        record: dict[str, Any] = {
            "company_id": company, **{f"{kind}_id": number for kind, number in ids.items()}, "client_id": 7,
            "client_email": f"{name}@clients.example", "client_name": f"Client {name}", "client_phone": "",
            "client_address": "", "start": int(start), "end": int(start) + entry.minutes * 60, "padding": 0,
            "note": "", "status": entry.status, "updated": 0, "created": 0, "paid": False, "price": 0, "ews_id": "",
            "subservices": [self.tenant.id(f"service/{each}") for each in entry.addons], "custom_fields": {},
            "custom_data": {}, "answers": {}, "reason": "", "key": "", "timezone_id": 553, "zone": PACIFIC,
        }  # fmt: skip
        with self.tenant.store.transaction():
            self.names[str(appointments.insert(self.tenant.store, record))] = name

    def of_others(self) -> None:
        """The same diary again in another company, with the same ids: nothing of it may be named."""
        for name, entry in DIARY.items():
            keys = zip(_KINDS, entry[2:5], strict=True)
            same = {kind: self.tenant.id(f"{kind}/{key}") for kind, key in keys}
            self.book(f"other-{name}", entry, company=COMPANY + 1, ids=same)

    async def planned(
        self, desired: Desired, *allowed: str, now: datetime = NOW, **options: Any
    ) -> tuple[Planned, Plan]:
        """A plan as the command makes it, with what it strands."""
        provider = self.tenant.provider()
        try:
            made = await self.tenant._plan(provider, desired, {"cannot": forbidden(provider.capabilities), **options})
            accounts = self.accounts(desired)
            look = Appointments(provider, made.evidence, made.matches, accounts)
            stranded = await look.stranded(made.plan.changes, now)
            echoes = await look.echoes(made.plan.changes, stranded or {})
        finally:
            await provider.close()
        words = [read_allowed(text) for text in allowed]
        if stranded is None:
            return made, made.plan
        return made, strand(made.plan, stranded, desired.removed, words, now, echoes=echoes)

    def accounts(self, desired: Desired) -> dict[str, str]:
        """Scope -> account id."""
        return {scope: str(self.tenant.company(scope)) for scope in desired.accounts}

    def told(self, plan: Plan) -> dict[str, list[str]]:
        """The names of what each change strands."""
        return {str(c.address): sorted(self.names[b.id] for b in c.stranded) for c in plan.changes if c.stranded}


_KINDS = ("employee", "location", "service")
