"""Nothing of ours is wider than the terminal: whatever a plan has in it, and whatever its lines say of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Place
from provisioner.plan.change import Action, Booked, Cannot, Change, Echo, FieldChange, Kept, Left, Outlook, Plan, Undone
from provisioner.report.layout import columns
from provisioner.report.text import Banner, Effort, plan_text

names = st.text("abcdefgh-", min_size=1, max_size=9).map(lambda text: f"k{text}")
scopes = st.sampled_from(["", "acme-west"])
places = st.none() | st.builds(
    Place, st.sampled_from(["menu.yaml", "staff/ana.yaml"]), st.integers(1, 9999), st.just(1)
)
sentences = st.lists(names, min_size=1, max_size=40).map(" ".join)
MANY = [0, 1, 2, 9, 25, 1234]
START = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)


def bookings(count: int) -> tuple[Booking, ...]:
    """So many appointments, an hour apart."""
    return tuple(Booking(str(900_000 + n), START + timedelta(hours=n), client="Liv Marsh") for n in range(count))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A change of any sort, of which the names and the values are short."""
    kind, parts = draw(st.sampled_from([("service", 1), ("hours", 2), ("away", 1), ("link", 3), ("account", 1)]))
    scope = "" if kind == "account" else draw(scopes)
    address = Address(scope, kind, tuple(draw(names) for _ in range(parts)))
    field = draw(st.sampled_from(["price", "description", "active"]))
    own = (FieldChange(field, draw(names), draw(names), outside=draw(st.booleans()), place=draw(places)),)
    stranded = bookings(draw(st.sampled_from([0, 0, 1, 3, 120])))
    asked = draw(st.booleans())
    word = f"pass --allow-stranded {address}={len(stranded)}" if stranded and asked else ""
    return Change(
        address,
        draw(st.sampled_from(Action)),
        draw(sentences),
        id="118202",
        fields=own if kind == "service" else (),
        unchanged=draw(st.integers(0, 20)),
        place=draw(places),
        with_=draw(st.none() | st.just(Address(scope, "employee", ("ana",)))) if kind == "link" else None,
        blocked=word or draw(st.just("") | sentences),
        unallowed=word,
        hint=draw(st.just("") | sentences.map(lambda text: f"it looks like another: {text}")),
        stranded=stranded,
        outlook=Outlook(
            tuple(draw(st.lists(sentences, max_size=2))),
            draw(st.none() | st.sampled_from(MANY)),
            draw(st.sampled_from(["", "invitations to the waitlist", "confirmations to clients"])),
        ),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with all that may stand beside its changes."""
    some = draw(st.lists(changes(), max_size=5))
    links = [
        Change(Address("acme-west", "link", (f"e{n}", "hq", f"s{n}")), Action.FORGET, "no longer wanted", blocked=word)
        for n, word in enumerate([draw(st.just("") | sentences)] * draw(st.sampled_from(MANY[:5])))
    ]
    every = (*some, *links)
    stranded = bookings(draw(st.sampled_from(MANY)))
    hosts = draw(st.lists(names.map(lambda name: f"hooks.{name}.example"), max_size=4, unique=True))
    echoes = tuple(Echo(host, 37) for host in hosts) + ((Echo("", 37),) if draw(st.booleans()) else ())
    address = Address("acme-west", "service", (draw(names),))
    kept = tuple(Kept(address, ("price",), draw(sentences)) for _ in range(draw(st.integers(0, 2))))
    cannot = tuple(Cannot(address, (), draw(sentences)) for _ in range(draw(st.integers(0, 2))))
    undone = Undone(12, kept, cannot, draw(sentences), (address,) * draw(st.integers(0, 3)))
    return Plan(
        every,
        drift=tuple(c for c in every if c.fields),
        left=tuple(Left(address, "12", gone=draw(st.booleans())) for _ in range(draw(st.sampled_from([0, 1, 30])))),
        notes=tuple(draw(st.lists(sentences, max_size=2))),
        pending=(address,) * draw(st.sampled_from([0, 1, 30])),
        managed=draw(st.sampled_from([0, 1, 12_345])),
        digest="7f3a9c41d2",
        booked=draw(st.none() | st.just(Booked(START - timedelta(days=400), stranded, echoes))),
        undone=draw(st.none() | st.just(undone)),
    )


def hold(plan: Plan, width: int, *, sandbox: bool) -> None:
    banner = Banner(sandbox, "www.setster.com", "2345", "Acme", embedded=sandbox)
    text = plan_text(plan, banner, Effort(14, 1234, 12_345, 6, 123.0), width, clients=True)
    wide = [line for line in text.splitlines() if columns(line) > width]
    assert not wide, wide[:3]


@settings(max_examples=60)
@given(plans(), st.integers(80, 140), st.booleans())
def test_no_line_of_a_plan_is_wider_than_the_terminal(plan: Plan, width: int, sandbox: bool) -> None:
    hold(plan, width, sandbox=sandbox)


@pytest.mark.slow
@settings(max_examples=5000)
@given(plans(), st.integers(80, 140), st.booleans())
def test_no_line_of_many_more_plans_is_wider_than_the_terminal(plan: Plan, width: int, sandbox: bool) -> None:
    hold(plan, width, sandbox=sandbox)
