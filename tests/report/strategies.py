"""Plans and outcomes whose every text was chosen to do harm."""

from __future__ import annotations

from hypothesis import strategies as st

from provisioner.apply.outcome import Applied
from provisioner.kinds import Address
from provisioner.kinds.base import Unreadable
from provisioner.kinds.desired import Place
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, FieldChange, Plan
from tests.nasty import PIECES

anything = st.text(st.characters(codec=None), max_size=300)
pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=9), max_size=12).map("".join)
hostile = anything | pieces | st.sampled_from(["x" * 5000, "\u4e2d" * 90, "::error::x " * 40, "##[group]" * 40])
places = st.none() | st.builds(Place, hostile, st.integers(0, 9999), st.just(1))
accounts = st.sampled_from(["", "acme-west", "\x1b", "::error::x"])


def field_changes(names: list[str]) -> st.SearchStrategy[tuple[FieldChange, ...]]:
    values = st.none() | hostile | st.builds(Unreadable, hostile) | st.booleans()
    change = st.builds(
        FieldChange, st.sampled_from(names), values, values, outside=st.booleans(), default=st.booleans(), place=places
    )
    return st.lists(change, max_size=4, unique_by=lambda f: f.name).map(tuple)


def changes(kind: str, parts: int, names: list[str]) -> st.SearchStrategy[Change]:
    keys = st.lists(hostile, min_size=parts, max_size=parts).map(tuple)
    return st.builds(
        Change,
        st.builds(Address, accounts, st.just(kind), keys),
        st.sampled_from(Action),
        hostile,
        id=st.none() | hostile,
        fields=field_changes(names) if names else st.just(()),
        unchanged=st.integers(0, 20),
        place=places,
        live=st.none() | st.builds(Live, st.just(kind), hostile, st.fixed_dictionaries({"name": hostile})),
        with_=st.none() | st.just(Address("", "employee", ("\x07",))),
        blocked=st.just("") | hostile,
    )


any_change = st.one_of(
    changes("service", 1, ["name", "description", "price", "duration", "password", "active"]),
    changes("hours", 2, ["hours"]),
    changes("away", 1, ["away"]),
    changes("link", 3, []),
    changes("account", 1, ["company_name", "options.lang", "options.prior_notice"]),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Changes, each of which may have moved outside, and notes."""
    some = tuple(draw(st.lists(any_change, max_size=6)))
    return Plan(some, drift=some, notes=tuple(draw(st.lists(hostile, max_size=2))), digest="7f3a9c41d2")


@st.composite
def outcomes(draw: st.DrawFn) -> Applied:
    """What was done, what failed in the vendor's words, what was skipped because of what."""
    some = draw(st.lists(any_change, min_size=4, max_size=4))
    cause = Address("::error::x", "service", (draw(hostile),))
    return Applied((some[0],), ((some[1], draw(hostile)),), ((some[2], cause),), (some[3],), writes=3)
