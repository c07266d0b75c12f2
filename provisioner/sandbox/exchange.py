"""What goes in and what comes out, as values: a request that has been read, an answer that can be sent."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


DEEPEST = 50
"""Assumption: so deep may arrays and objects be in each other; what is kept has to be read again, in other company."""
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


def load(written: bytes | str) -> Any:
    """Read JSON; ValueError for what is none, for numbers that are not finite, and for what is nested too deeply."""
    try:
        value = json.loads(written, parse_float=_finite, parse_constant=_finite)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if len(written) > DEEPEST and _is_too_deep(value):
        raise ValueError("the JSON is nested too deeply")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [each for values in inner for each in values if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def dump(value: Any) -> bytes:
    """Write JSON as the vendors do: compact, and ASCII, so that no text can break the encoding."""
    return _COMPACT.encode(value).encode()
