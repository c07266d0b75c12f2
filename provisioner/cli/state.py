"""`provisioner state`: look at and mend what is remembered of the tenant."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click

from provisioner.cli.context import Common, endpoint_option
from provisioner.cli.printable import printable


@click.group("state", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Look at and mend what is remembered of the tenant. Nothing here talks to it."""


def _open(common: Common, endpoint: str | None) -> tuple[Any, Any]:
    from provisioner.cli import tenant
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME

    file = tenant.state_file(common.root, tenant.locate(load_settings(common.root, BY_NAME), endpoint))
    return file, file.load()


def _find(state: Any, text: str) -> Any:
    from difflib import get_close_matches

    from provisioner.errors import UsageError
    from provisioner.kinds import read_address

    try:
        address = read_address(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if address not in state.records:
        near = get_close_matches(text, [str(a) for a in state.records], n=1)
        raise UsageError(f"{text} is not in the state{f': did you mean {near[0]}?' if near else ''}")
    return address


@command.command("list")
@click.argument("glob", default="*")
@endpoint_option
@click.pass_obj
def list_(common: Common, glob: str, endpoint: str | None) -> None:
    """List the recorded addresses, those that match GLOB."""
    _, state = _open(common, endpoint)
    if not state.records:
        click.echo("Nothing is recorded.", err=True)
    for address, record in sorted(state.records.items()):
        if address.matches(glob):
            known = f"  id {record.id}" if record.id else ""
            click.echo(printable(f"{address}  {'owned' if record.owned else 'adopted'}{known}"))


@command.command("show")
@click.argument("address")
@endpoint_option
@click.pass_obj
def show(common: Common, address: str, endpoint: str | None) -> None:
    """Show what is remembered of ADDRESS, as JSON."""
    _, state = _open(common, endpoint)
    found = _find(state, address)
    record = state.records[found]
    body = {
        "address": str(found),
        "id": record.id,
        "owned": record.owned,
        "protect": record.protect,
        "applied": dict(record.applied),
        "secrets": dict.fromkeys(record.secrets, "(digest kept)"),
    }
    click.echo(printable(json.dumps(body, ensure_ascii=False, indent=2)))


@command.command("mv")
@click.argument("source")
@click.argument("target")
@endpoint_option
@click.pass_obj
def move(common: Common, source: str, target: str, endpoint: str | None) -> None:
    """Record SOURCE under the address TARGET, with the hours and links that it is part of.

    An account takes everything that is in it along.
    """
    from provisioner.errors import UsageError

    file, state = _open(common, endpoint)
    old, new = _find(state, source), _new(target)
    if new.kind != old.kind or new.account != old.account:
        raise UsageError(f"{target} is another kind or account than {source}: an object cannot change either")
    if new in state.records:
        raise UsageError(f"{target} is recorded already: provisioner state rm {target} first")
    moved = {_renamed(address, old, new): record for address, record in state.records.items()}
    if len(moved) < len(state.records):
        raise UsageError(f"something of {target} is recorded already: see provisioner state list, and rm it first")
    file.save(state.with_records(moved))
    click.echo(f"{source} is now {target}. Give the manifest the same key, or `was: [{old.key[0]}]`.")


def _new(text: str) -> Any:
    """An address that a manifest could declare."""
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME, read_address
    from provisioner.kinds.values import parse_key

    try:
        address = read_address(text)
        parse_key(address.key[0], BY_NAME)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if members := BY_NAME[address.kind].key_kinds:
        raise UsageError(f"{text} is named after others: move the {' or the '.join(members)}")
    return address


def _renamed(address: Any, old: Any, new: Any) -> Any:
    """What an address is when `old` is `new`: itself, a relation of it, or something in that account."""
    from provisioner.kinds import BY_NAME

    if address == old:
        return new
    if old.kind == "account" and address.account == old.key[0]:
        return address._replace(account=new.key[0])
    if address.account != old.account or not BY_NAME[address.kind].key_kinds:
        return address
    pairs = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
    return address._replace(key=tuple(new.key[0] if pair == (old.kind, old.key[0]) else pair[1] for pair in pairs))


@command.command("rm")
@click.argument("address")
@endpoint_option
@click.pass_obj
def remove(common: Common, address: str, endpoint: str | None) -> None:
    """Forget ADDRESS; what it is stays live."""
    file, state = _open(common, endpoint)
    found = _find(state, address)
    file.save(state.with_records({a: r for a, r in state.records.items() if a != found}))
    click.echo(f"Forgot {address}. It stays live; while it is in the manifests, the next plan finds it by name.")


@command.command("own")
@click.argument("address")
@endpoint_option
@click.pass_obj
def own(common: Common, address: str, endpoint: str | None) -> None:
    """Treat ADDRESS as made by us: it is destroyed when it leaves the manifests."""
    file, state = _open(common, endpoint)
    found = _find(state, address)
    file.save(state.with_records({**state.records, found: replace(state.records[found], owned=True)}))
    click.echo(
        f"{address} is owned now: what is out of the manifests is destroyed (an owner or main location is kept)."
    )
