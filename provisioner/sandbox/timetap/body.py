"""Request bodies: one JSON object, whatever its content type says."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.exchange import load
from provisioner.sandbox.timetap.answers import invalid


def parse(raw: bytes) -> dict[str, Any]:
    """Return the object; anything else is a failure."""
    try:
        body = load(raw)
    except ValueError:
        raise invalid("the body is no valid JSON") from None
    return mapping("the body", body)


def mapping(name: str, value: Any) -> dict[str, Any]:
    """Accept an object."""
    if not isinstance(value, dict):
        raise invalid(f"{name} must be an object")
    return value
