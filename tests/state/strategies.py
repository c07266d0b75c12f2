"""Anything that may be remembered or written down, for property tests: addresses, records, states, journals."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from provisioner.kinds import KINDS, Address
from provisioner.state.entries import Begin, Entry, Intent, Outcome
from provisioner.state.model import Key, Pending, Record, State, Tenant

OWNER = Tenant("sandbox", "2345")
BOUNDED = settings(
    deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(), max_size=8)
"""Half a surrogate pair included: a vendor's JSON may hold one."""
IDS = st.text("0123456789", max_size=6)
PLAIN = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXTS
VALUES = (
    PLAIN
    | st.lists(PLAIN, max_size=2)
    | st.lists(st.dictionaries(st.text("abc", max_size=3), PLAIN, max_size=2), max_size=2)
)
RECORDS = st.builds(
    Record,
    IDS,
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.text("abc.é", min_size=1, max_size=5), VALUES, max_size=3),
    st.dictionaries(KEYS, KEYS, max_size=2),
    st.booleans(),
    st.dictionaries(KEYS, VALUES, max_size=2),
    st.dictionaries(KEYS, VALUES, max_size=2),
    st.none() | st.dictionaries(KEYS, VALUES, max_size=2),
)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """An address of any kind, in any account."""
    kind = draw(st.sampled_from(KINDS))
    size = max(1, len(kind.key_kinds))
    account = "" if kind.kind == "account" else draw(st.just("") | KEYS)
    return Address(account, kind.kind, tuple(draw(st.lists(KEYS, min_size=size, max_size=size))))


PENDINGS = st.builds(
    Pending,
    RECORDS,
    st.lists(st.builds(Key, st.tuples(KEYS), st.tuples(TEXTS)), max_size=2).map(tuple),
    IDS,
    st.frozensets(TEXTS, max_size=3),
    st.floats(0, 4e9),
)
STATES = st.builds(
    State,
    st.just(OWNER),
    KEYS,
    st.integers(0, 10**6),
    st.dictionaries(addresses(), RECORDS, max_size=5),
    st.dictionaries(addresses(), PENDINGS, max_size=3),
)
CALLS = st.sampled_from(["c0", "c1", "c2", "create:location/ü"])
TIMES = st.floats(0, 4e9)
PLACES = st.tuples(st.just("") | KEYS, st.sampled_from([kind.kind for kind in KINDS]))


def entries(of: st.SearchStrategy[Address]) -> st.SearchStrategy[Entry]:
    """An entry about such addresses: likely ones and nonsense, as no reader may depend on which it is."""
    return st.one_of(
        st.builds(Begin, KEYS, st.dictionaries(PLACES, st.frozensets(TEXTS, max_size=3), max_size=3)),
        st.builds(
            Intent,
            CALLS,
            TIMES,
            st.dictionaries(of, PENDINGS, max_size=2),
            st.dictionaries(of, st.none() | RECORDS, max_size=2),
        ),
        st.builds(
            Outcome,
            CALLS,
            TIMES,
            st.dictionaries(of, IDS, max_size=2),
            st.dictionaries(of, st.none() | RECORDS, max_size=2),
            st.frozensets(of, max_size=2),
        ),
    )
