"""An employee's permissions on the wire: labels in one text, separated by commas (seed: Create an Employee)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.employee import Permissions
from provisioner.providers.setster.codec import Wire, read_text

LABELS = tuple(Permissions.model_fields)
"""Our names are the vendor's labels."""
FIELD = "permissions"


def permission(label: str) -> Wire:
    """One label. What is written of several is joined with what is live, which may have labels that we do not know."""
    return Wire(FIELD, lambda v, _: {label: v}, lambda v, _: label in _labels(v))


def join_permissions(live: Any, wanted: Mapping[str, bool] | None) -> str:
    """The whole text: live labels as they stand, without those that are taken away, then those that are given."""
    text = live if isinstance(live, str) else ""
    if wanted is None:
        return text
    kept = [label for label in _labels(text) if wanted.get(label, True)]
    return ",".join([*kept, *(label for label, on in wanted.items() if on and label not in kept)])


def _labels(raw: Any) -> list[str]:
    return [label.strip() for label in (read_text(raw) or "").split(",") if label.strip()]
