"""Which services at which locations are published: what a client is shown, and should be able to book.

The vendor hides no location. It shows a service that is active and no add-on, and a service stands at a location
because somebody offers it there. So a pair is published when a link says so, be it live or wanted, unless the service
is hidden. What the manifests say of `active` and `addon` counts for more than what is live; where they say nothing and
want the link, it is meant to be booked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.opening import Facts

_NOTHING: Mapping[str, object] = {}


class Pair(NamedTuple):
    """A service at a location. Only one of them: a location that offers nothing, a service that nobody offers.

    With neither it is an account that is not there.
    """

    scope: str
    location: str = ""
    service: str = ""

    @property
    def whole(self) -> bool:
        """Whether it can be asked about."""
        return bool(self.location and self.service)

    def objects(self) -> Iterator[tuple[str, tuple[str]]]:
        """The kind and the key of its location and of its service."""
        for kind, key in (("location", self.location), ("service", self.service)):
            if key:
                yield kind, (key,)


class Published(NamedTuple):
    """The pairs of one account, and how many more are hidden, by the reason."""

    pairs: tuple[Pair, ...]
    hidden: Mapping[str, int]


def published(live: Facts, wanted: Facts) -> Published:
    """What one account publishes, location by location: first what the manifests name, in their order."""
    ours = {address.key[1:] for address in wanted.resources if address.kind == "link"}
    offered = ours | {address.key[1:] for address in live.resources if address.kind == "link"}
    every = {**wanted.resources, **live.resources}
    scope = next((address.account for address in every), "")
    places, services = ([a.key[0] for a in every if a.kind == kind] for kind in ("location", "service"))
    pairs, hidden = [], {"inactive": 0, "add-on": 0}
    for place in places:
        for service in services:
            if (place, service) in offered:
                why = _hidden(live, wanted, Address(scope, "service", (service,)), (place, service) in ours)
                if why:
                    hidden[why] += 1
                else:
                    pairs.append(Pair(scope, place, service))
    alone = [*_alone(scope, live, wanted, offered)]
    return Published((*pairs, *alone), hidden)


def _hidden(live: Facts, wanted: Facts, service: Address, ours: bool) -> str:
    """Why a service is not shown to clients; "" where it is, or is meant to be."""
    there = _NOTHING if ours else live.resources.get(service, _NOTHING)
    values = {**there, **wanted.resources.get(service, {})}
    return "inactive" if values.get("active") is False else "add-on" if values.get("addon") is True else ""


def _alone(scope: str, live: Facts, wanted: Facts, offered: Collection[tuple[str, ...]]) -> Iterator[Pair]:
    """Of what the manifests name: the locations at which nothing is offered, and the services that nobody offers."""
    places, services = {each[0] for each in offered}, {each[1] for each in offered}
    for address in wanted.resources:
        key = address.key[0]
        if address.kind == "location" and key not in places:
            yield Pair(scope, location=key)
        elif address.kind == "service" and key not in services and not _hidden(live, wanted, address, ours=False):
            yield Pair(scope, service=key)


def concerned(pairs: Iterable[Pair], named: Iterable[Address], links: Collection[Address]) -> tuple[Pair, ...]:
    """The pairs for which any of the named decides, among others, whether they can be booked.

    `links` are those that are there, are wanted, or were there: they say for whom an employee matters.
    """
    named = [*named]
    whole = {_scope(address) for address in named if address.kind in ("account", "holiday")}
    one = {(a.account, a.kind, a.key[0]) for a in named if a.kind in ("location", "service", "employee", "away")}
    at = {(a.account, *a.key) for a in named if a.kind == "hours"}
    joined = {(a.account, *a.key[1:]) for a in named if a.kind == "link"}
    for account, _, (employee, location, service) in links:
        own = (account, "employee", employee) in one or (account, "away", employee) in one
        if own or (account, employee, location) in at:
            joined.add((account, location, service))
    return tuple(
        pair
        for pair in pairs
        if pair.scope in whole
        or pair in joined
        or (pair.scope, "location", pair.location) in one
        or (pair.scope, "service", pair.service) in one
    )


def _scope(address: Address) -> str:
    """The account that an account's address or a holiday's is about."""
    return address.key[0] if address.kind == "account" else address.account
