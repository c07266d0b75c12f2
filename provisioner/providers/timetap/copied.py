"""Series as they were read, for the sandbox to begin with. There is no list: only those that are known by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.live import Live
from provisioner.providers.base import Copied, Found
from provisioner.providers.timetap.fields import ID
from provisioner.providers.timetap.read import KIND

_PEOPLE = ("client", "customFieldData")
"""What says something about who booked."""


def copied(found: Found) -> Copied:
    """The document that `provisioner.sandbox.timetap.copied` takes, and what is not in it."""
    series = [_body(live) for live in found.evidence.of("", KIND)]
    document = {"business": _business(found.company_id), "series": series}
    return Copied({"timetap": document}, {KIND: len(series)} if series else {}, tuple(_lacking()), dialects=False)


def _business(company_id: str) -> int | str:
    return int(company_id) if company_id.isdigit() else company_id


def _body(live: Live) -> dict[str, Any]:
    """A series as it was read, with the client's number alone."""
    raw: Mapping[str, Any] = live.raw
    client = raw.get("client")
    number = client.get("clientId") if isinstance(client, Mapping) else None
    kept = {name: value for name, value in raw.items() if name not in _PEOPLE}
    return {**kept, ID: int(live.id)} | ({"client": {"clientId": number}} if number is not None else {})


def _lacking() -> Iterator[str]:
    yield "this vendor has no list: series that are neither in the state nor pinned are not there"
    yield "appointments that were moved or cancelled by themselves, wait lists and messages cannot be read"
    yield "of clients only the numbers are there"
