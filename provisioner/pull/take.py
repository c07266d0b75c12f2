"""What is to be taken back: the fields that moved outside, the links and hours that came or went, what was deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Spec, Unreadable, specs
from provisioner.kinds.desired import Declared, Desired, Place
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.pull.spelling import on_one_line
from provisioner.state.model import State

_LONGEST = 60
"""Characters of a value that are shown."""
SERVICES = "services"
"""What a pair of links is called by, in place of a field: the last of the keys that it joins."""


class Named(NamedTuple):
    """What the command line names: addresses, and perhaps one field of them."""

    glob: str
    field: str = ""

    def fits(self, address: Address) -> bool:
        """Whether it names an address, or the object that a relation is written in."""
        kinds = BY_NAME[address.kind].key_kinds
        inside = address._replace(kind=kinds[0], key=address.key[:1]) if kinds else address
        return any(each.matches(self.glob) or fnmatchcase(str(each), f"{self.glob}/*") for each in (address, inside))


@dataclass(frozen=True, slots=True)
class Take:
    """One value that the files are to say."""

    address: Address
    """Of links, their pair."""
    field: str
    """A field, `SERVICES` of a pair, or "" for a whole resource that was deleted."""
    place: Place
    live: Any = None
    dumped: Any = None
    """The live value in the manifest's own spelling."""
    form: str = ""
    spec: Spec | None = None
    was: str = ""
    now: str = ""
    """What the files say, and what they are to say, as they are shown."""
    managed: bool = True
    """Whether the manifests give the field already."""
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    """Of a pair of links, the services that came and those that went."""

    @property
    def gone(self) -> bool:
        """Whether it was deleted outside, and its entry is to go."""
        return not self.field

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.address}.{self.field}" if self.field else str(self.address)


class Refused(NamedTuple):
    """What is live and cannot be taken back: where it is written, and why."""

    address: Address
    field: str
    place: Place | None
    reason: str

    def __str__(self) -> str:
        name = f"{self.address}: {self.field}" if self.field else str(self.address)
        return f"{f'{self.place}: ' if self.place else ''}{name} cannot be taken back: {self.reason}"


@dataclass(slots=True)
class Found:
    """Everything that differs, sorted by what becomes of it."""

    takes: list[Take] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    gone: list[Take] = field(default_factory=list)
    """Deleted outside: they stay in the files unless asked otherwise."""
    mine: int = 0
    """Fields that only the manifests moved: apply sends them."""
    personal: int = 0
    """Resources of people's data, which are taken only when they are named."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Reads what is to be taken back off a plan."""

    plan: Plan
    desired: Desired
    live: Mapping[Address, Live]
    state: State
    named: tuple[Named, ...] = ()

    def found(self) -> Found:
        """What differs, of what the command line names, or of everything."""
        found = Found()
        for change in self.plan.changes:
            declared = self.desired.resources.get(change.address)
            if change.action is Action.UPDATE and declared and self._selected(change.address):
                self._update(found, declared, change, change.fields)
        self._deleted(found)
        self._left(found)
        self._unmanaged(found)
        found.takes += self._pairs(found)
        return found

    def _selected(self, address: Address) -> bool:
        return not self.named or any(each.fits(address) for each in self.named)

    def _chosen(self, address: Address, name: str) -> bool:
        """Whether a field is meant at all: all of a named address are, unless single ones are named."""
        fits = [each for each in self.named if each.fits(address)]
        return not self.named or any(each.field in ("", name) for each in fits)

    def _is_named(self, address: Address, name: str) -> bool:
        return any(each.field == name and each.fits(address) for each in self.named)

    # -- fields

    def _update(self, found: Found, declared: Declared, change: Change, fields: Iterable[FieldChange]) -> None:
        known = specs(type(declared.resource))
        record = self.state.records.get(change.moved_from or change.address)
        for each in fields:
            spec = known[each.name]
            here = declared.fields.get(each.name, declared.place)
            if not self._chosen(change.address, each.name) or spec.sensitive:
                continue
            outside = each.outside or record is None or not record.confirmed
            if spec.from_file:
                reason = "a picture cannot be read back: put its file there, or remove the line"
                found.refused += [Refused(change.address, each.name, here, reason)] if outside else []
            elif change.live is None or each.name not in change.live.fields:
                continue
            elif declared.resource.lists and set(each.before) != set(each.after):
                continue  # something in the list was deleted: its place goes with it, or stays with it
            elif each.both and not self._is_named(change.address, each.name):
                reason = f"the manifest moved as well: to take it all the same, name it: {change.address}.{each.name}"
                found.refused.append(Refused(change.address, each.name, here, reason))
            elif outside or self._is_named(change.address, each.name):
                self._take(found, declared, spec, each.before)
            else:
                found.mine += 1

    def _take(self, found: Found, declared: Declared, spec: Spec, live: Any) -> None:
        values = declared.resource.wanted()
        here = declared.fields.get(spec.name, declared.place)
        if isinstance(live, Unreadable):
            reason = f"{live} is nothing that the field can hold: write it by hand"
            found.refused.append(Refused(declared.address, spec.name, here, reason))
            return
        was = _shown(spec, values[spec.name]) if spec.name in values else "(unmanaged)"
        now = "(not shown)" if spec.personal else _shown(spec, live)
        dumped, form, managed = spec.dump(live), spec.form.name, spec.name in values
        found.takes.append(Take(declared.address, spec.name, here, live, dumped, form, spec, was, now, managed))

    def _left(self, found: Found) -> None:
        """People's data: others rewrite it all the time, so it is taken only when somebody asks for it by name."""
        for left in self.plan.left:
            declared = self.desired.resources.get(left.address)
            if declared is None or left.gone:
                continue
            if not self.named:
                found.personal += 1
            elif self._selected(left.address):
                known = specs(type(declared.resource))
                for each in left.fields:
                    if self._chosen(left.address, each.name):
                        self._take(found, declared, known[each.name], each.before)

    def _unmanaged(self, found: Found) -> None:
        """Fields that the manifests do not give, and the command line names."""
        for named in (each for each in self.named if each.field):
            for address, declared in self.desired.resources.items():
                spec = specs(type(declared.resource)).get(named.field)
                if spec is None or not address.matches(named.glob) or spec.name in declared.resource.wanted():
                    continue
                live = self.live.get(address)
                if spec.sensitive or spec.from_file or spec.role:
                    what = "a secret" if spec.sensitive else "a picture" if spec.from_file else "a role"
                    reason = f"it is {what}, which is never taken back"
                elif live is None:
                    reason = "nothing is live of it: run provisioner plan"
                elif spec.name not in live.fields:
                    reason = "its live value is not known: the vendor does not answer it"
                else:
                    self._take(found, declared, spec, live.fields[spec.name])
                    continue
                found.refused.append(Refused(address, spec.name, declared.place, reason))

    # -- what was deleted, and links

    def _deleted(self, found: Found) -> None:
        missing = [c for c in self.plan.changes if c.ended_outside]
        gone = {c.address for c in missing if not BY_NAME[c.address.kind].key_kinds}
        for change in missing:
            declared = self.desired.resources[change.address]
            kind = type(declared.resource)
            if not self._selected(change.address) or any(member in gone for member in members(change.address)):
                continue
            if not kind.key_kinds:
                found.gone.append(Take(change.address, "", declared.place))
            elif kind.model_fields:
                for spec in specs(kind).values():
                    self._take(found, declared, spec, ())

    def _pairs(self, found: Found) -> Iterator[Take]:
        """The services of each pair that links came to or went from."""
        gone = {take.address for take in found.gone}
        came: dict[Address, list[str]] = {}
        went: dict[Address, list[str]] = {}
        for change in self.plan.changes:
            kind = BY_NAME[change.address.kind]
            pair = change.address._replace(key=change.address.key[: kind.whole])
            if not kind.whole or pair not in self.desired.whole or not self._selected(change.address):
                continue
            if any(member in gone for member in members(change.address)):
                continue
            if change.ended_outside:
                went.setdefault(pair, []).append(change.address.key[-1])
            elif change.action is Action.DELETE and change.address not in self.state.records:
                if change.address.key[-1].startswith("id:"):
                    reason = f"{change.address.key[-1]} is in no manifest: declare it first"
                    found.refused.append(Refused(pair, SERVICES, self.desired.whole[pair], reason))
                else:
                    came.setdefault(pair, []).append(change.address.key[-1])
        declared: dict[Address, list[str]] = {}
        for address in self.desired.resources if came or went else ():
            whole = BY_NAME[address.kind].whole
            if whole:
                declared.setdefault(address._replace(key=address.key[:whole]), []).append(address.key[-1])
        for pair in {**came, **went}:
            was = declared.get(pair, [])
            new, old = tuple(came.get(pair, ())), tuple(went.get(pair, ()))
            now = [*(key for key in was if key not in old), *new]
            here, before, after = self.desired.whole[pair], f"[{', '.join(was)}]", f"[{', '.join(now)}]"
            yield Take(pair, SERVICES, here, tuple(now), now, "keys", None, before, after, came=new, went=old)


def _shown(spec: Spec, value: Any) -> str:
    """A value on one line, cut where it gets long."""
    dumped = spec.dump(value)
    listed = isinstance(dumped, list) and value is not None
    text = on_one_line(dumped) if listed else spec.text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def members(address: Address) -> Iterator[Address]:
    """The objects that a relation joins."""
    kinds = BY_NAME[address.kind].key_kinds
    return (Address(address.account, kind, (key,)) for kind, key in zip(kinds, address.key, strict=False))
