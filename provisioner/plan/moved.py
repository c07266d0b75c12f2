"""What moved between saving a plan and carrying it out, each difference in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioner.plan.saved import Basis

_Change = Mapping[str, Any]

_ASIDE = {
    "reason": "for another reason",
    "id": "with another id",
    "place": "from another place",
    "moved_from": "from another address",
    "goes_with": "with another object",
    "blocked": "blocked otherwise",
    "hint": "like another one",
    "resembles": "like another one",
}
"""What else may differ in a change of the JSON document, beside its fields; a count says nothing by itself."""


def moved(then: Basis, now: Basis) -> tuple[str, ...]:
    """Every difference between two bases, one line each; nothing when a plan may be carried out."""
    lines = (*moved_offline(then, now), *_inside(then, now))
    if not lines and then.digest != now.digest:
        return ("the plan: what it would write about a person differs, which is not kept here",)
    return lines


def moved_offline(then: Basis, now: Basis) -> tuple[str, ...]:
    """The differences that can be told without the tenant: whose it is, and the files."""
    return (*_elsewhere(then, now), *_edited(then.files, now.files))


def carried_out(then: Basis, now: Basis) -> bool:
    """Whether a plan was applied since, whole: a run went on from its state, and nothing of it is left to do."""
    later = now.serial > then.serial and then.lineage in ("", now.lineage)
    return later and bool(then.changes) and not now.changes and not moved_offline(then, now)


def _elsewhere(then: Basis, now: Basis) -> Iterator[str]:
    if then.host != now.host:
        yield f"the plan is for {then.host}, and this workspace is for {now.host}"
    if then.company_id != now.company_id:
        yield f"the plan is for company {then.company_id}, and this workspace is for {now.company_id}"


def _edited(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"{name}: was removed"
        elif name not in then:
            yield f"{name}: is new"
        elif then[name] != now[name]:
            yield f"{name}: was edited"


def _inside(then: Basis, now: Basis) -> Iterator[str]:
    if (then.lineage, then.serial) != (now.lineage, now.serial):
        yield f"the state: was serial {then.serial}, is {now.serial}: another run or command wrote it"
    told = set[str]()
    for address, before in then.live.items():
        after = now.live.get(address)
        if before != after:
            told.add(address)
            yield f"{address}: {_changed(before, after)}"
    yield from _decided(then.changes, now.changes, told)


def _changed(before: Mapping[str, str], after: Mapping[str, str] | None) -> str:
    if after is None:
        return "is gone from the tenant"
    return f"changed in the tenant ({', '.join(_differing(before, after))})"


def _decided(then: Iterable[_Change], now: Iterable[_Change], told: set[str]) -> Iterator[str]:
    before, after = ({str(change["address"]): change for change in each} for each in (then, now))
    for address in sorted({*before, *after} - told):
        was, is_ = before.get(address), after.get(address)
        if was is None:
            yield f"{address}: nothing was to be done, and now the plan is {_action(is_)}"
        elif is_ is None or was["action"] != is_["action"]:
            yield f"{address}: the plan was {_action(was)}, and now {_instead(is_)}"
        elif was != is_:
            yield f"{address}: the plan is still {_action(was)}, {_otherwise(was, is_)}"


def _action(change: _Change | None) -> str:
    return f"to {change['action']} it" if change else ""


def _instead(change: _Change | None) -> str:
    return f"it is {_action(change)}" if change else "nothing would be done"


def _otherwise(was: _Change, is_: _Change) -> str:
    """How two changes with one action differ: the names of fields, else what stands beside them."""
    names = _differing(*({field["name"]: field for field in change["fields"]} for change in (was, is_)))
    aside = [_ASIDE[name] for name in _differing(was, is_) if name in _ASIDE]
    return f"differently ({', '.join(names)})" if names else ", ".join(aside) or "differently"


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
