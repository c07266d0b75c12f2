"""Which route a path belongs to: looked up, because trying a hundred patterns costs more than many an operation."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from starlette.routing import compile_path

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

_NOTHING: Mapping[str, str] = {}


class Found(NamedTuple):
    """A route ("" for an unknown path) and the values of its parameters."""

    route: str
    params: Mapping[str, str] = _NOTHING


class Paths:
    """Some routes, such as `/location` and `/location/{id}`; words come before parameters in the same place."""

    def __init__(self, routes: Iterable[str]) -> None:
        self._words: dict[str, Found] = {}
        self._patterns: dict[tuple[str, int], list[tuple[re.Pattern[str], str]]] = defaultdict(list)
        for route in filter(None, routes):
            if "{" in route:
                self._patterns[_key(route)].append((compile_path(route)[0], route))
            else:
                self._words[route] = Found(route)

    def find(self, path: str) -> Found:
        """Return the route of a path."""
        known = self._words.get(path)
        if known is not None:
            return known
        for pattern, route in self._patterns.get(_key(path), ()):
            matched = pattern.fullmatch(path)
            if matched:
                return Found(route, matched.groupdict())
        return Found("")


def _key(path: str) -> tuple[str, int]:
    """Return the first part and the number of parts: no parameter is first, and none has a slash in it."""
    return path[1:].partition("/")[0], path.count("/")
