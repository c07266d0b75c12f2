"""What answers say of a vendor by themselves: speed, clock, limits, and nothing that could be a secret."""

from __future__ import annotations

import pytest

from provisioner.finding import Finding, Mark
from provisioner.providers.watch import Sighting, Watch, sighting

JSON = {"content-type": "application/json; charset=utf-8"}
NOON = 1_772_452_800.0
"""2 March 2026, 12:00 UTC."""


def findings(*seen: Sighting) -> dict[str, Finding]:
    return {finding.check: finding for finding in Watch(list(seen)).findings()}


def one(status: int = 200, seconds: float = 0.1, is_json: bool = True, at: float = NOON, **headers: str) -> Sighting:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sighting(status, {**JSON, **named}, is_json=is_json, seconds=seconds, at=at)


def test_nothing_is_said_of_no_answers() -> None:
    assert {finding.mark for finding in findings().values()} == {Mark.SKIPPED}


@pytest.mark.parametrize(
    ("date", "mark", "words"),
    [
        ("Mon, 02 Mar 2026 12:00:04 GMT", Mark.PASS, "agree"),
        ("Mon, 02 Mar 2026 12:00:30 GMT", Mark.LOOK, "this computer's is 30 s behind the vendor's"),
        ("Mon, 02 Mar 2026 11:55:00 GMT", Mark.LOOK, "this computer's is 300 s ahead of the vendor's"),
        ("yesterday", Mark.SKIPPED, "the answers have no date"),
    ],
)
def test_two_clocks_are_compared(date: str, mark: Mark, words: str) -> None:
    clock = findings(one(date=date))["Clock"]
    assert (clock.mark, words in clock.seen) == (mark, True)


def test_one_odd_date_does_not_count() -> None:
    good = "Mon, 02 Mar 2026 12:00:00 GMT"
    assert (
        findings(one(date=good), one(date="Mon, 02 Mar 2020 12:00:00 GMT"), one(date=good))["Clock"].mark is Mark.PASS
    )


def test_how_long_answers_take() -> None:
    speed = findings(*(one(seconds=n / 1000) for n in range(100)))["Speed"]
    assert (speed.mark, speed.seen) == (Mark.PASS, "half of 100 answers within 50 ms, 95 % within 95 ms")
    slow = findings(*[one(seconds=0.1)] * 9, one(seconds=4))["Speed"]
    assert (slow.mark, slow.seen) == (Mark.LOOK, "half of 10 answers within 100 ms, 95 % within 4.0 s")


def test_limits_that_the_vendor_names_are_shown() -> None:
    limits = findings(one(x_ratelimit_limit="60", x_ratelimit_remaining="12"))["Rate limits"]
    assert (limits.mark, "x-ratelimit-limit: 60, x-ratelimit-remaining: 12" in limits.seen) == (Mark.PASS, True)
    hit = findings(one(), one(429, ratelimit_policy="60;w=60"))["Rate limits"]
    assert (hit.mark, hit.seen.startswith("1 of 2 answers were 429")) == (Mark.LOOK, True)
    assert "ratelimit-policy: 60;w=60" in hit.seen


@pytest.mark.parametrize("token", ["3d6e719bd83a8671e9bf5094ed", "a\x1b[31mb", "x" * 61, "ann@example.com"])
def test_what_may_be_a_token_or_a_name_is_not_shown(token: str) -> None:
    said = findings(one(x_ratelimit_limit=token), one(is_json=False, content_type=token))
    assert not any(token in finding.seen for finding in said.values())
    assert "(not shown)" in said["Rate limits"].seen


def test_pages_and_errors_among_the_answers_are_counted() -> None:
    answers = findings(one(), one(502, is_json=False, content_type="text/html"), one(503))["Answers"]
    assert answers.seen == "1 of 3 are no JSON (text/html 1); 2 of 3 are errors of the vendor's own (5xx)"
