"""Signing in, and one envelope per request (seed: Authenticate, Session Token Refresh).

An expired session answers 403; all requests in flight then share one new sign-in and are sent once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provisioner.errors import SignInError, UnreachableError, VendorError
from provisioner.providers.http import Answer, Client, Signature

OK, INVALID_CREDENTIALS, NOT_FOUND = 0, 2, 7
_MEANINGS = {
    1: "INVALID_PARAMETERS", 2: "INVALID_CREDENTIALS", 3: "ACCOUNT_NOT_ACTIVE", 4: "INTERNAL_ERROR",
    5: "ERROR_SAVING_ENTITY", 6: "ERROR_DELETING", 7: "NOT_FOUND", 8: "NOT_ALLOWED", 9: "SLOT_NOT_AVAILABLE",
    10: "SLOT_OCCUPIED", 11: "ACCOUNTS_LIMIT_REACHED",
}  # fmt: skip
_REFUSALS = frozenset({1, 6, 7, 8, 9, 10, 11})
"""Envelope codes that say the request was understood and not carried out."""
_READ_TRIES = 3


class Envelope(NamedTuple):
    """The vendor's answer: HTTP status, its own code (-1 when there was no envelope), its words, its data."""

    status: int
    code: int
    words: str
    data: Any

    @property
    def ok(self) -> bool:
        """A 200 whose own code is not zero is a failure. Assumption."""
        return 200 <= self.status < 300 and self.code == OK

    @property
    def refused(self) -> bool:
        """Whether it surely was not carried out."""
        return self.code in _REFUSALS or (self.code < 0 and 400 <= self.status < 500)

    def __str__(self) -> str:
        meaning = _MEANINGS.get(self.code, "")
        status = "" if self.status == 200 else f"{self.status} "
        if meaning:
            return f"the vendor refused it ({status}{meaning}): {self.words}"
        return f"the vendor answered {self.status}: {self.words or 'no envelope'}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in; the repr shows nothing of it."""

    email: str = field(repr=False)
    api_key: str = field(repr=False)


@dataclass(slots=True)
class Session:
    """A signed-in client; every call names the account it acts on."""

    client: Client
    company_id: str
    credentials: Credentials
    wrapped: bool = False
    """Bodies as `{"data": {...}}` (the vendor's earlier form)."""
    nick_name: str = ""
    _token: str = field(default="", repr=False)
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.client.secret = lambda: Signature({"session_token": self._token})

    async def sign_in(self, stale: str = "") -> None:
        """Get a token, unless another request just did. Raises SignInError."""
        async with self._signing_in:
            if self._token != stale:
                return
            answer = await self._authenticate()
            if not answer.ok:
                raise SignInError(f"sign-in refused: {answer}. Check the e-mail, the API key and company_id")
            user = answer.data.get("user") if isinstance(answer.data, Mapping) else None
            token = answer.data.get("session_token") if isinstance(answer.data, Mapping) else None
            if not isinstance(token, str) or not token:
                raise SignInError("sign-in answered no session token: is the endpoint right?")
            self.nick_name = str(user.get("nick_name") or "") if isinstance(user, Mapping) else ""
            self._token = token

    async def _authenticate(self) -> Envelope:
        sign = Signature({"email": self.credentials.email, "token": self.credentials.api_key})
        answer = await self.client.send(
            "POST", "/account/authenticate", params={"company_id": self.company_id}, sign=sign
        )
        return _envelope(answer)

    async def get(self, path: str, company_id: str, **params: str) -> Any:
        """The data of a read, tried again when the network or the server stumbles. Raises VendorError."""
        for left in reversed(range(_READ_TRIES)):
            try:
                envelope = await self._signed("GET", path, params | {"company_id": company_id}, None)
            except UnreachableError:
                if not left:
                    raise
            else:
                if envelope.ok:
                    return envelope.data
                if not left or envelope.status < 500:
                    raise VendorError(f"reading {path} of account {company_id}: {envelope}")
            await asyncio.sleep(0.2 * (_READ_TRIES - left))
        raise AssertionError

    async def write(
        self, method: str, path: str, company_id: str, body: Any = None, *, sending: Callable[[], None]
    ) -> Envelope:
        """One write. Raises UnreachableError when it never left, LostError when its fate is not known."""
        sent = {"data": body} if self.wrapped and body is not None else body
        return await self._signed(method, path, {"company_id": company_id}, sent, sending)

    async def _signed(
        self, method: str, path: str, params: Mapping[str, str], body: Any, sending: Callable[[], None] = lambda: None
    ) -> Envelope:
        if not self._token:
            await self.sign_in()
        token = self._token
        envelope = _envelope(await self.client.send(method, path, params=params, body=body, sending=sending))
        if envelope.status == 403 and envelope.code not in _REFUSALS:
            await self.sign_in(stale=token)
            envelope = _envelope(await self.client.send(method, path, params=params, body=body, sending=sending))
        return envelope


def _envelope(answer: Answer) -> Envelope:
    body = answer.body
    if not isinstance(body, Mapping) or "statusCode" not in body:
        return Envelope(answer.status, -1, "", None)
    try:
        code = int(body["statusCode"])
    except (ValueError, TypeError, OverflowError):
        return Envelope(answer.status, -1, "", None)
    return Envelope(answer.status, code, str(body.get("statusDescriptions", "")), body.get("data"))
