"""The read-only checks of this vendor. It lists nothing, so little can be looked at."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

from provisioner.finding import Finding, failed, look, passed, skipped
from provisioner.providers.backoff import Budget
from provisioner.providers.base import Connection
from provisioner.providers.burst import burst
from provisioner.providers.checkup import PATIENCE, Check, examined
from provisioner.providers.http import Client, Message, NoAnswerError, Signature, client_to
from provisioner.providers.timetap.outlook import today
from provisioner.providers.timetap.session import PATH, READ, session_to
from provisioner.providers.verdict import Event
from provisioner.providers.watch import Watch

NOBODY = "0" * 26
"""A session that nobody opened."""


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
        started = time.perf_counter()
        await self._session.ready(0)
        return [passed("Sign-in", f"accepted in {(time.perf_counter() - started) * 1000:.0f} ms")]

    async def _ended(self) -> Iterable[Finding]:
        check = "Ended sessions"
        try:
            answer = await self._stranger.send(Message("GET", f"{PATH}/0"))
        except NoAnswerError as error:
            return [failed(check, str(error))]
        event = self._session.event(answer, READ)
        if event is Event.EXPIRED:
            return [passed(check, "an unknown session is answered with 401, after which we sign in anew")]
        if event is Event.DONE:
            return [
                failed(check, "an unknown session is answered like a known one", "tell the vendor: anybody can read")
            ]
        remedy = "only a 401 is taken for the end of a session: long applies may fail when theirs ends"
        return [look(check, f"an unknown session is answered with {answer.status}", remedy)]

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
        start = today(self._session)
        days = {"startDate": str(start), "endDate": str(start + timedelta(days=13))}
        return Message(
            "POST", f"{PATH}/get/dates", body={"type": "W", "everyXWeeks": 1, "mon": True, **days}, reads=True
        )

    async def _lists(self) -> Iterable[Finding]:
        return [skipped("Lists", "the vendor lists nothing: a series is known by its id alone")]

    async def _burst(self) -> Iterable[Finding]:
        return [await burst(self._session.client, self._pattern(), lambda answer: answer.status == 200)]
