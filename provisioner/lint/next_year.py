"""Holidays with dates come once: those of next year are easily forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from provisioner.kinds.desired import Declared
from provisioner.kinds.holiday import Holiday
from provisioner.kinds.hours import Hours
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject


def _missing(subject: Subject) -> Iterator[Found]:
    year = subject.today.year
    this: dict[str, list[Declared]] = {}
    covered: set[str] = set()
    for declared, holiday in subject.of(Holiday):
        if holiday.dates and holiday.enabled is not False:
            if holiday.dates.end.year > year:
                covered.add(declared.address.account)
            elif holiday.dates.end.year == year:
                this.setdefault(declared.address.account, []).append(declared)
    working = {d.address.account for d, hours in subject.of(Hours) if _goes_on(hours, date(year + 1, 1, 1))}
    for account in sorted(working & this.keys() - covered):
        last = max(this[account], key=lambda each: each.place)
        count = len(this[account])
        those = f"{count} holidays of {year} have dates" if count > 1 else f"a holiday of {year} has dates"
        reason = f"{those}, hours go on into {year + 1}, and no holiday is in {year + 1}"
        yield Found(last.address, last.place, reason, f"add those of {year + 1}, or the year under `public_holidays`")


def _goes_on(hours: Hours, day: date) -> bool:
    return any(shift.dates.end >= day for shift in hours.hours)


MISSING = Rule("holidays-missing-next-year", Severity.WARNING, _missing)
