"""All read-only checks of this vendor, in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from provisioner.finding import Finding, look, passed, skipped
from provisioner.providers.backoff import Budget
from provisioner.providers.base import Connection
from provisioner.providers.burst import burst
from provisioner.providers.checkup import PATIENCE, Check, examined
from provisioner.providers.http import Answer, Client, Message, Signature, client_to
from provisioner.providers.session_checks import NOBODY, ended, opened
from provisioner.providers.setster import account, hours
from provisioner.providers.setster.checkup import flags
from provisioner.providers.setster.checkup.accounts import Accounts
from provisioner.providers.setster.checkup.documented import SHOWN
from provisioner.providers.setster.checkup.shape import Body, Shape, no_objects, shape_of
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.envelope import read_envelope
from provisioner.providers.setster.read import employee_entries, read_zones
from provisioner.providers.setster.registry import TABLES
from provisioner.providers.setster.session import READ, session_to
from provisioner.providers.setster.table import Table
from provisioner.providers.watch import Watch

LISTS: Mapping[str, str] = {
    "location": "Locations",
    "service": "Services",
    "employee": "Employees",
    "holiday": "Holidays",
    "custom_field": "Custom fields",
    "webhook": "Webhooks",
    "client": "Clients",
}
PEOPLE = 5
"""Employees whose hours are read."""
_INFO = "/account/getAccountInfo"


class SetsterCheckup:
    """The check-up of one tenant at Setster."""

    def __init__(self, connection: Connection) -> None:
        self._stranger: Client = client_to(connection)
        self._stranger.secret = lambda _signs_in: Signature({"session_token": NOBODY})
        self._session = session_to(connection)
        self._session.client.budget = Budget(PATIENCE)
        self._watch = Watch()
        self._session.client.watch = self._watch
        self._accounts = Accounts(self._session)
        self._zones: Zones = {}
        self._bodies: dict[str, list[Body]] = {}
        self._whole: set[str] = set()
        """The kinds whose every list could be read."""

    @property
    def name(self) -> str:
        """The account's own name for itself."""
        return self._session.nick_name

    async def close(self) -> None:
        """Free the connections."""
        await self._session.client.close()
        await self._stranger.close()

    async def examine(self) -> AsyncIterator[Finding]:
        """Every finding, as it is made."""
        lists: list[Check] = [(check, self._listing(TABLES[kind], check)) for kind, check in LISTS.items()]
        checks: list[Check] = [
            ("Ended sessions", self._ended),
            ("Account", self._accounts.own),
            ("Sub-accounts", self._accounts.others),
            ("Time zones", self._read_zones),
            ("Account fields", self._business),
            ("Booking options", self._options),
            *lists,
            ("Hours", self._hours),
            ("Scoping", self._accounts.scoping),
            ("Links in lists", self._employee_flags),
            ("Default service", self._default_service),
            ("Paging", lambda: flags.paging(self._session)),
            ("At once", self._burst),
        ]
        async for finding in examined(("Sign-in", self._sign_in), checks):
            yield finding
        for finding in (*self._watch.findings(), *self._sessions()):
            yield finding

    # -- the session

    async def _sign_in(self) -> Iterable[Finding]:
        return await opened(self._session.sign_in())

    async def _ended(self) -> Iterable[Finding]:
        """Seed: Session Token Refresh."""
        message = Message("GET", _INFO, {"company_id": self._session.company_id})
        return await ended(self._stranger.send(message), lambda answer: self._session.event(answer, READ), 403)

    def _sessions(self) -> Iterable[Finding]:
        ended = self._session.admission.number - 1
        if ended > 0:
            times = "once" if ended == 1 else f"{ended} times"
            remedy = "nothing: we sign in anew. If it happens all the time, somebody else may use the same key"
            yield look("Session", f"it ended {times} during these checks", remedy)

    # -- what is listed

    async def _read_zones(self) -> Iterable[Finding]:
        self._zones = await read_zones(self._session)
        return [flags.zones(self._zones)]

    async def _business(self) -> Iterable[Finding]:
        fields = account.BUSINESS | account.PERSONAL | account.AT_CREATION
        shape = Shape("account", fields, account.SECRETS | SHOWN["account"])
        return [shape.finding("Account fields", self._accounts.business, self._zones)]

    async def _options(self) -> Iterable[Finding]:
        shape = Shape("options", account.OPTIONS, account.PASSED["options"] | SHOWN["options"])
        return [shape.finding("Booking options", await self._accounts.read_options(), self._zones)]

    def _listing(self, table: Table, check: str) -> Any:
        async def look_through() -> Iterable[Finding]:
            query = {} if table.seek else table.query  # of a list that may be long, a page will do
            found = self._bodies.setdefault(table.kind, [])
            for id_ in self._accounts.all:
                data = await self._session.get(table.path, id_, **query)
                if wrong := no_objects(check, data, table.id):
                    return [wrong]
                bodies = list(data or [])
                self._accounts.saw(id_, table.kind, table.id, bodies)
                found += bodies
            self._whole.add(table.kind)
            return [shape_of(table).finding(check, found, self._zones)]

        return look_through

    async def _hours(self) -> Iterable[Finding]:
        people = [body for body in self._bodies.get("employee", ()) if body.get("id")][:PEOPLE]
        if not people:
            return [skipped("Hours", self._nobody)]
        entries = odd = 0
        for person in people:
            company = str(person.get("company_id") or self._session.company_id)
            found = await employee_entries(self._session, company, str(person["id"]))
            entries += len(found)
            odd += sum(not hours.is_managed(entry) for entry in found)
        text = f"those of {len(people)} looked at, {entries} entries in all"
        if odd:
            remedy = "nothing: they are sent back as they came, and a plan does not see them"
            return [look("Hours", f"{text}, {odd} of a sort that is not managed", remedy)]
        return [passed("Hours", f"{text}, all as expected" if entries else text)]

    async def _employee_flags(self) -> Iterable[Finding]:
        own = self._session.company_id
        mine = [body for body in self._bodies.get("employee", ()) if str(body.get("company_id") or own) == own]
        if not mine:
            return [skipped("Links in lists", self._nobody), skipped("Inactive people", self._nobody)]
        return await flags.employee_flags(self._session, mine)

    @property
    def _nobody(self) -> str:
        return "there is no employee" if "employee" in self._whole else "the employees could not be read"

    async def _default_service(self) -> Iterable[Finding]:
        own = self._session.company_id
        mine = [body for body in self._bodies.get("service", ()) if str(body.get("company_id") or own) == own]
        return await flags.default_service(self._session, mine)

    async def _burst(self) -> Iterable[Finding]:
        message = Message("GET", _INFO, {"company_id": self._session.company_id})
        return [await burst(self._session.client, message, _is_good)]


def _is_good(answer: Answer) -> bool:
    envelope = read_envelope(answer)
    return envelope.status == 200 and envelope.code == 0
