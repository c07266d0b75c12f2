"""A client of Setster's API inside the sandbox: it needs no session, and works in the transaction that is open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from provisioner.sandbox import setster
from provisioner.sandbox.exchange import Request
from provisioner.sandbox.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.sandbox.world import World


class RefusedError(ValueError):
    """What the vendor answers to a request that fails; the message is its reason."""


class Client:
    """One that may do anything in every account."""

    def __init__(self, world: World) -> None:
        vendor = setster.vendor(world)
        self._prefix = vendor.prefix
        self._responders = vendor.responders
        self._paths = Paths(vendor.responders)

    def ask(
        self, company: int, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        """Send a request as a company, and return the `data` of its answer; RefusedError says why there is none."""
        route, params = self._paths.find(path)
        asked = {"company_id": str(company)} | dict(query or {})
        raw = b"" if body is None else json.dumps(body).encode()
        request = Request(method, self._prefix + path, route, params, asked, "application/json", raw, own=company)
        answer = self._responders[route](request)
        envelope = json.loads(answer.body)
        if not answer.keep:
            raise RefusedError(envelope["statusDescriptions"])
        return envelope["data"]
