"""Every parameter of a list narrows it: to what has the value asked for, and to nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

CONTRACT = yaml.safe_load(Path(__file__).with_name("contract.yaml").read_text("utf-8"))


class Pair(NamedTuple):
    """Two objects of a kind that differ in all that can be written, and the name of their id."""

    one: dict[str, Any]
    other: dict[str, Any]
    number: str = "id"


def texts(names: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {name: f"{name} one" for name in names.split()}, {name: f"{name} other" for name in names.split()}


def flags(names: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return dict.fromkeys(names.split(), True), dict.fromkeys(names.split(), False)


def numbers(names: str, step: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    return dict.fromkeys(names.split(), step), dict.fromkeys(names.split(), 2 * step)


def pair(*parts: tuple[dict[str, Any], dict[str, Any]], number: str = "id") -> Pair:
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for first, second in parts:
        one |= first
        other |= second
    return Pair(one, other, number)


PAIRS = {
    "location": pair(
        texts("name description street1 street2 city state zip phone email website country tags photo"),
        ({"paypal_email": "a@x.example", "virtual": True}, {"paypal_email": "b@x.example", "virtual": False}),
        ({"timezone_id": 548, "lat": 1.5, "lng": 2.5}, {"timezone_id": 553, "lat": 3.5, "lng": 4.5}),
    ),
    "employee": pair(
        ({"email": "one@x.example", "nickname": "one"}, {"email": "other@x.example", "nickname": "other"}),
        texts("first_name last_name job bio phone photo_url sms_email intuit_user_id intuit_auth_id intuit_realm_id"),
        texts("intuit_ticket_id ics_url ics_export_hash linkedin yelp pinterest vimeo youtube twitter facebook"),
        flags("status public_email public_phone receivesms"),
        numbers("ipp_mode newsletter ics_service ics_export_service google_export_canceled google_export_add_pt"),
        ({"links": []}, {"links": []}),
    ),
    "service": pair(
        texts("name description client_instructions widget_message password photo"),
        flags("auto_confirm is_subservice set_schedule allow_cash_payment active_interval_status status"),
        numbers("duration", 15),
        numbers("duration_padding start_step", 5),
        numbers("max_clients prior_notice after_notice cancel_appointment reschedule_appointment send_reminder"),
        numbers("price payment_min_amount group_session waiting_list active_rules"),
        ({"active_from": "2026-01-01"}, {"active_from": "2026-01-02"}),
        ({"active_until": "2027-01-01"}, {"active_until": "2027-01-02"}),
    ),
    "customfield": pair(
        texts("label hint"),
        flags("required status readonly removable"),
        numbers("length type visibility readonly_type ord"),
        ({"company_id": 2345}, {"company_id": 2345}),
    ),
    "client": pair(
        texts("name phone notes preferences address address2 city state zip country photo"),
        ({"email": "one@x.example", "gender": "m"}, {"email": "other@x.example", "gender": "f"}),
        ({"birthday": "2001-01-01"}, {"birthday": "2002-02-02"}),
        ({"cient_since": "2001-01-01"}, {"cient_since": "2002-02-02"}),
        flags("accept_emails"),
        number="client_id",
    ),
    "subscribe": pair(
        ({"target_url": "http://one.example", "active": 0}, {"target_url": "http://other.example", "active": 1})
    ),
}
# What is no filter, or one of something that nobody writes: each is tested where it is explained.
ELSEWHERE = {
    "location": {"tmp_default", "has_links", "include_links"},
    "employee": {"statuses", "include_links", "is_owner", "username"},
    "service": {"location_id", "active_services", "tmp_default"},
    "customfield": set[str](),
    "client": {"q", "start", "end", "employee_id", "last_app_date"},
    "subscribe": {"verification_key", "created_at", "updated_at"},
}
WRITTEN_AS = {"client_since": "cient_since"}
ASKED = [
    (kind, parameter["name"])
    for kind in PAIRS
    for parameter in CONTRACT["paths"][f"/{kind}"]["get"]["parameters"]
    if "name" in parameter and parameter["name"] not in ELSEWHERE[kind]
]


def made(sandbox: Sandbox, kind: str, body: dict[str, Any]) -> int:
    data = sandbox.ok("POST", f"/{kind}", body)
    return int((data[0] if isinstance(data, list) else data)[PAIRS[kind].number])


def shown(sandbox: Sandbox, kind: str, **query: Any) -> set[int]:
    more = {"statuses": "all"} if kind == "employee" else {}
    return {each[PAIRS[kind].number] for each in sandbox.ok("GET", f"/{kind}", **more | query)}


@pytest.mark.parametrize("kind", PAIRS)
def test_every_filter_of_a_list_finds_one_and_not_the_other(sandbox: Sandbox, kind: str) -> None:
    one, other = (made(sandbox, kind, body) for body in PAIRS[kind][:2])
    assert {one, other} <= shown(sandbox, kind)
    for name in (name for of, name in ASKED if of == kind):
        if name == PAIRS[kind].number:
            asked = [(one, one), (other, other)]
        else:
            field = WRITTEN_AS.get(name, name)
            asked = [(one, PAIRS[kind].one[field]), (other, PAIRS[kind].other[field])]
        for wanted, value in asked:
            found = shown(sandbox, kind, **{name: int(value) if isinstance(value, bool) else value})
            assert found & {one, other} == {wanted}, (name, value)


@pytest.mark.parametrize("kind", PAIRS)
def test_a_blank_filter_is_none_and_one_that_nothing_fits_finds_nothing(sandbox: Sandbox, kind: str) -> None:
    made(sandbox, kind, PAIRS[kind].one)
    everything = shown(sandbox, kind)
    for name in (name for of, name in ASKED if of == kind):
        assert shown(sandbox, kind, **{name: ""}) == everything, name
    assert shown(sandbox, kind, nonsense="1") == everything
    number = next(name for of, name in ASKED if of == kind)
    assert shown(sandbox, kind, **{number: "987654321" if kind != "subscribe" else "http://nowhere.example"}) == set()
