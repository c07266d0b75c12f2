"""How long the rules of lint take, without reading the manifests: in one large account and in many. Run by hand.

"open" can be booked, "ending" ends in six weeks, "over" ended last year. What is shown is CPU seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from provisioner.kinds.desired import Declared
from provisioner.lint import RULES
from provisioner.lint.check import check
from provisioner.lint.subject import Subject
from tests.support import declare, manifests

TODAY = date(2026, 11, 21)
DATES = {"open": "2026-01-01..2028-12-31", "ending": "2026", "over": "2025"}
NEVER: dict[str, dict[str, Any]] = {"too long": {"duration": "9 h"}, "out of season": {"bookable": "2025"}}
"""Fields of services that nobody can ever book, where all else is open."""


def account(stores: int, services: int, dates: str, prefix: str = "", **more: Any) -> Iterator[Declared]:
    """Stores with two employees each, who offer everything and are away for a week; and 15 holidays."""
    week = {"mon-fri": "09:00-17:00", "sat": ["09:00-12:00", "13:00-15:00"]}
    for number in range(services):
        yield declare(f"{prefix}service/s{number}", name=f"S{number}", **{"duration": "45 min", **more})
    for number in range(15):
        yield declare(f"{prefix}holiday/h{number}", name=f"H{number}", dates=f"2026-12-{number + 1:02}")
    for store in range(stores):
        yield declare(f"{prefix}location/l{store}", name=f"L{store}", timezone="America/Los_Angeles")
        for who in range(2):
            key = f"e{store}-{who}"
            yield declare(f"{prefix}employee/{key}", email=f"{key}@x.example", first_name="A", last_name="B")
            yield declare(f"{prefix}hours/{key}/l{store}", hours=[{"dates": dates, "week": week}])
            yield declare(f"{prefix}away/{key}", away=["2026-12-20..2026-12-24"])
            for number in range(services):
                yield declare(f"{prefix}link/{key}/l{store}/s{number}")


def chain(accounts: int, dates: str) -> Iterator[Declared]:
    """Sub-accounts with one store and five services each."""
    for number in range(accounts):
        yield declare(f"account/a{number}", company_name=f"A{number}")
        yield from account(1, 5, dates, f"a{number}/")


def measure(what: str, declared: Iterator[Declared]) -> None:
    """One line of the table."""
    desired = manifests(*declared)
    began = time.process_time()
    findings = check(RULES, Subject(desired, TODAY), {})
    print(f"{what:<28} {len(desired.resources):>7,} {len(findings):>9,} {time.process_time() - began:>7.2f}")


def main() -> None:
    """The whole table."""
    print(f"{'':<28} {'resources':>7} {'findings':>7} {'CPU s':>7}")
    for name, dates in DATES.items():
        for stores in (125, 250, 500, 1000):
            measure(f"{stores} stores, {name}", account(stores, 17, dates))
    for name, fields in NEVER.items():
        for stores in (125, 250, 500):
            measure(f"{stores} stores, {name}", account(stores, 17, DATES["open"], **fields))
    for name, dates in DATES.items():
        measure(f"1,000 accounts, {name}", chain(1000, dates))


if __name__ == "__main__":
    main()
