"""The `removed:` block: reviewed removals, by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.desired import Removal
from provisioner.kinds.values import parse_int, parse_key, refused, said
from provisioner.manifest.fields import Fields
from provisioner.manifest.yaml import EMPTY, Map, Value

if TYPE_CHECKING:
    from typing import Any

    from provisioner.kinds import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.source import Source

How = Literal["delete", "deactivate", "forget"]
_HOWS: tuple[How, ...] = ("delete", "deactivate", "forget")


class Removed(NamedTuple):
    """One entry; `address.account` is as written, "" where the document's scope decides."""

    address: Address
    removal: Removal


def read_removals(node: Value, place: Place, source: Source) -> list[Removed]:
    """The entries of a document's `removed:`."""
    if not isinstance(node, Map):
        if node is not EMPTY:
            source.problems.add(
                place, f"removed is {said(node)}: write a mapping such as location/kiosk: {{how: delete}}"
            )
        return []
    found = (_entry(text, value, node, source) for text, value in node.items())
    return [entry for entry in found if entry]


def _entry(text: str, value: Value, node: Map, source: Source) -> Removed | None:
    place = source.place(node.marks[text][:2])
    if not source.check_key(text, place):
        return None
    try:
        address = read_address(text)
        for key in address.key:
            parse_key(key, BY_NAME)
    except ValueError as error:
        source.problems.add(place, str(error))
        return None
    fields = Fields(value, source.place(node.marks[text][2:]), text, source.problems)
    how = fields.need("how", _how, None, "delete")
    strands = fields.take("strands", _count, 0)
    fields.close()
    wrong = _impossible(BY_NAME[address.kind], how)
    if wrong:
        source.problems.add(place, f"{text}: {wrong}")
    return Removed(address, Removal(how, place, strands)) if how and not wrong else None


def _impossible(kind: type[Resource], how: How | None) -> str:
    """Why a kind can never be removed like this; "" when it can."""
    if how == "delete" and not kind.removable:
        return f"{kind.with_article()} cannot be deleted: write how: forget"
    if how == "deactivate" and "active" not in kind.model_fields:
        return f"{kind.with_article()} cannot be deactivated: write how: delete or how: forget"
    return ""


def _how(raw: Any) -> How | None:
    if raw not in _HOWS:
        raise refused(raw, "is no way to remove something", " or ".join(_HOWS))
    return _HOWS[_HOWS.index(raw)]


def _count(raw: Any) -> int:
    count = parse_int(raw)
    if count < 0:
        raise refused(raw, "is negative", "0 or more")
    return count
