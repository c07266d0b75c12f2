"""What cannot be asked is told as such, and never as bookable or not."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.errors import SignInError, UnreachableError, UsageError, VendorError
from provisioner.providers.base import Question
from provisioner.providers.setster.provider import Setster
from provisioner.verify.asking import LOST
from provisioner.verify.result import Besides, Standing
from provisioner.verify.verification import Verification, Wish
from tests.support import COMPANY, Tenant, declare, intercept, replaced, tell
from tests.verify.salon import NOW, Salon, book, look, only, set_clock, told
from tests.verify.test_answers import chain


def struck(**rule: Any) -> dict[str, Any]:
    return {"rules": [{"path": "/availability", **rule}]}


@pytest.mark.parametrize("fault", ["throttle", "error", "html"])
def test_what_passes_is_waited_for(fault: str) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(chain())
        await set_clock(tenant)
        more = {"retry_after": 0} if fault == "throttle" else {}
        await tenant.control("PUT", "/faults", struck(fault=fault, times=2, **more))
        verified = await look(tenant, chain())
        assert (verified.count(Standing.BOOKABLE), verified.exit_code) == (9, 0)

    tell(story)


def refusing(status: int, body: Any, service: str = "") -> Any:
    """Every question, or those about one service, are answered with this."""
    return intercept(
        lambda _method, path, query: (status, body) if path == "/availability" and service in query else None
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"statusCode": 0, "statusDescriptions": "OK", "data": {"times": ["soon"]}}, "unknown shape"),
        ({"statusCode": 0, "statusDescriptions": "OK", "data": []}, "unknown shape"),
        ({"statusCode": 0, "statusDescriptions": "OK", "data": {"boxes": {}}}, "unknown shape"),
        ({"statusCode": 8, "statusDescriptions": "not \x1b[31m yours"}, "NOT_ALLOWED"),
    ],
)
def test_one_that_cannot_be_asked_is_unknown_and_the_others_are_said(body: Any, words: str) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(chain())
        await set_clock(tenant)
        tenant.wrap = refusing(200, body, f"service_id={tenant.id('service/y')}&")
        verified = await look(tenant, chain())
        assert (verified.count(Standing.UNKNOWN), verified.count(Standing.BOOKABLE)) == (3, 6)
        assert {row.pair.service for row in verified.rows if row.standing is Standing.UNKNOWN} == {"y"}
        for row in verified.rows:
            if row.standing is Standing.UNKNOWN:
                assert (told(row), words in row.reasons[0].words) == ([Besides.UNANSWERED], True), row.reasons
        assert (verified.exit_code, verified.differences) == (1, ())

    tell(story)


def test_what_is_booked_cannot_be_read_and_the_rest_is_said() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon(hours=[{"dates": "2027-01-05", "week": {"tue": "09:00-09:45"}}])
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        row = only(await look(tenant, salon.desired()))
        assert row.next
        await book(tenant, row.next)
        assert told(only(await look(tenant, salon.desired()))) == [Besides.ALL_BOOKED]
        body = {"statusCode": 8, "statusDescriptions": "no"}
        tenant.wrap = intercept(lambda _method, path, _query: (200, body) if path == "/appointment" else None)
        verified = await look(tenant, salon.desired())
        (reason,) = only(verified).reasons
        assert (reason.cause, verified.exit_code, verified.differences) == (Besides.UNEXPLAINED, 3, ())
        assert reason.words.endswith("what is booked could not be read")

    tell(story)


def test_hours_cannot_be_read_and_the_rest_is_said() -> None:
    async def story(tenant: Tenant) -> None:
        desired = replaced(chain(), declare("service/z", name="Z", duration="20 h", active=True))
        await tenant.settle(desired)
        await set_clock(tenant)
        body = {"statusCode": 8, "statusDescriptions": "no"}
        tenant.wrap = intercept(
            lambda _method, path, _query: (200, body) if path.startswith("/employee/getAvailabilityTime") else None
        )
        verified = await look(tenant, desired)
        assert (verified.count(Standing.BOOKABLE), verified.count(Standing.NOT_BOOKABLE)) == (6, 0)
        unknown = [row for row in verified.rows if row.standing is Standing.UNKNOWN]
        assert {row.pair.service for row in unknown} == {"z"}
        words = unknown[0].reasons[0].words
        assert words.startswith("nothing is offered, and the hours that may say why could not be read: ")
        assert (verified.exit_code, verified.differences) == (1, ())

    tell(story)


def test_not_bookable_counts_for_more_than_unknown() -> None:
    async def story(tenant: Tenant) -> None:
        desired = replaced(chain(), declare("service/z", name="Z", duration="20 h", active=True))
        await tenant.settle(desired)
        await set_clock(tenant)
        answer = {"statusCode": 8, "statusDescriptions": "no"}
        tenant.wrap = refusing(200, answer, f"service_id={tenant.id('service/y')}&")
        assert (await look(tenant, desired)).exit_code == 3

    tell(story)


class _Failing(Setster):
    """Answers no question."""

    error: Exception = UnreachableError("no answer: the connection was reset")
    asked: int = 0

    async def openings(self, question: Question) -> Any:
        del question
        type(self).asked += 1
        raise self.error


async def failing(tenant: Tenant, error: Exception) -> Any:
    _Failing.asked, _Failing.error = 0, error
    provider = _Failing(tenant.provider().session)
    try:
        await provider.sign_in()
        return await Verification(provider, MANY, tenant.state, str(COMPANY), Wish(), lambda: NOW).run()
    finally:
        await provider.close()


MANY = replaced(
    chain(),
    *(declare(f"service/s{n}", name=f"S{n}", duration="1 h", active=True) for n in range(40)),
    *(declare(f"link/e/{where}/s{n}") for n in range(40) for where in ("a", "b")),
)


def test_after_some_that_nobody_answers_no_more_are_asked() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(MANY)
        verified = await failing(tenant, UnreachableError("no answer: the connection was reset"))
        assert verified.count(Standing.UNKNOWN) == len(verified.rows) == 89
        assert LOST <= _Failing.asked < 89
        words = {row.reasons[0].words for row in verified.rows}
        assert words == {
            "no answer: the connection was reset",
            "not asked: the vendor could not be reached",
        }
        refused = await failing(tenant, VendorError("reading: refused"))
        assert (refused.exit_code, _Failing.asked) == (1, 89)
        with pytest.raises(SignInError, match="no more"):
            await failing(tenant, SignInError("no more"))

    tell(story)


def test_a_vendor_that_cannot_be_asked() -> None:
    async def story(tenant: Tenant) -> None:
        provider = tenant.provider()
        provider.opens = False
        with pytest.raises(UsageError, match="does not say when something can be booked"):
            await Verification(provider, Salon().desired(), tenant.state, str(COMPANY), Wish(), lambda: NOW).run()
        await provider.close()

    tell(story)
