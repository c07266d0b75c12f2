"""What an employee may use: each word by itself, and words that nobody named stay."""

from __future__ import annotations

import pytest

from provisioner.providers.setster.permissions import join_permissions
from tests.support import DIALECTS, Dialect, Tenant, change, declare, manifests, spoken, tell

ANA = declare(
    "employee/ana", email="a@x.example", first_name="A", last_name="B", permissions={"calendar": True, "clients": False}
)


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def test_words_are_given_and_taken_one_by_one(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ANA))
        assert tenant.held("employee/ana")["permissions"] == "calendar"
        tenant.tamper("employee/ana", permissions="calendar, promote")
        await tenant.assert_settled(manifests(ANA))
        other = change(ANA, permissions={"calendar": False, "clients": True})
        ran = await tenant.settle(manifests(other))
        assert ran.planned.fields("employee/ana") == ["permissions.clients", "permissions.calendar"]
        assert tenant.held("employee/ana")["permissions"] == "promote,clients"
        await tenant.settle(manifests(change(other, job="x")))
        assert tenant.held("employee/ana")["permissions"] == "promote,clients"

    tell(story, dialect)


def test_the_owners_are_managed_like_anybodys(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        west = declare("account/west", company_name="W", nick_name="west", email="o@w.example", password="pw")
        owner = declare(
            "west/employee/o",
            email="o@w.example",
            first_name="O",
            last_name="W",
            owner=True,
            permissions={"account": True},
        )
        await tenant.settle(manifests(west, owner))
        (shown,) = await tenant.vendor("GET", "/account/getPersonalInfo", company=tenant.company("west"))
        assert shown["permissions"] == "account"

    tell(story, dialect)


@pytest.mark.parametrize(
    ("live", "wanted", "text"),
    [
        ("locations, providers", None, "locations, providers"),
        ("locations, theirs", {"providers": True, "locations": False}, "theirs,providers"),
        (None, {"providers": True}, "providers"),
        (["x"], {"providers": False}, ""),
        ("providers", {"providers": True}, "providers"),
    ],
)
def test_a_text_keeps_the_words_that_it_does_not_know(live: object, wanted: dict[str, bool] | None, text: str) -> None:
    assert join_permissions(live, wanted) == text
