"""Which keys everything had before, as the tables of renames say: chains folded, and what contradicts itself told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from provisioner.kinds.account import Account
from provisioner.kinds.values import plain
from provisioner.manifest.problems import Problems, meant, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from provisioner.kinds import Address
    from provisioner.kinds.desired import Declared
    from provisioner.manifest.budget import Budget
    from provisioner.manifest.renames import Rename
    from provisioner.manifest.scope import Accounts

_SUGGESTED = 100
"""How many unknown addresses get a nearest one, which takes a while to find among thousands."""


Scoped = tuple["Sequence[Rename]", "Sequence[str]"]
"""The renames of a document, and the accounts that it speaks for."""


def with_former_keys(
    resources: dict[Address, Declared],
    scoped: Sequence[Scoped],
    accounts: Accounts,
    problems: Problems,
    budget: Budget,
) -> dict[Address, Declared]:
    """The same resources, each with the keys that it had before, the latest first."""
    if not any(renames for renames, _ in scoped):
        return resources
    former = {r.old.key[0]: r.new.key[0] for renames, _ in scoped for r in renames if r.old.kind == Account.kind}
    found = _FormerKeys(accounts, problems, budget, former)
    for renames, scopes in scoped:
        for rename in renames:
            for old, new in found.placed(rename, scopes):
                found.add(old, new, rename)
    return found.applied(resources)


@dataclass(slots=True)
class _FormerKeys:
    """What is known of the renames so far."""

    accounts: Accounts
    problems: Problems
    budget: Budget
    renamed: Mapping[str, str]
    """Former account -> the one that came after it: what is in one may be named by either."""
    moves: dict[Address, tuple[Address, Rename]] = field(default_factory=dict)
    """Former address -> the one that came after it."""
    formers: dict[Address, Address] = field(default_factory=dict)
    """The same the other way round."""
    asked: int = 0

    def placed(self, rename: Rename, accounts: Sequence[str]) -> Iterator[tuple[Address, Address]]:
        """The two addresses of a row in each account that is meant."""
        old, new, place = rename
        if old.kind == Account.kind:
            accounts = ("",)
        elif new.account or old.account:
            if new.account not in self._names(old.account):
                self._tell(rename, f"{old} cannot become {new}: a rename stays in its account")
                return
            if new.account not in self.accounts.scopes:
                remedy = meant(new.account, self.accounts.scopes, "declare it under accounts")
                self._tell(rename, f"no account '{plain(new.account, 60)}': {remedy}")
                return
            accounts = (self.accounts.scopes[new.account],)
        self.budget.spend(len(accounts), place)
        for account in accounts:
            yield old._replace(account=account), new._replace(account=account)

    def _names(self, account: str) -> dict[str, None]:
        """An account's name and those that came after it."""
        names = {account: None}
        while (account := self.renamed.get(account, account)) not in names:
            names[account] = None
        return names

    def add(self, old: Address, new: Address, rename: Rename) -> None:
        """Note one rename, unless another one contradicts it."""
        if old in self.moves:
            other, first = self.moves[old]
            fault = "stands there, too" if other == new else f"became {other} there, and it cannot become two things"
            self._tell(rename, f"{old} {fault} ({first.place}): remove one of the two rows")
        elif new in self.formers:
            first = self.moves[self.formers[new]][1]
            chain = f"write {self.formers[new]},{old} and {old},{new} if it had both names, one after the other"
            self._tell(rename, f"{new} was {self.formers[new]} ({first.place}), so it cannot have been {old}: {chain}")
        else:
            self.moves[old], self.formers[new] = (new, rename), old

    def applied(self, resources: Mapping[Address, Declared]) -> dict[Address, Declared]:
        """The same resources, each with the keys that it had before, the latest first."""
        found = dict(resources)
        ends = {new: self.moves[old][1] for new, old in self.formers.items() if new not in self.moves}
        useful = {ends[new] for new in ends if new in resources}
        self._circles(ends)
        self._still_there(resources)
        for new, rename in ends.items():
            if new in resources:
                found[new] = self._with(resources[new], [o.key[0] for o in self._back(new) if o not in resources])
            elif rename not in useful:  # in no account that the document speaks for
                useful.add(rename)
                self._unknown(new, rename, resources)
        return found

    def _with(self, declared: Declared, keys: Sequence[str]) -> Declared:
        was = dict.fromkeys((*keys, *declared.lifecycle.was))
        return replace(declared, lifecycle=replace(declared.lifecycle, was=tuple(was)))

    def _back(self, new: Address) -> Iterator[Address]:
        while new in self.formers:
            new = self.formers[new]
            yield new

    def _circles(self, ends: Mapping[Address, Rename]) -> None:
        """What no chain that ends goes through goes round."""
        seen = {old for new in ends for old in self._back(new)}
        for start in self.moves:
            if start not in seen:
                circle = [start, *self._round(start)]
                seen.update(circle)
                named = " -> ".join(map(str, circle[:5] if len(circle) <= 5 else [*circle[:4], "..."]))
                self._tell(self.moves[start][1], f"{named} goes round: trade keys in two applies, by way of a third")

    def _round(self, start: Address) -> Iterator[Address]:
        each = self.moves[start][0]
        while each != start:
            yield each
            each = self.moves[each][0]
        yield start

    def _still_there(self, resources: Mapping[Address, Declared]) -> None:
        claimed = {
            declared.address._replace(key=(key,)): declared for declared in resources.values()
            for key in declared.lifecycle.was
        }  # fmt: skip
        for old, (new, rename) in self.moves.items():
            if old in resources:
                where = resources[old].place
                self._tell(rename, f"{old} became {new}, and is still declared ({where}): remove it, or the row")
            elif old in claimed and claimed[old].address != self._end(new):
                other = claimed[old]
                self._tell(rename, f"{other.address} ({other.place}) says it was {old}, too: remove one of the two")

    def _end(self, new: Address) -> Address:
        seen = {new}
        while new in self.moves and (new := self.moves[new][0]) not in seen:
            seen.add(new)
        return new

    def _unknown(self, new: Address, rename: Rename, resources: Mapping[Address, Declared]) -> None:
        keys = [each.key[0] for each in resources if each[:2] == new[:2]] if self._suggestions() else []
        near = nearest(new.key[0], keys)
        remedy = (
            f"did you mean {new._replace(key=(near,))}?" if near else "correct it, or remove the row if that is gone"
        )
        self._tell(rename, f"no {new} is declared: {remedy}")

    def _suggestions(self) -> bool:
        self.asked += 1
        return self.asked <= _SUGGESTED

    def _tell(self, rename: Rename, message: str) -> None:
        self.problems.add_in_table(rename.place, message)
