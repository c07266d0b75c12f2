"""What goes in and what comes out, as values: a request that has been read, an answer that can be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Request(NamedTuple):
    """One request, read to its end; `params` are the path's, `query` holds the last value of each name."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    content_type: str
    raw: bytes


class Answer(NamedTuple):
    """One answer: HTTP status, bytes, the vendor's own code, the company it was about and whether its writes stay."""

    status: int
    body: bytes
    code: int | None = None
    company: int | None = None
    keep: bool = True
    media_type: str = "application/json"


def dump(value: Any) -> bytes:
    """Write JSON as the vendors do: compact, and ASCII, so that no text can break the encoding."""
    return json.dumps(value, separators=(",", ":")).encode()
