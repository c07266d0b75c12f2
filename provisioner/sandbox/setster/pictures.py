"""Uploads: a picture of each location, service, employee and client, and the logo of an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import NOTHING, Reply, invalid, missing
from provisioner.sandbox.setster.upload import File
from provisioner.sandbox.tables import accounts, objects, pictures

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "/admin/images"
"""Where the pictures are served from (seed: Upload a Location Photo, `file_location`)."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Spot:
    """One kind's picture: the name of its object in queries and bodies, and the field that shows it."""

    kind: str
    query: str
    shown: str


SPOTS = (Spot("location", "location", "photo"), Spot("service", "service", "photo"),
         Spot("employee", "provider", "photo_url"))  # fmt: skip


def upload_photo(spot: Spot, call: Call) -> Reply:
    """Add or update a picture (seed: Upload a Location Photo).

    Assumptions: it replaces the one before, and reads show its location and name as one address.
    """
    number = call.whole(spot.query)
    if number is None:
        raise invalid(f"{spot.query} is required")
    record = call.stored(spot.kind, number)
    answer = _keep(call, spot.kind, record["id"], _file(call, "photo"))
    record[spot.shown] = answer["file_location"] + answer["file_name"]
    objects.save(call.store, spot.kind, record["id"], record)
    return Reply(answer)


def remove_photo(spot: Spot, call: Call) -> Reply:
    """Delete a picture (seed: Delete a Location Photo), of the object that the query names, or else the body.

    Assumptions: only under the name that it has; where neither names an object, as in the sample for locations, it is
    the company's own one with this picture.
    """
    written = call.mapping.get("file_name")
    if not written:
        raise invalid("file_name is required")
    name = _accepted("file_name", values.text, written)
    record = call.stored(spot.kind, _whose(spot, call, name))
    if name != pictures.name_of(call.store, spot.kind, record["id"]):
        raise missing("file", name)
    pictures.clear(call.store, spot.kind, record["id"])
    record[spot.shown] = ""
    objects.save(call.store, spot.kind, record["id"], record)
    return NOTHING


def _whose(spot: Spot, call: Call, name: str) -> int:
    """Return the id of the object whose picture is meant."""
    number: int | None = call.whole(spot.query)
    written = call.mapping.get(spot.query)
    if number is None and written not in (None, ""):
        number = _accepted(spot.query, values.whole, written)
    if number is None:
        number = pictures.owner(call.store, spot.kind, call.company, name)
    if number is None:
        raise missing("file", name)
    return number


def upload_logo(call: Call) -> Reply:
    """Add or update the logo (seed: Upload an Account Logo)."""
    account = accounts.get(call.store, call.company)
    answer = _keep(call, "account", call.company, _file(call, "logo"))
    account["logo"] = answer["file_location"] + answer["file_name"]
    accounts.save(call.store, call.company, account)
    return Reply(answer)


def upload_client_photo(call: Call) -> Reply:
    """Keep a client's picture (seed: Upload a Client Photo, which names no client).

    A client's `photo` is the base name alone (seed: Create a Client). Assumptions: a `client_id` in the query or in the
    form says whose it is; without one, it is kept as nobody's.
    """
    whose = call.query.get("client_id") or call.mapping.get("client_id")
    if whose:
        record = call.stored("client", _accepted("client_id", values.whole, whose))
        answer = _keep(call, "client", record["id"], _file(call, "photo"))
        record["photo"] = answer["file_name"]
        objects.save(call.store, "client", record["id"], record)
        return Reply(answer)
    return Reply(_keep(call, "clients", None, _file(call, "photo")))


def _accepted(name: str, accept: Callable[[Any], Any], written: Any) -> Any:
    try:
        return accept(written)
    except ValueError as error:
        raise invalid(f"{name} {error}") from None


def _file(call: Call, name: str) -> File:
    found = call.mapping.get(name)
    if not isinstance(found, File) or not found.content:
        raise invalid(f"{name} must be a file")
    return found


def _keep(call: Call, kind: str, number: int | None, file: File) -> dict[str, Any]:
    """Keep a file as an object's picture, or under its own number."""
    upload = pictures.next_id(call.store)
    name = f"{upload}-{_UNSAFE.sub('-', file.name)}"
    kept_as = upload if number is None else number
    pictures.save(call.store, kind, kept_as, call.company, name, file.media_type, file.content)
    return {"upload_id": upload, "file_name": name, "file_location": f"{FOLDER}/{kind}/"}


OPERATIONS = (
    *(Operation("POST", f"/{spot.kind}/uploadPhoto", partial(upload_photo, spot), file="photo") for spot in SPOTS),
    *(Operation("POST", f"/{spot.kind}/removePhoto", partial(remove_photo, spot)) for spot in SPOTS),
    Operation("POST", "/account/uploadLogo", upload_logo, file="logo"),
    Operation("POST", "/client/uploadPicture", upload_client_photo, file="photo"),
)
