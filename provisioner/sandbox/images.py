"""The uploaded pictures, served to a browser under the addresses that reads show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from provisioner.sandbox.setster.pictures import FOLDER
from provisioner.sandbox.setster.upload import image_or_bytes
from provisioner.sandbox.tables import pictures

if TYPE_CHECKING:
    from starlette.requests import Request

    from provisioner.sandbox.world import World

# What is uploaded may be a picture with a script in it: it is shown, and can do nothing to the sandbox's own pages.
_HARMLESS = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}


def route(world: World) -> Route:
    """Return the pictures of one sandbox; nobody needs to sign in to see one."""

    async def show(request: Request) -> Response:
        found = pictures.content(world.store, request.path_params["kind"], request.path_params["name"])
        if found is None:
            return Response("there is no such picture", 404, media_type="text/plain")
        media_type, content = found
        return Response(content, media_type=image_or_bytes(media_type), headers=_HARMLESS)

    return Route(f"{FOLDER}/{{kind}}/{{name}}", show)
