"""The session: who signs in, and what its requests need of the vendor (seed: Authenticate, Session Token Refresh).

An expired session answers 403; all requests in flight then share one new sign-in and are sent once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provisioner.errors import SignInError, UnreachableError, VendorError
from provisioner.providers.admission import Admission
from provisioner.providers.base import Connection, Replay
from provisioner.providers.hidden import hide, private
from provisioner.providers.http import Answer, Attachment, Client, Message, NoAnswerError, Signature, client_to
from provisioner.providers.retry import Result, carry_through
from provisioner.providers.setster.envelope import LONGEST, meaning, read_envelope
from provisioner.providers.verdict import Errand, Event, Purpose, Verdict

READ, SIGN_IN, ONCE = Errand(Purpose.READ), Errand(Purpose.SIGN_IN), Errand(Purpose.ACTION, Replay.NEVER)
LONGEST_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in; the repr shows nothing of it."""

    email: str = field(repr=False)
    api_key: str = field(repr=False)


class Reply(NamedTuple):
    """What became of one request: the verdict, the data of the answer, and in words what went wrong."""

    verdict: Verdict
    data: Any = None
    why: str = ""
    doubtful: bool = False
    """It may have been carried out all the same."""
    heard: bool = False
    """There was an answer."""

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return self.verdict is Verdict.DONE

    def __str__(self) -> str:
        return self.why


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Session:
    """A signed-in client; every call names the account it acts on."""

    client: Client
    company_id: str
    credentials: Credentials
    wrapped: bool = False
    """Bodies as `{"data": {...}}` (the vendor's earlier form)."""
    nick_name: str = ""
    admission: Admission = field(init=False)
    _token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.client.secret = self._sign
        self.admission = Admission(self._authenticate, self._opens, self.stop, closed=403)

    def _sign(self, signs_in: bool) -> Signature:
        if signs_in:
            return Signature({"email": self.credentials.email, "token": self.credentials.api_key})
        return Signature({"session_token": self._token})

    # -- requests

    async def get(self, path: str, company_id: str, **params: str) -> Any:
        """The data of a read. Raises VendorError or UnreachableError."""
        reply = await self._signed("GET", path, params | {"company_id": company_id}, None, READ)
        if reply.ok:
            return reply.data
        if reply.verdict is Verdict.STOP:
            raise SignInError(reply.why)
        if not reply.heard:
            raise UnreachableError(reply.why)
        raise VendorError(f"reading {path} of account {company_id}: {reply.why}")

    async def write(
        self,
        method: str,
        path: str,
        company_id: str,
        body: Any = None,
        *,
        errand: Errand,
        sending: Callable[[], None],
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """One write, tried again where that is safe. Raises nothing but what `sending` raises."""
        bare = body is None or isinstance(body, Attachment)
        sent = {"data": body} if self.wrapped and not bare else body
        return await self._signed(method, path, {"company_id": company_id, **(params or {})}, sent, errand, sending)

    async def _signed(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        body: Any,
        errand: Errand = ONCE,
        sending: Callable[[], None] = _nothing,
    ) -> Reply:
        result = await carry_through(self.client, Message(method, path, params, body), errand, self, sending)
        return _reply(result)

    # -- what a request asks of its vendor

    @property
    def session(self) -> int:
        """The number of the session that requests carry now."""
        return self.admission.number

    def event(self, answer: Answer, errand: Errand) -> Event:
        """What an answer means."""
        return meaning(read_envelope(answer), errand)

    def words(self, answer: Answer, message: Message) -> str:
        """What an answer says; a vendor that repeats what it was sent is not repeated."""
        said = hide(str(read_envelope(answer)), {self._token, self.credentials.api_key, *private(message.body)})
        return said if len(said) <= LONGEST else f"{said[: LONGEST - 3]}..."

    def stop(self, why: str) -> str:
        """Send nothing any more with these credentials."""
        check = "the endpoint, the e-mail, the API key, company_id, and that the account is active"
        self.admission.stopped = f"{why}. Check {check}"
        return self.admission.stopped

    async def works(self, session: int) -> bool:
        """Whether a session opens the account that signed in."""
        return await self.admission.works(session)

    async def _opens(self) -> bool:
        try:
            answer = await self.client.send(Message("GET", "/account/getAccountInfo", {"company_id": self.company_id}))
        except NoAnswerError:
            return True
        return self.event(answer, READ) is not Event.EXPIRED

    # -- signing in

    async def sign_in(self) -> None:
        """Open a session, unless there is one. Raises SignInError, VendorError or UnreachableError."""
        await self.ready(0)

    async def ready(self, expired: int) -> None:
        """Have another session than this one."""
        await self.admission.ready(expired)

    async def _authenticate(self) -> None:
        message = Message("POST", "/account/authenticate", {"company_id": self.company_id}, signs_in=True)
        reply = _reply(await carry_through(self.client, message, SIGN_IN, self))
        if reply.verdict is Verdict.STOP:
            raise SignInError(reply.why)
        if not reply.ok:
            why = f"sign-in failed: {reply.why}"
            raise VendorError(why) if reply.heard else UnreachableError(why)
        self._open(reply.data if isinstance(reply.data, Mapping) else {})

    def _open(self, data: Mapping[str, Any]) -> None:
        """Take over what a sign-in answers. Raises SignInError when there is no token that can be sent."""
        token, user = data.get("session_token"), data.get("user")
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
            self.admission.stopped = "sign-in answered no session token: is the endpoint right?"
            raise SignInError(self.admission.stopped)
        name = user.get("nick_name") if isinstance(user, Mapping) else None
        self.nick_name = name if isinstance(name, str) else ""
        self._token = token


def session_to(connection: Connection) -> Session:
    """A session that nobody has signed in to yet."""
    credentials = Credentials(connection.credentials["email"], connection.credentials["api_key"])
    return Session(client_to(connection), connection.company_id, credentials, wrapped=connection.wrapped)


def _reply(result: Result) -> Reply:
    data = read_envelope(result.answer).data if result.answer is not None else None
    return Reply(result.verdict, data, result.why, result.doubtful, result.answer is not None)
