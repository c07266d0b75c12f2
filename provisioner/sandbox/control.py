"""`/_sandbox`: looking inside and changing the rules, for tests; for programs on the same computer only."""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Mount, Route, Router

from provisioner.sandbox import dialect, exchange, outbox, seed
from provisioner.sandbox.dump import dump, overview
from provisioner.sandbox.faults import script
from provisioner.sandbox.guard import Guarded
from provisioner.sandbox.tables import accounts, bearers, calls, deliveries, mails, sessions
from provisioner.sandbox.timetap import control as timetap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from provisioner.sandbox.first import FirstAccount
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

    Action = Callable[[Store, Request, Any], Any]
    Listed = tuple[str, str, Action]


def routes(world: World, first: FirstAccount, catch_up: Callable[[], None]) -> list[Mount]:
    """Return the control API of one sandbox: plain JSON, 400 with `{error}` for what makes no sense, and
    500 with `{error}` where the file cannot be used.

    `catch_up` carries out what is due, so that whoever looks inside sees it.
    """

    def reset(store: Store, _request: Request, _body: Any) -> dict[str, Any]:
        kept = dialect.read(store)
        store.clear()
        dialect.write(store, kept._asdict())
        first.make(world)
        return {"accounts": accounts.ids(store)}

    actions: list[Listed] = [
        ("POST", "/reset", reset),
        ("POST", "/seed", lambda _store, _request, body: seed.sow(world, body)),
        ("GET", "/clock", lambda _store, _request, _body: world.clock.read()),
        ("PUT", "/clock", lambda _store, _request, body: world.clock.put(body)),
        ("DELETE", "/clock", lambda _store, _request, _body: world.clock.restore()),
        *timetap.actions(world),
        *_ALONE,
    ]
    endpoints = [_route(world.store, catch_up, *action) for action in actions]
    return [Mount("/_sandbox", app=Guarded(Router(endpoints)))]


def _route(store: Store, catch_up: Callable[[], None], method: str, path: str, action: Action) -> Route:
    return Route(path, _endpoint(store, catch_up, action), methods=[method])


def _endpoint(store: Store, catch_up: Callable[[], None], action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            raw = await request.body()
        except ClientDisconnect:
            return Response()  # to nobody: a request that was cut off is not carried out
        try:
            catch_up()
            with store.transaction():
                return _json(action(store, request, exchange.load(raw or b"{}")))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            return _json({"error": str(error)}, 400)
        except sqlite3.Error as error:  # a full disk, say
            return _json({"error": f"the sandbox's file cannot be used: {error}"}, 500)

    return endpoint


def _json(value: Any, status: int = 200) -> Response:
    return Response(exchange.dump(value), status, media_type="application/json")


def _set_dialect(store: Store, _request: Request, body: Any) -> dict[str, str]:
    return dialect.write(store, dict(body))._asdict()


def _set_ttl(store: Store, _request: Request, body: Any) -> dict[str, float]:
    """Set how many seconds the sessions last that are opened from now on."""
    seconds = float(_said(body, "ttl", "a number of seconds"))
    if not math.isfinite(seconds):
        raise ValueError(f"ttl must be a number of seconds, not {seconds}")
    sessions.set_ttl(store, seconds)
    return {"ttl": sessions.ttl(store)}


def _expire(store: Store, _request: Request, _body: Any) -> None:
    """End the sessions of both vendors."""
    sessions.end_all(store)
    bearers.end_all(store)


def _set_limits(store: Store, _request: Request, body: Any) -> dict[str, int]:
    """Set how many sub-accounts each account may have."""
    limit = int(_said(body, "accounts", "a whole number"))
    store.set_setting("account_limit", limit)
    return {"accounts": limit}


def _set_active(store: Store, _request: Request, body: Any) -> dict[str, Any]:
    """Say whether the owner of an account may sign in."""
    company, active = int(_said(body, "company_id", "an account's id")), bool(_said(body, "active", "true or false"))
    if not accounts.exists(store, company):
        raise ValueError(f"there is no company {company}")
    accounts.save(store, company, accounts.get(store, company) | {"active": active})
    return {"company_id": company, "active": active}


def _said(body: Any, name: str, meaning: str) -> Any:
    if not isinstance(body, dict) or name not in body:
        raise ValueError(f'the body must be {{"{name}": {meaning}}}')
    return body[name]


def _dump(store: Store, request: Request, _body: Any) -> dict[str, Any]:
    asked = request.query_params.get("company_id")
    companies = [int(asked)] if asked else accounts.ids(store)
    if not all(accounts.exists(store, company) for company in companies):
        raise ValueError(f"there is no company {asked}")
    return dump(store, companies) | ({} if asked else {"timetap": timetap.dump(store)})


# What needs nothing but the store.
_ALONE: tuple[Listed, ...] = (
    ("GET", "/calls", lambda store, _request, _body: calls.listed(store)),
    ("DELETE", "/calls", lambda store, _request, _body: calls.clear(store)),
    ("GET", "/mails", lambda store, _request, _body: mails.listed(store)),
    ("GET", "/dialect", lambda store, _request, _body: dialect.read(store)._asdict()),
    ("PUT", "/dialect", _set_dialect),
    ("GET", "/faults", lambda store, _request, _body: script.read(store)),
    ("PUT", "/faults", lambda store, _request, body: script.put(store, body)),
    ("POST", "/faults", lambda store, _request, body: script.add(store, body)),
    ("DELETE", "/faults", lambda store, _request, _body: script.clear(store)),
    ("PUT", "/sessions", _set_ttl),
    ("POST", "/sessions/expire", _expire),
    ("PUT", "/limits", _set_limits),
    ("PUT", "/accounts", _set_active),
    ("GET", "/accounts", lambda store, _request, _body: overview(store)),
    ("GET", "/dump", _dump),
    ("GET", "/deliveries", lambda store, _request, _body: deliveries.listed(store)),
    ("DELETE", "/deliveries", lambda store, _request, _body: deliveries.clear(store)),
    ("PUT", "/delivery", lambda store, _request, body: outbox.set_real(store, body)),
)
