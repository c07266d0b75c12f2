"""One request until it is settled: tried again and signed in anew as its verdicts say.

No retry library: what comes next is the verdict's to say, a wait is the whole host's when the vendor asks for it, and
in between the session may be renewed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from provisioner.errors import ProvisionerError, StoppedError
from provisioner.providers.backoff import backoff
from provisioner.providers.http import Answer, Client, LostError, Message, NeverSentError
from provisioner.providers.verdict import Errand, Event, History, Purpose, Verdict, judge
from provisioner.stage import stage

USED_UP = "not tried again: the host has failed too often in this run. Wait until it is well, then plan again"


class Speaker(Protocol):
    """What is a vendor's own in every request: what its answers mean, and the session."""

    @property
    def session(self) -> int:
        """The number of the session that requests carry now; 0 is none. Its token is in no frame and no text."""

    def event(self, answer: Answer, errand: Errand) -> Event:
        """What an answer means."""

    def words(self, answer: Answer, message: Message) -> str:
        """What an answer to a message says, for people; no secret is in it."""

    async def ready(self, expired: int) -> None:
        """Have another session than this one; all that ask for it share one sign-in.

        Raises ProvisionerError, and at once when there can be no session any more.
        """

    async def works(self, session: int) -> bool:
        """Whether a session that was just opened, and is answered with 403, is good for anything else."""

    def stop(self, why: str) -> str:
        """Let nothing be sent any more; answers the reason that everything fails with from now on."""


class Result(NamedTuple):
    """What became of a request: the verdict that ended it."""

    verdict: Verdict
    answer: Answer | None = None
    why: str = ""
    """The vendor's words, or what was wrong with the network."""
    doubtful: bool = False
    """One of its tries may have been carried out."""


def _nothing() -> None:
    pass


async def carry_through(
    client: Client, message: Message, errand: Errand, vendor: Speaker, sending: Callable[[], None] = _nothing
) -> Result:
    """Send a request until it is settled.

    `sending` is called right before each time that a write leaves. What it raises passes, and then nothing left.
    """
    if (known := client.recall(message)) is not None:
        return Result(Verdict.DONE, known)
    request = _Request(client, message, errand, vendor, sending)
    while True:
        try:
            await request.prepare()
        except ProvisionerError as error:
            return request.ended(Verdict.STOP, None, str(error))
        event, answer, why = await request.attempt()
        verdict = await request.judged(event)
        match verdict:
            case Verdict.RETRY if await request.waited(answer):
                pass
            case Verdict.RETRY:
                return request.ended(request.given_up(event), answer, why)
            case Verdict.SIGN_IN:
                request.expired = request.session
            case Verdict.STOP:
                refused = "sign-in refused" if errand.purpose is Purpose.SIGN_IN else "nothing more is sent"
                return request.ended(verdict, answer, vendor.stop(f"{refused}: {why}"))
            case _:
                return request.ended(verdict, answer, why)


@dataclass(slots=True)
class _Request:
    client: Client
    message: Message
    errand: Errand
    vendor: Speaker
    sending: Callable[[], None]
    past: History = field(default_factory=History)
    tries: int = 0
    session: int = 0
    """The one that the last try carried."""
    expired: int = 0
    """The one that the next try must not carry."""
    doubted: bool = False
    """It was asked once whether the session that was opened for this request works."""
    spent: bool = False
    stopped: bool = False
    """The run was stopped while it waited."""
    said: str = ""
    """What the vendor said last."""

    async def prepare(self) -> None:
        if self.errand.purpose is not Purpose.SIGN_IN:
            await self.vendor.ready(self.expired)

    async def attempt(self) -> tuple[Event, Answer | None, str]:
        self.tries += 1
        try:
            answer = await self.client.send(self.message, self._leave, again=self.tries - 1)
        except NeverSentError as error:
            return Event.NEVER_SENT, None, str(error)
        except LostError as error:
            return Event.LOST, None, str(error)
        except StoppedError as error:
            self.stopped = True
            return Event.NEVER_SENT, None, self.said or str(error)
        event = self.vendor.event(answer, self.errand)
        self.said = "" if event is Event.DONE else self.vendor.words(answer, self.message)
        return event, answer, self.said

    def _leave(self) -> None:
        self.session = self.vendor.session
        if self.errand.writes:
            self.sending()

    async def judged(self, event: Event) -> Verdict:
        past = self.past
        if past.renewed and event is Event.EXPIRED and await self._ended_unused():
            past = past._replace(renewed=False)
        verdict = judge(event, self.errand, past)
        if verdict is Verdict.RETRY and not self.client.budget.take():
            self.spent = True
            verdict = judge(event, self.errand, past.used_up())
        self.past = self.past.after(event)
        return verdict

    async def _ended_unused(self) -> bool:
        """Whether the session that was opened for this request ended before it was of any use; believed once."""
        if self.errand.purpose is Purpose.SIGN_IN or self.doubted:
            return False
        self.doubted = True
        return not await self.vendor.works(self.session)

    async def waited(self, answer: Answer | None) -> bool:
        """Wait for the next try; false when the run was stopped instead.

        What the vendor asked for holds the whole host, when it leaves.
        """
        if self.stopped or (answer is not None and answer.retry_after):
            return not self.stopped
        seconds = backoff(max(1, self.past.failures + self.past.limited), self.client.clock)
        self.client.tell(seconds, f"{self.client.host} answers {answer.status}" if answer else "there was no answer")
        try:
            with stage("wait", reason="backoff", seconds=seconds):
                await self.client.clock.sleep(seconds)
        except StoppedError:
            return False
        return True

    def given_up(self, event: Event) -> Verdict:
        """What became of it, when it is not tried again although it could be."""
        self.stopped = True
        return judge(event, self.errand, self.past.used_up())

    def ended(self, verdict: Verdict, answer: Answer | None, why: str) -> Result:
        if verdict is Verdict.DONE:
            self.client.budget.went_well()
            self.client.keep(self.message, answer)
            return Result(verdict, answer)
        more = [f"tried {self.tries} times"] if self.tries > 1 else []
        more += [USED_UP] if self.spent else []
        more += ["not tried again: the run was stopped"] if self.stopped else []
        return Result(verdict, answer, "; ".join([why, *more]), self.past.doubtful)
