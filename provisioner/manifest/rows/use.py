"""What a text of a template is used as: that decides which cells are welcome in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from provisioner.kinds import BY_SECTION
from provisioner.kinds.base import specs
from provisioner.kinds.values import plain
from provisioner.manifest.rows.spoiled_dates import Use
from provisioner.manifest.shape import ANY, Shape, shape

_BY_FORM: Final[Mapping[str, Use]] = {
    "boolean": "boolean", "integer": "number", "count": "number", "money": "number", "duration": "number",
    "degrees": "number", "dates": "date", "stretch": "date", "period": "date", "hours": "hours", "schedule": "hours",
    "word": "word", "rule": "word", "secret": "secret",
}  # fmt: skip
_ZIPS: Final = {"zip": "country", "addresszip": "address_country"}
_DATES: Final = ("away", "dates", "date", "bookable", "years", "except")
_WEEKS: Final = ("week", "schedule")


def use_of(steps: tuple[str, ...]) -> Use:
    """What the text at a path of keys is: `("locations", "downtown", "zip")`."""
    if steps[:1] == ("account",):
        return "scope"
    kind = BY_SECTION.get(steps[0]) if steps else None
    spec = specs(kind).get(".".join(steps[2:])) if kind and not kind.key_kinds else None
    if len(steps) > 2 and steps[-1] in _ZIPS:
        return "zip"
    if any(step in _WEEKS for step in steps[2:]):
        return "hours"
    if any(step in _DATES for step in steps[-2:]):
        return "date"
    if spec:
        return _BY_FORM.get(spec.form.name, "text")
    return "text"


def field_of(steps: Sequence[str]) -> str:
    """What a message calls the text at a path: its field, as everywhere, and the last key inside the field's value."""
    kind = BY_SECTION.get(steps[0])
    path = steps[2:]
    if not path or not kind or kind.key_kinds:
        return plain(steps[-1], 60)
    tree: Shape | None = shape(kind)
    length = 0
    while tree is not None and length < len(path):
        tree = tree.get(path[length], tree.get(ANY))
        length += 1
    field = plain(".".join(path[:length]))
    return f"{field}: {plain(path[-1], 60)}" if length < len(path) else field


def country_key(steps: tuple[str, ...]) -> str:
    """The field beside a postal code that says its country."""
    return _ZIPS.get(steps[-1], "")
