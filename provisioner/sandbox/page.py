"""The page at `/`: what this is, who is in it and how to sign in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse
from starlette.routing import Route

from provisioner.sandbox.dump import overview

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from provisioner.sandbox.world import World

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<h1>Sandbox: nothing here is real</h1>
<p>A look-alike of Setster's scheduling API under <code>/api/v2</code>. Sign in with
<code>POST /api/v2/account/authenticate?email={email}&amp;token={key}&amp;company_id={company}</code>
and send the <code>session_token</code> it answers, and the <code>company_id</code>, in every query.</p>
<table><tr><th>company_id</th><th>parent</th><th>company_name</th><th>nick_name</th><th>owner</th></tr>
{rows}
</table>
<p>For tests: <code>/_sandbox/calls</code>, <code>/_sandbox/accounts</code>, <code>/_sandbox/dump</code>,
<code>/_sandbox/dialect</code>, <code>/_sandbox/faults</code>, <code>/_sandbox/sessions</code>,
<code>/_sandbox/limits</code>, <code>/_sandbox/reset</code>.</p>
</html>
"""


def route(world: World) -> Route:
    """Return the page of one sandbox."""

    async def show(_request: Request) -> Response:
        return HTMLResponse(render(world))

    return Route("/", show)


def render(world: World) -> str:
    """Write the page."""
    found = overview(world.store)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in account.values())}</tr>" for account in found
    )
    first = found[0]
    return _PAGE.format(
        email=escape(str(first["email"])), key=escape(world.api_key), company=first["company_id"], rows=rows
    )
