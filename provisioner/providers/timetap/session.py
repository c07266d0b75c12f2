"""The session (contract: TimeTap): a token against an API key and a signature; the private key never leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provisioner.errors import SignInError, UnreachableError, VendorError
from provisioner.providers.admission import Admission
from provisioner.providers.base import Connection
from provisioner.providers.hidden import hide
from provisioner.providers.http import Answer, Client, Message, NoAnswerError, Signature, client_to
from provisioner.providers.retry import Result, carry_through
from provisioner.providers.timetap.answer import meaning, shortened, words
from provisioner.providers.verdict import Errand, Event, Purpose, Verdict

READ, SIGN_IN = Errand(Purpose.READ), Errand(Purpose.SIGN_IN)
PATH = "/recurringappointments"
LONGEST_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in; the repr shows nothing of it."""

    api_key: str = field(repr=False)
    private_key: str = field(repr=False)

    @property
    def signature(self) -> str:
        """What proves that the private key is known: the md5 of both keys, in hex."""
        return hashlib.md5((self.api_key + self.private_key).encode(), usedforsecurity=False).hexdigest()

    @property
    def secrets(self) -> set[str]:
        """What no message may show."""
        return {self.api_key, self.private_key, self.signature}


class Reply(NamedTuple):
    """What became of one request."""

    verdict: Verdict
    body: Any = None
    why: str = ""
    doubtful: bool = False
    """It may have been carried out all the same."""

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return self.verdict is Verdict.DONE


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Session:
    """A signed-in client."""

    client: Client
    credentials: Credentials
    admission: Admission = field(init=False)
    _token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.client.secret = self._sign
        self.admission = Admission(self._authenticate, self._opens, self.stop, closed=401)

    def _sign(self, signs_in: bool) -> Signature:
        """Made when a request leaves: a try that waited must not carry the time of the one before."""
        if not signs_in:
            return Signature(headers={"Authorization": f"Bearer {self._token}"})
        now = str(int(self.client.clock.date()))
        keys = {"apiKey": self.credentials.api_key, "signature": self.credentials.signature}
        return Signature({**keys, "timestamp": now})

    # -- requests

    async def read(self, message: Message) -> Any:
        """The body of an answer. Raises SignInError, VendorError or UnreachableError."""
        result = await carry_through(self.client, message, READ, self)
        if result.verdict is Verdict.DONE and result.answer:
            return result.answer.body
        if result.verdict is Verdict.STOP:
            raise SignInError(result.why)
        if result.answer is None:
            raise UnreachableError(result.why)
        raise VendorError(result.why)

    async def get(self, id_: str) -> Reply:
        """One series as it is now. Raises SignInError and UnreachableError."""
        result = await carry_through(self.client, Message("GET", f"{PATH}/{id_}"), READ, self)
        if result.verdict is Verdict.STOP:
            raise SignInError(result.why)
        if result.answer is None:
            raise UnreachableError(result.why)
        return _reply(result)

    async def write(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        errand: Errand,
        sending: Callable[[], None] = _nothing,
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """One write, tried again where that is safe. Raises nothing but what `sending` raises."""
        message = Message(method, f"{PATH}{path}", params or {}, body)
        return _reply(await carry_through(self.client, message, errand, self, sending))

    # -- what a request asks of its vendor

    @property
    def session(self) -> int:
        """The number of the session that requests carry now."""
        return self.admission.number

    def event(self, answer: Answer, errand: Errand) -> Event:
        """What an answer means."""
        return meaning(answer, errand)

    def words(self, answer: Answer, message: Message) -> str:
        """What an answer says; a vendor that repeats what signs in is not repeated."""
        del message
        return shortened(hide(words(answer), {self._token, *self.credentials.secrets}))

    def stop(self, why: str) -> str:
        """Send nothing any more with these credentials."""
        self.admission.stopped = f"{why}. Check the endpoint, the API key, the private key and this computer's clock"
        return self.admission.stopped

    async def ready(self, expired: int) -> None:
        """Have another session than this one."""
        await self.admission.ready(expired)

    async def works(self, session: int) -> bool:
        """Whether a session is good for anything."""
        return await self.admission.works(session)

    async def _opens(self) -> bool:
        """Assumption: with a session, a series that there is not is a 404, and without one a 401."""
        try:
            answer = await self.client.send(Message("GET", f"{PATH}/0"))
        except NoAnswerError:
            return True
        return self.event(answer, READ) is not Event.EXPIRED

    async def _authenticate(self) -> None:
        result = await carry_through(self.client, Message("GET", "/sessionToken", signs_in=True), SIGN_IN, self)
        if result.verdict is Verdict.STOP:
            raise SignInError(result.why)
        if result.verdict is not Verdict.DONE or result.answer is None:
            why = f"sign-in failed: {result.why}"
            raise VendorError(why) if result.answer else UnreachableError(why)
        body = result.answer.body
        token = body.get("sessionToken") if isinstance(body, Mapping) else None
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not _fits_a_header(token):
            self.admission.stopped = "sign-in answered no session token: is the endpoint right?"
            raise SignInError(self.admission.stopped)
        self._token = token


def session_to(connection: Connection) -> Session:
    """A session that nobody has signed in to yet."""
    keys = connection.credentials
    return Session(client_to(connection), Credentials(keys["api_key"], keys["private_key"]))


def _fits_a_header(token: str) -> bool:
    return token.isascii() and token.isprintable() and " " not in token


def _reply(result: Result) -> Reply:
    return Reply(result.verdict, result.answer.body if result.answer else None, result.why, result.doubtful)
