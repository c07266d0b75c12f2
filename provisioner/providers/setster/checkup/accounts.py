"""The account that is acted as, and some of those below it: whether each answers for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provisioner.errors import VendorError
from provisioner.finding import Finding, failed, look, passed
from provisioner.providers.setster.checkup.shape import Body, a_sort, no_objects
from provisioner.providers.setster.session import Session

MOST = 5
"""Sub-accounts that are looked into."""


@dataclass(slots=True)
class Accounts:
    """Who is there, as it is found out; and which account each object says it belongs to."""

    session: Session
    below: tuple[str, ...] = ()
    """The sub-accounts that are looked into."""
    business: list[Body] = field(default_factory=list)
    options: list[Body] = field(default_factory=list)
    _belongs: list[tuple[str, str, str]] = field(default_factory=list)
    """(asked for, said of itself, kind) of every object."""
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, id) -> the account whose list had it."""
    _twice: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        """The accounts that are looked into, the one that is acted as first."""
        return (self.session.company_id, *self.below)

    async def own(self) -> list[Finding]:
        """Read the account that is acted as."""
        return [await self._answers_for(self.session.company_id, "Account")]

    async def others(self) -> list[Finding]:
        """Read some of those below it."""
        check, own = "Sub-accounts", self.session.company_id
        listed = await self.session.get("/account/companies", own)
        if wrong := no_objects(check, listed, "company_id"):
            return [wrong]
        ids = [id_ for row in listed or [] if (id_ := str(row["company_id"])) != own]
        if not ids:
            return [passed(check, "there is none")]
        self.below = tuple(ids[:MOST])
        each = [await self._answers_for(id_, check) for id_ in self.below]
        bad = [finding for finding in each if finding.remedy]
        return bad[:1] or [passed(check, _of(len(each), len(ids)))]

    async def _answers_for(self, id_: str, check: str) -> Finding:
        data = await self.session.get("/account/getAccountInfo", id_)
        body = data[0] if isinstance(data, list) and data else data
        if not isinstance(body, Mapping) or not body:
            seen = f"account {id_} answers {a_sort(data)} where an object is expected"
            return failed(check, seen, "no plan can be made on it: tell us what the vendor answers")
        self.business.append(body)
        said = str(body.get("company_id") or body.get("id") or "")
        if said == id_:
            return passed(check, f"company_id {id_} answers as itself")
        if not said:
            return look(check, f"account {id_} does not say which one it is", "see that the right name stands above")
        remedy = "do not apply: what is meant for one account would go to another. Check company_id, and ask the vendor"
        return failed(check, f"asked for account {id_}, account {said if said.isdigit() else '?'} answers", remedy)

    async def read_options(self) -> Sequence[Body]:
        """The booking options of each."""
        for id_ in self.all:
            data = await self.session.get("/account/getOptions", id_)
            body = data[0] if isinstance(data, list) and data else data
            if not isinstance(body, Mapping):
                raise VendorError(f"account {id_}: {a_sort(data)} came back where an object is expected")
            self.options.append(body)
        return self.options

    def saw(self, account: str, kind: str, id_: str, bodies: Iterable[Body]) -> None:
        """Take in the objects of one list."""
        for body in bodies:
            said = body.get("company_id")
            if said not in (None, ""):
                self._belongs.append((account, str(said), kind))
            first = self._ids.setdefault((kind, str(body[id_])), account)
            if first != account:
                self._twice[kind] = self._twice.get(kind, 0) + 1

    async def scoping(self) -> list[Finding]:
        """Whether each list had its own account's objects alone."""
        check, remedy = "Scoping", "do not apply: lists are not those of the account that is asked for. Ask the vendor"
        strays = [kind for asked, said, kind in self._belongs if asked != said]
        if strays:
            return [failed(check, f"{len(strays)} objects are of another account ({_names(strays)})", remedy)]
        if self._twice:
            count = sum(self._twice.values())
            return [failed(check, f"{count} objects are in the lists of two accounts ({_names(self._twice)})", remedy)]
        total = len(self._ids)
        if not total:
            return [look(check, "every list is empty", "look again when something is there")]
        if len(self._belongs) < total and self.below:
            return [
                passed(
                    check, f"no object is in two accounts' lists; {len(self._belongs)} of {total} say whose they are"
                )
            ]
        return [passed(check, f"all {total} objects are in the list of their own account")]


def _of(looked: int, there: int) -> str:
    if looked == there:
        return "the only one answers for itself" if there == 1 else f"all {there} answer for themselves"
    return f"{looked} of {there} were asked, and answer for themselves"


def _names(kinds: Iterable[str]) -> str:
    return ", ".join(sorted(set(kinds)))
