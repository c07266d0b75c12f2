"""The HTTP state protocol, which many servers speak for Terraform: get, post and delete a document, lock and unlock."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.errors import StateError
from provisioner.state.document import LARGEST

if TYPE_CHECKING:
    from httpx import Client

USERNAME, PASSWORD = "PROVISIONER_STATE_USERNAME", "PROVISIONER_STATE_PASSWORD"
PAUSES = (0.5, 1.0, 2.0)
"""Seconds before a request is tried again that nobody answered, or with a fault of the server."""
TIMEOUT = 20.0
"""Seconds in which something must come."""
DEADLINE = 120.0
"""Seconds in which all of an answer must have come: a server that sends a byte now and then holds nobody up."""
FAULTS = (429, 500, 502, 503, 504)
TAKEN = (409, 423)
"""Somebody else has the lock."""


class Answer(NamedTuple):
    """What a server said; status 0 for nothing that can be known."""

    status: int
    body: bytes = b""
    why: str = ""
    """Why nothing is known."""

    @property
    def unsure(self) -> bool:
        """Whether it may have been done or not."""
        return not self.status or self.status in FAULTS


@dataclass(frozen=True, slots=True)
class Wire:
    """Where a document is, and how it is locked."""

    address: str
    lock: str
    unlock: str
    lock_method: str = "LOCK"
    unlock_method: str = "UNLOCK"
    user: str = ""
    password: str = field(default="", repr=False)
    proxy: str | None = None
    proxy_authorization: str = field(default="", repr=False)

    def get(self) -> bytes | None:
        """The document; None where there is none. Raises StateError."""
        for pause in (*PAUSES, None):
            answer = self.ask("GET", self.address)
            if not answer.unsure or pause is None:
                break
            time.sleep(pause)
        if answer.status in (204, 404) or (answer.status == 200 and not answer.body):
            return None
        if answer.status != 200:
            raise self.refused("cannot be read", answer)
        return answer.body

    def ask(self, method: str, address: str, body: bytes | None = None, lock: str = "") -> Answer:
        """One request, one answer."""
        from httpx import HTTPError, InvalidURL

        headers = {"content-type": "application/json", "content-md5": _md5(body)} if body is not None else {}
        try:
            with self._client() as client, client.stream(
                method, address, content=body, headers=headers, params={"ID": lock} if lock else None
            ) as response:  # fmt: skip
                data, until = bytearray(), time.monotonic() + DEADLINE
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > LARGEST:
                        return Answer(0, why="the answer is too large")
                    if time.monotonic() > until:
                        return Answer(0, why=f"the answer takes longer than {DEADLINE:.0f} s")
                given = response.headers.get("content-md5")
                if response.status_code == 200 and given and given != _md5(bytes(data)):
                    return Answer(0, why="the answer does not fit its checksum")
                return Answer(response.status_code, bytes(data))
        except (HTTPError, InvalidURL, OSError) as error:
            return Answer(0, why=" ".join(str(error).split()) or type(error).__name__)

    def _client(self) -> Client:
        from httpx import Client, Proxy

        headers = {"proxy-authorization": self.proxy_authorization} if self.proxy_authorization else None
        return Client(
            auth=(self.user, self.password) if self.password else None,
            timeout=TIMEOUT,
            trust_env=False,
            proxy=Proxy(self.proxy, headers=headers) if self.proxy else None,
        )

    def refused(self, what: str, answer: Answer) -> StateError:
        """An answer as an error."""
        why = answer.why or f"the server answers {answer.status}"
        if answer.status in (401, 403):
            remedy = "export what may" if self.password else "export what signs in there"
            why = f"the server lets nobody in ({answer.status}): {remedy}, as {USERNAME} and {PASSWORD}"
        elif 300 <= answer.status < 400:
            why = f"the server answers with a redirect ({answer.status}), which is never followed: write where it leads"
        elif answer.status in TAKEN:
            why = f"another run has the lock, or broke it ({answer.status}): nothing is overwritten. Plan again"
        return StateError(f"{self.address}: {what}: {why}")


def holder_of(body: bytes) -> Mapping[str, Any]:
    """Who has the lock, as a server tells; nothing where it does not."""
    with suppress(ValueError, RecursionError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}


def _md5(data: bytes | None) -> str:
    return base64.b64encode(hashlib.md5(data or b"", usedforsecurity=False).digest()).decode()
