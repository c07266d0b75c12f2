"""What a new sub-account brings along: the default service and the main location."""

from __future__ import annotations

import pytest

from tests.lint.conftest import SUB, Linted

SERVICE, LOCATION = "unclaimed-default-service", "unclaimed-main-location"
BOTH = [SERVICE, LOCATION]


def rules(lint: Linted, text: str) -> list[str]:
    return [finding.rule for finding in lint.findings(text) if finding.rule in BOTH]


def test_a_new_account_whose_objects_nobody_claims(lint: Linted) -> None:
    text = f"accounts:\n  sub: {SUB}\n"
    (line,) = lint.lines(SERVICE, text)
    assert line == (
        "2:3: warning: account/sub: it comes with a default service, made for testing, and no service claims it: it "
        "stays beside yours: write `default: true` at one of its services [unclaimed-default-service]"
    )
    (line,) = lint.lines(LOCATION, text)
    assert line == (
        "2:3: warning: account/sub: it comes with a main location, and no location claims it: it stays beside yours: "
        "write `main: true` at one of its locations [unclaimed-main-location]"
    )


def test_what_others_of_the_kind_do_not_change(lint: Linted) -> None:
    text = f"""\
        accounts:
          sub: {SUB}
        ---
        account: sub
        locations: {{a: {{name: A}}}}
        services: {{cut: {{name: Cut, duration: 45 min}}}}
        """
    assert rules(lint, text) == BOTH


def test_a_claim_is_enough_and_holds_for_its_own_account_and_kind(lint: Linted) -> None:
    text = f"""\
        accounts:
          one: {SUB}
          two: {SUB.replace("sub", "two")}
        ---
        account: one
        locations: {{a: {{name: A, main: true}}}}
        ---
        account: two
        services: {{cut: {{name: Cut, duration: 45 min, default: true}}}}
        """
    assert lint.told(SERVICE, text) == ["account/one"]
    assert lint.told(LOCATION, text) == ["account/two"]


def test_a_claim_for_all_accounts_reaches_each(lint: Linted) -> None:
    text = f"""\
        accounts:
          one: {SUB}
          two: {SUB.replace("sub", "two")}
        ---
        account: all
        locations: {{a: {{name: A, main: true}}}}
        services: {{cut: {{name: Cut, duration: 45 min, default: true}}}}
        """
    assert rules(lint, text) == []


def test_a_claim_of_the_parent_is_none_of_a_sub_account(lint: Linted) -> None:
    text = f"""\
        accounts:
          sub: {SUB}
        locations: {{a: {{name: A, main: true}}}}
        services: {{cut: {{name: Cut, duration: 45 min, default: true}}}}
        """
    assert rules(lint, text) == BOTH


@pytest.mark.parametrize(
    "account",
    [
        SUB.replace("}", ", parent: true}", 1).replace("'${env:SUB, parent: true}'", "'${env:SUB}', parent: true"),
        "{company_name: Sub, nick_name: sub, email: owner@sub.example}",
        SUB.replace("{", "{lifecycle: {id: 812}, ", 1),
    ],
    ids=["the parent itself", "one that cannot be made without a password", "a pinned one"],
)
def test_an_account_that_exists_brings_nothing_new(lint: Linted, account: str) -> None:
    assert rules(lint, f"accounts:\n  sub: {account}\n") == []


def test_what_is_adopted_by_its_id_may_have_the_role(lint: Linted) -> None:
    text = f"""\
        accounts:
          sub: {SUB}
        ---
        account: sub
        locations: {{a: {{name: A, lifecycle: {{id: 812}}}}}}
        """
    assert rules(lint, text) == [SERVICE]


def test_the_parent_has_had_its_own_for_long(lint: Linted) -> None:
    assert rules(lint, "locations: {a: {name: A}}\nservices: {cut: {name: Cut, duration: 45 min}}\n") == []
