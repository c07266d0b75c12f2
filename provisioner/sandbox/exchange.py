"""What goes in and what comes out, as values: a request that has been read, an answer that can be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_COMPACT = json.JSONEncoder(separators=(",", ":"))


class Request(NamedTuple):
    """One request, read to its end.

    `route` is the path with its parameters named and `params` are their values; `query` holds the last value of each
    name. `own` is the company of its session, where that was found out when the request came and not when it is done.
    `authorization` is the header of that name, and `pairs` is the query with every value of a name.
    """

    method: str
    path: str
    route: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    content_type: str
    raw: bytes
    own: int | None = None
    authorization: str = ""
    pairs: Sequence[Sequence[str]] = ()

    def packed(self) -> str:
        """Write the request as JSON, to keep it."""
        return json.dumps(self._asdict() | {"raw": self.raw.decode("latin-1")})


def unpacked(text: str) -> Request:
    """Read a request that was kept."""
    fields: dict[str, Any] = json.loads(text)
    return Request(**fields | {"raw": fields["raw"].encode("latin-1")})


class Answer(NamedTuple):
    """One answer: HTTP status, bytes, the vendor's own code, the company it was about and whether its writes stay."""

    status: int
    body: bytes
    code: int | None = None
    company: int | None = None
    keep: bool = True
    media_type: str = "application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()


def dump(value: Any) -> bytes:
    """Write JSON as the vendors do: compact, and ASCII, so that no text can break the encoding."""
    return _COMPACT.encode(value).encode()
