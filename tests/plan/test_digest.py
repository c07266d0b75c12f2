"""What a digest tells apart, and what it must not give away."""

from __future__ import annotations

from provisioner.kinds import Address
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.plan.digest import plan_digest
from provisioner.state.model import Tenant

TENANT = Tenant("sandbox", "2345")
KEYS = (("employee", ("ana",)), ("location", ("shop",)), ("service", ("cut",)))
ANA, SHOP, CUT = (Address("", *each) for each in KEYS)


def digest(change: Change, **ids: str) -> str:
    """The digest of one change in a tenant whose objects have these ids."""
    live = {each: Live(each.kind, ids[each.kind]) for each in (ANA, SHOP, CUT) if each.kind in ids}
    return plan_digest([change], TENANT, live)


def test_a_relation_of_other_objects_is_another_plan() -> None:
    link = Change(Address("", "link", ("ana", "shop", "cut")), Action.CREATE, "new")
    plans = [digest(link, employee=who, location="1", service="2") for who in ("342702", "342703")]
    assert plans[0] != plans[1]
    assert digest(link, employee="342702", location="1", service="2") == plans[0]


def test_an_order_of_other_objects_is_another_plan() -> None:
    order = Change(Address("", "order", ("services",)), Action.UPDATE, "moved", values={"keys": ("cut",)})
    assert digest(order, service="1") != digest(order, service="2")


def test_what_the_tenant_says_of_a_client_cannot_be_guessed_from_it() -> None:
    """Who knows all else could try every phone number there is."""

    def of(before: str | None) -> str:
        phone = FieldChange("phone", before, "9")
        return digest(Change(Address("", "client", ("mia",)), Action.UPDATE, "moved", "7", (phone,)))

    assert of("5550123") == of("5550124")
    assert of("5550123") != of(None)
