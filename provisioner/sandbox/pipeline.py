"""The way of a request: read, struck by a fault or executed in one transaction, recorded, answered."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from starlette.routing import Mount, Route, Router

from provisioner.sandbox.delivery import deliver
from provisioner.sandbox.exchange import Answer, Request, unpacked
from provisioner.sandbox.faults import script
from provisioner.sandbox.faults.fault import Fault
from provisioner.sandbox.tables import calls, late, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from provisioner.sandbox.world import World

logger = logging.getLogger(__name__)

_NOTHING = Answer(0, b"")
_LATE = Fault("late")


class Vendor(NamedTuple):
    """What is a vendor's own: where its API stands, and who answers which route.

    `responders` are by route, "" for every unknown path; `sign_in` are the routes that open a session; `session` finds
    a request's token. `refusal` writes a failure from a code and an HTTP status, and `crash` that of a bug in here.
    """

    prefix: str
    responders: Mapping[str, Callable[[Request], Answer]]
    sign_in: frozenset[str]
    session: Callable[[Request], str]
    refusal: Callable[[int, int], Answer]
    crash: Callable[[], Answer]


class Pipeline:
    """One vendor's API over one world."""

    def __init__(self, world: World, vendor: Vendor) -> None:
        self._world = world
        self._store = world.store
        self._vendor = vendor

    def mount(self) -> Mount:
        """Return the API as a part of an app."""
        routes = [Route(route, Endpoint(self, route)) for route in self._vendor.responders if route]
        return Mount(self._vendor.prefix, app=Router(routes, redirect_slashes=False, default=Endpoint(self, "")))

    def catch_up(self) -> None:
        """Carry out the late requests that are due."""
        self._store.begin()
        self._carry_out_late()
        self._store.commit()

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
            answer = self._vendor.responders[request.route](request)
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
        path = request.path.removeprefix(self._vendor.prefix)
        rule = script.strike(self._store, request.method, path, sign_in=request.route in self._vendor.sign_in)
        fault = rule and rule.strike(self._vendor.refusal)
        if fault:
            self._prepare(request, fault)
        self._store.commit()
        self._store.begin()
        return fault

    def _prepare(self, request: Request, fault: Fault) -> None:
        token, now = self._vendor.session(request), self._world.now().timestamp()
        if fault.late is not None:  # with the session as it is now
            own = sessions.company_of(self._store, token, now)
            late.add(self._store, now + fault.late, request._replace(own=own).packed())
        if fault.ends == "all":
            sessions.end_all(self._store)
        elif fault.ends:
            sessions.end(self._store, token)

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
        return self._vendor.crash()


class Endpoint:
    """An ASGI app that answers the requests of one route."""

    def __init__(self, pipeline: Pipeline, route: str) -> None:
        self._pipeline = pipeline
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await read(scope, receive, self._route)
        answer, fault = self._pipeline.answer(request)
        await deliver(answer, fault, scope, receive, send)


async def read(scope: Scope, receive: Receive, route: str) -> Request:
    """Read a request to the end of its body."""
    headers = dict(scope["headers"])
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    content_type = headers.get(b"content-type", b"").decode("latin-1").lower()
    raw = await _body(receive)
    return Request(scope["method"], scope["path"], route, scope.get("path_params", {}), query, content_type, raw)


async def _body(receive: Receive) -> bytes:
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)
