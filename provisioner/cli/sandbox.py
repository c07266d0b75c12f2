"""`provisioner sandbox`: the embedded look-alike of the vendor, served or reset."""

from __future__ import annotations

from pathlib import Path

import click

from provisioner.cli.context import Common


@click.group("sandbox", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """The look-alike of the vendor that needs no account: nothing in it is real."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where its data is. Default: the workspace's own sandbox.",
)
@click.pass_obj
def serve(common: Common, host: str, port: int, db: Path | None) -> None:
    """Serve the sandbox on loopback until Ctrl-C.

    Sign in as company 2345 with owner@example.com and the API key sandbox-key. GET /_sandbox/calls lists the calls.
    """
    from provisioner.cli.tenant import sandbox_file, sandbox_opened
    from provisioner.errors import UsageError
    from provisioner.sandbox.serve import run

    path = db or sandbox_file(common.root)
    try:
        with sandbox_opened(path):
            run(
                path,
                host,
                port,
                on_ready=lambda url: click.echo(
                    f"Sandbox at {url}  (API: {url.rstrip('/')}/api/v2, data: {path})\n"
                    f"Use it with: provisioner plan --endpoint {url.rstrip('/')}/api/v2"
                ),
            )
    except ValueError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be served: {error.strerror or error}") from None


@command.command("reset")
@click.pass_obj
def reset(common: Common) -> None:
    """Empty the workspace's embedded sandbox and forget its state."""
    from provisioner.cli import tenant
    from provisioner.manifest import load_settings

    settings = load_settings(common.root)
    place = tenant.locate(settings, tenant.SANDBOX)
    for path in (tenant.sandbox_file(common.root), tenant.state_file(common.root, place).path):
        for each in path.parent.glob(path.name + "*"):
            each.unlink()
    click.echo("The sandbox is empty, and nothing is remembered of it.")
