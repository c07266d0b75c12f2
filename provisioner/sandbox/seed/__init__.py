"""Seed data: a document of accounts and what is in them, written through the vendor's own operations, or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.seed import demo
from provisioner.sandbox.seed.client import Client
from provisioner.sandbox.seed.document import grow
from provisioner.sandbox.tables import accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from provisioner.sandbox.world import World

SETS: dict[str, Callable[[datetime], dict[str, Any]]] = {"demo": demo.document}


def sow(world: World, document: Any) -> dict[str, Any]:
    """Write a document (see `document.grow`), or a named set (`{"set": "demo"}`), and return the ids of its keys.

    `company_id` chooses the account, by default the first; `now` is the time at which all is done, such as
    2026-03-02T09:00:00Z, after which the clock is as before. To be called in a transaction, which has to be rolled back
    on a ValueError: that names the entry and the vendor's reason.
    """
    if not isinstance(document, dict):
        raise ValueError("a seed is an object with lists of locations, services, employees ...")  # noqa: TRY004  one error for all of JSON
    if "set" in document:
        return sow(world, _named(world, document))
    wanted = dict(document)
    company = wanted.pop("company_id", None) or accounts.ids(world.store)[0]
    if company not in accounts.ids(world.store):
        raise ValueError(f"there is no company {company!r}")
    with _at(world, wanted.pop("now", None)):
        return grow(Client(world), company, wanted)


def _named(world: World, document: dict[str, Any]) -> dict[str, Any]:
    name, unknown = document["set"], sorted(document.keys() - {"set"})
    if not isinstance(name, str) or name not in SETS or unknown:
        raise ValueError(f'a named set is {{"set": one of {", ".join(SETS)}}} and nothing else')
    return SETS[name](world.now())


@contextmanager
def _at(world: World, moment: Any) -> Iterator[None]:
    """Let it be another time in the block; whoever else asks for the time waits for the transaction's end."""
    if moment is None:
        yield
        return
    kept = world.clock.read()
    world.clock.put({"now": moment})
    yield
    if kept["frozen"]:
        world.clock.put({"now": kept["now"]})
    elif kept["offset"]:
        world.clock.put({"offset": kept["offset"]})
    else:
        world.clock.restore()
