"""Which route a path belongs to, beside the slow way of trying every pattern."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.routing import compile_path

from provisioner.sandbox import setster
from provisioner.sandbox.paths import Found, Paths

ROUTES = tuple(dict.fromkeys(operation.path for operation in setster.OPERATIONS))
WORDS = sorted({part for route in ROUTES for part in route.split("/") if "{" not in part})
PATHS = Paths(ROUTES)


def slowly(path: str) -> Found:
    """Try every pattern, those without parameters first."""
    for route in sorted(ROUTES, key=lambda route: "{" in route):
        matched = compile_path(route)[0].fullmatch(path)
        if matched:
            return Found(route, matched.groupdict())
    return Found("")


def test_every_route_is_found() -> None:
    for route in ROUTES:
        path = (
            route.replace("{id}", "7").replace("{ids}", "7,8").replace("{nickname}", "ann").replace("{email}", "a@b.c")
        )
        assert PATHS.find(path).route == route


@settings(max_examples=400, deadline=None)
@example(["account"], "\n")
@example(["employee", "7", "assignAvailability"], "\n")
@given(
    st.lists(st.sampled_from([*WORDS, "7", "", "%2F", "é", "{id}"]), max_size=4), st.sampled_from(["", "/", "//", "\n"])
)
def test_it_finds_what_trying_them_all_finds(parts: list[str], end: str) -> None:
    path = "/" + "/".join(parts) + end
    assert PATHS.find(path) == slowly(path)
