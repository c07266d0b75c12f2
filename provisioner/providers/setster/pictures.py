"""Photos and the logo: each is sent by a call of its own, once its object is there and written.

Sources: seed "Upload a Location Photo", "Upload a Service Photo", "Upload an Employee Photo", "Upload an Account Logo"
and the "Delete ... Photo" beside each but the logo. Assumption: what reads show of a picture is empty where there is
none, and its last part is the file's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from provisioner.errors import VendorError
from provisioner.kinds import Address
from provisioner.kinds.picture import Picture, media_type
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.providers.base import Call, Effect, Files, Part
from provisioner.providers.http import Attachment
from provisioner.providers.setster.payload import SaveObject, SavePicture


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the picture of one kind goes."""

    field: str
    """Our name, which is also the form's."""
    path: str
    object: str
    """The parameter that names the object; "" for the account, which every request names."""
    removed: str = ""
    """Where it is removed."""
    named_again: bool = False
    """A removal names the object in its body, too."""


SPOTS: Mapping[str, Spot] = {
    "account": Spot("logo", "/account/uploadLogo", ""),
    "location": Spot("photo", "/location/uploadPhoto", "location", "/location/removePhoto"),
    "service": Spot("photo", "/service/uploadPhoto", "service", "/service/removePhoto", named_again=True),
    "employee": Spot("photo", "/employee/uploadPhoto", "provider", "/employee/removePhoto", named_again=True),
}


def moved(change: Change) -> FieldChange | None:
    """What a change does to the object's picture; None when it leaves it alone."""
    spot = SPOTS.get(change.address.kind)
    found = next((f for f in change.fields if spot and f.name == spot.field), None)
    return found if found and change.action is not Action.DELETE and (found.before or found.after) else None


def without(changes: Iterable[Change]) -> list[Change]:
    """The changes that are left when pictures have calls of their own."""
    kept = []
    for change in changes:
        picture = moved(change)
        if picture is None or change.action is Action.CREATE:
            kept.append(change)
        elif others := tuple(f for f in change.fields if f is not picture):
            kept.append(replace(change, fields=others))
    return kept


def writers(calls: Iterable[Call]) -> Mapping[Address, frozenset[str]]:
    """Which calls write each object."""
    found: dict[Address, set[str]] = {}
    for call in calls:
        own = [call.payload.target] if isinstance(call.payload, SaveObject) else []
        for address in (*own, *(part.address for part in call.parts)):
            if isinstance(address, Address):
                found.setdefault(address, set()).add(call.id)
    return {address: frozenset(ids) for address, ids in found.items()}


def picture_call(change: Change, picture: FieldChange, writers: Mapping[Address, frozenset[str]]) -> Call:
    """The call that sends or removes a picture. It waits for every other that writes the object: their bodies hold
    the picture as it was read.
    """
    address, spot = change.address, SPOTS[change.address.kind]
    live = picture.before if isinstance(picture.before, Picture) else None
    if live is None and change.live is not None:
        live = change.live.fields.get(spot.field)
    payload = SavePicture(address, picture.after, live.file if isinstance(live, Picture) else "")
    needs = writers.get(address, frozenset())
    return Call(f"{spot.field} of {address}", Effect.REPLACE, (Part(address, spot.field),), needs, payload=payload)


def attachment(picture: Picture, field: str, files: Files) -> Attachment:
    """The picture as a form's file. Raises VendorError when it is not what the plan was made with."""
    try:
        content = files(picture.file)
    except ValueError as error:
        raise VendorError(f"{error}; nothing was sent") from None
    if sha256(content).hexdigest() != picture.sha256:
        raise VendorError(f"{picture.file} changed since the plan was made: plan again")
    return Attachment(field, picture.file.rpartition("/")[2], media_type(content) or "", content)


def removal(spot: Spot, live: str, id_: str) -> dict[str, object]:
    """The body that removes a picture (seed: Delete a Location Photo, Delete a Service Photo)."""
    named = {spot.object: int(id_)} if spot.named_again else {}
    return {"file_name": live.rpartition("/")[2], **named}
