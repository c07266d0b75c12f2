"""A sample is even, the same all day, and another one tomorrow."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from provisioner.verify.pairs import Pair
from provisioner.verify.sample import draw

CHAIN = [Pair(scope, f"l{place}", f"s{s}") for scope, place, s in product(("east", "west"), range(50), range(8))]


def test_every_account_and_location_comes_before_any_comes_twice() -> None:
    drawn = draw(CHAIN, 100, "2027-01-04")
    assert {Counter(each[:2] for each in drawn)[place] for place in {each[:2] for each in CHAIN}} == {1}
    services = Counter(each.service for each in drawn)
    assert max(services.values()) - min(services.values()) <= 2
    few = draw(CHAIN, 10, "2027-01-04")
    assert Counter(each.scope for each in few) == {"east": 5, "west": 5}
    assert {*few} <= {*drawn}


def test_a_day_asks_the_same_and_another_day_others() -> None:
    assert draw(CHAIN, 40, "2027-01-04") == draw(CHAIN, 40, "2027-01-04") == draw([*CHAIN], 40, "2027-01-04")
    assert draw(CHAIN, 40, "2027-01-04") != draw(CHAIN, 40, "2027-01-05")


PAIRS = st.lists(
    st.builds(Pair, st.sampled_from(["", "w"]), st.sampled_from("abcd"), st.sampled_from("xyz")), unique=True
)


@given(pairs=PAIRS, number=st.integers(1, 30))
def test_a_sample_is_some_of_them_in_their_order(pairs: list[Pair], number: int) -> None:
    drawn = draw(pairs, number, "seed")
    assert len(drawn) == min(number, len(pairs))
    assert [each for each in pairs if each in drawn] == [*drawn]
    # No location is asked twice as long as another one of its account was not asked at all.
    for scope in {each.scope for each in pairs}:
        counts = Counter(each.location for each in drawn if each.scope == scope)
        left = {each.location for each in pairs if each.scope == scope} - counts.keys()
        assert not left or max(counts.values(), default=0) <= 1
