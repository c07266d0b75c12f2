"""Request bodies: raw JSON and files (the seed), `{"data": ...}` and form fields (the vendor's earlier description)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from provisioner.sandbox.exchange import load
from provisioner.sandbox.setster.envelope import invalid
from provisioner.sandbox.setster.upload import File, multipart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.exchange import Request

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_BESIDE_DATA = frozenset({"data", "company_id", "session_token"})
_DEEPEST = 20


class Body(NamedTuple):
    """A body as JSON values, and every `company_id` in it that is not blank: beside `data`, in it, and in its list."""

    value: Any
    companies: tuple[Any, ...] = ()


NONE = Body(None)


def parse(request: Request) -> Body:
    """Read the body; an empty one is an empty object, a malformed one a failure."""
    written = _written(request)
    value = _unwrap(written)
    named = (each.get("company_id") for each in (written, value, *(listed(value) or ())) if isinstance(each, dict))
    return Body(value, tuple(each for each in named if each not in (None, "")))


def check_files(value: Any, allowed: str, name: str = "data") -> None:
    """Refuse a body with a file in it, other than the one that is allowed at its top."""
    if isinstance(value, File):
        raise invalid(f"{name} must not be a file")
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key != allowed or not isinstance(each, File):
            check_files(each, "", str(key))


def listed(value: Any) -> list[Any] | None:
    """Return a body that is a list, also as a form has it (`0[id]=1&1[id]=2`); None if it is something else."""
    if value and isinstance(value, dict) and list(value) == [str(index) for index in range(len(value))]:
        return list(value.values())
    return value if isinstance(value, list) else None


def _written(request: Request) -> Any:
    if request.content_type.startswith(MULTIPART):
        return _form(multipart(request.raw))
    raw = request.raw.strip()
    if not raw:
        return {}
    if request.content_type.startswith(FORM) and raw[:1] not in b"{[":  # curl -d sends JSON under the form's name
        return _form(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    return _json(raw)


def _json(raw: bytes | str) -> Any:
    try:
        return load(raw)
    except ValueError:
        raise invalid("the body is no valid JSON") from None


def _unwrap(body: Any) -> Any:
    if not isinstance(body, dict) or "data" not in body or not body.keys() <= _BESIDE_DATA:
        return body
    inner = body["data"]
    return _json(inner) if isinstance(inner, str) else inner


def _form(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Read form fields the PHP way: `links[12][34]=1` nests, `events[]=x` appends."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        keys = [name.partition("[")[0], *re.findall(r"\[([^\[\]]*)\]", name)]
        if len(keys) > _DEEPEST:
            raise invalid(f"the form field {keys[0]} is nested too deeply")
        _put(root, keys, value)
    return {name: _lists(value) for name, value in root.items()}


def _put(into: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        inner = into.setdefault(key or str(len(into)), {})
        if not isinstance(inner, dict):
            raise invalid(f"the form field {keys[0]} is both a value and a map")
        into = inner
    into[keys[-1] or str(len(into))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if list(value) == [str(index) for index in range(len(value))]:
        return [_lists(item) for item in value.values()]
    return {key: _lists(item) for key, item in value.items()}
