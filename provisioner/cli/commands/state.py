"""`provisioner state`: look at and mend what is remembered of the tenant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from provisioner.cli.addresses import complete_address
from provisioner.cli.context import Common, endpoint_option
from provisioner.cli.say import say, show


@click.group("state", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Look at and mend what is remembered of the tenant. Nothing here writes to it."""


def _file(common: Common, endpoint: str | None) -> Any:
    from provisioner.cli import tenant
    from provisioner.cli.stores import state_store
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME

    settings = load_settings(common.root, BY_NAME)
    return state_store(common.root, settings, tenant.locate(settings, endpoint))


@contextmanager
def _changing(common: Common, endpoint: str | None) -> Iterator[tuple[Any, Any]]:
    """The file, locked, and the state in it with what an interrupted apply did."""
    file = _file(common, endpoint)
    with file.locked(click.get_current_context().command_path):
        yield file, file.load().state


def _read(text: str) -> Any:
    from provisioner.errors import UsageError
    from provisioner.kinds import read_address

    try:
        return read_address(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _find(state: Any, text: str) -> Any:
    from difflib import get_close_matches

    from provisioner.errors import UsageError

    address = _read(text)
    if address in state.pending:
        raise UsageError(f"{text} is pending: say first what became of it, with provisioner state resolve {text}")
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
    state = _file(common, endpoint).load().state
    if not state.records and not state.pending:
        say("Nothing is recorded.", err=True)
    for address, record in sorted(state.records.items()):
        if address.matches(glob) and address not in state.pending:
            known = f"  id {record.id}" if record.id else ""
            sure = "" if record.confirmed else "  unfinished"
            say(f"{address}  {'owned' if record.owned else 'adopted'}{known}{sure}")
    for address in sorted(state.pending):
        if address.matches(glob):
            say(f"{address}  pending")


@command.command("show")
@click.argument("address", shell_complete=complete_address)
@endpoint_option
@click.pass_obj
def show_(common: Common, address: str, endpoint: str | None) -> None:
    """Show what is remembered of ADDRESS, as JSON."""
    state = _file(common, endpoint).load().state
    found = _read(address)
    if found in state.pending:
        show(json.dumps(_doubt(found, state.pending[found]), ensure_ascii=False, indent=2))
        return
    record = state.records[_find(state, address)]
    body = {
        "address": str(found),
        "id": record.id,
        "owned": record.owned,
        "protect": record.protect,
        "applied": dict(record.applied),
        "secrets": dict.fromkeys(record.secrets, "(digest kept)"),
    }
    show(json.dumps(body, ensure_ascii=False, indent=2))


def _doubt(address: Any, pending: Any) -> dict[str, Any]:
    """What to look for in the tenant: what was sent, and the ids that were there before."""
    from datetime import UTC, datetime

    return {
        "address": str(address),
        "pending_since": datetime.fromtimestamp(pending.since, UTC).isoformat(timespec="seconds"),
        "account_id": pending.account_id,
        "looked_for_by": [dict(zip(key.fields, key.values, strict=False)) for key in pending.keys],
        "not_one_of": sorted(pending.known),
        "sent": dict(pending.record.applied),
    }


@command.command("mv")
@click.argument("source", shell_complete=complete_address)
@click.argument("target")
@endpoint_option
@click.pass_obj
def move(common: Common, source: str, target: str, endpoint: str | None) -> None:
    """Record SOURCE under the address TARGET, with the hours and links that it is part of.

    An account takes everything that is in it along.
    """
    from provisioner.errors import UsageError

    with _changing(common, endpoint) as (file, state):
        old, new = _find(state, source), _new(target)
        if new.kind != old.kind or new.account != old.account:
            raise UsageError(f"{target} is another kind or account than {source}: an object cannot change either")
        if new in state.records or new in state.pending:
            raise UsageError(f"{target} is recorded already: provisioner state rm {target} first")
        moved = {_renamed(address, old, new): record for address, record in state.records.items()}
        pending = {_renamed(address, old, new): doubt for address, doubt in state.pending.items()}
        if len(moved) < len(state.records) or len(pending) < len(state.pending):
            raise UsageError(f"something of {target} is recorded already: see provisioner state list, and rm it first")
        file.save(replace(state, records=moved, pending=pending))
    say(f"{source} is now {target}. Give the manifest the same key, or `was: [{old.key[0]}]`.")


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
@click.argument("address", shell_complete=complete_address)
@endpoint_option
@click.pass_obj
def remove(common: Common, address: str, endpoint: str | None) -> None:
    """Forget ADDRESS; what it is stays live."""
    from provisioner.kinds import BY_NAME

    with _changing(common, endpoint) as (file, state):
        found = _find(state, address)
        id_ = state.records[found].id
        file.save(state.with_records({a: r for a, r in state.records.items() if a != found}))
    if BY_NAME[found.kind].is_found():
        say(f"Forgot {address}. It stays live; while it is in the manifests, the next plan finds it by name.")
    else:
        say(
            f"Forgot {address}. It stays live, and nothing but its id finds it: while it is in the manifests, the next "
            f"plan makes another. To take it over again: provisioner import {address} {id_}"
        )


@command.command("own")
@click.argument("address", shell_complete=complete_address)
@endpoint_option
@click.pass_obj
def own(common: Common, address: str, endpoint: str | None) -> None:
    """Treat ADDRESS, or all that match a glob, as made by us: destroyed when it leaves the manifests."""
    with _changing(common, endpoint) as (file, state):
        found = [a for a in state.records if a.matches(address)]
        if not found and set(address) & set("*?["):
            raise click.UsageError(
                f"{address} matches nothing in the state: provisioner state list shows what is in it"
            )
        found = found or [_find(state, address)]
        owned = {a: replace(state.records[a], owned=True) for a in found}
        file.save(state.with_records({**state.records, **owned}))
    what = f"{address} is" if len(found) == 1 else f"{len(found)} addresses are"
    say(f"{what} owned now: what is out of the manifests is destroyed (an owner or main location is kept).")


@command.command("resolve")
@click.argument("address", shell_complete=complete_address)
@click.option("--adopt", "adopted", metavar="ID", help="It was made, and this is its id.")
@click.option("--absent", is_flag=True, help="It was not made: the next apply makes it.")
@endpoint_option
@click.pass_obj
def resolve(common: Common, address: str, adopted: str | None, *, absent: bool, endpoint: str | None) -> None:
    """Say what became of ADDRESS, whose create was sent and never answered.

    Of a kind that has no list, the ID is read before it is believed.
    """
    from provisioner.cli.adopted import look
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME

    if absent == (adopted is not None):
        raise UsageError(f"say one of the two: provisioner state resolve {address} --adopt ID, or --absent")
    with _changing(common, endpoint) as (file, state):
        found = _read(address)
        if found not in state.pending:
            waiting = ", ".join(map(str, sorted(state.pending)))
            raise UsageError(f"{address} is not pending; {f'what is: {waiting}' if waiting else 'nothing is'}")
        _refuse_taken(state, found, adopted)
        if adopted is not None and not BY_NAME[found.kind].is_found():
            look(common, endpoint, found, adopted, state.pending[found].account_id)
        records = dict(state.records)
        if adopted is not None:
            records[found] = replace(state.pending[found].record, id=adopted, confirmed=False)
        pending = {a: p for a, p in state.pending.items() if a != found}
        file.save(replace(state, records=records, pending=pending))
    told = f"has id {adopted}, and is owned" if adopted is not None else "was not made: the next apply makes it"
    say(f"{address} {told}.")


def _refuse_taken(state: Any, found: Any, id_: str | None) -> None:
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME

    shape = BY_NAME[found.kind].ids
    if id_ is not None and not shape.fits(id_):
        raise UsageError(f"--adopt needs an id, as the vendor shows it ({shape.example}): look in the tenant")
    for address, record in state.records.items():
        if address != found and (address.account, address.kind, record.id) == (found.account, found.kind, id_):
            raise UsageError(f"id {id_} is {address} already: look up the id of {found}")
    if id_ in state.pending[found].known:
        remedy = (
            "say --absent, and the next plan finds by name what is there"
            if BY_NAME[found.kind].is_found()
            else "look up the id of what it made; say --absent only if there is none, for the next apply then makes "
            f"it. To take over {id_} instead: --absent, then provisioner import {found} {id_}"
        )
        raise UsageError(f"id {id_} was live before {found} was sent, so that is not what it made: {remedy}")


@command.command("unlock")
@click.argument("lock_id", metavar="ID")
@endpoint_option
@click.pass_obj
def unlock(common: Common, lock_id: str, endpoint: str | None) -> None:
    """Break the lock ID of a run that is dead, at a server that cannot know that it is.

    Only the HTTP state protocol has such locks: in a workspace and in Postgres a lock dies with its process.
    """
    _file(common, endpoint).unlock(lock_id)
    say("It is unlocked. What the dead run did is taken into account by the next apply.")


@command.command("pull")
@endpoint_option
@click.pass_obj
def pull(common: Common, endpoint: str | None) -> None:
    """Print the state as JSON, with what an interrupted apply did: a copy to keep, which `push` takes back."""
    from provisioner.state.snapshot import dump

    show(json.dumps(json.loads(dump(_file(common, endpoint).load().state)), indent=1))


@command.command("push")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--force", is_flag=True, help="Even if it is older than what is there, or goes on from another state.")
@endpoint_option
@click.pass_obj
def push(common: Common, source: str, *, force: bool, endpoint: str | None) -> None:
    """Make FILE, which `pull` printed or an older copy, the state."""
    from time import time

    from provisioner.errors import RefusedError

    with click.open_file(source, "rb") as opened:
        data = opened.read()
    file = _file(common, endpoint)
    given = file.given(data, source)
    with file.locked(click.get_current_context().command_path):
        if not force and (reason := file.objection(given)):
            raise RefusedError(f"{source}: {reason}. To take it all the same: provisioner state push --force {source}")
        gone = _dropped(file, given)
        if reason := file.objection(given):
            file.keep_damaged()
            given = replace(given, gap=time())  # what is not in it may be under way
        saved = file.push(given)
    say(f"The state is that of {source} now: serial {saved.serial}, {len(saved.records)} recorded.{gone}")


def _dropped(file: Any, given: Any) -> str:
    """What is no longer known to be ours, or to be looked for."""
    from provisioner.errors import StateError

    try:
        there = file.load().state
    except StateError:
        return ""
    ours = [a for a, r in there.records.items() if r.owned and a not in given.records and a not in given.pending]
    doubts = [a for a in there.pending if a not in given.pending and a not in given.records]
    words = ((ours, "owned before, now unknown"), (doubts, "pending before, no longer looked for"))
    return "".join(f" {_some(each)} {said}." for each, said in words if each)


def _some(addresses: list[Any]) -> str:
    first = ", ".join(map(str, sorted(addresses)[:3]))
    return f"{first} and {len(addresses) - 3} more:" if len(addresses) > 3 else f"{first}:"


@command.command("restore")
@endpoint_option
@click.pass_obj
def restore(common: Common, endpoint: str | None) -> None:
    """Put a damaged state together again, from the one before it and what was done since."""
    from time import time

    from provisioner.errors import RefusedError
    from provisioner.kinds.found import found_again

    file = _file(common, endpoint)
    with file.locked(click.get_current_context().command_path):
        if reason := file.whole():
            raise RefusedError(reason)
        found = file.restored(time())
        file.keep_damaged()
        saved = file.push(found.state)
    doubts = f", {len(saved.pending)} pending" if saved.pending else ""
    say(f"The state is put together again: serial {saved.serial}, {len(saved.records)} recorded{doubts}.")
    if found.missing:
        say(
            f"Something is missing in it: {found_again(file.kinds)}. What is found is adopted, and `provisioner state "
            "own` makes it ours again. What was damaged is kept beside it, as *.damaged.",
            err=True,
        )
