"""The page at `/`: who is in the sandbox, what they have and when they are open; plain HTML, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route

from provisioner.sandbox.guard import Guarded
from provisioner.sandbox.page import index, recurring, tenant
from provisioner.sandbox.page.frame import page
from provisioner.sandbox.page.html import link, tag
from provisioner.sandbox.tables import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from provisioner.sandbox.world import World

_LONGEST_NUMBER = 15


def routes(world: World) -> list[Route]:
    """Return the pages of one sandbox; they only read, and only programs on the same computer are answered."""

    def tenants(request: Request) -> Response:
        return index.show(world, max(1, _number(request.query_params.get("page", "")) or 1))

    def one(request: Request) -> Response:
        company, query = _number(request.path_params["company"]), request.query_params
        if company is None or not accounts.exists(world.store, company):
            return page("No such tenant", tag("p", "There is none here."), trail=[link("/", "All tenants")], status=404)
        return tenant.show(world, company, query.get("week", ""), query.get("location", ""))

    def series(_request: Request) -> Response:
        return recurring.show(world)

    shown = {"/": tenants, "/tenants/{company}": one, "/timetap-series": series}
    return [Route(path, Guarded(_Page(world, show)), methods=["GET"]) for path, show in shown.items()]


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER else None


class _Page:
    """An ASGI app that answers with one kind of page."""

    def __init__(self, world: World, show: Callable[[Request], Response]) -> None:
        self._world = world
        self._show = show

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._world.store.transaction():  # so that all of it is of one moment
            answer = self._show(Request(scope, receive))
        await answer(scope, receive, send)
