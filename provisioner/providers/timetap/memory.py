"""What the state remembers of a series that TimeTap does not answer: what its single dates have of their own, what may
have been sent to them, and what it was before the date from which a change took effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from provisioner.kinds.override import PARTS, parse_overrides
from provisioner.plan.change import Action, Change
from provisioner.providers.timetap.fields import Body
from provisioner.state.model import Record

OVERRIDES = "overrides"
_EARLIER = "earlier"
Parts = Mapping[str, Any]
"""What is other on one date: values by the names in `PARTS`."""
Own = Mapping[date, Parts]


class Span(NamedTuple):
    """What a series was before a date, in the vendor's spelling."""

    until: date
    body: Body


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one series; the days are those of its pattern, wherever they were moved."""

    own: Own = field(default_factory=dict)
    doubt: Own = field(default_factory=dict)
    """What was sent last and may not be live: `own` may be, or nothing of it."""
    earlier: tuple[Span, ...] = ()
    """What it was, up to each of these dates, in their order; after the last one it is as it is read."""
    whole: bool = False
    """Whether nothing but this can be: of what we made ourselves, all is known."""

    def done(self, day: date, parts: Parts) -> Memory:
        """A day has these parts now, for sure."""
        own = {**self.own, day: parts} if parts else {d: each for d, each in self.own.items() if d != day}
        return replace(self, own=own, doubt={d: each for d, each in self.doubt.items() if d != day})

    def unsure(self, parts: Own) -> Memory:
        """These parts were sent, or what was there may be lost."""
        return replace(self, doubt={**self.doubt, **parts})

    def on(self, record: Record, *, confirmed: bool) -> Record:
        """A record that remembers this."""
        told = self.own or self.whole or OVERRIDES in record.applied
        return replace(
            record,
            applied={**record.applied, **({OVERRIDES: _text(self.own)} if told else {})},
            doubt={OVERRIDES: _text(self.doubt)} if self.doubt else {},
            kept=kept(self.earlier),
            becoming=None,
            confirmed=confirmed,
        )


def memory_of(change: Change) -> Memory:
    """What was remembered before a change."""
    record = change.known
    if record is None or change.action is Action.CREATE:
        return Memory(whole=change.action is Action.CREATE)
    earlier = change.record.kept if change.record else record.kept
    return Memory(_read(record.applied.get(OVERRIDES)), _read(record.doubt.get(OVERRIDES)), _spans(earlier))


def kept(earlier: Iterable[Span]) -> Mapping[str, Any]:
    """Spans as the state keeps them."""
    spans = [{"until": str(each.until), "body": dict(each.body)} for each in earlier]
    return {_EARLIER: spans} if spans else {}


def split(earlier: tuple[Span, ...], present: Body, since: date | None) -> tuple[Span, ...]:
    """What it was before, once something else holds from a date on; from the very start where there is none."""
    if since is None:
        return ()
    there = next((each.body for each in earlier if each.until >= since), present)
    return (*(each for each in earlier if each.until < since), Span(since, there))


def _spans(raw: Mapping[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(date.fromisoformat(each["until"]), each["body"]) for each in raw.get(_EARLIER, ()))


def _text(own: Own) -> dict[str, Any]:
    return {str(day): {name: PARTS[name].dump(value) for name, value in own[day].items()} for day in sorted(own)}


def _read(raw: Any) -> dict[date, Parts]:
    """From the state's spelling; what another version wrote and this one cannot read is not known."""
    found: dict[date, Parts] = {}
    for day, parts in (raw or {}).items():
        try:
            found[date.fromisoformat(day)] = parse_overrides({day: parts})[0].values if parts else {}
        except ValueError:
            continue
    return found
