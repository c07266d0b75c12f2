"""On random accounts: what is named is all that stands in the way, and nothing that does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import product

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import Dates
from provisioner.kinds.hours import Shifts, parse_shifts
from provisioner.kinds.values import Duration
from provisioner.opening import Cause, Facts, Opening, Why, wanted
from tests.opening.tenants import PLACES, SERVICES, Wish, wishes

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=60)
ALWAYS: Shifts = parse_shifts([{"dates": "2020-01-01..2040-12-31", "week": {"daily": "00:00-24:00"}}])
HOURS = (Cause.NO_HOURS, Cause.HOURS_ENDED, Cause.HOURS_LATER, Cause.DAY_OFF)


def mended(facts: Facts, why: Why) -> Facts:
    """An account in which one cause is no longer there."""
    assert why.about
    values = dict(facts.resources.get(why.about, {}))
    match why.cause:
        case Cause.SERVICE_INACTIVE | Cause.EMPLOYEE_INACTIVE:
            values["active"] = True
        case Cause.ONLY_ADDON:
            values["addon"] = False
        case Cause.TOO_SOON | Cause.TOO_FAR | Cause.NOTICE_BEYOND_HORIZON:
            names = (
                ("prior_notice", "after_notice")
                if why.cause is Cause.NOTICE_BEYOND_HORIZON
                else (("prior_notice",) if why.cause is Cause.TOO_SOON else ("after_notice",))
            )
            own = values.get("active_rules") is not False
            kept = {name: values.get(name) if own else facts.account.get(f"options.{name}") for name in TERMS}
            values |= kept | dict.fromkeys(names, Duration(0)) | {"active_rules": True}
        case Cause.SERVICE_DATES:
            values["bookable"] = None
        case Cause.NOT_SCHEDULED | Cause.SCHEDULE_ENDED:
            values["schedule"] = ALWAYS
        case Cause.TOO_SHORT:
            values |= {"duration": Duration(15), "start_step": Duration(15)}
        case Cause.AWAY | Cause.HOLIDAY:
            return facts.changed({why.about: None})
        case _:
            assert why.cause in HOURS
            values["hours"] = ALWAYS
    return facts.changed({why.about: values})


TERMS = ("prior_notice", "after_notice", "start_step")


def without(facts: Facts, whys: Iterable[Why]) -> Facts:
    for why in whys:
        facts = mended(facts, why)
    return facts


@BOUNDED
@given(wish=wishes(), place=st.sampled_from(PLACES), service=st.sampled_from(SERVICES), days=st.integers(0, 20))
def test_mending_all_that_is_named_opens_it(wish: Wish, place: str, service: str, days: int) -> None:
    facts = wanted(wish.desired)[""]
    opening = Opening(facts, wish.now)
    first = opening.today(place) + timedelta(days=1)
    window = Dates(first, first + timedelta(days=days))
    whys = opening.verdict(place, service, window).whys
    assume(whys and not any(why.cause is Cause.NO_LINK for why in whys))
    event(" + ".join(sorted({why.cause for why in whys})))
    assert Opening(without(facts, whys), wish.now).verdict(place, service, window).bookable, whys


@BOUNDED
@given(wish=wishes(), place=st.sampled_from(PLACES), service=st.sampled_from(SERVICES), days=st.integers(0, 20))
def test_of_what_is_named_nothing_can_stay(wish: Wish, place: str, service: str, days: int) -> None:
    """With one employee, and for one cause or two: of three, any two may be enough."""
    facts = _of_one(wanted(wish.desired)[""])
    opening = Opening(facts, wish.now)
    first = opening.today(place) + timedelta(days=1)
    window = Dates(first, first + timedelta(days=days))
    whys = opening.verdict(place, service, window).whys
    causes = {why.cause for why in whys}
    assume(0 < len(causes) < 3 and Cause.NO_LINK not in causes)
    for cause in causes:
        others = (why for why in whys if why.cause is not cause)
        assert not Opening(without(facts, others), wish.now).verdict(place, service, window).bookable, (cause, whys)


def _of_one(facts: Facts) -> Facts:
    """The account with Ana alone, who offers everything everywhere."""
    gone = (address for address in facts.resources if "ben" in address.key)
    links = (Address("", "link", ("ana", place, service)) for place, service in product(PLACES, SERVICES))
    return facts.changed({**dict.fromkeys(gone), **{address: {} for address in links}})
