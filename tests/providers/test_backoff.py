"""How long is waited before another try, and how many other tries a host is worth."""

from email.utils import formatdate

import pytest

from provisioner.providers.backoff import BASE, CAP, CAPACITY, LONGEST, REFILL, Budget, backoff, retry_after
from provisioner.providers.clock import Clock

NOW = 1_800_000_000.0
CLOCK = Clock(date=lambda: NOW)


def always(chance: float) -> Clock:
    return Clock(random=lambda: chance)


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_the_bound_doubles_and_chance_decides_below_it(chance: float) -> None:
    bounds = [BASE, 2 * BASE, 4 * BASE, 8 * BASE, 16 * BASE, 32 * BASE, CAP, CAP]
    assert [backoff(n, always(chance)) for n in range(1, 9)] == [chance * bound for bound in bounds]


def test_a_thousand_failures_are_waited_for_as_long_as_ten() -> None:
    assert backoff(1000, always(0.5)) == CAP / 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("100000", LONGEST),
        ("9" * 400, LONGEST),
        (formatdate(NOW + 9, usegmt=True), 9.0),
        (formatdate(NOW - 9, usegmt=True), 0.0),
        (formatdate(NOW + 86_400, usegmt=True), LONGEST),
    ],
)
def test_a_vendor_may_say_when_to_come_back(header: str, seconds: float) -> None:
    assert retry_after(header, None, CLOCK) == seconds


@pytest.mark.parametrize(
    "header", [None, "", "soon", "-1", "1.5", "٣", "1e3", "inf", "Tue", "Fri, 99 Foo 2026 00:00:00 GMT"]
)
def test_nonsense_is_no_time(header: str | None) -> None:
    assert retry_after(header, None, CLOCK) is None


def test_a_date_is_counted_by_the_vendors_own_clock() -> None:
    an_hour_ahead = NOW + 3600
    asked = formatdate(an_hour_ahead + 9, usegmt=True)
    assert retry_after(asked, formatdate(an_hour_ahead, usegmt=True), CLOCK) == 9.0
    assert retry_after(asked, "today", CLOCK) == LONGEST


def test_a_budget_is_used_up_and_refilled_by_what_goes_well() -> None:
    budget = Budget()
    assert [budget.take() for _ in range(int(CAPACITY) + 1)] == [True] * int(CAPACITY) + [False]
    for _ in range(round(1 / REFILL) + 1):
        budget.went_well()
    assert [budget.take(), budget.take()] == [True, False]


def test_a_budget_holds_no_more_than_it_began_with() -> None:
    budget = Budget()
    for _ in range(10_000):
        budget.went_well()
    assert sum(budget.take() for _ in range(10_000)) == CAPACITY
