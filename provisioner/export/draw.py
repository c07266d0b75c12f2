"""From what is live to what is declared: keys, fields, pins, claims, and what needs a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from provisioner.export.entry import Drawn, Entry, Look, Mended, Missing, Sort, Variable
from provisioner.export.fields import Fields, Usual
from provisioner.export.keys import by_id, keyed
from provisioner.export.relations import Inner, Relations
from provisioner.kinds import BY_NAME, KINDS, Address
from provisioner.kinds.base import Resource
from provisioner.kinds.known import known_by
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.natural import natural_key
from provisioner.kinds.values import plain

OWNERS = ("email", "first_name", "last_name")
"""What an account and its owner have in common: the owner says it."""
_NOTHING = Usual()


def draw(
    evidence: Evidence, accounts: Mapping[str, str], usual: Mapping[str, Usual], mended: Mended, company_id: str
) -> Drawn:
    """All that is written of a tenant, account by account. `mended` says what turned out not to do."""
    drawing = _Drawing(evidence, accounts, usual, mended, company_id)
    drawing.accounts_first()
    for scope in drawing.declared():
        drawing.account(scope)
    return Drawn(tuple(drawing.entries), tuple(drawing.missing), (), drawing.variables, drawing.later)


@dataclass(slots=True)
class _Drawing:
    """What is written so far."""

    evidence: Evidence
    accounts: Mapping[str, str]
    usual: Mapping[str, Usual]
    mended: Mended
    company_id: str
    entries: list[Entry] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)
    _keys: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    _taken: dict[tuple[str, str], str] = field(default_factory=dict)

    def accounts_first(self) -> None:
        """The accounts themselves; what may exist only once is theirs before anybody else's."""
        pool = self.evidence.of("", "account")
        names = {id_: scope for scope, id_ in self.accounts.items() if scope}
        names |= {self.company_id: parent_key(pool, self.company_id, set(names.values()))}
        self._objects("", BY_NAME["account"], [live for live in pool if live.id in names], names)

    def declared(self) -> Iterator[str]:
        """The scopes whose accounts are declared, and the parent."""
        known = self._keys[("", "account")]
        return (scope for scope, id_ in self.accounts.items() if not scope or id_ in known)

    def account(self, scope: str) -> None:
        """Everything in one account."""
        relations = None
        for kind in KINDS:
            if kind.kind == "account" or kind.key_kinds:
                continue
            pool = self.evidence.of(scope, kind.kind)
            if kind.lists:
                self._orders(scope, kind, pool)
            else:
                if kind.nested:
                    relations = Relations.of(scope, self._keys, self.evidence)
                self._objects(scope, kind, pool, keyed(kind.kind, pool), relations if kind.nested else None)

    def _objects(
        self,
        scope: str,
        kind: type[Resource],
        pool: Sequence[Live],
        keys: Mapping[str, str],
        relations: Relations | None = None,
    ) -> None:
        alike = _alike(kind, pool)
        declared = self._keys.setdefault((scope, kind.kind), {})
        for live in sorted(pool, key=by_id):
            address = Address(scope, kind.kind, (keys[live.id],))
            made = self._object(address, live, alike)
            if isinstance(made, Look):
                self.missing.append(Missing(scope, kind.kind, made))
                continue
            declared[live.id] = keys[live.id]
            if relations:
                made = _with(made, relations.inside(address, live.id, self._mended(address, live)))
            self.entries.append(made)

    def _mended(self, address: Address, live: Live) -> Mapping[str, str]:
        return self.mended.get((address.account, address.kind, live.id), {})

    def _object(self, address: Address, live: Live, alike: Mapping[str, tuple[str, ...]]) -> Entry | Look:
        mended = self._mended(address, live)
        kind = BY_NAME[address.kind]
        fields = Fields(
            address, live, self.usual.get(address.kind, _NOTHING), mended, self._once(address, live),
            self._owners(address, live),
        )  # fmt: skip
        fields.find()
        about = f"{_scoped(address)}{kind.title} {live.id}"
        reason = mended.get("") or fields.hopeless or _fault(kind, fields.found)
        if reason:
            named = known_by(kind, live.fields)
            shown = f" ({named})" if named else ""
            return Look(Sort.UNMANAGED, f"{about}{shown}", "", f"{reason}. It is not declared and stays as it is")
        self._claim(address, fields.found)
        lifecycle: dict[str, Any] = {"ignore": fields.ignored} if fields.ignored else {}
        if live.id in alike or not _is_known(kind, fields):
            lifecycle["id"] = live.id
        looks = [*fields.looks, *_ambiguous(address, alike.get(live.id, ()), live, kind)]
        hints = self._secrets(address, fields)
        return Entry(address, live.id, fields.found, {}, lifecycle, tuple(looks), hints)

    # -- what may exist once

    def _once(self, address: Address, live: Live) -> dict[str, str]:
        """Fields with a value that somebody else has already, although it may exist only once."""
        found = {}
        for name in BY_NAME[address.kind].everywhere:
            value = live.fields.get(name)
            holder = self._taken.get((name, str(value).casefold()))
            if value is not None and holder and "owner" not in live.roles:
                found[name] = f"{holder} has it too, and it may exist only once in all accounts together"
        return found

    def _claim(self, address: Address, found: Mapping[str, Any]) -> None:
        for name in BY_NAME[address.kind].everywhere:
            if found.get(name) is not None and "owner" not in found:
                self._taken.setdefault((name, str(found[name]).casefold()), str(address))

    def _owners(self, address: Address, live: Live) -> frozenset[str]:
        """The fields of an account that its owner says; its e-mail stands in both as long as they agree."""
        if address.kind != "account":
            return frozenset()
        scope = "" if live.id == self.company_id else address.key[0]
        owners = [each for each in self.evidence.of(scope, "employee") if "owner" in each.roles]
        emails = {str(each.fields.get("email")).casefold() for each in owners}
        agree = not owners or str(live.fields.get("email")).casefold() in emails
        return frozenset(OWNERS[1:] if agree else OWNERS)

    # -- secrets

    def _secrets(self, address: Address, fields: Fields) -> dict[str, str]:
        """Name the variables of secrets; what is needed only to make the object anew becomes a hint."""
        for name, value in fields.found.items():
            if isinstance(value, Variable):
                fields.found[name] = self._variable(address, name, self.variables)
        kind, hints = BY_NAME[address.kind], {}
        if "parent" not in fields.found:
            for name in kind.to_create:
                if name not in fields.found and name == "password":
                    variable = self._variable(address, name, self.later)
                    hints[name] = f"{name}: ${{env:{variable}}}   only needed to make this account anew"
        return hints

    def _variable(self, address: Address, name: str, to: dict[str, str]) -> Variable:
        parts = (address.account, *(() if address.kind == "account" else (address.kind,)), address.key[0], name)
        stem = "_".join(part for part in parts if part).upper().replace("-", "_").replace(".", "_")
        stem = stem if stem[0].isalpha() else f"SECRET_{stem}"
        number, variable = 1, stem
        while variable in self.variables or variable in self.later:
            number += 1
            variable = f"{stem}_{number}"
        to[variable] = str(address)
        return Variable(variable)

    # -- orders

    def _orders(self, scope: str, kind: type[Resource], pool: Sequence[Live]) -> None:
        """Only of lists that somebody has put in order: one that is not stands in the order of its ids."""
        for live in pool:
            address = Address(scope, kind.kind, (live.id,))
            declared = self._keys.get((scope, kind.lists[live.id]), {})
            keys = [declared[ref] for ref in live.refs if ref in declared]
            if keys == list(declared.values()) or not keys or self._mended(address, live):
                continue
            self.entries.append(Entry(address, live.id, {kind.inline: keys}))


def parent_key(pool: Iterable[Live], company_id: str, taken: set[str]) -> str:
    """The key of the account that is acted as."""
    own = [live for live in pool if live.id == company_id]
    key = next(iter(keyed("account", own).values()), "parent")
    return key if key not in taken else next(k for n in range(2, len(taken) + 3) if (k := f"{key}-{n}") not in taken)


def _alike(kind: type[Resource], pool: Sequence[Live]) -> dict[str, tuple[str, ...]]:
    """Id -> the ids of those that share a natural key, for objects that a name does not tell apart."""
    found: dict[str, tuple[str, ...]] = {}
    for names in kind.natural:
        groups: dict[Any, tuple[str, ...]] = {}
        for live in sorted(pool, key=by_id):
            key = natural_key(kind, names, live.fields)
            if key is not None:
                groups[key] = (*groups.get(key, ()), live.id)
        found |= {id_: group for group in groups.values() if len(group) > 1 for id_ in group}
    return found


def _is_known(kind: type[Resource], fields: Fields) -> bool:
    """Whether it is found by a natural key that is written as it is live."""
    if "parent" in fields.found:
        return True
    return any(
        all(fields.found.get(name) is not None and name not in fields.ignored for name in names)
        for names in kind.natural
    )


def _ambiguous(address: Address, group: Sequence[str], live: Live, kind: type[Resource]) -> Iterator[Look]:
    if group:
        others = ", ".join(id_ for id_ in group if id_ != live.id)
        what = kind.natural[0][0].replace("_", " ")
        name = known_by(kind, live.fields).strip()
        named = f" {plain(name, 60)}" if name else ""
        reason = f"the {what}{named} is also that of {kind.title} {others}: pinned by its id until one is changed"
        alike = (
            f"{len(group)} live {kind.title}s have the {what}{named}: pinned by their ids until all but one are changed"
        )
        yield Look(Sort.AMBIGUOUS, str(address), "lifecycle", reason, alike)


def _fault(kind: type[Resource], found: Mapping[str, Any]) -> str:
    """What is wrong with fields that are right one by one."""
    if kind.faults is Resource.faults:
        return ""
    try:
        resource = kind.model_validate({name: value for name, value in found.items() if "." not in name})
    except ValidationError as error:
        return str(error.errors(include_url=False)[0]["msg"])
    return next((why for _, why in resource.faults()), "")


def _with(entry: Entry, inner: Inner) -> Entry:
    at = inner.tree.get("at", {})
    home = next(iter(at)) if len(at) == 1 else ""
    return Entry(
        entry.address, entry.id, entry.fields, inner.tree, entry.lifecycle, (*entry.looks, *inner.looks), entry.hints,
        home,
    )  # fmt: skip


def _scoped(address: Address) -> str:
    return f"{address.account}/" if address.account else ""
