"""`/_sandbox`: looking inside and changing the rules, for tests. It makes sense on loopback only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from provisioner.sandbox import dialect
from provisioner.sandbox.dump import dump, overview
from provisioner.sandbox.faults import script
from provisioner.sandbox.tables import accounts, calls, sessions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from provisioner.sandbox.first import FirstAccount
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

    Action = Callable[[Store, Request, Any], Any]


def routes(world: World, first: FirstAccount, catch_up: Callable[[], None]) -> list[Mount]:
    """Return the control API of one sandbox: plain JSON, 400 with `{error}` for what makes no sense.

    `catch_up` carries out what is due, so that whoever looks inside sees it.
    """

    def reset(store: Store, _request: Request, _body: Any) -> dict[str, Any]:
        kept = dialect.read(store)
        store.clear()
        dialect.write(store, kept._asdict())
        first.make(world)
        return {"accounts": accounts.ids(store)}

    actions: list[tuple[str, str, Action]] = [
        ("GET", "/calls", lambda store, _request, _body: calls.listed(store)),
        ("DELETE", "/calls", lambda store, _request, _body: calls.clear(store)),
        ("POST", "/reset", reset),
        ("GET", "/dialect", lambda store, _request, _body: dialect.read(store)._asdict()),
        ("PUT", "/dialect", _set_dialect),
        ("GET", "/faults", lambda store, _request, _body: script.read(store)),
        ("PUT", "/faults", lambda store, _request, body: script.put(store, body)),
        ("POST", "/faults", lambda store, _request, body: script.add(store, body)),
        ("DELETE", "/faults", lambda store, _request, _body: script.clear(store)),
        ("PUT", "/sessions", _set_ttl),
        ("POST", "/sessions/expire", lambda store, _request, _body: sessions.end_all(store)),
        ("PUT", "/limits", _set_limits),
        ("GET", "/accounts", lambda store, _request, _body: overview(store)),
        ("GET", "/dump", _dump),
    ]
    return [Mount("/_sandbox", routes=[_route(world.store, catch_up, *action) for action in actions])]


def _route(store: Store, catch_up: Callable[[], None], method: str, path: str, action: Action) -> Route:
    return Route(path, _endpoint(store, catch_up, action), methods=[method])


def _endpoint(store: Store, catch_up: Callable[[], None], action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        catch_up()
        try:
            with store.transaction():
                return JSONResponse(action(store, request, json.loads(raw or b"{}")))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return endpoint


def _set_dialect(store: Store, _request: Request, body: Any) -> dict[str, str]:
    return dialect.write(store, dict(body))._asdict()


def _set_ttl(store: Store, _request: Request, body: Any) -> dict[str, float]:
    """Set how many seconds the sessions last that are opened from now on."""
    sessions.set_ttl(store, float(body["ttl"]))
    return {"ttl": sessions.ttl(store)}


def _set_limits(store: Store, _request: Request, body: Any) -> dict[str, int]:
    """Set how many sub-accounts each account may have."""
    limit = int(body["accounts"])
    store.set_setting("account_limit", limit)
    return {"accounts": limit}


def _dump(store: Store, request: Request, _body: Any) -> dict[str, Any]:
    asked = request.query_params.get("company_id")
    companies = [int(asked)] if asked else accounts.ids(store)
    if not all(accounts.exists(store, company) for company in companies):
        raise ValueError(f"there is no company {asked}")
    return dump(store, companies)
