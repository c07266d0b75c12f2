"""What a journal says, as values: who began, what was about to be sent, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.kinds import Address, read_address
from provisioner.state.codec import decode_pending, decode_records, encode_pending, encode_records
from provisioner.state.model import Pending, Record

Place = tuple[str, str]
"""(scope, kind)"""


@dataclass(frozen=True, slots=True)
class Begin:
    """A run began."""

    run: str
    known: Mapping[Place, frozenset[str]] = field(default_factory=dict)
    """The ids that were live, of each kind that something is to be created of."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A request is about to leave. Written again when it leaves again."""

    call: str
    at: float
    """In seconds since 1970: a settle time is counted from it, and nothing is ordered by it."""
    making: Mapping[Address, Pending] = field(default_factory=dict)
    """What the call may bring into being."""
    touching: Mapping[Address, Record | None] = field(default_factory=dict)
    """What is remembered of what it changes, should nothing more be heard of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call; with no call, what was learnt without one."""

    call: str
    at: float
    ids: Mapping[Address, str] = field(default_factory=dict)
    """What was made, whether or not all is done that its address waits for."""
    records: Mapping[Address, Record | None] = field(default_factory=dict)
    """What is remembered from now on; None is forgotten."""
    unknown: frozenset[Address] = frozenset()
    """What may have been made or not."""


Entry = Begin | Intent | Outcome


def encode_entry(entry: Entry) -> dict[str, Any]:
    """An entry as a JSON object."""
    match entry:
        case Begin(run, known):
            ids = [[scope, kind, sorted(each)] for (scope, kind), each in sorted(known.items())]
            return {"type": "begin", "run": run, "known": ids}
        case Intent(call, at, making, touching):
            made = {str(a): encode_pending(p) for a, p in making.items()}
            touched = {"touching": encode_records(touching)} if touching else {}
            return {"type": "intent", "call": call, "at": at, "making": made, **touched}
        case Outcome(call, at, ids, records, unknown):
            body: dict[str, Any] = {"type": "outcome", "call": call, "at": at}
            if ids:
                body["ids"] = {str(a): id_ for a, id_ in ids.items()}
            if records:
                body["records"] = encode_records(records)
            if unknown:
                body["unknown"] = sorted(map(str, unknown))
            return body


def decode_entry(body: Mapping[str, Any]) -> Entry:
    """The entry. Raises KeyError, TypeError, ValueError or AttributeError for what this version does not know."""
    match body["type"]:
        case "begin":
            return Begin(body["run"], {(scope, kind): frozenset(ids) for scope, kind, ids in body["known"]})
        case "intent":
            made = {read_address(a): decode_pending(p) for a, p in body["making"].items()}
            return Intent(body["call"], float(body["at"]), made, decode_records(body.get("touching", {})))
        case "outcome":
            return Outcome(
                body["call"],
                float(body["at"]),
                {read_address(a): str(id_) for a, id_ in body.get("ids", {}).items()},
                decode_records(body.get("records", {})),
                frozenset(map(read_address, body.get("unknown", ()))),
            )
        case other:
            raise ValueError(f"unknown entry {other}")
