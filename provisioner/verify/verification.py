"""The whole verification, in as few requests as it takes.

First the lists that say what is published; then one question for each pair, which is about everybody who offers it and
answers for weeks; hours only of those employees without whom an answer cannot be explained; and what is booked, only of
accounts in which something is open and not offered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from provisioner.errors import UnreachableError, UsageError, VendorError
from provisioner.kinds.address import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Desired
from provisioner.opening import Facts, wanted
from provisioner.providers.base import Provider, Question
from provisioner.reading.inspection import Inspection, inspect, with_hours
from provisioner.state.model import State
from provisioner.verify.asking import Asking
from provisioner.verify.booked import LOOKED_BACK, Booked, booked
from provisioner.verify.pairs import Pair, Published, concerned, published
from provisioner.verify.result import Difference, Row, Sample, Verified
from provisioner.verify.round import Round
from provisioner.verify.sample import draw


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be verified."""

    named: Callable[[Address], bool] | None = None
    """Only what these decide; None is all of it."""
    gone: tuple[Address, ...] = ()
    """Links that were there before."""
    sample: int | None = None
    since: date | None = None
    """The day to look from; None is today, wherever the location is."""
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class Verification:
    """One verification of one tenant; `now` answers aware moments."""

    provider: Provider
    desired: Desired
    state: State
    company_id: str
    wish: Wish
    now: Callable[[], datetime]
    about_to_ask: Callable[[int, int], None] = lambda _asked, _published: None
    """Is told how many pairs will be asked about, and how many are published."""
    told: Callable[[int, int], None] = lambda _done, _total: None
    """Is told how many questions of how many were answered."""

    async def run(self) -> Verified:
        """Ask and explain. Raises UsageError where the vendor cannot be asked, and what reading raises."""
        if not self.provider.opens:
            raise UsageError("this vendor does not say when something can be booked: it cannot be verified")
        theirs = wanted(self.desired)
        scopes = [scope for scope, facts in theirs.items() if facts.resources]
        seen = await inspect(self.provider, self.desired, self.state, self.company_id, scopes, hours=False)
        found = self._published(seen, {scope: theirs[scope] for scope in scopes})
        seed = str(self.wish.since or self.now().date())
        pairs = found.pairs if self.wish.sample is None else draw(found.pairs, self.wish.sample, seed)
        before = Round(seen, self.desired, theirs, self.wish.since, self.wish.weeks, self.now(), self.now())
        questions = {pair: each for pair in pairs if (each := self._question(before, pair))}
        self.about_to_ask(len(questions), len(found.pairs))
        since = self.now()
        answers = await Asking(self.provider, self.told).all(questions)
        rows, differences = await self._explained(before.asked(answers, since, self.now()), pairs)
        sample = None if self.wish.sample is None else Sample(self.wish.sample, seed)
        return Verified(
            rows,
            differences,
            len(found.pairs),
            found.hidden,
            self.wish.since,
            self.wish.weeks,
            since.date(),
            sample,
        )

    # -- what is asked

    def _published(self, seen: Inspection, theirs: Mapping[str, Facts]) -> Published:
        """What is published in all accounts, or what of it is named."""
        pairs: list[Pair] = []
        hidden: dict[str, int] = {}
        for scope, facts in theirs.items():
            if scope not in seen.accounts:
                pairs.append(Pair(scope))
                continue
            found = published(seen.facts[scope], facts)
            pairs += found.pairs
            hidden |= {why: hidden.get(why, 0) + number for why, number in found.hidden.items()}
        if self.wish.named is None:
            return Published(tuple(pairs), hidden)
        every = {*self.desired.resources, *self.desired.removed, *self.wish.gone}
        every |= {address for facts in seen.facts.values() for address in facts.resources}
        links = {address for address in every if address.kind == "link"}
        return Published(concerned(pairs, filter(self.wish.named, every), links), {})

    def _question(self, before: Round, pair: Pair) -> Question | None:
        """What is asked of a pair; None where there is nothing to ask."""
        if not pair.whole or pair.scope not in before.seen.accounts:
            return None
        location, service = (before.seen.id(Address(pair.scope, *each)) for each in pair.objects())
        if not location or not service:
            return None
        addon = before.account(pair.scope).addon(pair)
        addons = (before.seen.id(Address(pair.scope, "service", (addon,))),) if addon else ()
        company = before.seen.accounts[pair.scope]
        return Question(company, location, service, addons, before.day(pair), self.wish.weeks)

    # -- what the answers say

    async def _explained(self, asked: Round, pairs: Sequence[Pair]) -> tuple[tuple[Row, ...], tuple[Difference, ...]]:
        """The rows and the differences."""
        differing = {pair for pair in pairs if asked.differs(pair)}
        doubtful = [pair for pair in pairs if asked.offers_nothing(pair) or pair in differing]
        try:
            seen = await with_hours(self.provider, asked.seen, asked.employees(doubtful))
        except (VendorError, UnreachableError) as error:  # what needs no explanation stands all the same
            return tuple(asked.without_hours(pair, str(error)) for pair in pairs), ()
        known = asked.knowing(seen)
        taken = await self._taken(known, [pair for pair in doubtful if known.needs_bookings(pair)])
        rows = tuple(known.row(pair, taken.get(pair.scope)) for pair in pairs)
        found = (known.difference(pair, taken.get(pair.scope)) for pair in pairs if pair in differing)
        return rows, tuple(each for each in found if each)

    async def _taken(self, known: Round, pairs: Iterable[Pair]) -> dict[str, Booked]:
        """What is booked in the accounts of some pairs; an account of which it cannot be read is left out."""
        scopes = dict.fromkeys(pair.scope for pair in pairs) if self.provider.books else {}
        since = known.first - LOOKED_BACK
        found = await asyncio.gather(*(self._bookings(known.seen.accounts[scope], since) for scope in scopes))
        read = {scope: own for scope, own in zip(scopes, found, strict=True) if own is not None}
        return {scope: booked(own, known.seen.facts[scope]) for scope, own in read.items()}

    async def _bookings(self, account_id: str, since: datetime) -> tuple[Booking, ...] | None:
        """None where the vendor does not say: what all others were asked for stands all the same."""
        try:
            return await self.provider.bookings(account_id, since)
        except (VendorError, UnreachableError):
            return None
