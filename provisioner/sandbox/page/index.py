"""The first page: what this is, how to sign in, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox.page import words
from provisioner.sandbox.page.frame import page, section
from provisioner.sandbox.page.html import Html, join, link, table, tag
from provisioner.sandbox.tables import accounts
from provisioner.sandbox.timetap.signin import API_KEY, PRIVATE_KEY

if TYPE_CHECKING:
    from starlette.responses import Response

    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

MOST = 100
_KINDS = ("location", "employee", "service", "client")
_HEADINGS = ("Tenant", "Nick name", "Owner", "Time zone", "Parent", "Locations", "Employees", "Services", "Clients")
_CONTROL = ("accounts", "calls", "clock", "deliveries", "dialect", "dump", "faults", "mails", "timetap/series")


def show(world: World, number: int) -> Response:
    """Return the page with its `number`-th hundred tenants, counted from 1."""
    found = accounts.ids(world.store)
    shown = found[(number - 1) * MOST : number * MOST]
    counts = _counts(world.store)
    tenants = table(_caption(len(found), number), _HEADINGS, [_row(world.store, each, counts) for each in shown])
    return page(
        "Tenants",
        section("tenants", "Who is here", tenants, _turn(len(found), number)),
        _series(world.store),
        _api(world, found),
        _control(world),
    )


def _caption(count: int, number: int) -> str:
    if count <= MOST:
        return f"{count} in all"
    return f"{(number - 1) * MOST + 1} to {min(number * MOST, count)} of {count:,}"


def _row(store: Store, company: int, counts: dict[tuple[int, str], int]) -> tuple[str, ...]:
    account = accounts.get(store, company)
    name = link(f"/tenants/{company}", f"{account['company_name']} [{company}]")
    parent = account["created_by"]
    held = (str(counts.get((company, kind), "")) for kind in _KINDS)
    above = link(f"/tenants/{parent}", str(parent)) if parent else ""
    return name, account["nick_name"], account["email"], words.zone(account["timezone_id"]), above, *held


def _counts(store: Store) -> dict[tuple[int, str], int]:
    rows = store.rows("SELECT company_id, kind, count(*) FROM objects GROUP BY company_id, kind")
    return {(company, kind): count for company, kind, count in rows}


def _turn(count: int, number: int) -> Html:
    last = -(-count // MOST)
    turns = [("← Before", number - 1), ("After →", number + 1)]
    links = [tag("li", link(f"/?page={to}", text)) for text, to in turns if 1 <= to <= last]
    return tag("nav", tag("ul", *links), aria_label="More tenants") if links else Html()


def _series(store: Store) -> Html:
    (count,) = store.one("SELECT count(*) FROM series")
    words = (
        f"TimeTap's business has {count:,} series of appointments." if count else "TimeTap's business has no series."
    )
    more = join((" ", link("/timetap-series", "See them"), ".")) if count else Html()
    return section("timetap", "TimeTap", tag("p", words, more))


def _api(world: World, found: list[int]) -> Html:
    """Say how to sign in to the vendors' APIs."""
    first = accounts.get(world.store, found[0])
    query = f"email={first['email']}&token={world.api_key}&company_id={first['id']}"
    return section(
        "api",
        "How to use it",
        tag("p", "A look-alike of Setster's scheduling API stands under ", _code("/api/v2"), ". Sign in with"),
        tag("p", _code(f"POST /api/v2/account/authenticate?{query}")),
        tag(
            "p",
            "and send the ",
            _code("session_token"),
            " of the answer with a ",
            _code("company_id"),
            " in every query.",
        ),
        tag("p", "One of TimeTap's recurring appointments stands under ", _code("/timetap"), ". Sign in with"),
        tag("p", _code(f"GET /timetap/sessionToken?apiKey={API_KEY}&timestamp=SECONDS&signature=MD5")),
        tag(
            "p",
            "where the signature is the md5 of ",
            _code(API_KEY + PRIVATE_KEY),
            ", of the API key and the private key ",
            _code(PRIVATE_KEY),
            ", and send the ",
            _code("sessionToken"),
            " of the answer as a bearer token.",
        ),
    )


def _control(world: World) -> Html:
    clock = world.clock.read()
    state = "stands still" if clock["frozen"] else f"is {clock['offset']:g} s off" if clock["offset"] else "is right"
    told = f"Its clock says {world.now():%Y-%m-%d %H:%M:%S} UTC and {state}."
    reads = [tag("li", link(f"/_sandbox/{name}", f"/_sandbox/{name}")) for name in _CONTROL]
    return section("control", "For tests", tag("p", told), tag("nav", tag("ul", *reads), aria_label="Control API"))


def _code(text: str) -> Html:
    return tag("code", text)
