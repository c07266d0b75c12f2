"""A state as the text of its file, with a checksum: it is trusted whole or not at all."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from provisioner.errors import StateError
from provisioner.state.codec import checksum, decode_state, encode_state
from provisioner.state.model import State, Tenant


class Snapshot(NamedTuple):
    """What such a file holds."""

    state: State
    taken_in: str | None
    """The digest of the last journal that is in it already; None for a copy, beside which no journal need be."""


def dump(state: State, taken_in: str | None = None) -> str:
    """A state as the text of its file."""
    body = encode_state(state)
    if taken_in is not None:
        body["journal"] = taken_in
    return json.dumps(body | {"sha256": checksum(body)}, ensure_ascii=False, indent=1)


def read(data: bytes, name: str, tenant: Tenant, remedy: str) -> Snapshot:
    """What a file's bytes say.

    Raises StateError, which names the file as `name`: when it is damaged, with the remedy, or too new, or of another
    tenant.
    """
    body = _intact(data)
    if body is None:
        raise StateError(f"{name}: damaged or edited by hand (its checksum does not fit). {remedy}")
    state = decode_state(body)
    if state is None:
        raise StateError(f"{name}: written by a newer provisioner ({body.get('tool_version')}): update this one")
    if state.tenant != tenant:
        raise StateError(f"{name}: belongs to {state.tenant}, not to {tenant}: put the right one there")
    taken_in = body.get("journal")
    return Snapshot(state, None if taken_in is None else str(taken_in))


def _intact(data: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(data)
        body = {key: value for key, value in document.items() if key != "sha256"}
        return body if document["sha256"] == checksum(body) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
