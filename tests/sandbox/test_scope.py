"""No token reads or writes a company that is not its own or its child, whatever it names and wherever it names it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.sandbox.setster import OPERATIONS
from tests.sandbox import walk
from tests.sandbox.answers import files
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.sandbox.conftest import Sandbox

# What any request writes: the list of calls, sessions, the numbers drawn.
PASSING = {"calls", "sessions", "counters", "settings", "sqlite_sequence"}


class Siblings:
    """Two children of one account: the owner of `theirs` walks, and the other tries the same a moment before.

    The stranger sends each request with the ids as they are: for the walker's company, for the parent, for its own and
    without any, and with the walker's company in the body or its own. Whatever it makes for itself has other e-mails
    and names, so as not to stand in the walker's way.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.theirs, self.own = sandbox.child("walker"), sandbox.child("stranger")
        self.tokens: dict[int, str] = {}
        self.tried: set[str] = set()
        self.faults: list[str] = []
        self._sign_in(self.theirs, "walker")

    def _sign_in(self, company: int, name: str) -> None:
        self.sandbox.sign_in(f"{name}@example.com", company)
        self.tokens[company] = self.sandbox.token

    def __call__(self, operation: str, body: Any = None, /, number: Any = "", **query: Any) -> Any:
        self._try(operation, body, number, query)
        answer = self._send(self.tokens[self.theirs], self.theirs, operation, body, number, query).json()
        assert answer["statusCode"] == 0, (operation, answer)
        return answer["data"]

    def _try(self, operation: str, body: Any, number: Any, query: dict[str, Any]) -> None:
        self._sign_in(self.own, "stranger")
        before = held(self.sandbox, self.own)
        made, named = disguised(body, None), disguised(body, self.own)
        for company, said in ((self.theirs, made), (2345, made), (self.own, made), (self.own, named), (None, named)):
            answer = self._send(self.sandbox.token, company, operation, said, number, query)
            self._judge(operation, company, answer)
        if held(self.sandbox, self.own) != before:
            self.faults.append(f"{operation} writes what is not its own")
        self.tried.add(operation)

    def _judge(self, operation: str, company: int | None, answer: httpx.Response) -> None:
        code, status = answer.json()["statusCode"], answer.status_code
        if company in (self.theirs, 2345):
            if (code, status) != (8, 403):
                self.faults.append(f"{operation} for company {company}: {status} {answer.text[:200]}")
        elif status >= 500 or (str(self.theirs) in answer.text and code != 8):
            self.faults.append(f"{operation} tells of {self.theirs}: {answer.text[:200]}")
        elif code == 0 and "{id" in operation:
            self.faults.append(f"{operation} finds what is not its own: {answer.text[:200]}")

    def _send(
        self, token: str, company: int | None, operation: str, body: Any, number: Any, query: dict[str, Any]
    ) -> httpx.Response:
        method, path = walk.address(operation, number)
        params = {"session_token": token} | ({} if company is None else {"company_id": company}) | query
        sent = {} if body is None else files(body) if walk.is_file(body) else {"json": body}
        return self.sandbox.request(method, API + path, params=params, **sent)


def disguised(body: Any, company: int | None) -> Any:
    """Return a body with other e-mails and another nick_name, and if told, with the stranger's own company."""
    if company is not None:
        body = renamed(body, company)
    if walk.is_file(body):
        return body
    told = json.dumps(body).replace("@example.com", "@stranger.example").replace('"apple"', '"pear"')
    return json.loads(told.replace('"walker"', '"stranger"'))


def renamed(body: Any, company: int) -> Any:
    if isinstance(body, list):
        return [renamed(each, company) for each in body]
    return body | {"company_id": company} if isinstance(body, dict) and "company_id" in body else body


def held(sandbox: Sandbox, company: int) -> dict[str, list[Any]]:
    """Return the rows of all tables that are not this company's or its children's, as far as rows tell."""
    store = sandbox.app.state.store
    found: dict[str, list[Any]] = {}
    own = f"SELECT company_id FROM accounts WHERE {company} IN (company_id, parent)"
    for (table,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = [row[1] for row in store.rows(f"PRAGMA table_info({table})")]
        if table in PASSING or table == "claims":
            continue
        foreign = f"WHERE company_id NOT IN ({own})" if "company_id" in columns else ""
        found[table] = store.rows(f"SELECT * FROM {table} {foreign}")
    walkers = "SELECT * FROM claims WHERE value NOT LIKE '%stranger%' AND value != 'pear' ORDER BY name, scope, value"
    found["claims"] = store.rows(walkers)
    return found


@pytest.mark.parametrize("area", walk.AREAS)
def test_a_strangers_ids_are_of_no_use_in_path_query_and_body(sandbox: Sandbox, area: str) -> None:
    siblings = Siblings(sandbox)
    walk.AREAS[area](siblings)
    assert siblings.faults == []


def test_every_operation_is_tried(sandbox: Sandbox) -> None:
    siblings = Siblings(sandbox)
    for area in walk.AREAS.values():
        area(siblings)
    assert {*siblings.tried, *walk.SESSION} == {f"{each.method} {each.path}" for each in OPERATIONS}


SECRETS = {"email": "walker@example.com", "confirmation_url": "x.example", "hash_code": "h", "new_password": "n"}


@pytest.mark.parametrize("name", ["request_password_reset", "reset_password"])
def test_a_token_resets_no_strangers_password(sandbox: Sandbox, name: str) -> None:
    siblings = Siblings(sandbox)
    sandbox.sign_in("stranger@example.com", siblings.own)
    before = held(sandbox, siblings.own)
    sandbox.company = siblings.theirs
    sandbox.refused(8, "POST", f"/account/{name}", **SECRETS)
    sandbox.company = siblings.own
    sandbox.refused(7, "POST", f"/account/{name}", **SECRETS)
    assert held(sandbox, siblings.own) == before


def test_a_token_signs_nobody_else_out(sandbox: Sandbox) -> None:
    siblings = Siblings(sandbox)
    sandbox.sign_in("stranger@example.com", siblings.own)
    sandbox.company = siblings.own
    assert sandbox.call("GET", "/account/logout")["statusCode"] == 0
    sandbox.company, sandbox.token = siblings.theirs, siblings.tokens[siblings.theirs]
    assert sandbox.ok("GET", "/account")["nick_name"] == "walker"


def test_a_list_of_bodies_names_no_stranger_either(sandbox: Sandbox, entry: Callable[[int], dict[str, Any]]) -> None:
    child = sandbox.child("acme")
    tiny = sandbox.child("tiny")
    sandbox.sign_in("acme@example.com", child)
    sandbox.company = child
    sandbox.refused(8, "POST", "/customfield/bulksave", [entry(child), entry(tiny)])
    assert sandbox.dump()["custom_fields"] == []


class Placed:
    """A walk in which every body names another company than the query, which is refused before it is done as it is."""

    def __init__(self, sandbox: Sandbox, other: int) -> None:
        self.sandbox = sandbox
        self.other = other
        self.faults: list[str] = []

    def __call__(self, operation: str, body: Any = None, /, number: Any = "", **query: Any) -> Any:
        method, path = walk.address(operation, number)
        if body is not None and not walk.is_file(body):
            before = self.sandbox.dump()
            named = [each | {"company_id": self.other} for each in body] if isinstance(body, list) else None
            answer = self.sandbox.call(method, path, named or body | {"company_id": self.other}, **query)
            if answer["statusCode"] != 1 or "company_id" not in answer["statusDescriptions"]:
                self.faults.append(f"{operation}: {answer}")
            if self.sandbox.dump() != before:
                self.faults.append(f"{operation} writes")
        if walk.is_file(body):
            return self.sandbox.upload(method, path, body, **query)
        return self.sandbox.ok(method, path, body, **query)


@pytest.mark.parametrize("area", walk.AREAS)
def test_a_body_for_another_company_than_the_querys_is_refused(sandbox: Sandbox, area: str) -> None:
    placed = Placed(sandbox, sandbox.child("other"))
    walk.AREAS[area](placed)
    assert placed.faults == []


FORMS: dict[str, Callable[[int], dict[str, Any]]] = {
    "raw": lambda company: {"json": {"name": "Spa", "company_id": company}},
    "as text": lambda company: {"json": {"name": "Spa", "company_id": str(company)}},
    "wrapped": lambda company: {"json": {"data": {"name": "Spa", "company_id": company}}},
    "beside data": lambda company: {"json": {"data": {"name": "Spa"}, "company_id": company}},
    "a form": lambda company: {"data": {"name": "Spa", "company_id": str(company)}},
    "beside a form's data": lambda company: {"data": {"data[name]": "Spa", "company_id": str(company)}},
    "a multipart form": lambda company: {"files": {"name": (None, "Spa"), "company_id": (None, str(company))}},
}


@pytest.mark.parametrize("form", FORMS)
def test_a_body_says_the_company_where_the_query_does_not(sandbox: Sandbox, form: str) -> None:
    child, stranger = sandbox.child("acme"), 9

    def sent(company: int, **query: int) -> tuple[int, str]:
        params = {"session_token": sandbox.token} | query
        answer = sandbox.request("POST", f"{API}/location", params=params, **FORMS[form](company)).json()
        return answer["statusCode"], str(answer["data"] and answer["data"][0]["company_id"])

    assert sent(child) == sent(child, company_id=child) == (0, str(child))
    assert sent(2345) == (0, "2345")
    assert sent(child, company_id=2345) == sent(2345, company_id=child) == (1, "None")
    assert sent(stranger) == sent(stranger, company_id=2345) == (8, "None")
    places = [len(sandbox.ok("GET", "/location", company_id=company)) for company in (2345, child)]
    assert places == [2, 3]  # with the main ones


def test_a_list_names_one_company_only(sandbox: Sandbox, entry: Callable[[int], dict[str, Any]]) -> None:
    child = sandbox.child("acme")
    for company in (2345, child, ""):
        both = [entry(child), entry(2345)]
        assert "2345" in sandbox.refused(1, "POST", "/customfield/bulksave", both, company_id=company)
    form = {f"0[{name}]": str(value) for name, value in entry(child).items()}
    params = {"session_token": sandbox.token, "company_id": 2345}
    answer = sandbox.request("POST", f"{API}/customfield/bulksave", params=params, data=form).json()
    assert answer["statusCode"] == 1
    sandbox.ok("POST", "/customfield/bulksave", [entry(child)], company_id="")
    assert len(sandbox.ok("GET", "/customfield", company_id=child)) == 1


@pytest.fixture
def entry() -> Callable[[int], dict[str, Any]]:
    return lambda company: walk.QUESTION | {"company_id": company}
