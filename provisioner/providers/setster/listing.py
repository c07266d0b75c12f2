"""The order in which a list is shown. Assumption: by `ord`, and as it was read where that says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from provisioner.kinds.live import Live
from provisioner.kinds.order import Order
from provisioner.providers.setster.codec import read_number

LISTS: Mapping[str, str] = {kind: name for name, kind in Order.lists.items()}


def read_order(kind: str, found: Iterable[Live]) -> tuple[Live, ...]:
    """The order of a list that was read, if it is one that can be put in order."""
    return (Live("order", LISTS[kind], refs=in_order(found)),) if kind in LISTS else ()


def in_order(found: Iterable[Live]) -> tuple[str, ...]:
    """The ids of a list in the order in which it is shown."""
    return tuple(live.id for live in sorted(found, key=_place))


def _place(live: Live) -> int:
    try:
        return read_number(live.raw.get("ord"))
    except (ValueError, TypeError, AttributeError):
        return 0
