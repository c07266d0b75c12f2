"""`provisioner import`: take over something that is live, by its id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.addresses import complete_address
from provisioner.cli.context import Common, colour_option, endpoint_option, var_options, wait_option
from provisioner.cli.say import say, show

if TYPE_CHECKING:
    from provisioner.cli.compose import Planned
    from provisioner.cli.options import Options
    from provisioner.cli.tenant import Place
    from provisioner.kinds import Address
    from provisioner.kinds.live import Live
    from provisioner.manifest import Workspace
    from provisioner.providers.base import Provider
    from provisioner.state.model import State
    from provisioner.state.store import Store


@click.command("import")
@click.argument("address", shell_complete=complete_address)
@click.argument("id_", metavar="ID")
@endpoint_option
@colour_option
@wait_option
@var_options
@click.pass_obj
def command(common: Common, /, *, address: str, id_: str, wait: bool, **given: Any) -> None:
    """Take over what is live with this ID as ADDRESS, which the manifests declare.

    It is read and remembered, and nothing is written to the tenant; printed is what the next plan would change. It
    counts as adopted: `provisioner state own ADDRESS` lets it go when it leaves the manifests.
    """
    from provisioner.cli import compose, tenant
    from provisioner.cli.alone import alone
    from provisioner.cli.options import Options
    from provisioner.cli.stores import state_store
    from provisioner.kinds import BY_NAME

    found = _address(address)
    shape = BY_NAME[found.kind].ids
    if not shape.fits(id_):
        raise click.UsageError(f"{id_!r} is no id: give the one that the vendor shows, {shape.example}")
    options = Options(targets=(address,), **given)
    workspace = compose.read_workspace(common.root, options)
    place = tenant.locate(workspace.settings, options.endpoint)
    _check_declared(workspace, found)
    file = state_store(common.root, workspace.settings, place)

    async def taken() -> Planned:
        with alone(file, place, "provisioner import"):
            async with tenant.connected(common.root, workspace.settings, place) as provider:
                return await _take(workspace, place, provider, options, file, (found, id_), wait=wait)

    made: Planned = compose.run(taken())
    _tell(common, made, address, id_)


def _address(text: str) -> Address:
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME, read_address

    try:
        found = read_address(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    kind = BY_NAME[found.kind]
    if kind.key_kinds or kind.lists:
        raise UsageError(f"{text} has no id of its own: it comes with what it belongs to")
    return found


def _check_declared(workspace: Workspace, address: Address) -> None:
    from difflib import get_close_matches

    from provisioner.errors import UsageError

    if address not in workspace.desired.resources:
        near = get_close_matches(str(address), map(str, workspace.desired.resources), n=1)
        hint = f"did you mean {near[0]}?" if near else "declare it first"
        raise UsageError(f"{address} is not in the manifests: {hint}")


async def _take(
    workspace: Workspace,
    place: Place,
    provider: Provider,
    options: Options,
    file: Store,
    wanted: tuple[Address, str],
    *,
    wait: bool,
) -> Planned:
    """Record it, once it was read, and plan. Raises UsageError where there is none, or somebody has it already."""
    from provisioner.cli.compose import plan_workspace
    from provisioner.cli.remembered import recover
    from provisioner.errors import UnreadError, UsageError, VendorError
    from provisioner.kinds import BY_NAME, Resource
    from provisioner.providers.clock import Clock
    from provisioner.state.model import Record

    address, id_ = wanted
    recovered = await recover(file, provider, workspace.settings, place, wait=wait, clock=Clock())
    state = recovered.state
    _check_free(state, address, id_)
    if address in state.records:
        return await plan_workspace(workspace, place, provider, options, recovered)
    record = Record(id_)
    state = state.with_records({**state.records, address: record})
    try:
        made = await plan_workspace(workspace, place, provider, options, replace(recovered, state=state))
    except UnreadError as error:
        if address not in error.why:
            raise
        raise VendorError(f"{address}: {error.why[address]} Look the id up in the tenant") from None
    live = made.matches.live.get(address)
    if live is None or live.id != id_:
        kind = BY_NAME[address.kind]
        ended = "" if kind.ending == Resource.ending else f", or it is {kind.ending} already"
        raise UsageError(f"no live {kind.title} has the id {id_}{ended}: look it up in the tenant")
    file.save(state.with_records({**state.records, address: replace(record, applied=_found(workspace, address, live))}))
    return made


def _found(workspace: Workspace, address: Address, live: Live) -> dict[str, Any]:
    """What is live of each managed field, as the manifests would write it: from here on drift is told from edits."""
    from provisioner.kinds.base import Unreadable, specs

    resource = workspace.desired.resources[address].resource
    known = specs(type(resource))
    return {
        name: known[name].dump(live.fields[name])
        for name in resource.wanted()
        if name in live.fields
        and not (known[name].sensitive or known[name].from_file or isinstance(live.fields[name], Unreadable))
    }


def _check_free(state: State, address: Address, id_: str) -> None:
    from provisioner.errors import UsageError

    if address in state.pending:
        raise UsageError(f"{address} is pending: say provisioner state resolve {address} --adopt {id_}")
    known = state.records.get(address)
    if known and known.id != id_:
        raise UsageError(f"{address} is id {known.id} already: run provisioner state rm {address} first")
    for other, record in state.records.items():
        if other != address and (other.account, other.kind, record.id) == (address.account, address.kind, id_):
            raise UsageError(f"id {id_} is {other} already: run provisioner state mv {other} {address}, or state rm")


def _tell(common: Common, made: Planned, address: str, id_: str) -> None:
    from provisioner.cli.console import terminal_width
    from provisioner.report.style import Style
    from provisioner.report.text import plan_text

    say(f"{address} is id {id_} from now on. The next plan:")
    say()
    show(plan_text(made.plan, made.banner, made.effort, terminal_width()), style=Style(colour=common.colour))
