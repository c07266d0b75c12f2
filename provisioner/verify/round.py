"""One round of questions with its answers, and all that is known to explain them: pure.

It is made anew when more is known: after the answers, and after the hours of those who matter were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import Dates
from provisioner.kinds.desired import Desired
from provisioner.opening import Facts
from provisioner.reading.inspection import Inspection
from provisioner.verify.account import Account
from provisioner.verify.asking import Answer, Silence
from provisioner.verify.booked import Booked
from provisioner.verify.diagnosis import Diagnosis
from provisioner.verify.pairs import Pair
from provisioner.verify.promise import promised
from provisioner.verify.remedy import Remedies
from provisioner.verify.result import Difference, Row

SLACK = timedelta(minutes=5)
"""How far the vendor's clock may be from ours: what is due to that is no difference."""
_NOTHING = Facts()


@dataclass(frozen=True)
class Round:
    """The questions were put between two moments, which are aware."""

    seen: Inspection
    desired: Desired
    wanted: Mapping[str, Facts]
    since: date | None
    weeks: int
    first: datetime
    last: datetime
    answers: Mapping[Pair, Answer | Silence] = field(default_factory=dict)
    _accounts: dict[str, Account] = field(default_factory=dict, compare=False, repr=False)
    _days: dict[tuple[str, str], date] = field(default_factory=dict, compare=False, repr=False)
    """By location, the first day that was asked for."""

    def asked(self, answers: Mapping[Pair, Answer | Silence], first: datetime, last: datetime) -> Round:
        """The same with the answers, which were given between two moments."""
        return replace(self, answers=answers, first=first - SLACK, last=last + SLACK, _accounts={})

    def knowing(self, seen: Inspection) -> Round:
        """The same when more was read."""
        return replace(self, seen=seen, _accounts={})

    def account(self, scope: str) -> Account:
        """What is live in an account, and what is promised."""
        if scope not in self._accounts:
            live = self.seen.facts.get(scope, _NOTHING)
            promise = promised(live, self.wanted[scope], self.desired, scope)
            self._accounts[scope] = Account(scope, live, promise, self.first, self.last)
        return self._accounts[scope]

    def diagnosis(self, scope: str) -> Diagnosis:
        """What explains the pairs of an account."""
        return Diagnosis(self.account(scope), Remedies(self.desired), self.seen.id, self.since)

    # -- days

    def day(self, pair: Pair) -> date:
        """The first day that is asked for, by the location's clock."""
        place = pair.scope, pair.location
        if place not in self._days:
            today = self.account(pair.scope).opening("live", pair).today(pair.location)
            self._days[place] = max(today, self.since or today)
        return self._days[place]

    def window(self, pair: Pair) -> Dates:
        """The days that are compared."""
        day = self.day(pair)
        return Dates(day, day + timedelta(days=7 * self.weeks - 1))

    # -- what is still to be read

    def offers_nothing(self, pair: Pair) -> bool:
        """Whether the vendor says that a pair cannot be booked, or that there is nothing to ask."""
        answer = self.answers.get(pair)
        return answer is None or (isinstance(answer, Answer) and not answer.starts)

    def differs(self, pair: Pair) -> bool:
        """Whether an answer is not what the manifests promise, or hours have to be known to see it."""
        answer = self.answers.get(pair)
        if not isinstance(answer, Answer) or not self._promised(pair):
            return False
        if self._unnamed(pair):
            return True
        more, less = self.account(pair.scope).differences("promise", pair, answer.starts, self.window(pair))
        return bool(more or less)

    def _promised(self, pair: Pair) -> bool:
        """Whether the manifests say that somebody offers it."""
        theirs = self.wanted[pair.scope]
        linked = self.account(pair.scope).opening("promise", pair).linked(pair.location, pair.service)
        return any(
            Address(pair.scope, "link", (who, pair.location, pair.service)) in theirs.resources for who in linked
        )

    def _unnamed(self, pair: Pair) -> bool:
        """Whether somebody who offers it works there by hours that no manifest names."""
        opening = self.account(pair.scope).opening("promise", pair)
        offering = opening.roster.offerings.get(pair.service)
        if offering is None or offering.schedule is not None:
            return False
        theirs = self.wanted[pair.scope].resources
        linked = opening.linked(pair.location, pair.service)
        return any(Address(pair.scope, "hours", (who, pair.location)) not in theirs for who in linked)

    def employees(self, pairs: Iterable[Pair]) -> dict[str, set[str]]:
        """The ids of those who offer some pairs, live or by the manifests, by scope."""
        found: dict[str, set[str]] = {}
        for pair in pairs:
            if pair.scope in self.seen.accounts:
                account = self.account(pair.scope)
                sides = (account.opening("live", pair), account.opening("promise", pair))
                linked = {who for side in sides for who in side.linked(pair.location, pair.service)}
                ids = {self.seen.id(Address(pair.scope, "employee", (who,))) for who in linked}
                found.setdefault(pair.scope, set()).update(ids - {""})
        return found

    def needs_bookings(self, pair: Pair) -> bool:
        """Whether only bookings can say why something is not offered."""
        answer = self.answers.get(pair)
        if not isinstance(answer, Answer):
            return False
        if not answer.starts:
            return self.diagnosis(pair.scope).open(pair)
        return bool(self.account(pair.scope).differences("promise", pair, answer.starts, self.window(pair))[1])

    # -- what is said

    def row(self, pair: Pair, taken: Booked | None) -> Row:
        """What is said of a pair."""
        diagnosis, answer = self.diagnosis(pair.scope), self.answers.get(pair)
        if isinstance(answer, Silence):
            return diagnosis.unknown(pair, answer.why)
        if answer is None:
            return diagnosis.absent(pair) if pair.whole else diagnosis.alone(pair)
        if answer.starts:
            return diagnosis.bookable(pair, answer.starts[0])
        return diagnosis.not_bookable(pair, taken)

    def without_hours(self, pair: Pair, why: str) -> Row:
        """What is said of a pair where hours could not be read."""
        answer = self.answers.get(pair)
        if isinstance(answer, Answer) and not answer.starts:
            words = f"nothing is offered, and the hours that may say why could not be read: {why}"
            return self.diagnosis(pair.scope).unknown(pair, words)
        return self.row(pair, None)

    def difference(self, pair: Pair, taken: Booked | None) -> Difference | None:
        """How what is offered differs from what the manifests promise; what is booked is no difference."""
        answer = self.answers.get(pair)
        if not isinstance(answer, Answer):
            return None
        account, window = self.account(pair.scope), self.window(pair)
        more, less = account.differences("promise", pair, answer.starts, window)
        if less:  # where nobody knows what is booked, all of it may be
            free = self.diagnosis(pair.scope).free(pair, window, taken) if taken else set()
            less = tuple(start for start in less if start in free)
        if not more and not less:
            return None
        live, promise = (set(account.starts(side, pair, window, self.last)) for side in ("live", "promise"))
        return Difference(pair, more, less, applied=live == promise)
