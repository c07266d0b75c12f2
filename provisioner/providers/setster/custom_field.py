"""Custom fields on the wire (seed: List Custom Fields, Create or Modify Multiple Custom Fields).

Assumption: an entry of a bulk save that has an `id` modifies that field, and one without makes a new one. The page says
"create or modify" and shows ids in the answer alone, so what is answered is checked against what was meant.
"""

from __future__ import annotations

from typing import Any

from provisioner.kinds.custom_field import TYPES
from provisioner.providers.setster.codec import Wire, flag, number, number_flag, read_text, text, word
from provisioner.providers.setster.table import Table

_VISIBLE = {"appointment": 1, "contact": 2, "both": 3}


def _read_options(raw: Any) -> tuple[str, ...]:
    parts = (part.strip() for part in (read_text(raw) or "").split("|"))
    return tuple(part for part in parts if part)


CUSTOM_FIELD = Table(
    kind="custom_field",
    path="/customfield",
    save_many="/customfield/bulksave",
    fields={
        "label": text("label"),
        "type": word("type", {name: code for code, name in enumerate(TYPES)}),
        "options": Wire("options", lambda v, _: "|".join(v), lambda raw, _: _read_options(raw)),
        "multiselect": number_flag("multiselect"),
        "visible": word("visibility", _VISIBLE),
        "required": flag("required"),
        "active": flag("status"),
        "readonly": flag("readonly"),
        "readonly_type": number("readonly_type"),
        "length": number("length"),
        "ord": number("ord"),
        "hint": text("hint"),
        "deletable": flag("removable"),
    },
    passed=frozenset(),
    lacking={"removable": "unremovable"},
)
