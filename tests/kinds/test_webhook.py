"""Webhooks and clients as the manifests write them."""

from typing import Any

import pytest
from pydantic import ValidationError

from provisioner.kinds.base import specs
from provisioner.kinds.client import Client
from provisioner.kinds.natural import natural_keys
from provisioner.kinds.webhook import ALL, EVENTS, Webhook

HOOK = "https://crm.example/hook"


def webhook(**fields: Any) -> Webhook:
    return Webhook(**({"target_url": HOOK} | fields))


def client(**fields: Any) -> Client:
    return Client(**({"email": "liv@example.com", "name": "Liv"} | fields))


def test_events_have_one_order_whatever_was_written() -> None:
    backwards = webhook(events=list(EVENTS[:3][::-1]))
    assert backwards.events == EVENTS[:3]
    assert specs(Webhook)["events"].dump(backwards.events) == list(EVENTS[:3])


def test_all_is_every_event_and_every_event_is_all() -> None:
    assert webhook(events="all").events == webhook(events=list(EVENTS)).events == ALL
    assert specs(Webhook)["events"].dump(ALL) == "all"
    assert webhook(events=[]).events == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"events": ["appointment.cancelled"]}, "is no event: write appointment.canceled"),
        ({"events": ["Appointment.Created"]}, "is no event: write appointment.created"),
        ({"events": ["everything"]}, "is no event: write all, or a list of appointment.created"),
        ({"events": ["*"]}, "is no item of the list: write events: all instead"),
        ({"events": "*"}, "is no list of events: write all"),
        ({"events": "appointment.created"}, "is no list of events: write all, or a list of"),
        ({"events": ["appointment.created", "appointment.created"]}, "stands there twice: remove one"),
        ({"events": None}, "write [] for none"),
        ({"target_url": "crm.example/hook"}, "lacks its scheme: write https://crm.example/hook"),
        ({"target_url": "ftp://crm.example"}, "has the scheme ftp:, and only http and https are allowed"),
        ({"target_url": None}, "it cannot be cleared"),
    ],
)
def test_what_a_webhook_cannot_be_is_refused_with_a_remedy(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match="1 validation error") as caught:
        webhook(**fields)
    assert words in str(caught.value)


def test_a_user_name_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        webhook(target_url="https://liv:hunter2@crm.example/hook")
    (error,) = caught.value.errors(include_input=False, include_url=False)
    assert "carries a user name" in error["msg"]
    assert "hunter2" not in str(error["ctx"]["error"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://crm.example", "HTTPS://CRM.Example/", True),
        ("https://crm.example?a=B", "https://crm.example/?a=B", True),
        ("https://crm.example/Hook", "https://CRM.example/Hook", True),
        ("https://crm.example/Hook", "https://crm.example/hook", False),
        ("https://crm.example/hook", "https://crm.example/hook/", False),
        ("https://crm.example", "http://crm.example", False),
    ],
)
def test_addresses_that_are_one(one: str, other: str, same: bool) -> None:
    assert specs(Webhook)["target_url"].same(one, other) is same
    keys = [next(natural_keys(webhook(target_url=each))) for each in (one, other)]
    assert (keys[0] == keys[1]) is same


def test_only_the_day_of_a_birthday_counts() -> None:
    spec = specs(Client)["birthday"]
    assert spec.same("1990-08-03", "1900-08-03")
    assert not spec.same("1990-08-03", "1990-08-04")
    since = specs(Client)["client_since"]
    assert not since.same("2020-08-03", "2021-08-03")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"gender": "female"}, "is none of the vendor's genders: write m, f or null"),
        ({"birthday": "3/8/1990"}, "is not a date"),
        ({"email": "liv"}, "is not an e-mail address"),
        ({"email": None}, "it cannot be cleared"),
    ],
)
def test_what_a_client_cannot_be_is_refused_with_a_remedy(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match="1 validation error") as caught:
        client(**fields)
    assert words in str(caught.value)
