"""The way of a request: read, struck by a fault or executed in one transaction, recorded, answered."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import parse_qsl

from provisioner.sandbox.delivery import deliver
from provisioner.sandbox.exchange import Answer, Request, unpacked
from provisioner.sandbox.faults import script
from provisioner.sandbox.faults.fault import Fault
from provisioner.sandbox.paths import Paths
from provisioner.sandbox.tables import calls, late

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from provisioner.sandbox.paths import Found
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

logger = logging.getLogger(__name__)

_NOTHING = Answer(0, b"")
_LATE = Fault("late")


class Sessions(Protocol):
    """A vendor's open sessions; those of two vendors are in two tables, so that no token opens the other one's."""

    def company_of(self, store: Store, token: str, now: float, /) -> int | None:
        """Return whose session it is, or None when it is unknown or over."""

    def end(self, store: Store, token: str, /) -> None:
        """End one session, if there is such."""

    def end_all(self, store: Store, /) -> None:
        """End every session at once."""


class Vendor(NamedTuple):
    """What is a vendor's own: where its API stands, and who answers which route.

    Fault rules name its paths without `unsaid`. `responders` are by route, "" for every unknown path; `sign_in` are the
    routes that open a session; `session` finds a request's token, and `sessions` knows it. `refusal` writes a failure
    from a code and an HTTP status, and `crash` that of a bug in here.
    """

    prefix: str
    unsaid: str
    responders: Mapping[str, Callable[[Request], Answer]]
    sign_in: frozenset[str]
    session: Callable[[Request], str]
    sessions: Sessions
    refusal: Callable[[int, int], Answer]
    crash: Callable[[], Answer]


class Pipeline:
    """The vendors' APIs over one world."""

    def __init__(self, world: World, *vendors: Vendor) -> None:
        self._world = world
        self._store = world.store
        self._vendors = [(f"{vendor.prefix}/", vendor, Paths(vendor.responders)) for vendor in vendors]

    def find(self, path: str) -> Found | None:
        """Return the route that a path has in the API of its vendor, or None for one that is in no API."""
        for prefix, vendor, paths in self._vendors:
            if path.startswith(prefix):
                return paths.find(path[len(vendor.prefix) :])
        return None

    def _vendor(self, request: Request) -> Vendor:
        """Return whom a request is for: one that is carried out late says so by its path, too."""
        return next(vendor for prefix, vendor, _ in self._vendors if request.path.startswith(prefix))

    def catch_up(self) -> None:
        """Carry out the late requests that are due."""
        with self._store.transaction():
            self._carry_out_late()

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        """Do what a request asks, or what a fault makes of it; return what to send and how."""
        try:
            return self._execute(request)
        except Exception as error:  # noqa: BLE001  a look-alike answers its own bugs too, it never breaks a connection
            self._store.rollback()
            return self._broken(request, error), None

    def _execute(self, request: Request) -> tuple[Answer, Fault | None]:
        started = time.perf_counter()
        self._store.begin()
        fault = self._meet_fault(request) if script.armed(self._store) else None
        done = self._work(request) if fault is None or fault.executed else _NOTHING
        answer = (fault and fault.instead) or done
        self._record(request, answer, started, fault)
        return answer, fault

    def _work(self, request: Request) -> Answer:
        """Execute a request in the open transaction; one that fails keeps nothing."""
        try:
            answer = self._vendor(request).responders[request.route](request)
        except Exception as error:  # noqa: BLE001  see `answer`
            answer = self._broken(request, error)
        if not answer.keep:
            self._store.rollback()
            self._store.begin()
        return answer

    def _record(self, request: Request, answer: Answer, started: float, fault: Fault | None) -> None:
        ms = (time.perf_counter() - started) * 1000
        calls.record(self._store, request, answer, ms, self._world.now(), fault)
        self._store.commit()

    def _meet_fault(self, request: Request) -> Fault | None:
        """Return the request's fault, with what has to happen before the work done and kept."""
        self._carry_out_late()
        vendor = self._vendor(request)
        path = request.path.removeprefix(vendor.unsaid)
        rule = script.strike(self._store, request.method, path, sign_in=request.route in vendor.sign_in)
        fault = rule and rule.strike(vendor.refusal)
        if fault:
            self._prepare(request, fault)
        self._store.commit()
        self._store.begin()
        return fault

    def _prepare(self, request: Request, fault: Fault) -> None:
        vendor = self._vendor(request)
        token, now = vendor.session(request), self._world.now().timestamp()
        if fault.late is not None:  # with the session as it is now
            own = vendor.sessions.company_of(self._store, token, now)
            late.add(self._store, now + fault.late, request._replace(own=own).packed())
        if fault.ends == "all":
            vendor.sessions.end_all(self._store)
        elif fault.ends:
            vendor.sessions.end(self._store, token)

    def _carry_out_late(self) -> None:
        """Do the work that is due, oldest first, each in a transaction of its own; another one is open afterwards."""
        while due := late.due(self._store, self._world.now().timestamp()):
            started = time.perf_counter()
            request = unpacked(due.request)
            answer = self._work(request)
            late.remove(self._store, due.n)
            self._record(request, answer, started, _LATE)
            self._store.begin()

    def _broken(self, request: Request, error: Exception) -> Answer:
        logger.error("%s %s: %s", request.method, request.path, type(error).__name__)
        logger.debug("the bug above", exc_info=error)
        return self._vendor(request).crash()


class Front:
    """An ASGI app that answers what is for a vendor, and leaves the rest to the app behind it."""

    def __init__(self, app: ASGIApp, pipeline: Pipeline) -> None:
        self._app = app
        self._pipeline = pipeline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._pipeline.find(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        request = await read(scope, receive, found)
        if request is None:
            return
        answer, fault = self._pipeline.answer(request)
        await deliver(answer, fault, scope, receive, send)


async def read(scope: Scope, receive: Receive, found: Found) -> Request | None:
    """Read a request to the end of its body; None for one that was cut off before, which nobody is to carry out."""
    headers = dict(scope["headers"])
    pairs = _pairs(scope["query_string"].decode("latin-1"))
    content_type = headers.get(b"content-type", b"").decode("latin-1").lower()
    raw = await _body(receive)
    if raw is None:
        return None
    asked = scope["method"], scope["path"], found.route, found.params, dict(pairs), content_type, raw
    return Request(*asked, authorization=headers.get(b"authorization", b"").decode("latin-1"), pairs=pairs)


def _pairs(query: str) -> list[tuple[str, str]]:
    """Read a query; most are plain, and reading those the long way takes as long as a small query of the store."""
    if not query or "%" in query or "+" in query:
        return parse_qsl(query, keep_blank_values=True)
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(name, value) for name, _, value in parts]


async def _body(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    while (message := await receive())["type"] != "http.disconnect":
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
    return None
