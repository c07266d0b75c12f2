"""Every operation answers with the fields, the JSON types and the words of the vendor's own samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioner.sandbox.setster import OPERATIONS
from tests.sandbox import shapes, walk
from tests.sandbox.answers import Answers

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

# Answers that say nothing about their shape when they are empty.
FULL = (
    *("GET /account/companies", "GET /location", "GET /employee", "GET /service", "GET /availability/getHoliday"),
    *("GET /customfield", "POST /customfield/bulksave", "GET /subscribe", "GET /client", "GET /appointment"),
)


@pytest.fixture
def answers(sandbox: Sandbox) -> Answers:
    return Answers(sandbox)


@pytest.mark.parametrize("area", walk.AREAS)
def test_every_operation_answers_like_its_sample(answers: Answers, area: str) -> None:
    walk.AREAS[area](answers)
    assert answers.wrong == {}
    assert [name for name in FULL if name in answers and not answers[name]] == []


def test_the_session_answers_like_its_samples(sandbox: Sandbox, answers: Answers) -> None:
    answers("POST /account/authenticate", email="owner@example.com", token="sandbox-key")
    about = {"email": "owner@example.com"}
    answers("POST /account/request_password_reset", **about, confirmation_url="www.example.com/confirm")
    (mail,) = sandbox.control("GET", "/mails")
    secret = mail["text"].partition("hash_code=")[2]
    answers("POST /account/reset_password", **about, hash_code=secret, new_password="n")
    answers("GET /account/logout")
    assert answers.wrong == {}
    assert set(answers) == set(walk.SESSION)


def test_all_operations_are_here_and_none_is_left_out_of_the_tests(answers: Answers) -> None:
    for area in walk.AREAS.values():
        area(answers)
    assert len(shapes.OPERATIONS) == 87
    assert {f"{each.method} {each.path}" for each in OPERATIONS} == set(shapes.OPERATIONS)
    assert {*answers, *walk.SESSION} == set(shapes.OPERATIONS)


def test_a_hidden_field_is_not_read_back(sandbox: Sandbox) -> None:
    fields = dict.fromkeys(("yelp", "pinterest", "vimeo", "youtube", "ics_url"), "https://example.com")
    number = sandbox.employee(**fields, password="x", send_invite_email=True)
    (shown,) = sandbox.ok("GET", f"/employee/{number}")
    assert not shown.keys() & {*fields, "password", "send_invite_email", "links"}
    (held,) = (each for each in sandbox.dump()["employees"] if each["id"] == number)
    assert fields.items() <= held.items()
