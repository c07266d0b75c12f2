"""A tenant as it was read, for the sandbox to begin with: the bodies as they came, and nobody who booked is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from provisioner.kinds.booking import Booking, Standing
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.picture import Picture
from provisioner.providers.base import Copied, Found
from provisioner.providers.setster.account import SECRETS
from provisioner.providers.setster.bookings import STANDINGS
from provisioner.providers.setster.registry import TABLES

Body = dict[str, Any]
LONGEST_ID = 19
STAND_IN = "stand-in"
"""What a secret is in the copy."""
_STATUSES = {standing: code for code, standing in STANDINGS.items()} | {Standing.UNKNOWN: 2}
"""Assumption: what cannot be read stands."""


def copied(found: Found) -> Copied:
    """The document that `provisioner.sandbox.setster.copied` takes, and what is not in it."""
    accounts = {live.id: live for live in found.evidence.of("", "account")}
    scopes = {scope: id_ for scope, id_ in found.accounts.items() if id_ in accounts and _is_number(id_)}
    document = {
        "zones": dict(found.evidence.zones),
        "accounts": [_account(found, scope, accounts[id_]) for scope, id_ in scopes.items()],
    }
    return Copied({"setster": document}, _counts(found, scopes), tuple(_lacking(found, scopes)))


def _account(found: Found, scope: str, account: Live) -> Body:
    evidence = found.evidence
    return {
        "company_id": int(account.id),
        "parent": None if account.id == found.company_id else int(found.company_id),
        "business": {name: value for name, value in account.raw["business"].items() if name not in SECRETS},
        "options": dict(account.raw["options"]),
        "objects": {kind: [_body(live) for live in _numbered(evidence, scope, kind)] for kind in TABLES},
        "links": [[*map(int, live.refs)] for live in evidence.of(scope, "link") if all(map(_is_number, live.refs))],
        "hours": {live.id: list(live.raw) for live in evidence.of(scope, "availability") if _is_number(live.id)},
        "appointments": [_booking(each) for each in found.bookings.get(account.id, ()) if _placed(each)],
    }


def _numbered(evidence: Evidence, scope: str, kind: str) -> Iterator[Live]:
    return (live for live in evidence.of(scope, kind) if _is_number(live.id))


def _body(live: Live) -> Body:
    """An object as it was read; a secret in it is another one, and the default service is marked."""
    secret = {wire.name for wire in TABLES[live.kind].fields.values() if wire.secret}
    body = {name: STAND_IN if name in secret and value else value for name, value in live.raw.items()}
    return body | ({"tmp_default": True} if "default" in live.roles else {})


def _booking(each: Booking) -> Body:
    """When, where and with whom; of the client only the number."""
    assert each.start is not None, "it is placed in time"
    start = int(each.start.timestamp())
    return {
        "id": int(each.id),
        "start": start,
        "end": int(each.end.timestamp()) if each.end else start,
        **{f"{name}_id": _number(getattr(each, name)) for name in ("location", "employee", "service")},
        "client_id": _number(each.client_id),
        "status": _STATUSES[each.standing],
        "subservices": [int(addon) for addon in each.addons if _is_number(addon)],
    }


def _placed(each: Booking) -> bool:
    return each.start is not None and _is_number(each.id)


def _number(id_: str) -> int:
    return int(id_) if _is_number(id_) else 0


def _is_number(id_: str) -> bool:
    """Whether the sandbox can have this id, whose ids are numbers."""
    return id_.isascii() and id_.isdigit() and len(id_) < LONGEST_ID


# -- in words


def _counts(found: Found, scopes: Mapping[str, str]) -> dict[str, int]:
    counts = Counter({"account": len(scopes)})
    for scope, id_ in scopes.items():
        for kind in TABLES:
            counts[kind] += sum(1 for _ in _numbered(found.evidence, scope, kind))
        counts["link"] += len(found.evidence.of(scope, "link"))
        counts["booking"] += sum(map(_placed, found.bookings.get(id_, ())))
    return {name: count for name, count in counts.items() if count}


def _lacking(found: Found, scopes: Mapping[str, str]) -> Iterator[str]:
    """What has stand-ins, and what is left out."""
    kinds = ("account", *TABLES)
    held = list(chain.from_iterable(found.evidence.of(scope, kind) for scope in {"", *scopes} for kind in kinds))
    yield from _some(sum(map(_pictures, held)), "picture is", "pictures are", "there by name only")
    yield from _some(sum(len(live.secrets) for live in held), "secret has", "secrets have", "a stand-in")
    yield from _some(sum(not _is_number(live.id) for live in held), "object has", "objects have", "no number: left out")
    bookings = list(chain.from_iterable(found.bookings.get(id_, ()) for id_ in scopes.values()))
    yield from _some(sum(not _placed(each) for each in bookings), "booking has", "bookings have", "no time: left out")
    if bookings:
        yield "who booked has a made-up name"
    if held:
        yield "passwords, and clients that are in no manifest, are not read"


def _pictures(live: Live) -> int:
    return sum(isinstance(value, Picture) for value in live.fields.values())


def _some(count: int, one: str, many: str, what: str) -> Sequence[str]:
    return [f"{count:,} {one if count == 1 else many} {what}"] if count else []
