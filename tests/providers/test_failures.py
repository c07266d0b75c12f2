"""One object's failure stops what depends on it and nothing else; the next apply does only what is left."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.apply.outcome import Applied
from provisioner.apply.recovery import Recovery
from provisioner.errors import ProvisionerError, SignInError, VendorError
from provisioner.plan.change import Action
from provisioner.providers.http import Client
from provisioner.providers.in_process import InProcess
from provisioner.providers.setster.session import Credentials, Session
from tests.support import (
    API,
    Ran,
    Tenant,
    Wrap,
    at,
    change,
    declare,
    intercept,
    manifests,
    ok,
    refusal,
    replaced,
    tell,
    without,
)

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
ACCOUNT = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw",
                  options={"currency": "EUR"})  # fmt: skip
ANA = declare("west/employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz")
BOB = declare("west/employee/bob", email="bob@x.example", first_name="Bob", last_name="Own")
DOWNTOWN = declare("west/location/downtown", name="Downtown")
HAIRCUT = declare("west/service/haircut", name="Haircut", duration="45 min")
OF_ANA = (declare("west/link/ana/downtown/haircut"), declare("west/hours/ana/downtown", hours=WEEK),
          declare("west/away/ana", away=["2026-08"]))  # fmt: skip
OF_BOB = (declare("west/link/bob/downtown/haircut"), declare("west/hours/bob/downtown", hours=WEEK))
BASE = manifests(ACCOUNT, ANA, BOB, DOWNTOWN, HAIRCUT, *OF_ANA, *OF_BOB)


def counted(applied: Applied) -> tuple[int, int, int, int]:
    return len(applied.done), len(applied.failed), len(applied.skipped), len(applied.cancelled)


def everything_once(ran: Ran) -> bool:
    """Whether every change stands under exactly one outcome."""
    applied = ran.applied
    named = [*applied.done, *(c for c, _ in applied.failed), *(c for c, _ in applied.skipped), *applied.cancelled]
    return sorted(map(id, named)) == sorted(map(id, ran.planned.plan.changes))


async def recover(tenant: Tenant) -> None:
    """What the next run does first."""
    provider = tenant.provider()
    await provider.sign_in()
    tenant.state = (await Recovery(provider, settle=0, wait=False).run(tenant.state)).state
    await provider.close()


def refuse(method: str, path: str, words: str = "no", code: int = 1) -> Wrap:
    return intercept(lambda m, p, _: refusal(words, code) if (m, p) == (method, path) else None)


def test_a_refused_object_takes_only_its_dependents_along() -> None:
    async def story(tenant: Tenant) -> None:
        taken = {"email": "ana@x.example", "first_name": "a", "last_name": "b", "links": []}
        theirs = (await tenant.vendor("POST", "/employee", taken))[0]["id"]
        ran = await tenant.apply(BASE)
        assert everything_once(ran)
        assert set(ran.failed) == {"west/employee/ana", "west/link/ana/downtown/haircut"}
        assert "email ana@x.example already exists" in ran.failed["west/employee/ana"]
        assert ran.skipped == {"west/hours/ana/downtown": "west/employee/ana", "west/away/ana": "west/employee/ana"}
        assert counted(ran.applied) == (6, 2, 2, 0)
        assert ran.applied.writes == len([c for c in await tenant.calls() if c["method"] != "GET"]) - 1 == 7
        assert set(tenant.state.pending) == {at("west/employee/ana")}, "links rode in its body: nobody knows"
        await tenant.vendor("DELETE", f"/employee/{theirs}")
        await recover(tenant)
        again = await tenant.settle(BASE)
        assert sorted(again.planned.of(Action.CREATE)) == sorted({*ran.failed, *ran.skipped})
        assert again.applied.writes == 2

    tell(story)


def test_a_refused_account_takes_everything_in_it_along_and_nothing_else() -> None:
    async def story(tenant: Tenant) -> None:
        elsewhere = declare("location/here", name="Here")
        await tenant.control("PUT", "/limits", {"accounts": 0})
        ran = await tenant.apply(replaced(BASE, elsewhere))
        assert set(ran.failed) == {"account/west"}
        assert "ACCOUNTS_LIMIT_REACHED" in ran.failed["account/west"]
        assert set(ran.skipped.values()) == {"account/west"}
        assert ran.done == ["create location/here"]
        assert everything_once(ran)
        await tenant.control("PUT", "/limits", {"accounts": 5})
        await tenant.settle(replaced(BASE, elsewhere))

    tell(story)


def test_options_that_are_refused_do_not_hold_the_account_up() -> None:
    fails = [True]

    def once(method: str, path: str, _query: str) -> Any:
        return refusal("no such currency") if path == "/account/saveOptions" and fails and method == "POST" else None

    async def story(tenant: Tenant) -> None:
        ran = await tenant.apply(BASE)
        assert set(ran.failed) == {"account/west"}
        assert not ran.skipped
        assert len(ran.done) == len(BASE.resources) - 1
        fails.clear()
        again = await tenant.settle(BASE)
        assert again.planned.summary() == ["update account/west"]
        assert again.applied.writes == 1

    tell(story, wrap=intercept(once))


def test_a_refused_update_leaves_the_other_updates_alone() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        other = replaced(BASE, change(ANA, email="bob@x.example"), change(BOB, job="Boss"), change(HAIRCUT, price="3"))
        ran = await tenant.apply(other)
        assert set(ran.failed) == {"west/employee/ana"}
        assert sorted(ran.done) == ["update west/employee/bob", "update west/service/haircut"]
        left = await tenant.plan(other)
        assert left.summary() == ["update west/employee/ana"]

    tell(story)


def test_a_refused_delete_keeps_what_it_was_to_take_along() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ana = tenant.id("west/employee/ana")
        tenant.wrap = refuse("DELETE", f"/employee/{ana}", "busy", 6)
        gone = without(BASE, "west/employee/ana", *(str(each.address) for each in OF_ANA))
        ran = await tenant.apply(gone)
        assert "busy" in ran.failed["west/employee/ana"]
        assert len(ran.failed) == 4
        tenant.wrap = lambda app: app
        again = await tenant.settle(gone)
        assert set(again.planned.of(Action.DELETE)) == set(ran.failed)

    tell(story)


def test_what_is_gone_already_is_deleted() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        gone = without(BASE, "west/employee/ana", *(str(each.address) for each in OF_ANA))
        ana, company = tenant.id("west/employee/ana"), tenant.company("west")
        provider = tenant.provider()
        planned = await tenant._plan(provider, gone, {})
        await tenant.vendor("DELETE", f"/employee/{ana}", company=company)
        executor = tenant.executor(planned, provider)
        applied = await executor.run()
        await provider.close()
        assert applied.complete
        tenant.state = tenant.state.with_records(executor.result.records)
        await tenant.assert_settled(gone)

    tell(story)


# -- sessions


@pytest.mark.parametrize("code", [2, 3, 8, 9, -1])
def test_a_refusal_by_permission_is_an_error_and_no_loop(code: int) -> None:
    body = refusal("not for you", code, 403) if code > 0 else (403, b"<html>Forbidden</html>")

    async def story(tenant: Tenant) -> None:
        tenant.wrap = intercept(lambda m, p, _: body if (m, p) == ("POST", "/location") else None)
        ran = await tenant.apply(
            manifests(declare("location/a", name="A"), declare("service/b", name="B", duration="1 h"))
        )
        assert set(ran.failed) == {"location/a"}
        assert "403" in ran.failed["location/a"]
        assert ran.done == ["create service/b"]
        assert await tenant.logins() <= 2

    tell(story)


def test_a_company_out_of_reach_is_an_error_that_names_it() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ACCOUNT))
        with tenant.store.transaction():
            tenant.store.run("UPDATE accounts SET parent = NULL WHERE company_id = 61401")
        await tenant.clear_calls()
        with pytest.raises(VendorError, match=r"account 61401.*NOT_ALLOWED"):
            await tenant.plan(manifests(ACCOUNT))
        assert len(await tenant.calls()) < 4

    tell(story)


def test_refused_credentials_are_said_without_the_credentials() -> None:
    async def story(tenant: Tenant) -> None:
        session = Session(Client(API, 1, app=tenant.app), "2345", Credentials("owner@example.com", "wrong-key"))
        try:
            with pytest.raises(SignInError) as caught:
                await session.sign_in()
        finally:
            await session.client.close()
        assert "wrong-key" not in str(caught.value)
        assert "INVALID_CREDENTIALS" in str(caught.value)

    tell(story)


# -- nonsense

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**6) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "company_id", "availabilities", "links", "nick_name", "user", "session_token", "dbName"]
            )
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
ANSWERS = st.one_of(
    JSON.map(ok),
    JSON.map(lambda body: (200, body)),
    st.builds(lambda code, words: (200, {"statusCode": code, "statusDescriptions": words, "data": None}), JSON, JSON),
    st.sampled_from(
        [
            (200, b""),
            (200, b"<html>"),
            (500, b"\xff\xfe"),
            (301, b""),
            (204, b""),
            (429, b"{}"),
            (403, b"[]"),
            (400, b"NaN"),
            (200, b'{"statusCode":1e999}'),
            (200, b"[" * 5000),
        ]
    ),
)
ASKED = st.sampled_from([
    "/account", "/account/companies", "/account/getAccountInfo", "/account/getOptions", "/tz/list", "/location",
    "/service", "/employee", "/employee/getAvailabilityTime", "/account/authenticate", "/employee/assign",
    "/account/saveOptions",
])  # fmt: skip
ZONED = manifests(*BASE.resources.values(), declare("west/location/up", name="Up", timezone="Europe/Paris", main=True))


@settings(deadline=None, max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
@given(answer=ANSWERS, path=ASKED, method=st.sampled_from(["GET", "POST", "PUT"]), made=st.booleans())
def test_no_answer_at_all_crashes_a_plan_or_an_apply(answer: Any, path: str, method: str, made: bool) -> None:
    nonsense(answer, path, method, made=made)


@pytest.mark.slow
@settings(deadline=None, max_examples=3000, suppress_health_check=list(HealthCheck))
@given(answer=ANSWERS, path=ASKED, method=st.sampled_from(["GET", "POST", "PUT"]), made=st.booleans())
def test_no_answer_out_of_many_crashes_a_plan_or_an_apply(answer: Any, path: str, method: str, made: bool) -> None:
    nonsense(answer, path, method, made=made)


def nonsense(answer: Any, path: str, method: str, *, made: bool) -> None:
    """Everything below one path answers the same thing; whatever comes of it is an error of ours or a true result."""
    wanted = ZONED if method == "GET" else replaced(ZONED, change(HAIRCUT, price="3"), change(ANA, job="x"))

    def matching(asked_method: str, asked: str, _query: str) -> Any:
        if path == "/account/authenticate":
            return answer if asked == path else None
        return (
            answer
            if asked_method == method and (asked == path or (path.count("/") > 1 and asked.startswith(path)))
            else None
        )

    async def story(tenant: Tenant) -> None:
        if made:
            await tenant.settle(ZONED)
        tenant.wrap = intercept(matching)
        try:
            ran = await tenant.apply(wanted)
        except ProvisionerError as error:
            said = str(error)
        else:
            said = ""
            assert everything_once(ran)
        assert "\n" not in said

    tell(story)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at once."""
    monkeypatch.setattr("provisioner.providers.backoff.BASE", 0.0)


class Cut(InProcess):
    """A wire that breaks at POST /location: before anything leaves, or after the vendor has done it."""

    before = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        hit = request.method == "POST" and request.url.path.endswith("/location")
        if hit and self.before:
            raise httpx.ConnectError("refused")
        response = await super().handle_async_request(request)
        if hit:
            raise httpx.ReadTimeout("late")
        return response


WANTED = manifests(declare("location/a", name="A"), declare("service/b", name="B", duration="1 h"))


@pytest.mark.parametrize("before", [True, False], ids=["never sent", "answer lost"])
def test_a_broken_wire_is_told_apart_and_made_good(before: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(tenant: Tenant) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(Cut, "before", before)
            broken.setattr("provisioner.providers.http.InProcess", Cut)
            ran = await tenant.apply(WANTED)
        if before:
            assert ran.failed == {"location/a": "the sandbox cannot be reached: no connection; tried 3 times"}, (
                "surely not carried out"
            )
        else:
            assert ran.applied.complete, "it is looked for at once"
        assert len((await tenant.dump())["locations"]) == 2 - before
        assert not tenant.state.pending
        await tenant.settle(WANTED)
        assert [each["name"] for each in (await tenant.dump())["locations"]][1:] == ["A"]

    tell(story)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "by the next apply"])
def test_work_that_was_done_behind_an_error_is_found(late: bool) -> None:
    done = [False]

    def failing(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            async def dropped(_message: Any) -> None:
                pass

            if scope["path"].endswith("/location") and scope["method"] == "POST":
                await app(scope, receive, dropped)
                done[0] = True
                raise RuntimeError("the vendor broke afterwards")
            if scope["path"].endswith("/location") and done[0] and late:
                raise ConnectionResetError
            await app(scope, receive, send)

        return between

    async def story(tenant: Tenant) -> None:
        tenant.wrap = failing
        ran = await tenant.apply(manifests(declare("location/a", name="A")))
        assert ran.applied.complete is not late
        assert set(tenant.state.pending) == ({at("location/a")} if late else set())
        tenant.wrap = lambda app: app
        await recover(tenant)
        again = await tenant.settle(manifests(declare("location/a", name="A")))
        assert not again.applied.writes
        assert len((await tenant.dump())["locations"]) == 2

    tell(story)


def test_hours_that_cannot_be_read_back_are_not_called_unwritten() -> None:
    read = [False]

    def later(method: str, path: str, _query: str) -> Any:
        if method == "PUT" and path.endswith("/assignAvailability"):
            read[0] = True
        return (500, b"") if read[0] and method == "GET" and "getAvailabilityTime" in path else None

    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        fewer = replaced(BASE, declare("west/hours/ana/downtown", hours=[{**WEEK[0], "week": {"sat": "09:00-10:00"}}]))
        tenant.wrap = intercept(later)
        ran = await tenant.apply(fewer)
        assert "it was written, and could not be read back" in ran.failed["west/hours/ana/downtown"]

    tell(story)
