"""One probe of one account: look, ask with as few writes as it takes, clean up whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.errors import ProvisionerError, RefusedError
from provisioner.finding import Finding, failed, look, passed
from provisioner.providers.backoff import Budget
from provisioner.providers.base import Connection
from provisioner.providers.checkup import PATIENCE, Probed, Target
from provisioner.providers.setster.probe import marks
from provisioner.providers.setster.probe.steps import Steps
from provisioner.providers.setster.probe.traces import SORTS, Traces
from provisioner.providers.setster.registry import TABLES
from provisioner.providers.setster.session import session_to
from provisioner.providers.setster.sought import listed_objects

HOLDS = ("location", "service", "employee", "holiday", "custom_field", "webhook")
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "body": {
        "raw": "a body is read as it is",
        "wrapped": 'a body is read only as {"data": ...}',
    },
    "put": {
        "partial": "a PUT keeps the fields that it leaves out",
        "full": "a PUT resets the fields that it leaves out",
    },
    "links": {
        "replace": "written links replace those there were",
        "merge": "written links are added to those there were",
    },
    "hours": {
        "replace": "written hours replace those there were",
        "merge": "written hours are added to those there were, and none can be taken away",
    },
    "booked": {
        "keep": "what has future appointments can be deleted, and they stay",
        "refuse": "what has future appointments cannot be deleted",
    },
}
"""Question -> answer -> what it means."""


class SetsterProbe:
    """The probe of one account at Setster."""

    def __init__(self, connection: Connection, account_id: str) -> None:
        self._session = session_to(connection)
        self._session.client.budget = Budget(PATIENCE)
        self._wrapped = connection.wrapped
        self._id = account_id
        self._location = ""
        self._traces = Traces(self._session, account_id)
        self._steps: Steps | None = None
        self._answers: dict[str, str] = {}
        self._findings: list[Finding] = []
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether no further question is asked."""
        return self._stopping

    @stopping.setter
    def stopping(self, stopping: bool) -> None:
        self._stopping = stopping
        if self._steps:
            self._steps.stopping = stopping

    async def close(self) -> None:
        """Free the connections."""
        await self._session.client.close()

    # -- looking

    async def look(self) -> Target:
        """Sign in and look at the account. Raises RefusedError for one that is none of ours."""
        await self._session.sign_in()
        if self._id != self._session.company_id:
            await self._check_below()
        about = await self._session.get("/account/getAccountInfo", self._id)
        body = about[0] if isinstance(about, list) and about else about
        name = str(body.get("nick_name", "")) if isinstance(body, Mapping) else ""
        holds: dict[str, int] = {}
        for kind in HOLDS:
            table = TABLES[kind]
            found = listed_objects(await self._session.get(table.path, self._id, **table.query), table.id)
            others = [raw for raw in found if not _is_ours(kind, raw)]
            if kind == "location":
                self._location = _main(others)
            holds[kind] = len(others)
        leftovers = 0
        for sort in SORTS:
            leftovers += len(await self._traces.found(sort.kind))
        return Target(self._id, name, holds, leftovers)

    async def _check_below(self) -> None:
        rows = await self._session.get("/account/companies", self._session.company_id)
        ids = {str(row["company_id"]) for row in listed_objects(rows, "company_id")}
        if self._id not in ids:
            own = self._session.company_id
            raise RefusedError(
                f"account {self._id} is neither {own} nor one of its sub-accounts: see account/companies"
            )

    # -- asking

    async def run(self) -> Probed:
        """Write, read back, clean up."""
        left = await self._traces.clean()  # of an earlier probe
        steps = self._steps = Steps(self._session, self._id, self._location, self._traces, stopping=self._stopping)
        try:
            if left:
                self._unasked("an earlier probe's traces could not be deleted")
            elif not self._location:
                self._unasked("the account has no location")
            else:
                await self._ask(steps)
        finally:
            left = await self._traces.clean()
        if steps.doubtful:
            left.append("perhaps something that nobody answered for, and that may appear later: probe again to find it")
        self._session.wrapped = self._wrapped
        return Probed(dict(self._answers), tuple(self._findings), tuple(left), steps.writes + self._traces.deleted)

    def _unasked(self, why: str) -> None:
        for question in QUESTIONS:
            if question not in self._answers:
                self._findings.append(look(question, f"not asked: {why}", "mend that, then probe again"))

    async def _ask(self, steps: Steps) -> None:
        try:
            self._answer("body", await steps.body())
            await steps.people()
            raw = await steps.change()
        except ProvisionerError as error:
            self._unasked(str(error))
            return
        for question, told in (("put", steps.put), ("links", steps.links)):
            self._tell(question, raw, told)
        for question, asked in (("hours", steps.hours), ("booked", steps.booked)):
            try:
                self._answer(question, await asked())
            except ProvisionerError as error:
                self._unclear(question, error)

    def _tell(self, question: str, raw: Mapping[str, Any], told: Any) -> None:
        try:
            self._answer(question, told(raw))
        except ProvisionerError as error:
            self._unclear(question, error)

    def _unclear(self, question: str, error: ProvisionerError) -> None:
        self._findings.append(look(question, f"not found out: {error}", "probe again; nothing relies on the answer"))

    def _answer(self, question: str, answer: str) -> None:
        self._answers[question] = answer
        text = f"{answer}: {QUESTIONS[question][answer]}"
        if question == "body" and answer == "wrapped" and not self._wrapped:
            self._findings.append(failed(question, text, "write limits: {body: wrapped} into provisioner.yaml"))
        else:
            self._findings.append(passed(question, text))


def _is_ours(kind: str, raw: Mapping[str, Any]) -> bool:
    return {"service": marks.is_service, "employee": marks.is_employee}.get(kind, lambda _raw: False)(raw)


def _main(locations: list[Mapping[str, Any]]) -> str:
    """The main location, or the first; "" when there is none."""
    ordered = sorted(locations, key=lambda raw: raw.get("is_main") not in (True, 1, "1", "true"))
    return str(ordered[0]["id"]) if ordered else ""
