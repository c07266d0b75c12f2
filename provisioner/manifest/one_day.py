"""One holiday for one name and day of an account, however many lists of public holidays have it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from provisioner.kinds.holiday import Holiday
from provisioner.kinds.natural import natural_keys
from provisioner.kinds.values import plain
from provisioner.manifest.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from provisioner.kinds import Address
    from provisioner.manifest.build import Builder
    from provisioner.manifest.fragment import Fragment
    from provisioner.manifest.problems import Problems

    Said = dict[Address, list[Fragment]]
    Day = tuple[str, str]

_OF_DAY = re.compile(r"(.+)-([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SAYS = ("name", "dates", "rule")


def fold_public_holidays(said: Said, builder: Builder, problems: Problems) -> None:
    """Leave one address of those that are one holiday, and move to it what the manifests say at the others.

    A holiday that is written by hand stays. Of those from lists the one of the wider scope stays, or else of the first
    list, so that a narrower list renames nothing.
    """
    accounts: dict[str, Said] = {}
    for address, fragments in said.items():
        if address.kind == Holiday.kind:
            accounts.setdefault(address.account, {})[address] = fragments
    for holidays in accounts.values():
        listed = {address for address, fragments in holidays.items() if any(each.listed for each in fragments)}
        if listed:
            _leave_strays(said, holidays, listed, problems)
            days: dict[Day, list[Address]] = {}
            for address in holidays:
                if address in said and (day := _day(said[address], builder)):
                    days.setdefault(day, []).append(address)
            for addresses in days.values():
                _fold(said, addresses, listed)


def _day(fragments: list[Fragment], builder: Builder) -> Day | None:
    """The name and the dates: of what is in a list as it is there, of all else as it is written."""
    narrowest = min((each for each in fragments if each.listed), key=lambda each: each.width, default=None)
    if narrowest is not None:
        return narrowest.values["name"].casefold(), narrowest.values["dates"]
    holiday = builder.build(fragments).resource
    keys = dict(natural_keys(holiday)) if holiday else {}
    return keys.get(("name", "dates"))


def _fold(said: Said, addresses: list[Address], listed: Collection[Address]) -> None:
    kept = next((each for each in addresses if each not in listed), None) or max(
        addresses, key=lambda each: max(fragment.width for fragment in said[each] if fragment.listed)
    )
    for address in addresses:
        if address in listed:
            said[address] = _once(said[address])
            if address != kept:
                said[kept] += [fragment for fragment in said.pop(address) if not fragment.listed]


def _once(fragments: list[Fragment]) -> list[Fragment]:
    """The fragments without those of a list whose day another list of the same width has under the same key."""
    first = {each.width: each for each in reversed(fragments) if each.listed}
    return [each for each in fragments if not each.listed or first[each.width] is each]


# -- what is said of a day that no list has


def _leave_strays(said: Said, holidays: Said, listed: Iterable[Address], problems: Problems) -> None:
    """Report what adds to a day of a list that is in none of them."""
    known = {address.key[0]: address for address in listed}
    for address, fragments in holidays.items():
        key = address.key[0]
        found = _OF_DAY.fullmatch(key)
        if key in known or not found or any(name in _given(each) for each in fragments for name in _SAYS):
            continue
        del said[address]
        remedy = f"did you mean {near}?" if (near := _near(found, known)) else "give it a name and dates, or remove it"
        for fragment in fragments:
            message = f"public_holidays have no {plain(key, 60)} to add to: {remedy}"
            problems.add_once((str(fragment.place), key), fragment.place, message)


def _given(fragment: Fragment) -> Collection[str]:
    return fragment.values.keys() | fragment.broken


def _near(found: re.Match[str], known: Mapping[str, Address]) -> str | None:
    """The nearest day of the same list, or the nearest key."""
    days = [day for key in known if (day := _OF_DAY.fullmatch(key)) and day[1] == found[1]]
    try:
        meant = date.fromisoformat(found[2])
        return min(days, key=lambda day: abs(date.fromisoformat(day[2]) - meant))[0]
    except ValueError:  # of no date, or of a list that is not there
        return nearest(found[0], known)
