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
RULE_OF = {
    Cause.NO_HOURS: "offered-without-hours",
    Cause.HOURS_ENDED: "hours-past-their-end",
    Cause.NOTICE_BEYOND_HORIZON: "notice-beyond-horizon",
}
"""Causes for which `lint` has rules of their own."""


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
            if row.next and row.standing is Standing.BOOKABLE:
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
            if row.standing is Standing.NOT_YET:
                later = opening.later(row.pair.location, row.pair.service)
                assert later
                assert not verdict.first
                assert (row.next, row.since) == (later.first.start, later.since)
                continue
            assert row.next == (verdict.first.start if verdict.first else None)
            assert [(each.cause, each.about) for each in row.reasons] == [
                (why.cause, why.about) for why in verdict.whys
            ]


def agrees_with_lint(desired: Desired, now: datetime, verified: Verified) -> None:
    """What is not bookable has a finding for each cause, and what is bookable, or will be by itself, has none."""
    told: dict[str, set[tuple[str, ...]]] = {}
    for finding in check(RULES, Subject(desired, now.date()), {}):
        told.setdefault(finding.rule, set()).update(address.key for address in finding.addresses)
    never = {key[1:] for key in told.get("never-bookable", ())}
    shut = {row.pair[1:]: row for row in verified.rows if row.standing is Standing.NOT_BOOKABLE}
    assert never <= shut.keys()
    people = Opening(wanted(desired)[""], now).roster.people
    for (place, service), row in shut.items():
        if not row.pair.whole or (place, service) in never:
            continue
        if (service,) in told.get("service-nobody-offers", ()):
            continue
        for reason in row.reasons:
            assert isinstance(reason.cause, Cause)
            if reason.cause is Cause.EMPLOYEE_INACTIVE:
                continue  # one of several: the others are told of
            if reason.cause is Cause.NO_HOURS and not any(a.kind == "hours" for a in desired.resources):
                continue  # manifests without any hours leave them to others
            assert reason.about
            if reason.about.kind == "hours" and not people[reason.about.key[0]].active:
                continue  # of who is inactive nobody asks for hours
            keys = told.get(RULE_OF[reason.cause], set())
            last_day = reason.cause is Cause.HOURS_ENDED and (place,) in told.get("hours-end-soon", ())
            of_account = reason.cause is Cause.NOTICE_BEYOND_HORIZON and ("here",) in keys  # it follows the options
            named = {key[: len(reason.about.key)] for key in keys}
            assert last_day or of_account or reason.about.key in named, row
        assert any(reason.cause is not Cause.EMPLOYEE_INACTIVE for reason in row.reasons), row


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
