"""What a vendor cannot do is said in the plan, and never tried."""

from typing import Any

from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.match import match
from provisioner.plan.planner import make_plan
from provisioner.state.model import Record, State, Tenant
from tests.support import at, declare, manifests

LIVE = Live("location", "7", {"name": "Studio", "city": "Oslo"})


def planned(desired: Desired, live: tuple[Live, ...], *cannot: Action, recorded: bool = False) -> tuple[Plan, Any]:
    state = State(
        Tenant("x", "1"), "lineage", records={at("location/studio"): Record("7", owned=True)} if recorded else {}
    )
    evidence = Evidence({("", "location"): live})
    matches = match(desired, state, evidence)
    limits = {"location": frozenset(cannot)}
    return make_plan(Request(desired, state, evidence, matches, str, cannot=limits))


def test_what_cannot_be_created_is_a_problem_at_its_place() -> None:
    _, problems = planned(manifests(declare("location/studio", name="Studio")), (), Action.CREATE)
    assert [p.message for p in problems] == [
        "location/studio is not live, and the vendor cannot create a location: make it by hand, then plan again"
    ]


def test_what_cannot_be_changed_is_said_and_left() -> None:
    desired = manifests(declare("location/studio", name="Studio", city="Bergen"))
    plan, problems = planned(desired, (LIVE,), Action.UPDATE)
    assert (plan.changes, problems) == ((), [])
    assert plan.notes == ("location/studio: city would change, and the vendor cannot change a location",)


def test_what_cannot_be_deleted_is_forgotten() -> None:
    plan, _ = planned(manifests(), (LIVE,), Action.DELETE, recorded=True)
    assert [(str(c.address), c.action, c.reason) for c in plan.changes] == [
        ("location/studio", Action.FORGET, "the vendor cannot delete a location; it stays live, unmanaged")
    ]
