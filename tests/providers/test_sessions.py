"""A session may end at any moment: it costs one sign-in, whoever was in flight, and nothing else."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from provisioner.errors import ProvisionerError, SignInError, UnreachableError, VendorError
from provisioner.kinds.desired import Declared, Desired
from provisioner.providers.setster.session import Session
from tests.providers.leaping import Timeless, tell
from tests.support import COMPANY, Wrap, declare, intercept, manifests, ok, refusal

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
SIGN_IN = "/account/authenticate"
READERS = 32


def salon() -> Desired:
    """Some forty resources: a sub-account with what is in it, and a few things beside it."""
    parts: list[Declared] = [
        declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw",
                options={"currency": "EUR"}),
        *(declare(f"west/location/l{n}", name=f"L{n}") for n in range(5)),
        *(declare(f"west/service/s{n}", name=f"S{n}", duration="45 min") for n in range(6)),
        *(declare(f"west/employee/e{n}", email=f"e{n}@x.example", first_name="E", last_name=str(n)) for n in range(6)),
        *(declare(f"west/link/e{n}/l{n % 5}/s{s}") for n in range(6) for s in (n, (n + 1) % 6)),
        *(declare(f"west/hours/e{n}/l{n % 5}", hours=WEEK) for n in range(6)),
        *(declare(f"west/away/e{n}", away=["2026-08"]) for n in range(2)),
        *(declare(f"location/own{n}", name=f"Own{n}") for n in range(2)),
        declare("service/cut", name="Cut", duration="1 h"),
    ]  # fmt: skip
    assert len(parts) == 41
    return manifests(*parts)


SALON = salon()


def requests() -> int:
    """How many requests planning and applying the salon takes, signing in left out."""
    count = 0

    async def story(tenant: Timeless) -> None:
        nonlocal count
        assert (await tenant.apply(SALON)).applied.complete
        count = len(await tenant.calls())

    tell(story)
    return count


REQUESTS = requests()


def at_request(number: int, do: Callable[[], Any], counted: Callable[[str], bool]) -> Wrap:
    """Do something right before a request arrives."""
    seen = 0

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            nonlocal seen
            if counted(scope["path"]):
                seen += 1
                if seen == number:
                    await do()
            await app(scope, receive, send)

        return between

    return wrap


def not_sign_in(path: str) -> bool:
    return not path.endswith(SIGN_IN)


def is_sign_in(path: str) -> bool:
    return path.endswith(SIGN_IN)


def test_the_salon_takes_enough_requests_to_end_a_session_in() -> None:
    assert REQUESTS >= 28


@pytest.mark.sweep(3)
@pytest.mark.parametrize("moment", range(1, REQUESTS + 1))
def test_a_session_that_ends_at_any_request_costs_one_sign_in_and_nothing_else(moment: int) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = at_request(moment, lambda: tenant.control("POST", "/sessions/expire"), not_sign_in)
        ran = await tenant.apply(SALON)
        assert ran.applied.complete, ran.failed
        assert await tenant.logins() == 2
        held = await tenant.dump(tenant.company("west"))
        assert [len(held[each]) for each in ("locations", "services", "employees", "links")] == [6, 7, 7, 12]
        assert len(await tenant.calls()) - (await tenant.log()).count(403) == REQUESTS

    tell(story)


def test_sessions_that_end_all_the_time_cost_a_sign_in_each() -> None:
    async def story(tenant: Timeless) -> None:
        await tenant.faults(*({"fault": "expire", "all": True, "skip": 4 * n} for n in range(8)))
        ran = await tenant.apply(SALON)
        assert ran.applied.complete, ran.failed
        rules = (await tenant.control("GET", "/faults"))["rules"]
        assert await tenant.logins() == 1 + sum(rule["struck"] for rule in rules)

    tell(story, concurrency=1)


# -- many at once


async def signed_in(tenant: Timeless) -> Session:
    session = tenant.session()
    await session.sign_in()
    await tenant.clear_calls()
    return session


async def read_many(session: Session, count: int = READERS) -> list[Any]:
    """What comes of many reads at once: their data, or the errors."""
    reads = (session.get("/location", str(COMPANY)) for _ in range(count))
    return await asyncio.gather(*reads, return_exceptions=True)


def together(tenant: Timeless) -> Wrap:
    """Let 32 requests arrive with the old token, and end the session then."""
    arrived, first = asyncio.Barrier(READERS), [READERS]

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            if not_sign_in(scope["path"]) and first[0]:
                first[0] -= 1
                if await arrived.wait() == 0:
                    await tenant.control("POST", "/sessions/expire")
                await arrived.wait()
            await app(scope, receive, send)

        return between

    return wrap


def test_thirty_two_requests_in_flight_share_one_sign_in() -> None:
    async def story(tenant: Timeless) -> None:
        wanted = manifests(*(declare(f"location/l{n}", name=f"L{n}") for n in range(READERS)))
        planned = await tenant.plan(wanted)
        tenant.wrap = together(tenant)
        provider = tenant.provider()
        await provider.sign_in()
        await tenant.clear_calls()
        applied = await tenant.executor(planned, provider).run()
        await provider.close()
        assert applied.complete
        assert (await tenant.log("POST", "/location")).count(403) == READERS
        assert await tenant.logins() == 1
        assert len((await tenant.dump())["locations"]) == READERS + 1

    tell(story, concurrency=READERS, at_once=READERS)


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "error"},
        {"fault": "error", "times": 2},
        {"fault": "error", "retry_after": 40},
        {"fault": "throttle"},
        {"fault": "throttle", "retry_after": 9, "times": 4},
        {"fault": "reset"},
        {"fault": "reset", "executed": False, "times": 2},
        {"fault": "timeout"},
        {"fault": "truncate"},
        {"fault": "html"},
        {"fault": "expire", "all": True},
    ],
    ids=str,
)
def test_a_sign_in_that_fails_is_tried_again_and_nobody_notices(rule: dict[str, Any]) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = together(tenant)
        session = await signed_in(tenant)
        await tenant.faults(rule | {"path": SIGN_IN})
        answers = await read_many(session)
        assert all(isinstance(each, list) for each in answers), answers
        assert await tenant.logins() == 1 + rule.get("times", 1) - (rule["fault"] == "expire")
        await session.client.close()

    tell(story, concurrency=READERS, at_once=READERS)


def test_a_session_that_ends_before_it_was_of_any_use_is_renewed_once_more() -> None:
    """All sessions end while the new one is on its way to us."""

    async def story(tenant: Timeless) -> None:
        gathering = together(tenant)

        def wrap(app: Any) -> Any:
            inner, logins = gathering(app), [0]

            async def between(scope: Any, receive: Any, send: Any) -> None:
                await inner(scope, receive, send)
                if is_sign_in(scope["path"]):
                    logins[0] += 1
                    if logins[0] == 2:
                        await tenant.control("POST", "/sessions/expire")

            return between

        tenant.wrap = wrap
        session = await signed_in(tenant)
        answers = await read_many(session)
        assert all(isinstance(each, list) for each in answers), answers
        assert await tenant.logins() == 2
        await session.client.close()

    tell(story, concurrency=READERS, at_once=READERS)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("Invalid credentials", 2, 401), "INVALID_CREDENTIALS"),
        (refusal("not active", 3, 401), "ACCOUNT_NOT_ACTIVE"),
        (refusal("Invalid credentials", 2), "INVALID_CREDENTIALS"),
        (refusal("what?", 1), "INVALID_PARAMETERS"),
        ((401, b""), "401"),
        ((403, b"<html>"), "403"),
        ((404, b"<html>"), "404"),
        ((302, b""), "redirect"),
        (ok({}), "no session token"),
    ],
    ids=str,
)
def test_when_nobody_can_sign_in_any_more_everything_fails_at_once_for_the_same_reason(answer: Any, words: str) -> None:
    async def story(tenant: Timeless) -> None:
        passed = [1]

        def matching(_method: str, path: str, _query: str) -> Any:
            if path == SIGN_IN:
                passed[0] -= 1
                return answer if passed[0] < 0 else None
            return None

        tenant.wrap = lambda app: together(tenant)(intercept(matching)(app))
        session = await signed_in(tenant)
        answers = await read_many(session)
        assert {type(each) for each in answers} == {SignInError}
        assert len({str(each).split("; tried")[0] for each in answers}) == 1
        assert words in str(answers[0])
        asked, tried = len(await tenant.log()), passed[0]
        assert tried in (-1, -2)  # a 403 may be about the session that has ended, and is asked about once more
        later = await read_many(session)
        assert {str(each) for each in later} == {str(answers[0])}
        assert (len(await tenant.log()), passed[0]) == (asked, tried)
        await session.client.close()

    tell(story, concurrency=READERS, at_once=READERS)


@pytest.mark.parametrize("times", [3, None])
def test_those_who_wait_for_one_sign_in_share_its_failure(times: int | None) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = together(tenant)
        session = await signed_in(tenant)
        await tenant.faults({"fault": "error", "path": SIGN_IN, "times": times})
        answers = await read_many(session)
        assert all("sign-in failed" in str(each) for each in answers)
        assert await tenant.logins() == 3
        later = await read_many(session, 1)
        assert isinstance(later[0], list) == (times == 3)
        await session.client.close()

    tell(story, concurrency=READERS, at_once=READERS)


def test_who_is_cancelled_while_signing_in_leaves_the_others_a_sign_in() -> None:
    async def story(tenant: Timeless) -> None:
        session = await signed_in(tenant)
        await tenant.control("POST", "/sessions/expire")
        await tenant.faults({"fault": "slow", "seconds": 5, "path": SIGN_IN, "times": None})
        reads = [asyncio.create_task(session.get("/location", str(COMPANY))) for _ in range(4)]
        await tenant.clock.sleep(3)
        reads[0].cancel()
        done = await asyncio.gather(*reads, return_exceptions=True)
        assert isinstance(done[0], asyncio.CancelledError)
        assert all(isinstance(each, list) for each in done[1:])
        await session.client.close()

    tell(story)


# -- a permission


@pytest.mark.parametrize("body", [(403, b"<html>no</html>"), refusal("not for you", 2, 403)], ids=["page", "envelope"])
def test_a_403_with_a_good_session_is_a_permission_and_asked_about_once(body: Any) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = intercept(lambda m, p, _: body if (m, p) == ("GET", "/service") else None)
        session = await signed_in(tenant)
        for _ in range(3):
            with pytest.raises(VendorError, match="403"):
                await session.get("/service", str(COMPANY))
        assert await tenant.logins() == 3
        assert len(await tenant.log("GET", "/account/getAccountInfo")) == 3
        assert len(await session.get("/location", str(COMPANY))) == 1
        await session.client.close()

    tell(story)


def test_a_vendor_that_forbids_everything_is_no_loop() -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = intercept(lambda _m, p, _: None if p == SIGN_IN else (403, b""))
        session = await signed_in(tenant)
        for _ in range(40):
            answers = await read_many(session, 2)
            assert all("403" in str(each) for each in answers)
        assert isinstance(answers[0], SignInError)
        assert await tenant.logins() <= 7
        await session.client.close()

    tell(story)


def test_wrong_credentials_that_show_later_stop_everything() -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = intercept(lambda m, p, _: refusal("switched off", 3) if p == "/service" else None)
        session = await signed_in(tenant)
        with pytest.raises(SignInError, match=r"^nothing more is sent: .*ACCOUNT_NOT_ACTIVE"):
            await session.get("/service", str(COMPANY))
        with pytest.raises(SignInError, match="ACCOUNT_NOT_ACTIVE"):
            await session.get("/location", str(COMPANY))
        assert await tenant.log("GET", "/location") == []
        await session.client.close()

    tell(story)


# -- odd answers

TOKENS: list[Any] = [None, "", 7, True, [], {}, "t" * 5000, "tökén", ["t"]]
ODD = [
    *(ok({"session_token": token, "user": {}}) for token in TOKENS),
    *(ok(data) for data in (None, [], "token", 7, [{"session_token": "t"}])),
    (200, b""),
    (200, b"null"),
    (200, b"[]"),
    (200, b"{}"),
    (200, b'{"statusCode": null}'),
    (200, b'{"statusCode": true, "data": {"session_token": "t"}}'),
    (200, b'{"statusCode": 0.5, "data": {"session_token": "t"}}'),
    (200, b'{"statusCode": "0x0"}'),
    (200, b'{"statusCode": NaN}'),
    (200, b'{"statusCode": 1e999}'),
    (200, b'{"statusCode": -1}'),
    (200, b'{"statusCode": 99, "statusDescriptions": {"a": ["b\\n"]}}'),
    (200, b'{"statusCode": 0}{"statusCode": 0}'),
    (200, b"\xff\xfe\x00"),
    (200, b"[" * 100_000),
    (204, b""),
    (299, b"<html>"),
    (418, b"{}"),
]


@pytest.mark.parametrize("answer", ODD, ids=lambda answer: str(answer)[:60])
def test_an_odd_sign_in_is_an_error_of_one_line(answer: tuple[int, Any]) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = intercept(lambda _m, p, _: answer if p == SIGN_IN else None)
        session = tenant.session()
        with pytest.raises((SignInError, VendorError)) as caught:
            await session.sign_in()
        assert str(caught.value).startswith("sign-in ")
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 500
        await session.client.close()

    tell(story)


@pytest.mark.parametrize("answer", [each for each in ODD[14:] if each != (418, b"{}")], ids=lambda each: str(each)[:60])
def test_an_odd_answer_to_a_read_is_an_error_of_one_line(answer: tuple[int, Any]) -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = intercept(lambda m, p, _: answer if (m, p) == ("GET", "/location") else None)
        session = await signed_in(tenant)
        with pytest.raises(
            VendorError, match=r"reading /location of account 2345: the vendor .*; tried 3 times"
        ) as bad:
            await session.get("/location", str(COMPANY))
        assert "\n" not in str(bad.value)
        await session.client.close()

    tell(story)


@pytest.mark.parametrize("name", [None, 7, [], {"a": 1}])
def test_an_odd_name_is_no_name(name: Any) -> None:
    async def story(tenant: Timeless) -> None:
        answer = ok({"session_token": "t", "user": {"nick_name": name}})
        tenant.wrap = intercept(lambda _m, p, _: answer if p == SIGN_IN else None)
        session = tenant.session()
        await session.sign_in()
        assert session.nick_name == ""
        await session.client.close()

    tell(story)


def test_codes_and_text_come_in_the_shapes_that_this_vendor_has() -> None:
    async def story(tenant: Timeless) -> None:
        body = b'\xef\xbb\xbf{"statusCode": "0", "data": [{"id": "1", "name": "Sal\\u00f3n \\ud83d\\ude00 \\ud800"}]}'
        tenant.wrap = intercept(lambda m, p, _: (200, body) if (m, p) == ("GET", "/location") else None)
        session = await signed_in(tenant)
        assert await session.get("/location", str(COMPANY)) == [{"id": "1", "name": "Salón 😀 ?"}]
        await session.client.close()

    tell(story)


def test_a_vendor_that_cannot_be_reached_says_so() -> None:
    async def story(tenant: Timeless) -> None:
        def wrap(_app: Any) -> Any:
            async def dead(_scope: Any, _receive: Any, _send: Any) -> None:
                raise ConnectionResetError

            return dead

        tenant.wrap = wrap
        session = tenant.session()
        with pytest.raises(UnreachableError, match="sign-in failed: the sandbox gave no answer") as caught:
            await session.sign_in()
        assert isinstance(caught.value, ProvisionerError)
        await session.client.close()

    tell(story)
