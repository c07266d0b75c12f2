"""`provisioner hours`: the hours of a location as people see them."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.as_of import date_option
from provisioner.cli.context import Common, endpoint_option, var_options
from provisioner.cli.say import show

if TYPE_CHECKING:
    from provisioner.kinds.address import Address
    from provisioner.opening import Facts, Opening


@click.group("hours", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Look at working hours."""


@command.command("show")
@click.argument("location", metavar="LOCATION")
@date_option("--week", "week", help="The week that this day is in. Default: this week.")
@click.option("--employee", "employees", multiple=True, metavar="NAME", help="Only this employee, by key or by name.")
@click.option("--live", is_flag=True, help="What is live in the tenant, not what the manifests say.")
@endpoint_option
@var_options
@click.pass_obj
def show_command(
    common: Common, /, *, location: str, week: date | None, employees: tuple[str, ...], live: bool, **given: Any
) -> int:
    """Draw a location's week: hours without time off and holidays, in its own time.

    LOCATION is a key or a name, in a sub-account with its account before it: acme-west/downtown. The manifests are
    read, offline; with --live the tenant is, and what no manifest names has its id as its key.
    """
    from provisioner.cli.compose import read_workspace
    from provisioner.cli.console import terminal_width
    from provisioner.cli.options import Options
    from provisioner.opening import Opening, location_week, wanted
    from provisioner.providers.clock import Clock
    from provisioner.report.effective import effective_week

    options = Options(**given)
    workspace = read_workspace(common.root, options, offline=not live)
    facts: Mapping[str, Facts] = wanted(workspace.desired)
    source = "the manifests"
    if live:
        facts, source = _live(common, workspace, options, _scopes(location, facts))
    place = _located(location, facts)
    opening = Opening(facts[place.account], Clock().moment())
    day = week or opening.today(place.key[0])
    found = location_week(opening, place.key[0], day, _employees(opening, employees))
    show("\n".join(effective_week(found, source, terminal_width(), _spelled)))
    return 0


def _live(common: Common, workspace: Any, options: Any, scopes: Collection[str]) -> tuple[Mapping[str, Facts], str]:
    """What is live, and whose it is."""
    from provisioner.cli import compose, tenant
    from provisioner.cli.stores import state_store
    from provisioner.reading.inspection import inspect
    from provisioner.report.head import Banner

    place = tenant.locate(workspace.settings, options.endpoint)
    state = state_store(common.root, workspace.settings, place).load().state

    async def read() -> tuple[Mapping[str, Facts], str]:
        async with tenant.connected(common.root, workspace.settings, place) as provider:
            found = await inspect(provider, workspace.desired, state, place.tenant.company_id, scopes)
            banner = Banner(place.sandbox, place.tenant.host, place.tenant.company_id, provider.name, place.embedded)
            return found.facts, str(banner)

    result: tuple[Mapping[str, Facts], str] = compose.run(read())
    return result


# -- what is meant


def _scopes(text: str, facts: Mapping[str, Facts]) -> list[str]:
    """The accounts that a location may be in."""
    scope = text.partition("/")[0]
    if "/" in text and scope in facts:
        return [scope]
    return [scope for scope, own in facts.items() if any(_fits(text, *each) for each in _locations(own))] or [""]


def _located(text: str, facts: Mapping[str, Facts]) -> Address:
    """The one location that is meant. Raises UsageError."""
    from difflib import get_close_matches

    from provisioner.errors import UsageError
    from provisioner.kinds.values import said

    every = [each for own in facts.values() for each in _locations(own)]
    meant = [address for address, name in every if _fits(text, address, name)]
    meant = [address for address in meant if text in _spellings(address)] or meant
    meant = [address for address in meant if text == _spellings(address)[-1]] or meant
    if len(meant) == 1:
        return meant[0]
    if meant:
        names = ", ".join(_spellings(address)[-1] for address in sorted(meant)[:5])
        raise UsageError(f"{said(text)} is more than one location: write one of {names}")
    near = get_close_matches(text, [spelled for address, _ in every for spelled in _spellings(address)], n=1)
    there = ", ".join(_spellings(address)[-1] for address, _ in every[:5]) or "none at all"
    raise UsageError(f"{said(text)} is no location: " + (f"did you mean {near[0]}?" if near else f"there are {there}"))


def _locations(facts: Facts) -> Iterator[tuple[Address, str]]:
    return ((a, str(values.get("name", ""))) for a, values in facts.resources.items() if a.kind == "location")


def _spellings(address: Address) -> tuple[str, ...]:
    """What a location is called by its key."""
    key = address.key[0]
    return (str(address), key, f"{address.account}/{key}" if address.account else key)


def _fits(text: str, address: Address, name: str) -> bool:
    scope, slash, rest = text.partition("/")
    named = text.casefold() == name.casefold() or (
        slash == "/" and scope == address.account and rest.casefold() == name.casefold()
    )
    return named or text in _spellings(address)


def _employees(opening: Opening, texts: Collection[str]) -> set[str]:
    """The keys of the employees that are meant: a key, a name, or a part of one. Raises UsageError."""
    from difflib import get_close_matches

    from provisioner.errors import UsageError
    from provisioner.kinds.values import said

    people = opening.roster.people
    found: set[str] = set()
    for text in texts:
        wanted = text.strip().casefold()
        if not wanted:
            raise UsageError("--employee '' names nobody: write a key or a name, or leave it out for everybody")
        part = {key for key, person in people.items() if wanted in person.name.casefold()}
        whole = {key for key, person in people.items() if wanted in (key, person.name.casefold())}
        if not (whole or part):
            near = get_close_matches(text, [*people, *(person.name for person in people.values())], n=1)
            raise UsageError(f"--employee {said(text)} is nobody here" + (f": did you mean {near[0]}?" if near else ""))
        found |= whole or part
    return found


def _spelled(text: str) -> str:
    """What others named, as this terminal can show it: what it cannot is escaped before anything is measured."""
    from provisioner.kinds.values import plain

    encoding = sys.stdout.encoding or "utf-8"
    return plain(text).encode(encoding, "backslashreplace").decode(encoding)
