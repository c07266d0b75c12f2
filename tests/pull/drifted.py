"""What others change at the vendor: some values of a wish replaced by others that the vendor takes."""

from __future__ import annotations

import random
from typing import Any

from provisioner.kinds.desired import Declared, Desired
from tests.pull.untidy import AWAY, DATES, EVENTS, OPTIONS, TEXTS, WEEKS, Where
from tests.support import HERE, at, change, declare

_VALUES: dict[str, tuple[Any, ...]] = {
    "duration": ("30 min", "2 h", "1 h 15 min"), "price": ("31", "19.99", "0"), "auto_confirm": (False,),
    "duration_padding": ("5 min", "15 min"), "prior_notice": ("1 d", "5 h"), "max_clients": ("0", "12"),
    "zip": ("02134", "99999"), "phone": ("+1 213 555", "0049 89 1"), "virtual": (True,), "active": (False,),
    "label": ("How come?", "Why: so"), "first_name": ("Åsa", "O'Hara"), "last_name": ("de la Cruz", "X"),
    "main": (True,),
}  # fmt: skip


def drifted(desired: Desired, where: list[Where], dice: random.Random) -> tuple[Desired, list[Where]]:
    """Another wish, and which values differ from the first one's."""
    resources = dict(desired.resources)
    moved = []
    for address, name in dice.sample(where, min(len(where), dice.randrange(1, 6))):
        if name == "services":
            done = _links(resources, address, dice)
        elif name == "main":
            done = False
        else:
            done = _field(resources, address, name, dice)
        moved += [(address, name)] if done else []
    return Desired(resources, desired.whole, desired.removed, desired.accounts), moved


def _field(resources: dict[Any, Declared], address: str, name: str, dice: random.Random) -> bool:
    before = resources[at(address)]
    after = change(before, **{name: _value(address, name, dice)})
    resources[at(address)] = after
    return bool(after.resource.wanted()[name] != before.resource.wanted()[name])


def _value(address: str, name: str, dice: random.Random) -> Any:
    if name == "name":
        return f"{address} {dice.choice(TEXTS)}".replace("\n", " ").replace("\t", " ").strip()
    if name == "email":
        return f"new.{address.partition('/')[2]}@x.example"
    if name == "hours":
        count = dice.randrange(3)
        return [{"dates": d, "week": dice.choice(WEEKS)} for d in sorted(dice.sample(DATES, count))]
    if name == "away":
        return dice.sample(AWAY, dice.randrange(len(AWAY)))
    if name == "options":
        return dice.sample(OPTIONS, dice.randrange(1, len(OPTIONS)))
    if name == "events":
        return dice.choice((list(dice.sample(EVENTS, dice.randrange(1, 4))), "all"))
    if name in _VALUES:
        return dice.choice(_VALUES[name])
    return dice.choice((*TEXTS, None))


def _links(resources: dict[Any, Declared], pair: str, dice: random.Random) -> bool:
    services = [a.key[0] for a in resources if a.kind == "service"]
    chosen = dice.choice(services)
    link = f"{pair}/{chosen}"
    if at(link) in resources:
        del resources[at(link)]
    else:
        resources[at(link)] = Declared(at(link), declare(link).resource, HERE)
    return True
