"""A probe finds every dialect right, and leaves nothing behind, whatever goes wrong meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from provisioner.errors import RefusedError, UnreachableError, VendorError
from provisioner.finding import Mark
from provisioner.providers.setster.probe import marks
from provisioner.providers.setster.probe.probe import QUESTIONS, SetsterProbe
from provisioner.sandbox.dialect import CHOICES
from tests.providers.examined import connection, held, looked, probe
from tests.support import COMPANY, Dialect, Tenant, Wrap, intercept, refusal, spoken, tell

EVERY = [dict(zip(CHOICES, answers, strict=True)) for answers in product(*CHOICES.values())]
WRITES = 12
FAULTS: dict[str, dict[str, Any]] = {
    "refused": {"fault": "refuse"},
    "broken before": {"fault": "error"},
    "broken after": {"fault": "error", "executed": True},
    "lost before": {"fault": "reset", "executed": False},
    "lost after": {"fault": "reset"},
    "a page": {"fault": "html"},
    "half an answer": {"fault": "truncate"},
    "expired": {"fault": "expire"},
    "throttled": {"fault": "throttle"},
}


def rewritten(change: Any) -> Wrap:
    """Stand in the wire, and change what bodies say."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            async def changed() -> Any:
                event = await receive()
                body = event.get("body")
                return {**event, "body": json.dumps(change(scope, json.loads(body))).encode()} if body else event

            scope = {**scope, "headers": [h for h in scope["headers"] if h[0] != b"content-length"]}
            await app(scope, changed, send)

        return between

    return wrap


def only_wrapped(_scope: Any, body: Any) -> Any:
    """A vendor that reads nothing of a raw body."""
    return body["data"] if set(body) == {"data"} else {}


def guessing(scope: Any, body: Any) -> Any:
    """One that makes something all the same of a body that it does not read."""
    if set(body) == {"data"}:
        return body["data"]
    return {"name": "Untitled", "duration": 60} if scope["path"].endswith("/service") else body


@pytest.mark.parametrize("dialect", EVERY, ids=spoken)
def test_every_dialect_is_found_and_nothing_is_left(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        before = await held(tenant)
        probed = await probe(tenant)
        assert probed.dialect == {"body": "raw", **dialect}
        assert (probed.left, await held(tenant)) == ((), before)
        assert [finding.mark for finding in probed.findings] == [Mark.PASS] * len(QUESTIONS)
        refused = 2 if dialect["booked"] == "refuse" else 0
        assert probed.writes == WRITES + refused

    tell(story, dialect)


@pytest.mark.parametrize("dialect", EVERY[::5], ids=spoken)
@pytest.mark.parametrize("change", [only_wrapped, guessing], ids=["refuses", "guesses"])
def test_a_vendor_that_reads_wrapped_bodies_alone_is_found(dialect: Dialect, change: Any) -> None:
    async def story(tenant: Tenant) -> None:
        before = await held(tenant)
        probed = await probe(tenant)
        assert probed.dialect == {"body": "wrapped", **dialect}
        assert (probed.left, await held(tenant)) == ((), before)
        (body,) = (finding for finding in probed.findings if finding.check == "body")
        assert (body.mark, "limits: {body: wrapped}" in body.remedy) == (Mark.FAIL, True)
        again = await probe(tenant, wrapped=True)
        assert [finding.mark for finding in again.findings] == [Mark.PASS] * len(QUESTIONS)

    tell(story, dialect, rewritten(change))


def test_the_questions_are_those_of_the_sandbox() -> None:
    assert {name: set(answers) for name, answers in QUESTIONS.items() if name != "body"} == {
        name: set(answers) for name, answers in CHOICES.items()
    }


@pytest.mark.parametrize("step", [11, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_at_any_request_nothing_is_left_that_is_not_named(fault: str, step: int) -> None:
    async def story(tenant: Tenant) -> None:
        before = await held(tenant)
        for number in range([*FAULTS].index(fault) % step, 40, step):
            await tenant.control("PUT", "/faults", {"rules": [{**FAULTS[fault], "skip": number}]})
            try:
                probed = await probe(tenant)
            except (VendorError, UnreachableError):
                assert await held(tenant) == before, "a look writes nothing"
                continue
            after = await held(tenant)
            assert (after == before) or probed.left, (number, probed)
            assert all(tenant.dialect[name] == answer for name, answer in probed.dialect.items() if name != "body")
            await tenant.control("DELETE", "/faults")
            again = await probe(tenant)
            assert (await held(tenant), again.left) == (before, ()), number
            assert again.dialect == {"body": "raw", **tenant.dialect}

    tell(story, EVERY[6])


@pytest.mark.parametrize("path", ["/employee/*", "/service/*", "/client/*", "/appointment/*"])
def test_what_cannot_be_deleted_is_named_and_the_next_probe_deletes_it(path: str) -> None:
    async def story(tenant: Tenant) -> None:
        before = await held(tenant)
        rule = {"fault": "refuse", "method": "DELETE", "path": path, "times": None}
        await tenant.control("PUT", "/faults", {"rules": [rule]})
        probed = await probe(tenant)
        kind = path.split("/")[1]
        assert any(each.startswith(f"{kind} ") for each in probed.left), probed.left
        assert await held(tenant) != before
        stuck = await probe(tenant)
        assert (stuck.dialect, all("could not be deleted" in each.seen for each in stuck.findings)) == ({}, True)
        await tenant.control("DELETE", "/faults")
        target, again = await looked(tenant)
        assert target.leftovers == len(probed.left)
        assert (again.left, await held(tenant)) == ((), before)

    tell(story, EVERY[0])


@pytest.mark.parametrize("after", range(1, 8))
def test_who_stops_it_gets_everything_cleaned_up(after: int) -> None:
    writes = 0
    probing: list[SetsterProbe] = []

    def stop(method: str, path: str, _query: str) -> None:
        nonlocal writes
        writes += method in ("POST", "PUT") and not path.endswith("/authenticate")
        if writes == after and probing:
            probing[0].stopping = True

    async def story(tenant: Tenant) -> None:
        before = await held(tenant)
        probing.append(SetsterProbe(connection(tenant), str(COMPANY)))
        await probing[0].look()
        probed = await probing[0].run()
        await probing[0].close()
        assert writes == after
        unasked = [finding.seen for finding in probed.findings if finding.mark is not Mark.PASS]
        assert all("it was stopped before this was asked" in seen for seen in unasked), unasked
        assert (probed.left, await held(tenant)) == ((), before)

    tell(story, EVERY[0], intercept(stop))


def test_a_sub_account_is_probed_and_its_parent_left_alone() -> None:
    async def story(tenant: Tenant) -> None:
        account = {"company_name": "W", "nick_name": "west", "email": "o@w.example", "password": "p", "first_name": "O"}
        made = await tenant.vendor("POST", "/account", {**account, "last_name": "W"})
        west = made["company_id"] if isinstance(made, Mapping) else made[0]["company_id"]
        await tenant.clear_calls()
        target, probed = await looked(tenant, west)
        assert (target.name, target.holds["employee"], target.leftovers) == ("west", 1, 0)
        assert probed.dialect == {"body": "raw", **EVERY[0]}
        written = {call["company_id"] for call in await tenant.calls() if call["method"] != "GET"}
        assert written == {int(west)}
        with pytest.raises(RefusedError, match="999 is neither 2345 nor one of its sub-accounts"):
            await looked(tenant, 999)

    tell(story)


def test_what_others_made_is_never_deleted() -> None:
    async def story(tenant: Tenant) -> None:
        for name in ("provisioner-probe", "provisioner-probe-1234567", "Provisioner-probe-12345678 x"):
            await tenant.vendor("POST", "/service", {"name": name, "duration": 60})
        person = {"first_name": "A", "last_name": "B", "links": {}}
        for email in ("provisioner-probe@example.com", "provisioner-probe-12345678@example.org"):
            await tenant.vendor("POST", "/employee", {"email": email, **person})
        await tenant.vendor("POST", "/client", {"email": "provisioner-probe@example.com", "name": "C"})
        before = await held(tenant)
        assert (await probe(tenant)).left == ()
        assert await held(tenant) == before

    tell(story)


def test_an_owner_is_never_taken_for_a_trace() -> None:
    raw = {"email": marks.fresh().email, "is_owner": True}
    assert not marks.is_employee(raw)
    assert marks.is_employee(raw | {"is_owner": 0})


def test_an_account_that_offers_no_time_is_told_and_the_rest_found() -> None:
    async def story(tenant: Tenant) -> None:
        probed = await probe(tenant)
        assert set(probed.dialect) == set(QUESTIONS) - {"booked"}
        (booked,) = (finding for finding in probed.findings if finding.check == "booked")
        assert (booked.mark, "account offers no time" in booked.seen) == (Mark.LOOK, True)
        assert probed.left == ()

    empty = {"statusCode": 0, "statusDescriptions": "OK", "data": {"times": []}}
    tell(story, wrap=intercept(lambda _method, path, _query: (200, empty) if path == "/availability" else None))


def test_a_vendor_that_deletes_appointments_along_is_neither_of_the_two() -> None:
    async def story(tenant: Tenant) -> None:
        probed = await probe(tenant)
        (booked,) = (finding for finding in probed.findings if finding.check == "booked")
        assert "its appointment with it" in booked.seen
        assert "booked" not in probed.dialect

    none = {"statusCode": 0, "statusDescriptions": "OK", "data": []}
    tell(story, wrap=intercept(lambda m, path, _query: (200, none) if (m, path) == ("GET", "/appointment") else None))


def test_an_account_where_nothing_can_be_made_is_told() -> None:
    async def story(tenant: Tenant) -> None:
        probed = await probe(tenant)
        assert (probed.dialect, probed.left) == ({}, ())
        assert {finding.check for finding in probed.findings} == set(QUESTIONS)
        assert all("account is full" in finding.seen for finding in probed.findings)

    refused = refusal("the account is full", 8)
    tell(story, wrap=intercept(lambda m, path, _query: refused if (m, path) == ("POST", "/service") else None))
