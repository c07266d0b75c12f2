"""Links in bodies and lists: each kind names the other two in its own order.

seed: Create an Employee `{LOCATION: {SERVICE: 1}}`, Create a Location `{EMPLOYEE: {SERVICE: 1} | "all", "all":
{SERVICE: 1}} | "all"`, Create a Service `{EMPLOYEE: {LOCATION: 1|0}}`; also a list of such maps, and `[]` for none.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import NOTHING, Reply, invalid
from provisioner.sandbox.tables import links, objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from provisioner.sandbox.store import Store
    from provisioner.sandbox.tables.links import Triple

ALL = "all"


class Side(NamedTuple):
    """How one kind names its links: the kinds of the outer and inner keys, and the triple they make with its own id."""

    outer: str
    inner: str
    triple: Callable[[int, int, int], Triple]


SIDES = {
    "employee": Side("location", "service", lambda own, outer, inner: (own, outer, inner)),
    "location": Side("employee", "service", lambda own, outer, inner: (outer, own, inner)),
    "service": Side("employee", "location", lambda own, outer, inner: (outer, inner, own)),
}
_KEPT_AS = ("employee", "location", "service")


def grouped(store: Store, company: int, kind: str) -> dict[int, dict[int, dict[int, int]]]:
    """Return the links of every object of a kind in the shape that its own bodies use; those without any are absent.

    Assumption: no sample shows what `include_links` answers; this is the write shape, and PHP's `[]` when empty.
    """
    side = SIDES[kind]
    own, outer, inner = (_KEPT_AS.index(name) for name in (kind, side.outer, side.inner))
    maps: dict[int, dict[int, dict[int, int]]] = {}
    for triple in links.listed(store, company):
        maps.setdefault(triple[own], {}).setdefault(triple[outer], {})[triple[inner]] = 1
    return maps


def write(call: Call, kind: str, own: int, *, full: bool = False) -> None:
    """Write the `links` of a body; without any, a full write takes all of the object's links away."""
    written = call.mapping.get("links")
    wanted = {} if written is None else parse(call, kind, own, written)
    if full if written is None else call.dialect.links == "replace":
        links.clear(call.store, kind, own)
    links.remove(call.store, [triple for triple, on in wanted.items() if not on])
    links.add(call.store, call.company, [triple for triple, on in wanted.items() if on])


def parse(call: Call, kind: str, own: int, written: Any) -> dict[Triple, bool]:
    """Return the links that a body names, on (1) or off (0); every id has to be the company's."""
    side = SIDES[kind]
    named = [pair for each in _maps(kind, written) for pair in _pairs(call, kind, each)]
    _check(call, side.outer, {outer for outer, _, _ in named})
    _check(call, side.inner, {inner for _, inner, _ in named if inner is not None})
    return {side.triple(own, outer, inner): on for outer, inner, on in named if inner is not None}


def _maps(kind: str, written: Any) -> list[dict[str, Any]]:
    if written == ALL and kind == "location":
        return [{ALL: ALL}]
    if written == "":  # what a form has for an empty list
        return []
    maps = written if isinstance(written, list) else [written]
    if not all(isinstance(each, dict) for each in maps):
        raise invalid("links must be an object, a list of objects or []")
    return maps


def _pairs(call: Call, kind: str, written: dict[str, Any]) -> Iterator[tuple[int, int | None, bool]]:
    """Yield outer id, inner id and flag; an outer id without inner ones comes once with None, to be checked."""
    side = SIDES[kind]
    for key, inner in written.items():
        flags = _flags(call, kind, inner)
        for outer in _ids(call, side.outer, key, may_be_all=kind == "location"):
            yield outer, None, False
            yield from ((outer, number, on) for number, on in flags.items())


def _flags(call: Call, kind: str, inner: Any) -> dict[int, bool]:
    if inner == ALL and kind == "location":
        return dict.fromkeys(objects.ids(call.store, SIDES[kind].inner, call.company), True)
    if inner == []:
        return {}
    if not isinstance(inner, dict):
        raise invalid(f"links must map each {SIDES[kind].outer} to an object of {SIDES[kind].inner} ids")
    return {_id(key): _flag(on) for key, on in inner.items()}


def _ids(call: Call, kind: str, key: str, *, may_be_all: bool) -> list[int]:
    return objects.ids(call.store, kind, call.company) if may_be_all and key == ALL else [_id(key)]


def _id(key: Any) -> int:
    try:
        return values.whole(key)
    except ValueError:
        raise invalid(f"links: {str(key)[:40]!r} is no id") from None


def _flag(on: Any) -> bool:
    try:
        return values.flag(on)
    except ValueError as error:
        raise invalid(f"links: a link {error}") from None


def _check(call: Call, kind: str, numbers: set[int]) -> None:
    unknown = objects.unknown(call.store, kind, call.company, numbers)
    if unknown:
        raise invalid(f"links: there is no {kind} {', '.join(map(str, unknown))} in company {call.company}")


def assign(kind: str, call: Call) -> Reply:
    """Add links `{OUTER: [SERVICE, ...]}`; the key 0 means every one (seed: Link an employee to all locations...).

    Assumption: links that are not named stay.
    """
    number = call.whole(f"{kind}_id")
    if number is None:
        raise invalid(f"{kind}_id is required")
    own, side = call.stored(kind, number)["id"], SIDES[kind]
    said = dict(enumerate(call.body)) if isinstance(call.body, list) else call.mapping  # PHP's {0: ...} is a list
    body = {str(outer): dict.fromkeys(_services(inner), 1) for outer, inner in said.items()}
    everyone = body.pop("0", {})
    maps: list[dict[str, Any]] = [{str(outer): everyone} for outer in objects.ids(call.store, side.outer, call.company)]
    wanted = parse(call, kind, own, [*maps, body] if everyone else body)
    links.add(call.store, call.company, wanted)
    return NOTHING


def _services(inner: Any) -> list[int]:
    if not isinstance(inner, list):
        raise invalid("the body must map each id to a list of service ids")
    return [_id(number) for number in inner]


OPERATIONS = tuple(
    Operation("POST", f"/{kind}/assignServices", partial(assign, kind)) for kind in ("location", "employee")
)
