"""On random accounts in weeks in which clocks are changed: what `verify` says is what `lint` says, and what is so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from itertools import product

import pytest
from hypothesis import HealthCheck, event, given, settings

from provisioner.kinds.desired import Desired
from provisioner.lint import RULES
from provisioner.lint.check import check
from provisioner.lint.subject import Subject
from provisioner.opening import Cause, Opening, wanted
from provisioner.verify.pairs import Pair
from provisioner.verify.result import Row, Standing, Verified
from tests.opening.tenants import PLACES, SERVICES, Wish, wishes
from tests.support import Tenant, tell
from tests.verify.salon import book, look, set_clock

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TOLD_ELSEWHERE = {Cause.NO_HOURS, Cause.HOURS_ENDED, Cause.NOTICE_BEYOND_HORIZON, Cause.EMPLOYEE_INACTIVE}
"""Causes for which `lint` has rules of their own, or that it takes as meant."""


def hold(wish: Wish) -> None:
    noon = datetime.combine(wish.now.date(), time(12), UTC)  # the moment at which lint looks at a day

    async def story(tenant: Tenant) -> None:
        await tenant.settle(wish.desired)
        await set_clock(tenant, noon)
        verified = await look(tenant, wish.desired, noon)
        assert verified.differences == ()
        says_the_same_offline(wish.desired, noon, verified.rows)
        agrees_with_lint(wish.desired, noon, verified)
        for row in verified.rows:
            event(row.standing)
            if row.next:
                await book(tenant, row.next, row.pair.location, row.pair.service)
                await free(tenant)

    tell(story)


def says_the_same_offline(desired: Desired, now: datetime, rows: Iterable[Row]) -> None:
    """The same pairs, the same starts, and the same causes, from the manifests alone."""
    facts = wanted(desired)[""]
    opening = Opening(facts, now)
    offerings = opening.roster.offerings
    shown = {
        Pair("", place, service)
        for place, service in product(PLACES, SERVICES)
        if opening.linked(place, service) and offerings[service].active and not offerings[service].addon
    }
    assert {row.pair for row in rows if row.pair.whole} == shown
    for row in rows:
        if row.pair.whole:
            verdict = opening.verdict(row.pair.location, row.pair.service)
            assert row.next == (verdict.first.start if verdict.first else None)
            assert [(each.cause, each.about) for each in row.reasons] == [
                (why.cause, why.about) for why in verdict.whys
            ]


def agrees_with_lint(desired: Desired, now: datetime, verified: Verified) -> None:
    findings = check(RULES, Subject(desired, now.date()), {})
    never = {
        (address.key[1:]) for finding in findings if finding.rule == "never-bookable" for address in finding.addresses
    }
    shut = {row.pair[1:]: row for row in verified.rows if row.standing is Standing.NOT_BOOKABLE}
    assert never <= shut.keys()
    for pair, row in shut.items():
        if row.pair.whole and {reason.cause for reason in row.reasons} - TOLD_ELSEWHERE:
            inactive = Opening(wanted(desired)[""], now).roster.people
            linked = [a.key[0] for a in desired.resources if a.kind == "link" and a.key[1:] == pair]
            assert pair in never or not any(inactive[who].active for who in linked), row


async def free(tenant: Tenant) -> None:
    for each in await tenant.vendor("GET", "/appointment", start_date="2026-01-01"):
        await tenant.vendor("POST", "/appointment/decline", {"appointment_id": each["id"], "reason": "a test"})


@settings(BOUNDED, max_examples=30)
@given(wish=wishes())
def test_what_is_verified_is_so(wish: Wish) -> None:
    hold(wish)


@pytest.mark.slow
@settings(BOUNDED, max_examples=500, derandomize=False)
@given(wish=wishes())
def test_what_is_verified_is_so_of_many_more_accounts(wish: Wish) -> None:
    hold(wish)
