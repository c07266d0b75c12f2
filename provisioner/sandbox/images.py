"""The uploaded pictures, served to a browser under the addresses that reads show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from provisioner.sandbox.setster.pictures import FOLDER
from provisioner.sandbox.tables import pictures

if TYPE_CHECKING:
    from starlette.requests import Request

    from provisioner.sandbox.world import World


def route(world: World) -> Route:
    """Return the pictures of one sandbox; nobody needs to sign in to see one."""

    async def show(request: Request) -> Response:
        found = pictures.content(world.store, request.path_params["kind"], request.path_params["name"])
        if found is None:
            return Response("there is no such picture", 404, media_type="text/plain")
        media_type, content = found
        safe = media_type if media_type.startswith("image/") else "application/octet-stream"
        return Response(content, media_type=safe, headers={"x-content-type-options": "nosniff"})

    return Route(f"{FOLDER}/{{kind}}/{{name}}", show)
