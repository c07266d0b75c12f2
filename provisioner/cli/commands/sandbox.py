"""`provisioner sandbox`: the embedded look-alike of the vendor, served or reset."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from provisioner.cli.context import Common, Whole
from provisioner.cli.say import say


@click.group("sandbox", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """The look-alike of the vendor that needs no account: nothing in it is real."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8787, show_default=True, type=Whole(0, 65535), help="0 takes a free one.")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where its data is. Default: the workspace's own sandbox; outside a workspace, memory.",
)
@click.pass_obj
def serve(common: Common, host: str, port: int, db: Path | None) -> None:
    """Serve the sandbox on loopback until Ctrl-C.

    A plan with --endpoint signs in by itself, as the workspace's company (2345 outside a workspace). The API of every
    vendor is there. GET /_sandbox/calls lists the calls.
    """
    from provisioner.cli.tenant import sandbox_data, sandbox_opened
    from provisioner.errors import UsageError
    from provisioner.kinds import BY_NAME
    from provisioner.kinds.found import found_again
    from provisioner.sandbox.serve import run

    own, company_id, vendor = sandbox_data(common.root)
    unfound = [BY_NAME[name] for name in vendor.kinds if not BY_NAME[name].is_found()]
    path = ":memory:" if str(db) == ":memory:" else db or own

    def ready(url: str) -> None:
        where = "in memory" if path == ":memory:" else path
        api = f"{url}{vendor.path}"
        say(f"Sandbox at {url}  (API: {api}, company {company_id}, data: {where})")
        say(f"Use it with: {common.command('plan', '--endpoint', api)}")
        if path == own != ":memory:" and unfound:
            say(f"What is recorded of the embedded sandbox is not known at this address: {found_again(unfound)}.")

    try:
        with sandbox_opened(path):
            run(path, host, port, company_id=int(company_id), on_ready=ready)
    except ValueError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be served: {error.strerror or error}") from None


@command.command("reset")
@click.pass_obj
def reset(common: Common) -> None:
    """Empty the workspace's embedded sandbox and forget its state; it may be served meanwhile."""
    from provisioner.cli import tenant
    from provisioner.errors import StateError
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME
    from provisioner.sandbox.migrations import UnfitFileError
    from provisioner.sandbox.reset import reset as empty

    settings = load_settings(common.root, BY_NAME)
    place = tenant.locate(settings, tenant.SANDBOX)
    path = tenant.sandbox_file(common.root)
    try:
        empty(path, company_id=int(settings.company_id))
    except UnfitFileError as error:
        raise StateError(f"{path}: is left as it is ({error}): move it away, or end what serves it") from None
    except sqlite3.Error as error:
        raise StateError(f"{path}: is in use, and cannot be emptied meanwhile ({error}): end what serves it") from None
    tenant.state_file(common.root, place).remove()
    say("The sandbox is empty, and nothing is remembered of it.")
