"""The fault script of a sandbox: written by a test, kept in the store, run into by requests of any process."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.faults.rule import parse
from provisioner.sandbox.tables import late, rules

if TYPE_CHECKING:
    from provisioner.sandbox.faults.rule import Rule
    from provisioner.sandbox.store import Store

_SEED = "fault_seed"
_KEYS = {"rules", "rates", "seed"}
_MEANING = (
    'a script is an object {"rules": [...]}, or {"rates": {"reset": 0.01, "throttle": 0.1}} for faults at any time,'
    ' with a "seed" for their chance'
)
_ARMED = "SELECT 1 FROM fault_rules WHERE times IS NULL OR struck < times UNION ALL SELECT 1 FROM late LIMIT 1"


def read(store: Store) -> dict[str, Any]:
    """Return the script as written, each rule with the requests it has `seen` and the times it `struck`.

    `waiting` is the number of late requests whose work is still to come.
    """
    written = [json.loads(rule) | {"seen": seen, "struck": struck} for rule, seen, struck in rules.listed(store)]
    return {"seed": store.setting(_SEED, 0), "rules": written, "waiting": late.waiting(store)}


def put(store: Store, script: Any) -> dict[str, Any]:
    """Replace the script by `{"rules": [...], "rates": {...}, "seed": 0}`; a bad one is a ValueError.

    Each of the `rates` stands for a rule of its own after the others: this fault with this probability, for ever. What
    is late stays on its way.
    """
    clear(store)
    return add(store, script)


def add(store: Store, script: Any) -> dict[str, Any]:
    """Append rules; the seed changes where one is given. ValueError as for `put`."""
    wanted = _rules(script)
    seed = script.get("seed", store.setting(_SEED, 0))
    if not isinstance(seed, int):
        raise ValueError(f"seed must be a whole number, not {seed!r}")  # noqa: TRY004  one error for all of JSON
    for position, written in enumerate(wanted, 1):
        try:
            rule = parse(written)
        except ValueError as error:
            raise ValueError(f"rule {position}: {error}") from None
        rules.add(store, json.dumps(written), rule.times)
    store.set_setting(_SEED, seed)
    return read(store)


def _rules(script: Any) -> list[Any]:
    """Return the rules of a script, those that it writes as rates included."""
    if not isinstance(script, dict) or not script.keys() & {"rules", "rates"} or script.keys() - _KEYS:
        raise ValueError(_MEANING)
    rules, rates = script.get("rules", []), script.get("rates", {})
    if not isinstance(rules, list) or not isinstance(rates, dict):
        raise ValueError(_MEANING)  # noqa: TRY004  one error for all of JSON
    return [*rules, *({"fault": fault, "rate": rate, "times": None} for fault, rate in rates.items())]


def clear(store: Store) -> None:
    """Forget the rules and the seed."""
    rules.clear(store)
    store.set_setting(_SEED, 0)


def armed(store: Store) -> bool:
    """Whether a rule can still strike or a late request waits: one query, because every request asks."""
    return store.one(_ARMED) is not None


def strike(store: Store, method: str, path: str, *, sign_in: bool) -> Rule | None:
    """Return the first rule that strikes a request, or None; the rules up to it have seen the request.

    `path` is the one below the API's prefix. A request that a rule skips or spares by chance goes on to the next rule.
    """
    for place, written, seen in rules.live(store):
        rule = _read(written)
        if rule.matches(method, path, sign_in=sign_in):
            struck = seen >= rule.skip and (rule.rate == 1 or _draw(store, place, seen) < rule.rate)
            rules.count(store, place, struck=struck)
            if struck:
                return rule
    return None


@lru_cache(maxsize=1024)
def _read(written: str) -> Rule:
    return parse(json.loads(written))


def _draw(store: Store, place: int, seen: int) -> float:
    """Return a number from 0 to 1 that depends on nothing but the seed, the rule's place and the request's turn."""
    ticket = f"{store.setting(_SEED, 0)} {place} {seen}".encode()
    return int.from_bytes(blake2b(ticket, digest_size=7).digest()) / 256**7
