"""The pages: everything that is held is shown, and what can be asked is answered."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.page_reader import Read, book, read, spa

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_the_first_page_says_what_it_is_and_how_to_sign_in(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    found = read(sandbox, "/")
    setster = "email=owner@example.com&token=sandbox-key&company_id=2345"
    timetap = ("/timetap/sessionToken?apiKey=sandbox&", "md5 of sandboxsandbox-private", "private key sandbox-private")
    for words in ("nothing here is real", setster, "Acme [61401]", *timetap):
        assert words in found.text
    assert {"/tenants/2345", f"/tenants/{child}", "/_sandbox/calls"} <= set(found.links)
    assert "2026-03-02 09:00:00 UTC and is right" in found.text
    sandbox.control("PUT", "/clock", {"now": "2027-01-01T00:00:00Z"})
    assert "2027-01-01 00:00:00 UTC and stands still" in read(sandbox, "/").text
    sandbox.control("PUT", "/clock", {"offset": 90})
    assert "is 90 s off" in read(sandbox, "/").text


def test_every_link_leads_somewhere(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/seed", {"set": "demo"})
    for start in ("/", "/tenants/2345", "/tenants/61401", "/timetap-series"):
        for link in set(read(sandbox, start).links):
            assert sandbox.request("GET", f"{start if link[0] in '?#' else ''}{link}").status_code == 200


def test_many_tenants_come_by_the_hundred(sandbox: Sandbox) -> None:
    children = [{"company_name": f"T{n}", "nick_name": f"t{n}", "email": f"t{n}@x.example"} for n in range(150)]
    sandbox.control("POST", "/seed", {"accounts": [{"account": each | {"password": "x"}} for each in children]})
    first, second = read(sandbox, "/"), read(sandbox, "/?page=2")
    assert ("1 to 100 of 151" in first.text, "101 to 151 of 151" in second.text) == (True, True)
    assert ("/?page=2" in first.links, "/?page=1" in second.links) == (True, True)
    assert len({link for link in (*first.links, *second.links) if link.startswith("/tenants/")}) == 151
    for nonsense in ("0", "-1", "x", "9" * 40, "99"):
        read(sandbox, f"/?page={nonsense}")
    assert "the first 100 of" not in read(sandbox, "/tenants/2345").text


def test_a_tenant_shows_everything_it_has(sandbox: Sandbox) -> None:
    place, service, ann = spa(sandbox)
    book(sandbox, service, place, "2026-03-03 10:00")
    sandbox.ok("POST", "/availability/saveHoliday", {"name": "Rest", "type": 1, "month": 4, "day_in_week": 0}
               | {"day_order": 4})  # fmt: skip
    sandbox.ok("POST", "/subscribe", {"target_url": "http://127.0.0.1:9/hook", "events": ["appointment.created"]})
    field = {"company_id": 2345, "label": "Colour", "length": 9, "type": 7, "required": 1, "ord": 1, "status": 1}
    sandbox.ok("POST", "/customfield", field | {"visibility": 2, "readonly": 0, "hint": "", "options": "Red|Blue"})
    text = read(sandbox, "/tenants/2345").text
    for words in (
        *("Account 2345, nick_name sandbox, owner owner@example.com, time zone US/Pacific", f"Spa [{place}]", "Rome"),
        *(f"Ann Lee [{ann}]", f"Massage [{service}]", "every year on the last Monday of May"),
        *("http://127.0.0.1:9/hook", "appointment.created", "Colour", "choice", "Red, Blue", "clients", "Maya"),
        *("Tue 2026-03-03 10:00", "11:00", "unconfirmed", "Week of 2 March 2026"),
    ):
        assert words in text, words


def test_an_upload_is_shown(sandbox: Sandbox) -> None:
    place = sandbox.location()
    sandbox.upload("POST", "/location/uploadPhoto", {"photo": b"\x89PNG\r\n\x1a\n" + bytes(20)}, location=place)
    (photo,) = [link for link in read(sandbox, "/tenants/2345").links if "/images/" in link]
    assert sandbox.request("GET", photo).headers["content-type"] == "image/png"


def test_no_password_and_no_key_is_shown(sandbox: Sandbox) -> None:
    sandbox.child("acme", password="hunter2hunter2")
    sandbox.employee(password="swordfish9")
    key = sandbox.ok("POST", "/subscribe", {"target_url": "", "events": ["*"]})["verification_key"]
    for path in ("/", "/tenants/2345", "/tenants/61401"):
        page = sandbox.request("GET", path).text
        assert not [word for word in ("hunter2", "swordfish", key) if word in page]


def test_long_lists_are_cut_and_say_so(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/seed", {"locations": [{"name": f"Place {n}"} for n in range(120)]})
    found = read(sandbox, "/tenants/2345")
    assert "the first 100 of 121" in found.text
    assert "115 more:" in found.text
    last = sandbox.ok("GET", "/location")[-1]["id"]
    assert "Place 119 US/Pacific" in read(sandbox, f"/tenants/2345?location={last}").text


@pytest.mark.parametrize("company", ["1", "0", "x", "9" * 30, "-1", "%00", "2345x"])
def test_a_tenant_that_is_not_there(sandbox: Sandbox, company: str) -> None:
    page = sandbox.request("GET", f"/tenants/{company}")
    assert page.status_code == 404
    assert "No such tenant" in Read(page).text


@pytest.mark.parametrize(
    "query",
    ["week=x", "week=2026-02-30", "week=0001-01-01", "week=9999-12-31", "location=x", "location=7", "week=20260305"],
)
def test_a_question_that_makes_no_sense_is_answered(sandbox: Sandbox, query: str) -> None:
    spa(sandbox)
    assert "Week of 2 March 2026" in read(sandbox, f"/tenants/2345?{query}").text


def test_series_are_shown(sandbox: Sandbox) -> None:
    assert "no series" in read(sandbox, "/").text
    stamp = int(sandbox.clock.now.timestamp())
    signature = md5(b"sandboxsandbox-private").hexdigest()
    signed = {"apiKey": "sandbox", "timestamp": stamp, "signature": signature}
    token = sandbox.request("GET", "/timetap/sessionToken", params=signed).json()["sessionToken"]
    series = {"startDate": "2026-03-03", "startTime": 930, "endTime": 1030, "type": "W", "everyXWeeks": 2, "tue": True}
    series |= {"staff": {"staffId": 1}, "location": {"locationId": 2}, "reason": {"reasonId": 3}}
    bearer = {"authorization": f"Bearer {token}"}
    made = sandbox.request("POST", "/timetap/recurringappointments", json=series, headers=bearer)
    assert made.status_code == 200, made.text
    assert "/timetap-series" in read(sandbox, "/").links
    text = read(sandbox, "/timetap-series").text
    for words in ("reason 3", "every 2 weeks on tue", "9:30\N{EN DASH}10:30", "2026-03-03, 2026-03-17"):
        assert words in text, words
