"""One account as a verification sees it: what is live in it, what the manifests promise, and what each of them opens.

All questions of a round are put between two moments. What is promised at both of them has to be offered, and what is
offered has to be promised at one of them at least: so nobody's clock makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from provisioner.kinds.calendar import Dates
from provisioner.opening import Facts, Opening, needs_addon, shortest_addons, with_addon
from provisioner.verify.pairs import Pair

Side = Literal["live", "promise"]
Starts = tuple[datetime, ...]


@dataclass(frozen=True)
class Account:
    """`promise` is what is live with all that the manifests say in its place."""

    scope: str
    live: Facts
    promise: Facts
    first: datetime
    last: datetime
    """The moments between which all was asked, aware."""
    _openings: dict[tuple[Side, datetime, str, str], Opening] = field(default_factory=dict, compare=False, repr=False)

    def opening(self, side: Side, pair: Pair, moment: datetime | None = None) -> Opening:
        """What is open for a pair, at the end of the round or at another moment."""
        addon = self.addon(pair)
        at = moment or self.last
        key = side, at, pair.service if addon else "", addon
        if key not in self._openings:
            facts = self.live if side == "live" else self.promise
            self._openings[key] = Opening(with_addon(facts, self.scope, pair.service, addon), at)
        return self._openings[key]

    # -- add-ons

    def addon(self, pair: Pair) -> str:
        """The add-on that a service has to be booked with at a location; "" for none."""
        needed = needs_addon(self.live, self.scope, pair.service)
        return self._addons.get(pair.location, "") if needed else ""

    @cached_property
    def _addons(self) -> Mapping[str, str]:
        return shortest_addons(self.live, self.scope)

    # -- what is open

    def differences(self, side: Side, pair: Pair, offered: Starts, window: Dates) -> tuple[Starts, Starts]:
        """The local starts that are offered and not open by one side, and those that are open and not offered."""
        given = {start for start in offered if window.start <= start.date() <= window.end}
        late = {*self.starts(side, pair, window, self.last)}
        if given == late:
            return (), ()
        early = {*self.starts(side, pair, window, self.first)}
        return tuple(sorted(given - (early | late))), tuple(sorted((early & late) - given))

    def starts(self, side: Side, pair: Pair, window: Dates, moment: datetime) -> Iterator[datetime]:
        """The local starts that are open."""
        for offer in self.opening(side, pair, moment).offers(pair.location, pair.service, window):
            yield offer.start.replace(tzinfo=None)
