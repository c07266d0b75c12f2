"""`provisioner state`: look at and mend what is remembered of the tenant."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click

from provisioner.cli.context import Common, endpoint_option


@click.group("state", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Look at and mend what is remembered of the tenant. Nothing here talks to it."""


def _open(common: Common, endpoint: str | None) -> tuple[Any, Any]:
    from provisioner.cli import compose

    file = compose.state_file(common.root, compose.locate(compose.load_settings(common.root), endpoint))
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
    for address, record in sorted(state.records.items()):
        if address.matches(glob):
            click.echo(f"{address}  {'owned' if record.owned else 'adopted'}{f'  id {record.id}' if record.id else ''}")


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
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))


@command.command("mv")
@click.argument("source")
@click.argument("target")
@endpoint_option
@click.pass_obj
def move(common: Common, source: str, target: str, endpoint: str | None) -> None:
    """Record SOURCE under the address TARGET, with the hours and links that it is part of."""
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME, read_address

    file, state = _open(common, endpoint)
    old = _find(state, source)
    try:
        new = read_address(target)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if new.kind != old.kind or new.account != old.account:
        raise UsageError(f"{target} is another kind or account than {source}: an object cannot change either")
    if new in state.records:
        raise UsageError(f"{target} is recorded already: provisioner state rm {target} first")
    moved = {}
    for address, record in state.records.items():
        parts = BY_NAME[address.kind].key_kinds
        key = tuple(
            new.key[0] if part == old.kind and key == old.key[0] else key
            for part, key in zip(parts, address.key, strict=False)
        )
        same_account = address.account == old.account
        moved[new if address == old else address._replace(key=key) if parts and same_account else address] = record
    file.save(state.with_records(moved))
    click.echo(f"{source} is now {target}. Give the manifest the same key, or `was: [{'/'.join(old.key)}]`.")


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
    click.echo(f"{address} is owned now: taking it out of the manifests will destroy it.")
