"""Some of many, drawn evenly: every account, then every location in it, then the services that were drawn least.

The draw depends on the seed and on what there is, and on nothing else: the same day asks the same ones again, and
another day asks others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice, zip_longest
from typing import TypeVar

from provisioner.verify.pairs import Pair

T = TypeVar("T")


def draw(pairs: Sequence[Pair], number: int, seed: str) -> tuple[Pair, ...]:
    """So many of the pairs, in the order in which they stand."""
    scopes: dict[str, list[Pair]] = {}
    for pair in pairs:
        scopes.setdefault(pair.scope, []).append(pair)
    names = sorted(scopes, key=lambda scope: _lot(seed, scope))
    drawn = {*islice(_in_turn([_of_account(scopes[name], seed) for name in names]), number)}
    return tuple(pair for pair in pairs if pair in drawn)


def _of_account(pairs: Sequence[Pair], seed: str) -> Iterator[Pair]:
    """One of each location in turn, each time the service that was drawn least."""
    places: dict[str, list[Pair]] = {}
    for pair in pairs:
        places.setdefault(pair.location, []).append(pair)
    names = sorted(places, key=lambda place: _lot(seed, pairs[0].scope, place))
    drawn = Counter[str]()
    while names:
        for name in names:
            pair = min(places[name], key=lambda each: (drawn[each.service], _lot(seed, *each)))
            places[name].remove(pair)
            drawn[pair.service] += 1
            yield pair
        names = [name for name in names if places[name]]


def _in_turn(queues: Sequence[Iterator[T]]) -> Iterator[T]:
    rounds = zip_longest(*queues)
    return (each for each in chain.from_iterable(rounds) if each is not None)


def _lot(*words: str) -> bytes:
    return sha256("\0".join(words).encode()).digest()
