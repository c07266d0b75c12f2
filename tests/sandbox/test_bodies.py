"""Bodies: raw, wrapped, form-encoded, malformed, and garbage that never breaks the sandbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.sandbox.setster import OPERATIONS, signout
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.conftest import Sandbox

NAMES = (
    "name duration links email first_name last_name company_id availabilities data all id ord nick_name company_name"
    " password price schedule days time repeat type start_date end_date email_settings lat 0 1 118201"
)
KEYS = st.sampled_from(NAMES.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=8),
    max_leaves=20,
)
GOOD = {
    "name": "N",
    "duration": 15,
    "email": "a@b.c",
    "first_name": "A",
    "last_name": "B",
    "links": [],
    "company_name": "C",
    "nick_name": "c",
    "password": "p",
}


def send(sandbox: Sandbox, method: str, path: str, **options: Any) -> httpx.Response:
    query = {"session_token": sandbox.token, "company_id": "2345"} | options.pop("query", {})
    return sandbox.request(method, API + path, params=query, **options)


def test_a_body_may_be_wrapped(sandbox: Sandbox) -> None:
    (wrapped,) = sandbox.ok("POST", "/location", {"data": {"name": "Spa"}})
    (beside,) = sandbox.ok("POST", "/location", {"data": {"name": "Spa"}, "company_id": 2345})
    assert wrapped["name"] == beside["name"] == "Spa"


@pytest.mark.parametrize(
    "form",
    [
        {"name": "Massage", "duration": "30", "auto_confirm": "1", "links[{ann}][{here}]": "1"},
        {"data[name]": "Massage", "data[duration]": "30", "data[auto_confirm]": "1", "data[links][{ann}][{here}]": "1"},
        {"data": '{{"name":"Massage","duration":30,"auto_confirm":true,"links":{{"{ann}":{{"{here}":1}}}}}}'},
    ],
)
def test_a_body_may_be_a_form(sandbox: Sandbox, form: dict[str, str]) -> None:
    ids = {"ann": sandbox.employee(), "here": sandbox.location()}
    filled = {name.format(**ids): value.format(**ids) for name, value in form.items()}
    service = send(sandbox, "POST", "/service", data=filled).json()["data"]
    assert (service["name"], service["duration"], service["auto_confirm"]) == ("Massage", 30, True)
    assert sandbox.links() == {(ids["ann"], ids["here"], service["id"])}


def test_a_form_may_hold_lists(sandbox: Sandbox) -> None:
    form = {
        "availabilities[0][repeat]": "1",
        "availabilities[0][type]": "0",
        "availabilities[0][start_date]": "1/1/2026",
        "availabilities[0][end_date]": "1/1/2026",
        "availabilities[0][days][mo][time][0][]": ["9:00", "12:00"],
    }
    employee = sandbox.employee()
    assert send(sandbox, "PUT", f"/employee/{employee}/assignAvailability", data=form).json()["statusCode"] == 0
    ((entry,),) = sandbox.dump()["availability"].values()
    assert entry["days"] == {"mo": {"time": [["9:00", "12:00"]]}}


def test_json_under_the_name_of_a_form_is_json(sandbox: Sandbox) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = send(sandbox, "POST", "/location", content=b'{"name": "Spa"}', headers=headers)
    assert answer.json()["statusCode"] == 0


@pytest.mark.parametrize(
    "raw",
    [b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b"NaN", b'{"lat": 1e400}', b"9" * 5000, b"1", b'"x"', b"null"],
)
def test_a_malformed_body_is_refused(sandbox: Sandbox, raw: bytes) -> None:
    answer = send(sandbox, "POST", "/location", content=raw, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["statusCode"]) == (200, 1)


@pytest.mark.parametrize("form", [{"a" + "[b]" * 30: "1"}, {"a": "1", "a[b]": "2"}])
def test_a_malformed_form_is_refused(sandbox: Sandbox, form: dict[str, str]) -> None:
    assert send(sandbox, "POST", "/location", data=form).json()["statusCode"] == 1


def test_an_empty_body_lacks_what_is_required(sandbox: Sandbox) -> None:
    assert sandbox.refused(1, "POST", "/location") == "name is required"


@pytest.mark.parametrize(("method", "path"), [("GET", "/nonsense"), ("PATCH", "/location"), ("GET", "/location/1/2")])
def test_an_unknown_path_is_404_in_the_envelope(sandbox: Sandbox, method: str, path: str) -> None:
    answer = send(sandbox, method, path)
    assert (answer.status_code, answer.json()["statusCode"]) == (404, 7)


def test_a_bug_is_500_without_a_traceback(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("provisioner.sandbox.tables.objects.insert", broken)
    answer = send(sandbox, "POST", "/location", json={"name": "Spa"})
    assert answer.status_code == 500
    assert answer.json() == {"statusCode": 4, "statusDescriptions": "INTERNAL_ERROR", "data": None}
    monkeypatch.undo()
    assert sandbox.location()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_body_breaks_the_sandbox(shared_sandbox: Sandbox, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from([each for each in OPERATIONS if each not in signout.OPERATIONS]))
    number = data.draw(st.sampled_from(["118201", "342701", "575901", "0", "x", "9" * 25]))
    path = operation.path.replace("{id}", number).replace("{nickname}", "n").replace("{email}", "e@x.y")
    body = data.draw(JSON)
    if isinstance(body, dict) and data.draw(st.booleans()):
        body = GOOD | body
    query = {"employee_id": "342701", "location_id": "118201", data.draw(KEYS): data.draw(st.text(max_size=8))}
    query.pop("company_id", None)
    answer = send(shared_sandbox, operation.method, path, content=json.dumps(body), query=query)
    assert answer.status_code in {200, 401, 403, 404}, answer.text
    json.loads(answer.content)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=60), form=st.booleans())
def test_no_bytes_break_the_sandbox(shared_sandbox: Sandbox, raw: bytes, form: bool) -> None:
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    answer = send(shared_sandbox, "POST", "/service", content=raw, headers={"content-type": kind})
    assert answer.status_code == 200, answer.text
