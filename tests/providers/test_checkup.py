"""What is wrong with a vendor's answers comes out in the line that it belongs to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from provisioner.finding import Finding, Mark
from tests.providers.examined import connection, examine
from tests.support import COMPANY, Tenant, Wrap, intercept, ok, tell

Change = Callable[[Any], Any]
Check = Callable[[dict[str, Finding]], None]


def answered(path: str, change: Change, *, asked: str = "") -> Wrap:
    """Stand in the wire, and change the data of the answers of a path; `asked` is what their query must hold."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] != f"/api/v2{path}" or asked not in scope["query_string"].decode():
                await app(scope, receive, send)
                return
            sent: list[Any] = []

            async def collect(event: Any) -> None:
                sent.append(event)

            await app(scope, receive, collect)
            body = json.loads(b"".join(event.get("body", b"") for event in sent))
            body["data"] = change(body["data"])
            start = sent[0] | {"headers": [h for h in sent[0]["headers"] if h[0] != b"content-length"]}
            await send(start)
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})

        return between

    return wrap


def each(**more: Any) -> Change:
    """Change every object of a list."""
    return lambda data: [{**raw, **more} for raw in data]


def without(*names: str) -> Change:
    """Leave fields out of every object of a list."""
    return lambda data: [{k: v for k, v in raw.items() if k not in names} for raw in data]


def found(wrap: Wrap = lambda app: app, before: Any = None, **more: Any) -> dict[str, Finding]:
    """The findings of one check-up; `before` is done to the tenant first."""
    result: dict[str, Finding] = {}

    async def story(tenant: Tenant) -> None:
        if before:
            await before(tenant)
        await tenant.clear_calls()
        result.update(await examine(tenant, **more))
        wrote = [c for c in await tenant.calls() if c["method"] != "GET"]
        assert not wrote, "a check-up never writes"

    tell(story, wrap=wrap)
    return result


async def full(tenant: Tenant) -> None:
    """One object of every kind, and a sub-account."""
    account = {"company_name": "W", "nick_name": "west", "email": "o@w.example", "password": "p"}
    await tenant.vendor("POST", "/account", {**account, "first_name": "O", "last_name": "W"})
    dates = {"start_date": "2026-01-01 00:00:00", "end_date": "2026-01-01 23:59:59"}
    await tenant.vendor("POST", "/availability/saveHoliday", {"name": "x", "type": 2, **dates})
    field = {"company_id": COMPANY, "label": "x", "length": 0, "type": 0, "required": False, "ord": 0, "status": True}
    await tenant.vendor("POST", "/customfield", {**field, "visibility": 1, "readonly": False, "hint": ""})
    session = tenant.provider().session
    params = {"company_id": str(COMPANY)}
    await session._signed("POST", "/subscribe", params, {"target_url": "https://x.example", "events": ["*"]})
    for name in ("maya", "noah"):
        await tenant.vendor("POST", "/client", {"email": f"{name}@example.com", "name": name})
    person = {"first_name": "A", "last_name": "B", "links": {}}
    made = await tenant.vendor("POST", "/employee", {"email": "a@example.com", **person})
    week = {"repeat": 1, "type": 0, "start_date": "3/2/2026", "end_date": "3/8/2026", "days": {}, "location_id": None}
    where = (await tenant.dump(COMPANY))["locations"][0]["id"]
    entries = [{**week, "location_id": where}]
    await tenant.vendor("PUT", f"/employee/{made[0]['id']}/assignAvailability", {"availabilities": entries})


def test_a_healthy_account_passes_everywhere() -> None:
    findings = found(before=full)
    marks = {check: finding.mark for check, finding in findings.items() if finding.mark is not Mark.PASS}
    assert marks == {"Clock": Mark.SKIPPED}, findings
    assert findings["Sub-accounts"].seen == "the only one answers for itself"


def test_an_empty_account_has_nothing_wrong() -> None:
    assert not [f for f in found().values() if f.mark in (Mark.FAIL, Mark.LOOK)]


@pytest.mark.parametrize(
    ("wrap", "check", "mark", "words"),
    [
        (answered("/service", each(colour="red")), "Services", Mark.LOOK, "not known here: colour (text)"),
        (answered("/service", each(a=1, b=[], c={})), "Services", Mark.LOOK, "a (number), b (list), c (object)"),
        (answered("/service", each(**{"ann@x.example": 1})), "Services", Mark.LOOK, "(no usual name) (number)"),
        (answered("/employee", each(status="perhaps")), "Employees", Mark.LOOK, "unreadable values in: status (text)"),
        (answered("/location", each(timezone_id=99999)), "Locations", Mark.LOOK, "timezone_id (number)"),
        (answered("/location", without("tags")), "Locations", Mark.LOOK, "missing: tags"),
        (answered("/location", lambda _: "none"), "Locations", Mark.FAIL, "text where a list of objects is expected"),
        (answered("/location", lambda _: {"7": {}}), "Locations", Mark.FAIL, "an object where a list of objects"),
        (answered("/location", lambda _: ["x"]), "Locations", Mark.FAIL, "1 of 1 in the list are text"),
        (answered("/location", without("id")), "Locations", Mark.FAIL, "1 of 1 have no id"),
        (answered("/account/getOptions", lambda _: []), "Booking options", Mark.FAIL, "an object is expected"),
        (answered("/account/getAccountInfo", lambda _: []), "Account", Mark.FAIL, "a list where an object is expected"),
        (answered("/tz/list", lambda _: []), "Time zones", Mark.FAIL, "unknown shape"),
        (answered("/tz/list", lambda d: {**d, "9": {"dbName": "Mars/Base"}}), "Time zones", Mark.LOOK, "1 with names"),
        (answered("/employee", without("links")), "Links in lists", Mark.FAIL, "shows no links of 2 of 2"),
        (
            answered("/employee", lambda data: [r for r in data if r["is_owner"]], asked="statuses=all"),
            "Inactive people", Mark.PASS, "nobody is inactive",
        ),
        (
            answered("/employee", lambda data: [r for r in data if not r["is_owner"]], asked="statuses=all"),
            "Inactive people", Mark.FAIL, "leaves out 1",
        ),
        (
            answered("/service", lambda data: data * 3, asked="tmp_default"),
            "Default service", Mark.FAIL, "tmp_default=1 lists 3 services",
        ),
        (
            answered("/service", lambda _: [], asked="tmp_default"),
            "Default service", Mark.PASS, "lists none",
        ),
        (answered("/client", lambda data: data, asked=""), "Paging", Mark.PASS, "all clients fit on a page"),
        (
            answered("/client", lambda data: [*data, {**data[0], "client_id": 1}], asked="end=1"),
            "Paging", Mark.LOOK, "start=0&end=1 lists 2",
        ),
        (
            answered("/account/companies", lambda _: "all"), "Sub-accounts", Mark.FAIL, "text where a list",
        ),
        (answered("/service", each(company_id=7)), "Scoping", Mark.FAIL, "2 objects are of another account (service)"),
        (
            answered("/account/getAccountInfo", lambda data: {**data, "company_id": 7}),
            "Account", Mark.FAIL, "asked for account 2345, account 7 answers",
        ),
        (
            answered("/account/getAccountInfo", lambda data: {**data, "company_id": None, "id": None}),
            "Account", Mark.LOOK, "does not say which one it is",
        ),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_in_its_own_line(wrap: Wrap, check: str, mark: Mark, words: str) -> None:
    finding = found(wrap, before=full)[check]
    assert (finding.mark, words in finding.seen) == (mark, True), finding
    assert bool(finding.remedy) == (mark is not Mark.PASS) or "unknown shape" in words or "object is expected" in words


def test_a_sub_account_that_answers_with_its_parents_objects_is_told() -> None:
    """The vendor ignores company_id: every list is the parent's."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            if scope["path"] in ("/api/v2/location", "/api/v2/service"):
                query = [part for part in scope["query_string"].split(b"&") if not part.startswith(b"company_id")]
                scope = {**scope, "query_string": b"&".join(query)}
            await app(scope, receive, send)

        return between

    finding = found(wrap, before=full)["Scoping"]
    assert finding.mark is Mark.FAIL
    assert "(location, service)" in finding.seen


def test_without_company_ids_it_is_seen_by_ids_that_come_twice() -> None:
    def wrap(app: Any) -> Any:
        return answered("/service", lambda data: [{**raw, "id": 5, "company_id": None} for raw in data])(app)

    finding = found(wrap, before=full)["Scoping"]
    assert (finding.mark, finding.seen) == (Mark.FAIL, "1 objects are in the lists of two accounts (service)")


@pytest.mark.parametrize(
    ("rules", "check", "mark", "words"),
    [
        ([{"fault": "html", "path": "/service"}], "Answers", Mark.LOOK, "are no JSON (text/html 1)"),
        ([{"fault": "html", "path": "/service", "times": None}], "Services", Mark.FAIL, "no envelope"),
        ([{"fault": "html", "path": "/account/authenticate", "times": None}], "Sign-in", Mark.FAIL, "no envelope"),
        ([{"fault": "error", "path": "/service"}], "Answers", Mark.LOOK, "errors of the vendor's own (5xx)"),
        ([{"fault": "throttle", "path": "/service"}], "Rate limits", Mark.LOOK, "answers were 429"),
        (
            [{"fault": "throttle", "path": "/account/getAccountInfo", "skip": 5, "times": None}],
            "At once", Mark.LOOK, "an answer was 429",
        ),
        ([{"fault": "expire", "path": "/service"}], "Session", Mark.LOOK, "it ended once"),
        ([{"fault": "refuse", "path": "/service"}], "Services", Mark.FAIL, "NOT_ALLOWED"),
        ([{"fault": "reset", "path": "/service", "times": None}], "Services", Mark.FAIL, "gave no answer"),
    ],
)  # fmt: skip
def test_each_fault_leads_to_its_line(rules: Any, check: str, mark: Mark, words: str) -> None:
    async def before(tenant: Tenant) -> None:
        await full(tenant)
        await tenant.control("PUT", "/faults", {"rules": rules})

    findings = found(before=before)
    assert (findings[check].mark, words in findings[check].seen) == (mark, True), findings[check]
    if check == "Sign-in":
        assert {f.mark for name, f in findings.items() if name in ("Account", "Services", "Scoping")} == {Mark.SKIPPED}
    if check == "Services":
        assert findings["Locations"].mark is Mark.PASS, "one failure hides no other check"


def test_who_may_not_sign_in_is_told_once() -> None:
    async def before(tenant: Tenant) -> None:
        await tenant.control("PUT", "/accounts", {"company_id": COMPANY, "active": False})

    findings = found(before=before)
    assert [check for check, f in findings.items() if f.mark is Mark.FAIL] == ["Sign-in"]
    assert "ACCOUNT_NOT_ACTIVE" in findings["Sign-in"].seen


@pytest.mark.parametrize(
    ("answer", "mark"),
    [((401, {"statusCode": 2, "statusDescriptions": "no", "data": None}), Mark.LOOK), (ok({}), Mark.FAIL)],
)
def test_another_answer_to_an_unknown_session_is_told(answer: Any, mark: Mark) -> None:
    finding = found(intercept(lambda _m, _p, query: answer if "session_token=000" in query else None))["Ended sessions"]
    assert finding.mark is mark


def test_at_most_some_sub_accounts_are_looked_into() -> None:
    async def before(tenant: Tenant) -> None:
        for number in range(8):
            names = {"company_name": "W", "nick_name": f"w{number}", "email": f"o{number}@w.example", "password": "p"}
            await tenant.vendor("POST", "/account", {**names, "first_name": "O", "last_name": "W"})

    assert found(before=before)["Sub-accounts"].seen == "5 of 8 were asked, and answer for themselves"


def test_no_value_of_anybody_is_shown() -> None:
    secret = "canary-7f3a"
    changed: Mapping[str, Any] = {"name": [secret], "duration": secret, "extra": secret, secret: {secret: secret}}
    findings = found(answered("/service", each(**changed)), before=full)
    assert secret not in findings["Services"].seen.replace(f"{secret} (object)", "")


def test_all_clients_are_counted_where_there_is_more_than_a_page() -> None:
    async def before(tenant: Tenant) -> None:
        for number in range(101):
            await tenant.vendor("POST", "/client", {"email": f"c{number}@example.com", "name": "C"})

    assert found(before=before)["Paging"].seen == "end=all lists 101 clients, a page 100"
    stubborn = answered("/client", lambda data: data[:100], asked="end=all")
    assert found(stubborn, before=before)["Paging"].mark is Mark.LOOK


def test_the_burst_goes_through_the_gate_of_an_apply() -> None:
    finding = found(concurrency=3)["At once"]
    assert (finding.mark, finding.seen.startswith("32 reads, at most ")) == (Mark.PASS, True)


def test_a_checkup_is_named_by_who_signed_in() -> None:
    async def story(tenant: Tenant) -> None:
        from provisioner.providers.setster.checkup.checkup import SetsterCheckup

        checkup = SetsterCheckup(connection(tenant))
        assert checkup.name == ""
        assert [f async for f in checkup.examine()]
        assert checkup.name == "sandbox"
        await checkup.close()

    tell(story)


def test_employees_that_cannot_be_read_are_not_said_to_be_none() -> None:
    told = found(answered("/employee", lambda _data: "no", asked="include_links"), before=full)
    assert told["Employees"].mark is Mark.FAIL
    for check in ("Hours", "Links in lists", "Inactive people"):
        assert (told[check].mark, told[check].seen) == (Mark.SKIPPED, "the employees could not be read")
