"""Every operation with a body takes it in each of the forms that the vendor's descriptions know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import walk
from tests.sandbox.answers import Answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.sandbox.conftest import Sandbox


def fields(body: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Name the parts of a body the PHP way; what is empty is blank."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else None
    if inner is None or not body:
        yield name, "" if not body and body != 0 else str(int(body)) if isinstance(body, bool) else str(body)
    for key, value in inner or ():
        yield from fields(value, f"{name}[{key}]" if name else str(key))


def form(body: Any) -> dict[str, Any]:
    return {"data": dict(fields(body))}


def multipart(body: Any) -> dict[str, Any]:
    return {"files": {name: (None, value) for name, value in fields(body)}}


WAYS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "wrapped": lambda body: {"json": {"data": body}},
    "wrapped as text": lambda body: {"json": {"data": json.dumps(body)}},
    "a form": form,
    "a wrapped form": lambda body: form({"data": body}),
    "a form with JSON in it": lambda body: {"data": {"data": json.dumps(body)}},
    "a multipart form": multipart,
    "a wrapped multipart form": lambda body: multipart({"data": body}),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_body_is_taken_in_every_form(sandbox: Sandbox, way: str) -> None:
    answers = Answers(sandbox, WAYS[way])
    for area in walk.AREAS.values():
        area(answers)
    assert answers.wrong == {}
