"""What is said of one pair once the vendor has answered: pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import Dates
from provisioner.kinds.zones import present_name
from provisioner.opening import AHEAD, CLOSES, Cause, Opening, Why, sentence
from provisioner.verify.account import Account, Side
from provisioner.verify.booked import Booked
from provisioner.verify.pairs import Pair
from provisioner.verify.remedy import Remedies
from provisioner.verify.result import Besides, Reason, Row, Standing

_ALONE = {
    "location": "nobody offers anything here",
    "service": "nobody offers it anywhere",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Says it of the pairs of one account."""

    account: Account
    remedies: Remedies
    id: Callable[[Address], str]
    """The live id of something."""
    since: date | None = None
    """The day that is asked for, where it is not today."""

    # -- rows

    def bookable(self, pair: Pair, first: datetime) -> Row:
        """The vendor offers a start, in local time."""
        return self._row(pair, Standing.BOOKABLE, self._placed(pair, first))

    def unknown(self, pair: Pair, why: str) -> Row:
        """The vendor did not answer."""
        return self._row(pair, Standing.UNKNOWN, None, [Reason(Besides.UNANSWERED, why)])

    def alone(self, pair: Pair) -> Row:
        """A location at which nothing is offered, or a service that nobody offers."""
        if not pair.location and not pair.service:
            about = Address("", "account", (pair.scope,))
            place, remedy = self.remedies.of(Why(Cause.GONE, about), pending=True)
            words = sentence(Why(Cause.GONE, about))
            return self._row(pair, Standing.NOT_BOOKABLE, None, [Reason(Cause.GONE, words, about, place, remedy)])
        kind = "location" if pair.location else "service"
        about = Address(pair.scope, kind, (pair.location or pair.service,))
        why = Why(Cause.NO_LINK if about in self.account.live.resources else Cause.GONE, about)
        words = _ALONE[kind] if why.cause is Cause.NO_LINK else sentence(why)
        place, remedy = self.remedies.of(why, pending=bool(self._promised_to(kind, pair)))
        return self._row(pair, Standing.NOT_BOOKABLE, None, [Reason(why.cause, words, about, place, remedy)])

    def _promised_to(self, kind: str, pair: Pair) -> bool:
        """Whether the manifests have somebody who offers something there."""
        index = 1 if kind == "location" else 2
        key = pair.location or pair.service
        return any(a.kind == "link" and a.key[index] == key for a in self.account.promise.resources)

    def absent(self, pair: Pair) -> Row:
        """The location or the service is not live, so that there is nothing to ask."""
        return self._row(pair, Standing.NOT_BOOKABLE, None, self._reasons(pair, self.whys("live", pair)))

    def not_bookable(self, pair: Pair, taken: Booked | None) -> Row:
        """The vendor offers nothing, at no time; `taken` is what is booked, None where that is not known."""
        opening = self._asked("live", pair)
        window = self._agenda(opening, pair)
        if opening.verdict(pair.location, pair.service, window).bookable:
            return self._row(pair, Standing.NOT_BOOKABLE, None, self._though_open(pair, window, taken))
        if self.since:
            then = self._then("live", pair).verdict(pair.location, pair.service, window).first
            if then:
                reasons = self._reasons(pair, opening.verdict(pair.location, pair.service, window).whys)
                return self._row(pair, Standing.NOT_YET, then.start, reasons)
        whys = self.whys("live", pair)
        later = self._at("live", pair).later(pair.location, pair.service)
        if later and not any(why.cause in CLOSES for why in whys):
            whys = self._begin("live", pair) or whys
            return self._row(pair, Standing.NOT_YET, later.first.start, self._reasons(pair, whys), later.since)
        return self._row(pair, Standing.NOT_BOOKABLE, None, self._reasons(pair, whys))

    def _begin(self, side: Side, pair: Pair) -> tuple[Why, ...]:
        """The hours that begin so late that nobody can book them yet."""
        opening = self._at(side, pair)
        offering = opening.roster.offerings.get(pair.service)
        if offering is None or offering.schedule is not None:
            return ()
        last = opening.today(pair.location) + timedelta(minutes=offering.after or 0)
        shifts = {who: opening.roster.hours.get((who, pair.location)) for who in opening.linked(*pair[1:])}
        spans = {
            who: Dates(min(s.dates.start for s in own), max(s.dates.end for s in own))
            for who, own in shifts.items()
            if own
        }
        return tuple(
            Why(Cause.HOURS_LATER, Address(pair.scope, "hours", (who, pair.location)), dates)
            for who, dates in spans.items()
            if dates.start > last
        )

    def _row(
        self,
        pair: Pair,
        standing: Standing,
        first: datetime | None = None,
        reasons: Iterable[Reason] = (),
        since: date | None = None,
    ) -> Row:
        live, promise = (self.account.opening(side, Pair(pair.scope)) for side in ("live", "promise"))
        there = live if pair.location in live.roster.places else promise
        zone = there.zone(pair.location) if pair.location else ""
        location, service = (promise.roster.name(kind, key) if key else "" for kind, key in _keys(pair))
        return Row(pair, location, service, present_name(zone), standing, first, tuple(reasons), since)

    def _placed(self, pair: Pair, local: datetime) -> datetime:
        return local.replace(tzinfo=ZoneInfo(self.account.opening("live", pair).zone(pair.location)))

    # -- why

    def open(self, pair: Pair) -> bool:
        """Whether a pair is open by all that is live, so that only bookings can be in the way."""
        opening = self._asked("live", pair)
        return opening.verdict(pair.location, pair.service, self._agenda(opening, pair)).bookable

    def _asked(self, side: Side, pair: Pair) -> Opening:
        """What was open when it was asked; what opened or closed while questions were put counts as closed."""
        moments = (self.account.first, self.account.last)
        late, early = (self.account.opening(side, pair, moment) for moment in reversed(moments))
        window = self._agenda(late, pair)
        return late if early.verdict(pair.location, pair.service, window).bookable else early

    def whys(self, side: Side, pair: Pair, among: Sequence[str] | None = None) -> tuple[Why, ...]:
        """Why a pair is not open by one side, on the day that is asked for."""
        opening = self._at(side, pair)
        return opening.verdict(pair.location, pair.service, self._agenda(opening, pair), among).whys

    def _at(self, side: Side, pair: Pair) -> Opening:
        """What is open on the day that is asked for."""
        return self._then(side, pair) if self.since else self._asked(side, pair)

    def _reasons(self, pair: Pair, whys: Iterable[Why], among: Sequence[str] | None = None) -> Iterator[Reason]:
        """How causes are told; `among` are the employees of whom they are, by default all who offer it there."""
        promised = {*self.whys("promise", pair, among), *self._begin("promise", pair)}
        addon = self.account.addon(pair)
        for why in whys:
            place, remedy = self.remedies.of(why, pending=why not in promised)
            along = f" with {addon}, the shortest add-on there" if addon and why.cause is Cause.TOO_SHORT else ""
            yield Reason(why.cause, sentence(why) + along, why.about, place, remedy)

    def _though_open(self, pair: Pair, window: Dates, taken: Booked | None) -> Iterator[Reason]:
        """It is open: then all of it is booked, or nothing that was read says why."""
        opening = self.account.opening("live", pair)
        linked = opening.linked(pair.location, pair.service)
        able = [who for who in linked if self._open_with(opening, pair, who, window)]
        about = Address(pair.scope, "service", (pair.service,))
        if taken and all(self._full(opening, pair, who, window, taken) for who in able):
            ends = "the open time of " + " and ".join(able) + " is booked to its end" if able else ""
            yield Reason(Besides.ALL_BOOKED, ends, about, *self.remedies.of_hours(pair.scope, able, pair.location))
            others = [who for who in linked if who not in able]
            if others:
                whys = opening.verdict(pair.location, pair.service, window, others).whys
                yield from self._reasons(pair, whys, others)
        else:
            words = "by all that was read it is open, and nothing is offered"
            words += "" if taken else "; what is booked could not be read"
            yield Reason(Besides.UNEXPLAINED, words, about, None, "look at it in the vendor's own pages")

    def _open_with(self, opening: Opening, pair: Pair, employee: str, window: Dates) -> bool:
        return opening.verdict(pair.location, pair.service, window, (employee,)).bookable

    def _full(self, opening: Opening, pair: Pair, employee: str, window: Dates, taken: Booked) -> bool:
        """Whether every start of one employee is booked."""
        id_, length = self._of(pair, employee), _length(opening, pair)
        starts = opening.offers(pair.location, pair.service, window, (employee,))
        return all(taken.takes(id_, offer.start, length) for offer in starts)

    def free(self, pair: Pair, window: Dates, taken: Booked) -> set[datetime]:
        """The local starts that the manifests promise and at which somebody is not booked."""
        opening = self.account.opening("promise", pair)
        length = _length(opening, pair)
        return {
            offer.start.replace(tzinfo=None)
            for who in opening.linked(pair.location, pair.service)
            for offer in opening.offers(pair.location, pair.service, window, (who,))
            if not taken.takes(self._of(pair, who), offer.start, length)
        }

    def _of(self, pair: Pair, employee: str) -> str:
        return self.id(Address(pair.scope, "employee", (employee,)))

    # -- days

    def _agenda(self, opening: Opening, pair: Pair) -> Dates:
        """All days from the one that is asked for."""
        today = opening.today(pair.location)
        since = max(today, self.since or today)
        return Dates(since, since + timedelta(days=AHEAD))

    def _then(self, side: Side, pair: Pair) -> Opening:
        """What is open at the beginning of the day that is asked for."""
        zone = ZoneInfo(self.account.opening("live", pair).zone(pair.location))
        since = self.since or self.account.last.date()
        return self.account.opening(side, pair, max(self.account.last, datetime.combine(since, time(), zone)))


def _keys(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("location", pair.location), ("service", pair.service)


def _length(opening: Opening, pair: Pair) -> timedelta:
    offering = opening.roster.offerings.get(pair.service)
    return timedelta(minutes=offering.duration if offering else 0)
