"""What the engine needs to know: one service at one location, those who provide it there, and what they do already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.slots.rules import FOREVER

if TYPE_CHECKING:
    from provisioner.sandbox.slots.rules import Rule


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of an appointment, in seconds; `first_day` and `last_day`, both included, are days since 1970-01-01.

    `length` includes the sub-services, `padding` is kept free before and after it, and starts are `step` apart. `prior`
    is the shortest and `after` the longest time from now to a start. `seats` appointments share one start. A service
    with a `schedule` takes place then; None means whenever its employees work.
    """

    length: int
    padding: int
    step: int
    prior: int
    after: int | None
    seats: int
    first_day: int
    last_day: int
    schedule: tuple[Rule, ...] | None


class Worker(NamedTuple):
    """An employee who provides the service: when there, and when out of office."""

    employee: int
    hours: tuple[Rule, ...]
    away: tuple[Rule, ...]


class Taken(NamedTuple):
    """A booking: its instants, and how many seconds it wants kept free on both sides of them.

    `session` says that it is of this service and location.
    """

    start: int
    end: int
    padding: int
    session: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """One service at one location: its zone's name, the account's holidays, the terms, and who provides it."""

    zone: str
    holidays: tuple[Rule, ...]
    terms: Terms
    workers: tuple[Worker, ...]

    def last_day(self) -> int:
        """Return the last day on which an appointment can begin, as far as hours and active dates say; -1 is none."""
        if self.terms.schedule is not None:
            rules = [*self.terms.schedule]
        else:
            rules = [rule for worker in self.workers for rule in worker.hours]
        return min(max((rule.end() for rule in rules), default=-1), self.terms.last_day, FOREVER)
