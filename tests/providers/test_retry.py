"""What the vendor sees of a bad day: how often each request comes, when, and what is made of it in the end."""

import asyncio
from email.utils import formatdate
from typing import Any

import pytest

from provisioner.errors import UnreachableError, VendorError
from provisioner.providers.base import Done, NotExecuted, Unknown
from provisioner.providers.retry import USED_UP
from provisioner.providers.setster.session import READ, Session
from provisioner.providers.verdict import MOST_FAILURES, MOST_LIMITED
from tests.providers.leaping import EPOCH, Timeless, tell
from tests.providers.sent import (
    CREATE,
    CREATE_TWO,
    LOST,
    Sent,
    delete,
    made,
    on,
    update,
)
from tests.support import COMPANY, canned

# -- what comes how often

BROKEN: list[dict[str, Any]] = [
    {"fault": "error", "executed": True},
    {"fault": "error", "executed": True, "status": 500, "code": 5},
    {"fault": "error", "executed": True, "status": 200, "code": 4},
    {"fault": "html", "executed": True},
    {"fault": "html", "executed": True, "status": 502},
    {"fault": "truncate", "content_length": "sent"},
]
NOT_EXECUTED = [{**rule, "executed": False} for rule in [*LOST[:2], *BROKEN[:5]]]


@pytest.mark.parametrize("rule", [*LOST, *BROKEN, *NOT_EXECUTED], ids=str)
def test_a_create_that_may_have_been_carried_out_is_sent_once(rule: dict[str, Any]) -> None:
    async def story(sent: Sent) -> None:
        await sent.tenant.faults(rule | {"times": None, "method": "POST"})
        assert isinstance(await sent.send(CREATE), Unknown)
        assert len(await sent.tenant.log("POST", "/location")) == sent.intents == 1
        carried_out = rule.get("executed", True)
        assert len((await sent.tenant.dump())["locations"]) == 1 + carried_out

    on(story)


@pytest.mark.parametrize("rule", [*LOST, *BROKEN, *NOT_EXECUTED], ids=str)
@pytest.mark.parametrize("times", [1, 2])
def test_an_update_is_repeated_until_it_is_known(rule: dict[str, Any], times: int) -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        await sent.tenant.faults(rule | {"times": times, "method": "PUT"})
        assert await sent.send(update(id_)) == Done(id_)
        assert len(await sent.tenant.log("PUT")) == sent.intents == times + 1
        assert {each["name"] for each in (await sent.tenant.dump())["locations"]} >= {"There"}

    on(story)


@pytest.mark.parametrize("rule", [*LOST, *BROKEN], ids=str)
def test_an_update_that_keeps_failing_is_unknown_after_three_tries(rule: dict[str, Any]) -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        await sent.tenant.faults(rule | {"times": None, "method": "PUT"})
        outcome = await sent.send(update(id_))
        assert isinstance(outcome, Unknown)
        assert outcome.why.endswith("; tried 3 times")
        assert len(await sent.tenant.log("PUT")) == MOST_FAILURES

    on(story)


@pytest.mark.parametrize("rule", [*LOST, *BROKEN], ids=str)
def test_a_delete_in_doubt_is_settled_by_not_found(rule: dict[str, Any]) -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        await sent.tenant.faults(rule | {"method": "DELETE"})
        assert await sent.send(delete(id_)) == Done(id_)
        assert len(await sent.tenant.log("DELETE")) == 2
        assert len((await sent.tenant.dump())["locations"]) == 1

    on(story)


def test_a_refused_call_with_one_part_was_not_carried_out_and_with_more_nobody_knows() -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        assert isinstance(await sent.send(update(id_)), Done)
        for code in (1, 6, 7, 8, 9, 10, 11):
            await sent.tenant.faults({"fault": "refuse", "code": code, "times": 3})
            assert isinstance(await sent.send(CREATE), NotExecuted)
            assert isinstance(await sent.send(CREATE_TWO), Unknown)
            refused = await sent.send(update(id_))
            assert isinstance(refused, NotExecuted)
            assert "the vendor refused it" in refused.why
        await sent.tenant.faults({"fault": "html", "status": 418, "times": 2})
        assert isinstance(await sent.send(CREATE), NotExecuted)
        assert isinstance(await sent.send(CREATE_TWO), Unknown)
        assert len((await sent.tenant.dump())["locations"]) == 2

    on(story)


def test_a_redirect_is_never_followed() -> None:
    came = []

    def wrap(app: Any) -> Any:
        async def moved(scope: Any, receive: Any, send: Any) -> None:
            came.append(scope["path"])
            if scope["path"].endswith("/location"):
                where = b"http://elsewhere.example/?" + scope["query_string"]
                await send({"type": "http.response.start", "status": 302, "headers": [(b"location", where)]})
                await send({"type": "http.response.body"})
            else:
                await app(scope, receive, send)

        return moved

    async def story(sent: Sent) -> None:
        outcome = await sent.send(CREATE)
        assert isinstance(outcome, Unknown)
        assert "302" in outcome.why
        assert "elsewhere" not in outcome.why
        with pytest.raises(VendorError, match="302"):
            await sent.provider.session.get("/location", str(COMPANY))
        assert sum(path.endswith("/location") for path in came) == 2

    on(story, wrap=wrap)


# -- a read


@pytest.mark.parametrize("rule", [*LOST, *BROKEN], ids=str)
def test_a_read_is_tried_three_times_and_then_an_error(rule: dict[str, Any]) -> None:
    async def story(sent: Sent) -> None:
        session = sent.provider.session
        await sent.tenant.faults(rule | {"method": "GET", "times": 2})
        assert len(await session.get("/location", str(COMPANY))) == 1
        await sent.tenant.faults(rule | {"method": "GET", "times": None})
        with pytest.raises((VendorError, UnreachableError), match="tried 3 times"):
            await session.get("/location", str(COMPANY))
        assert len(await sent.tenant.log("GET", "/location")) == 2 * MOST_FAILURES
        assert sent.intents == 0

    on(story)


def test_a_refused_read_is_not_repeated() -> None:
    async def story(sent: Sent) -> None:
        with pytest.raises(VendorError, match="NOT_FOUND"):
            await sent.provider.session.get("/location/7", str(COMPANY))
        assert len(await sent.tenant.log("GET")) == 1

    on(story)


# -- waiting


@pytest.mark.parametrize("after", [7, formatdate(EPOCH + 7, usegmt=True)])
@pytest.mark.parametrize("rule", [{"fault": "throttle"}, {"fault": "error"}], ids=["429", "503"])
def test_a_vendor_is_come_back_to_when_it_says(after: int | str, rule: dict[str, Any]) -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        before = sent.tenant.clock.now()
        await sent.tenant.faults(rule | {"retry_after": after})
        assert await sent.send(update(id_)) == Done(id_)
        assert sent.tenant.clock.now() - before == pytest.approx(7, abs=0.01)
        assert sent.tenant.waits == [pytest.approx(7, abs=0.01)]

    on(story)


def test_a_vendor_can_make_us_wait_for_two_minutes_at_most() -> None:
    async def story(sent: Sent) -> None:
        await sent.tenant.faults({"fault": "throttle", "retry_after": 86_400})
        assert isinstance(await sent.send(CREATE), Done)
        assert sent.tenant.waits == [120.0]

    on(story)


def test_a_create_that_was_sent_away_is_sent_again() -> None:
    async def story(sent: Sent) -> None:
        await sent.tenant.faults({"fault": "throttle", "times": 5})
        assert isinstance(await sent.send(CREATE), Done)
        assert await sent.tenant.log("POST", "/location") == [429] * 5 + [200]
        assert sent.intents == 6
        assert len((await sent.tenant.dump())["locations"]) == 2

    on(story)


def test_being_sent_away_comes_to_an_end_and_nothing_was_carried_out() -> None:
    async def story(sent: Sent) -> None:
        await sent.tenant.faults({"fault": "throttle", "times": None})
        outcome = await sent.send(CREATE_TWO)
        assert isinstance(outcome, NotExecuted)
        assert "429" in outcome.why
        assert len(await sent.tenant.log("POST", "/location")) == MOST_LIMITED

    on(story)


def test_while_one_request_was_told_to_wait_no_other_leaves() -> None:
    async def story(sent: Sent) -> None:
        session, clock = sent.provider.session, sent.tenant.clock
        arrivals: list[float] = []
        await sent.tenant.faults({"fault": "throttle", "retry_after": 30})

        async def read() -> None:
            await session.get("/location", str(COMPANY))
            arrivals.append(round(clock.now(), 3))

        await read()
        assert arrivals == [30.0]
        await sent.tenant.faults({"fault": "throttle", "retry_after": 30})
        await asyncio.gather(*(read() for _ in range(12)))
        assert sorted(arrivals[1:]) == [30.0] * arrivals[1:].count(30.0) + [60.0] * arrivals[1:].count(60.0)
        assert arrivals[1:].count(60.0) >= 9  # all but those that had left together with the one
        assert (await sent.tenant.log("GET")).count(429) == 2

    on(story)


def test_failures_are_backed_off_from_in_growing_waits() -> None:
    async def story(sent: Sent) -> None:
        id_ = await made(sent)
        await sent.tenant.faults({"fault": "reset", "times": 2, "method": "PUT"})
        assert await sent.send(update(id_)) == Done(id_)
        first, second = sent.tenant.waits
        assert 0 <= first <= 0.5
        assert 0 <= second <= 1.0

    on(story)


def test_requests_are_paced() -> None:
    async def story(sent: Sent) -> None:
        session, clock = sent.provider.session, sent.tenant.clock
        began = clock.now()
        await asyncio.gather(*(session.get("/location", str(COMPANY)) for _ in range(20)))
        assert clock.now() - began == pytest.approx(20 / 4, abs=0.3)

    on(story, calls_per_second=4)


# -- the budget


def test_a_host_that_fails_too_often_is_not_asked_again() -> None:
    async def story(sent: Sent) -> None:
        session = sent.provider.session
        await sent.tenant.faults({"fault": "error", "times": None})
        words = []
        for _ in range(120):
            with pytest.raises(VendorError) as caught:
                await session.get("/location", str(COMPANY))
            words.append(str(caught.value))
        assert words[0].endswith("; tried 3 times")
        assert words[-1].endswith(f"; {USED_UP}")
        assert len(await sent.tenant.log("GET")) == 120 + 100
        await sent.tenant.faults()
        for _ in range(21):
            await session.get("/location", str(COMPANY))
        await sent.tenant.faults({"fault": "error", "times": 2})
        await session.get("/location", str(COMPANY))

    on(story)


def test_when_the_budget_is_used_up_a_create_is_still_told_apart() -> None:
    async def story(sent: Sent) -> None:
        while sent.provider.session.client.budget.take():
            pass
        await sent.tenant.faults({"fault": "throttle"})
        assert isinstance(await sent.send(CREATE), NotExecuted)
        await sent.tenant.faults({"fault": "reset"})
        assert isinstance(await sent.send(CREATE), Unknown)
        assert isinstance(await sent.send(CREATE), Done)

    on(story)


# -- creates


@pytest.mark.parametrize("body", [None, [], {}, [{}], {"id": None}, {"id": "x"}, {"id": -1}, {"id": True}, "7", 7, [7]])
def test_a_create_without_an_id_is_unknown(body: Any) -> None:
    def wrap(app: Any) -> Any:
        async def odd(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == "POST" and scope["path"].endswith("/location"):
                await canned(200, {"statusCode": 0, "statusDescriptions": "OK", "data": body})(send)
            else:
                await app(scope, receive, send)

        return odd

    async def story(sent: Sent) -> None:
        assert await sent.send(CREATE) == Unknown("it answered no id")

    on(story, wrap=wrap)


def test_a_session_reads_and_writes_nothing_by_itself() -> None:
    async def story(tenant: Timeless) -> None:
        session: Session = tenant.session()
        assert await tenant.log() == []
        assert (await session._signed("GET", "/location", {}, None, READ)).ok
        assert len(await tenant.log()) == 2
        await session.client.close()

    tell(story)
