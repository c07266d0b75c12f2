"""What can be booked and what cannot, location by location, and where it is not what the manifests promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import NamedTuple

from provisioner.kinds.values import escape, plain
from provisioner.report.head import Banner
from provisioner.report.layout import columns, counted, flowed, folded, wrapped
from provisioner.report.stranded import Stranded
from provisioner.verify.pairs import Pair
from provisioner.verify.result import Difference, Reason, Row, Standing, Verified

FULL = 60
"""Up to so many rows, each bookable one has a line of its own."""
NAMED = 3
"""Services that a line names; the rest is counted."""
SHOWN = 100
"""Locations with something to tell, and differences, that are printed; the rest is counted."""
DAYS = 3
"""Days of a difference that are told; the rest is counted."""
Starts = tuple[datetime, ...]
_MARKS = {
    Standing.BOOKABLE: "BOOKABLE",
    Standing.NOT_BOOKABLE: "NOT BOOKABLE",
    Standing.NOT_YET: "NOT YET",
    Standing.UNKNOWN: "UNKNOWN",
}
_LEAD = 16
"""Columns before the name of a service."""


class _Group(NamedTuple):
    """Rows of one location of which the same is said."""

    standing: Standing
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of one verification."""

    verified: Verified
    width: int

    def lines(self) -> Iterator[str]:
        """All but the first line."""
        places = [[*rows] for _, rows in groupby(self.verified.rows, key=_place)]
        whole = [rows for rows in places if all(row.standing is Standing.BOOKABLE for row in rows)]
        short = len(self.verified.rows) > FULL
        if short and len(whole) > 1:
            services = sum(map(len, whole))
            yield ""
            yield f"{len(whole):,} locations: all that they offer is BOOKABLE ({services:,} services)"
            places = [rows for rows in places if rows not in whole]
        for rows in places[:SHOWN]:
            yield from ("", *self._location(rows, short=short))
        if len(places) > SHOWN:
            yield from ("", f"and {counted(len(places) - SHOWN, 'more location')}: --json has all of them")
        yield from self._differences()
        yield from ("", *self._notes(), self._total())

    # -- locations

    def _location(self, rows: Sequence[Row], *, short: bool) -> Iterator[str]:
        first = rows[0]
        name, kind = (first.location, "location") if first.pair.location else (first.service, "service")
        key = first.pair.location or first.pair.service
        address = f"{first.pair.scope}/" * bool(first.pair.scope)
        if not key:
            yield f"Account {plain(first.pair.scope)}"
        else:
            zone = f", {plain(first.zone)}" if first.zone else ""
            yield from wrapped("", f"{name} ({address}{kind}/{key}){zone}", self.width, "  ")
        size = max(columns(self._named(row)) for row in rows)
        for group in _groups(rows):
            if group.standing is Standing.BOOKABLE and (not short or len(group.rows) == 1):
                for row in group.rows:
                    yield from self._bookable(row, size)
            else:
                yield from self._group(group)

    def _bookable(self, row: Row, size: int) -> list[str]:
        name, when = self._named(row), self._when(row.next)
        lead = f"  {_MARKS[row.standing]:<{_LEAD - 2}}"
        room = self.width - _LEAD - 2 - len(when)
        if columns(name) > room:
            return [*wrapped(lead, row.service, self.width), " " * _LEAD + when]
        return [f"{lead}{name}{' ' * (min(size, room) - columns(name))}  {when}"]

    def _group(self, group: _Group) -> Iterator[str]:
        lead = f"  {_MARKS[group.standing]:<{_LEAD - 2}}"
        if group.standing is Standing.BOOKABLE:
            first = min(row.next for row in group.rows if row.next)
            yield f"{lead}{counted(len(group.rows), 'service')}, the first {self._when(first)}"
            return
        names = [self._named(row) for row in group.rows if row.service and row.pair.location]
        yield from flowed(lead, _few(names), self.width) if names else [lead.rstrip()]
        if group.standing is Standing.NOT_YET:
            yield from self._not_yet(group.rows)
        for reason in group.reasons:
            yield from wrapped("      ", reason.words, self.width)
            place = f"{reason.place}: " if reason.place else ""
            if reason.remedy:
                yield from wrapped("        ", f"{place}{reason.remedy}", self.width)

    def _not_yet(self, rows: Sequence[Row]) -> list[str]:
        """The first start that will be, and from when on it can be booked."""
        first = min(rows, key=lambda row: row.next or datetime.max.replace(tzinfo=UTC))
        if first.since is None:
            return wrapped("      ", f"by its settings it is open then, first {self._when(first.next)}", self.width)
        words = f"bookable by itself from {self._day_of(first.since)} on, the first start {self._when(first.next)}"
        return wrapped("      ", words, self.width)

    def _day_of(self, day: date) -> str:
        year = "" if day.year == self.verified.today.year else f" {day.year}"
        return f"{day:%a} {day.day} {day:%b}{year}"

    def _named(self, row: Row) -> str:
        return escape(row.service)

    def _when(self, start: datetime | None) -> str:
        return Stranded(self.verified.today.year).when(start) if start else ""

    # -- differences

    def _differences(self) -> Iterator[str]:
        if not self.verified.differences:
            return
        names = {row.pair: row for row in self.verified.rows}
        yield from ("", "Offered is not what the manifests promise")
        places: dict[tuple[str, str, bool], list[Difference]] = {}
        for each in self.verified.differences:
            places.setdefault((each.pair.scope, each.pair.location, each.applied), []).append(each)
        for found in [*places.values()][:SHOWN]:
            yield from self._at(found, names)
        if len(places) > SHOWN:
            yield f"  and at {counted(len(places) - SHOWN, 'more location')}: --json has all of them"

    def _at(self, found: Sequence[Difference], names: Mapping[Pair, Row]) -> Iterator[str]:
        """All of one location: what it is, and why."""
        yield from wrapped("  ", names[found[0].pair].location, self.width)
        alike: dict[tuple[Starts, Starts], list[str]] = {}
        for each in found:
            alike.setdefault((each.more, each.less), []).append(names[each.pair].service)
        for (more, less), services in [*alike.items()][:NAMED]:
            yield from flowed("    ", _few([escape(name) for name in services]), self.width)
            for word, starts in (("more", more), ("less", less)):
                if starts:
                    yield from wrapped(f"      {word}  ", self._days(starts), self.width)
        if len(alike) > NAMED:
            yield f"    and {counted(len(alike) - NAMED, 'more service')}: --json has all of them"
        because = _APPLIED if found[0].applied else _NOT_APPLIED
        yield from wrapped("    ", because, self.width)

    def _days(self, starts: Iterable[datetime]) -> str:
        """`Mon 4 Jan 09:00 to 16:15, and the same on 4 more days (60 starts)`."""
        days: dict[date, list[datetime]] = {}
        for start in starts:
            days.setdefault(start.date(), []).append(start)
        alike: dict[tuple[time, ...], list[list[datetime]]] = {}
        for own in days.values():
            alike.setdefault(tuple(start.time() for start in own), []).append(own)
        told = [self._day(own) for own in alike.values()]
        rest = [f"and {counted(sum(map(len, [*alike.values()][DAYS:])), 'more day')}"] if len(told) > DAYS else []
        return "; ".join([*told[:DAYS], *rest])

    def _day(self, days: Sequence[Sequence[datetime]]) -> str:
        first = days[0]
        text = self._when(first[0]) + (f" to {first[-1]:%H:%M}" if len(first) > 1 else "")
        count = sum(map(len, days))
        text += f", and the same on {counted(len(days) - 1, 'more day')}" if len(days) > 1 else ""
        return f"{text} ({count} starts)" if count > 1 else text

    # -- the end

    def _notes(self) -> Iterator[str]:
        found = self.verified
        left = found.published - len(found.rows)
        if found.sample and left:
            text = f"{left:,} of {found.published:,} were not asked about (--sample {found.sample.number}, drawn for "
            yield from folded("Note: ", f"{text}{plain(found.sample.seed)})", self.width)
        if hidden := sum(found.hidden.values()):
            whys = ", ".join(f"{number} {_HIDDEN[why]}" for why, number in found.hidden.items() if number)
            those = (
                f"{hidden} offers that clients are not shown are" if hidden > 1 else "an offer that no client sees is"
            )
            yield from folded("Note: ", f"{those} left out: {whys}", self.width)

    def _total(self) -> str:
        found = self.verified
        if not found.rows:
            return "Verified: nothing is published that could be asked about."
        parts = [f"{found.count(each):,} {each}" for each in Standing if found.count(each) or each in _ALWAYS]
        differ = (
            f" {counted(len(found.differences), 'differs', 'differ')} from the manifests." if found.differences else ""
        )
        return f"Verified: {', '.join(parts)}.{differ}"


_APPLIED = "what is live is what the manifests say: the vendor itself counts otherwise"
_NOT_APPLIED = "what is live is not what the manifests say: provisioner plan shows it"
_HIDDEN = {"inactive": "of inactive services", "add-on": "of add-ons"}
_ALWAYS = (Standing.BOOKABLE, Standing.NOT_BOOKABLE)


def verified_text(verified: Verified, banner: Banner, reads: int, width: int) -> str:
    """The whole text; the last line is made for scripts."""
    head = folded("", f"{banner}   {counted(reads, 'read')}", width, "  ")
    if verified.since:
        head.append(f"  as of {verified.since}")
    return "\n".join([*head, *_Text(verified, width).lines()])


def _few(names: Sequence[str]) -> list[str]:
    """The first names, and how many more."""
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    return [*names[:NAMED], *more]


def _place(row: Row) -> tuple[str, str, str]:
    """Rows that stand under one heading."""
    return row.pair.scope, row.pair.location, row.pair.service if not row.pair.location else ""


def _groups(rows: Sequence[Row]) -> list[_Group]:
    """Those of which the same is said together, in the order of the first of each."""
    found: dict[tuple[Standing, tuple[Reason, ...]], list[Row]] = {}
    for row in rows:
        found.setdefault((row.standing, row.reasons), []).append(row)
    return [_Group(*key, tuple(own)) for key, own in found.items()]
