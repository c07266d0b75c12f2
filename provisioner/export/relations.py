"""What is written inside an employee: where they work, what they offer there and when, and their days off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.export.entry import Look, Sort
from provisioner.export.spelling import Odd, spelled
from provisioner.kinds import Address
from provisioner.kinds.live import Evidence, Live

Keys = Mapping[tuple[str, str], Mapping[str, str]]
"""Scope and kind -> id -> key, of all that is declared."""


@dataclass(slots=True)
class Inner:
    """The relations of one employee."""

    address: Address
    mended: Mapping[str, str]
    tree: dict[str, Any] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)

    def look(self, where: str, reason: str, sort: Sort = Sort.UNMANAGED) -> None:
        """Note something that is left as it is."""
        self.looks.append(Look(sort, str(self.address), where, reason))

    def put(self, location: str, name: str, value: Any) -> None:
        """Say something of the employee at a location."""
        self.tree.setdefault("at", {}).setdefault(location, {})[name] = value


@dataclass(frozen=True, slots=True)
class Relations:
    """All the relations of one account, by the id of the employee."""

    scope: str
    keys: Keys
    links: Mapping[str, Mapping[str, tuple[str, ...]]]
    hours: Mapping[str, tuple[Live, ...]]
    away: Mapping[str, tuple[Live, ...]]
    entries: Mapping[str, int]
    """How many entries an employee's list of availability has."""

    @classmethod
    def of(cls, scope: str, keys: Keys, evidence: Evidence) -> Relations:
        """Sort what was read of an account."""
        links: dict[str, dict[str, tuple[str, ...]]] = {}
        for live in evidence.of(scope, "link"):
            employee, location, service = live.refs
            own = links.setdefault(employee, {})
            own[location] = (*own.get(location, ()), service)
        entries = {live.id: len(live.raw) for live in evidence.of(scope, "availability")}
        hours, away = (_grouped(evidence.of(scope, kind)) for kind in ("hours", "away"))
        return cls(scope, keys, links, hours, away, entries)

    def inside(self, address: Address, id_: str, mended: Mapping[str, str]) -> Inner:
        """What is written inside one employee, locations in the order of their keys' list."""
        inner = Inner(address, mended)
        for location in sorted(self.links.get(id_, {}), key=self._rank("location")):
            self._services(inner, location, self.links[id_][location])
        for live in sorted(self.hours.get(id_, ()), key=lambda each: self._rank("location")(each.refs[1])):
            self._hours(inner, live)
        for live in self.away.get(id_, ()):
            self._away(inner, live)
        read = sum(len(live.raw or ()) for live in (*self.hours.get(id_, ()), *self.away.get(id_, ())))
        if (more := self.entries.get(id_, read) - read) > 0:
            entries = f"{more} {'entry' if more == 1 else 'entries'} of the availability"
            inner.look("away", f"{entries} can be said in no manifest (part of a day off, say): left as they are")
        return inner

    def _key(self, kind: str, id_: str) -> str | None:
        return self.keys.get((self.scope, kind), {}).get(id_)

    def _rank(self, kind: str) -> Any:
        places = {id_: number for number, id_ in enumerate(self.keys.get((self.scope, kind), {}))}
        return lambda id_: (places.get(id_, len(places)), id_)

    def _services(self, inner: Inner, location: str, services: tuple[str, ...]) -> None:
        key = self._key("location", location)
        if key is None:
            inner.look(
                "at", f"it offers {_counted(services)} at location {location}, which is not declared: left as it is"
            )
            return
        if reason := inner.mended.get(f"at.{key}.services"):
            inner.look(f"at.{key}", f"services: {reason}. They are left as they are")
            return
        strange = [id_ for id_ in services if self._key("service", id_) is None]
        if strange:
            which = f"service {', '.join(strange[:3])}, which is not declared"
            inner.look(f"at.{key}", f"it offers {which}: none of its services there are managed, so that none is lost")
            return
        inner.put(key, "services", [self._key("service", id_) for id_ in sorted(services, key=self._rank("service"))])

    def _hours(self, inner: Inner, live: Live) -> None:
        location = live.refs[1]
        key = self._key("location", location)
        if key is None:
            inner.look("at", f"it has hours at location {location}, which is not declared: left as it is")
            return
        written = spelled("hours", "hours", live.fields.get("hours"))
        if reason := inner.mended.get(f"at.{key}.hours"):
            inner.look(f"at.{key}", f"hours: {reason}. They are left as they are")
        elif isinstance(written, Odd):
            inner.look(f"at.{key}", f"hours: {_cut(written)}. They are not managed and stay so", Sort.INVALID)
        elif written.value:
            inner.put(key, "hours", written.value)

    def _away(self, inner: Inner, live: Live) -> None:
        written = spelled("away", "away", live.fields.get("away"))
        if reason := inner.mended.get("away"):
            inner.look("away", f"{reason}. It is left as it is")
        elif isinstance(written, Odd):
            inner.look("away", f"{_cut(written)}. It is not managed and stays so", Sort.INVALID)
        elif written.value:
            inner.tree["away"] = written.value


def _counted(services: tuple[str, ...]) -> str:
    return "a service" if len(services) == 1 else f"{len(services)} services"


def _cut(odd: Odd) -> str:
    return f"what is live is {odd.shown}: {odd.why}" if odd.shown else odd.why


def _grouped(found: tuple[Live, ...]) -> dict[str, tuple[Live, ...]]:
    groups: dict[str, tuple[Live, ...]] = {}
    for live in found:
        groups[live.refs[0]] = (*groups.get(live.refs[0], ()), live)
    return groups
