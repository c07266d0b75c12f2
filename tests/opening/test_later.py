"""What nobody can book yet is said to open on the day, and to the minute, on which it does."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from provisioner.opening import Cause, Opening, wanted
from tests.opening.salon import salon
from tests.opening.tenants import PLACES, SERVICES, Wish, wishes
from tests.support import declare

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SPRING = declare("hours/ana/downtown", hours=[{"dates": "2027-03-01..2027-12-31", "week": {"mon-fri": "09:00-17:00"}}])


def test_hours_that_begin_beyond_the_horizon() -> None:
    opening = salon(SPRING, after_notice="10 d")
    assert [why.cause for why in opening.verdict("downtown", "cut").whys] == [Cause.TOO_FAR]
    later = opening.later("downtown", "cut")
    assert later
    assert (str(later.first.start), later.first.employee) == ("2027-03-01 09:00:00-08:00", "ana")
    assert later.since == date(2027, 2, 19)


@pytest.mark.parametrize(
    "terms",
    [
        {"after_notice": "0 d"},
        {"after_notice": "10 d", "prior_notice": "300 h"},
        {"after_notice": "10 d", "active": False},
    ],
)
def test_what_does_not_open_by_itself(terms: dict[str, Any]) -> None:
    over = declare("hours/ana/downtown", hours=[{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}])
    assert salon(over, after_notice="10 d").later("downtown", "cut") is None
    assert salon(SPRING, **terms).later("downtown", "cut") is None
    assert salon(SPRING).later("downtown", "nothing") is None


def hold(wish: Wish, place: str, service: str) -> None:
    facts = wanted(wish.desired)[""]
    opening = Opening(facts, wish.now)
    later, verdict = opening.later(place, service), opening.verdict(place, service)
    event(f"{'later' if later else 'never'}, {'open' if verdict.bookable else 'shut'}")
    if verdict.bookable:
        return
    if later is None:
        # No other day brings it, either: the reasons are not of the kind that passes.
        month = Opening(facts, wish.now + timedelta(days=40))
        assert not month.verdict(place, service).bookable
        return
    horizon = opening.roster.offerings[service].after
    assert horizon
    begin = later.first.start.astimezone(UTC) - timedelta(minutes=horizon)
    at_last = Opening(facts, begin).verdict(place, service).first
    assert at_last
    assert at_last.start == later.first.start
    assert begin.astimezone(later.first.start.tzinfo).date() == later.since
    assert begin > wish.now
    assert not Opening(facts, begin - timedelta(minutes=1)).verdict(place, service).bookable


@settings(BOUNDED, max_examples=30)
@given(wish=wishes(), place=st.sampled_from(PLACES), service=st.sampled_from(SERVICES))
def test_it_opens_when_it_is_said_to_and_no_sooner(wish: Wish, place: str, service: str) -> None:
    hold(wish, place, service)


@pytest.mark.slow
@settings(BOUNDED, max_examples=2000, derandomize=False)
@given(wish=wishes(), place=st.sampled_from(PLACES), service=st.sampled_from(SERVICES))
def test_it_opens_when_it_is_said_to_in_many_more_accounts(wish: Wish, place: str, service: str) -> None:
    hold(wish, place, service)
