"""The read-only checks of this vendor. It lists nothing, so little can be looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

from provisioner.finding import Finding, failed, passed, skipped
from provisioner.providers.backoff import Budget
from provisioner.providers.base import Connection
from provisioner.providers.burst import burst
from provisioner.providers.checkup import PATIENCE, Check, examined
from provisioner.providers.http import Client, Message, Signature, client_to
from provisioner.providers.session_checks import NOBODY, ended, opened
from provisioner.providers.timetap.session import PATH, READ, session_to
from provisioner.providers.watch import Watch


class TimeTapCheckup:
    """The check-up of one business at TimeTap."""

    def __init__(self, connection: Connection) -> None:
        self._stranger: Client = client_to(connection)
        self._stranger.secret = lambda _signs_in: Signature(headers={"Authorization": f"Bearer {NOBODY}"})
        self._session = session_to(connection)
        self._session.client.budget = Budget(PATIENCE)
        self._watch = Watch()
        self._session.client.watch = self._watch

    @property
    def name(self) -> str:
        """The API does not say what the business calls itself."""
        return ""

    async def close(self) -> None:
        """Free the connections."""
        await self._session.client.close()
        await self._stranger.close()

    async def examine(self) -> AsyncIterator[Finding]:
        """Every finding, as it is made."""
        checks: list[Check] = [
            ("Ended sessions", self._ended),
            ("Dates of a pattern", self._dates),
            ("Lists", self._lists),
            ("At once", self._burst),
        ]
        async for finding in examined(("Sign-in", self._sign_in), checks):
            yield finding
        for finding in self._watch.findings():
            yield finding

    async def _sign_in(self) -> Iterable[Finding]:
        return await opened(self._session.ready(0))

    async def _ended(self) -> Iterable[Finding]:
        message = Message("GET", f"{PATH}/0")
        return await ended(self._stranger.send(message), lambda answer: self._session.event(answer, READ), 401)

    async def _dates(self) -> Iterable[Finding]:
        """The dates of a week's pattern, which makes nothing (seed: get/dates)."""
        check = "Dates of a pattern"
        answer = await self._session.read(self._pattern())
        if isinstance(answer, list) and all(isinstance(day, str) for day in answer):
            return [passed(check, f"{len(answer)} dates for a pattern of two weeks")]
        return [
            failed(check, "no list of dates is answered", "no plan can be made on it: tell us what the vendor answers")
        ]

    def _pattern(self) -> Message:
        start = self._session.client.clock.today()
        days = {"startDate": str(start), "endDate": str(start + timedelta(days=13))}
        return Message(
            "POST", f"{PATH}/get/dates", body={"type": "W", "everyXWeeks": 1, "mon": True, **days}, reads=True
        )

    async def _lists(self) -> Iterable[Finding]:
        return [skipped("Lists", "the vendor lists nothing: a series is known by its id alone")]

    async def _burst(self) -> Iterable[Finding]:
        return [await burst(self._session.client, self._pattern(), lambda answer: answer.status == 200)]
