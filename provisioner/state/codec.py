"""What is remembered, as JSON: exact both ways, and refused where this version would not understand all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from provisioner import __version__
from provisioner.kinds import Address, read_address
from provisioner.state.model import Key, Pending, Record, State, Tenant

FORMAT = 2
"""2 added what is pending; 1 is read as a state with nothing pending."""
Json = dict[str, Any]


def canonical(body: Any) -> bytes:
    """One spelling for equal values; half a surrogate pair, which a tenant's JSON may hold, survives it."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def checksum(body: Mapping[str, Any]) -> str:
    """The sha256 of the canonical spelling, in hex."""
    return hashlib.sha256(canonical(body)).hexdigest()


def secret_digest(lineage: str, value: str) -> str:
    """A digest of a secret that is of no use outside its own state file's lineage."""
    return hashlib.blake2b(
        value.encode("utf-8", "surrogatepass"), key=lineage.encode()[:64], digest_size=16
    ).hexdigest()


# -- the state


def encode_state(state: State) -> Json:
    """A state as a JSON object, without its checksum."""
    body: Json = {
        "format_version": FORMAT,
        "tool_version": __version__,
        "tenant": encode_tenant(state.tenant),
        "lineage": state.lineage,
        "serial": state.serial,
        "resources": {str(a): encode_record(r) for a, r in sorted(state.records.items())},
        "pending": {str(a): encode_pending(p) for a, p in sorted(state.pending.items())},
    }
    return body | ({"gap": state.gap} if state.gap else {})


def decode_state(body: Mapping[str, Any]) -> State | None:
    """The state, or None where an intact file holds what this version does not know (a kind, a field of a record)."""
    if body.get("format_version") not in (1, FORMAT):
        return None
    try:
        return State(
            tenant=decode_tenant(body["tenant"]),
            lineage=_text(body["lineage"]),
            serial=int(body["serial"]),
            records={read_address(text): decode_record(fields) for text, fields in body["resources"].items()},
            pending={read_address(text): decode_pending(each) for text, each in body.get("pending", {}).items()},
            gap=float(body.get("gap", 0.0)),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


# -- its parts


def encode_tenant(tenant: Tenant) -> Json:
    """A tenant as a JSON object."""
    return {"host": tenant.host, "company_id": tenant.company_id}


def decode_tenant(body: Mapping[str, Any]) -> Tenant:
    """Raises TypeError for what is no tenant."""
    return Tenant(**body)


def encode_record(record: Record) -> Json:
    """A record as a JSON object; what is usual is left out."""
    body: Json = {"id": record.id, "owned": record.owned}
    if record.protect:
        body["protect"] = True
    if record.applied:
        body["applied"] = dict(record.applied)
    if record.secrets:
        body["secrets"] = dict(record.secrets)
    if not record.confirmed:
        body["confirmed"] = False
    if record.doubt:
        body["doubt"] = dict(record.doubt)
    if record.kept:
        body["kept"] = dict(record.kept)
    if record.becoming is not None:
        body["becoming"] = dict(record.becoming)
    return body


def decode_record(body: Mapping[str, Any]) -> Record:
    """Raises TypeError for what is no record of this version."""
    return Record(**body)


def encode_records(records: Mapping[Address, Record | None]) -> Json:
    """Records by address; None for one that is forgotten."""
    return {str(a): None if r is None else encode_record(r) for a, r in records.items()}


def decode_records(body: Mapping[str, Any]) -> dict[Address, Record | None]:
    """Raises ValueError or TypeError for what is none."""
    return {read_address(a): None if r is None else decode_record(r) for a, r in body.items()}


def encode_pending(pending: Pending) -> Json:
    """A create in doubt as a JSON object."""
    return {
        "record": encode_record(pending.record),
        "keys": [[list(key.fields), list(key.values)] for key in pending.keys],
        "account_id": pending.account_id,
        "known": sorted(pending.known),
        "since": pending.since,
    }


def decode_pending(body: Mapping[str, Any]) -> Pending:
    """Raises KeyError, ValueError or TypeError for what is none."""
    return Pending(
        decode_record(body["record"]),
        tuple(Key(tuple(fields), tuple(values)) for fields, values in body["keys"]),
        _text(body["account_id"]),
        frozenset(map(_text, body["known"])),
        float(body["since"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
