"""`provisioner schema`: JSON Schemas of manifests and settings, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from provisioner.cli.context import Common
from provisioner.cli.say import say

OURS = ".provisioner/schemas"
"""Where a workspace has them: beside its manifests, so that an editor needs no network."""


@click.command("schema")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=f"Where to write them. Default: {OURS} in the workspace.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not what would be written.")
@click.pass_obj
def command(common: Common, /, out: Path | None, *, check: bool) -> int:
    """Write JSON Schemas of manifests and settings, which editors complete and check with.

    One file is for manifests, one for provisioner.yaml; two say what plans and events look like as JSON, for tools that
    read those. Run it again after an upgrade.
    """
    from provisioner.errors import ProvisionerError
    from provisioner.manifest import SETTINGS

    if out is None and not (common.root / SETTINGS).exists():
        raise ProvisionerError(f"no {SETTINGS} in {common.root}: run {common.command('init')}, or say where with --out")
    if check:
        return _checked(common.root / OURS if out is None else out)
    if out is None:
        write_ours(common.root)
        say(f"wrote {common.root / OURS}")
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (out / name).write_text(text, "utf-8")
        say(f"wrote {out / name}")
    return 0


def write_ours(root: Path) -> None:
    """Write the schemas of a workspace, for its owner alone as all that is beside them."""
    from provisioner.errors import ProvisionerError
    from provisioner.state.disk import Disk, replace_file

    folder = root / OURS
    if not folder.resolve().is_relative_to(root.resolve()):
        raise ProvisionerError(f"{folder} is a link out of the workspace: remove it")
    disk = Disk()
    disk.make_folder(folder)
    for name, text in schema_texts().items():
        replace_file(disk, folder / name, text.encode())


def schema_texts() -> dict[str, str]:
    """Each file's name with its text."""
    from provisioner.schema import (
        EVENTS,
        MANIFEST,
        PLAN,
        SETTINGS,
        events_schema,
        manifest_schema,
        plan_schema,
        settings_schema,
    )

    return {
        MANIFEST: _text(manifest_schema()),
        SETTINGS: _text(settings_schema(vendors())),
        PLAN: _text(plan_schema()),
        EVENTS: _text(events_schema()),
    }


def vendors() -> dict[str, tuple[str, ...]]:
    """Each vendor's name with the names of its credentials."""
    from provisioner.providers import VENDORS

    return {vendor.name: vendor.credentials for vendor in VENDORS}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _checked(folder: Path) -> int:
    stale = [folder / name for name, text in schema_texts().items() if _read(folder / name) != text]
    for path in stale:
        say(f"{path} is not what provisioner schema writes: run provisioner schema --out {folder}", err=True)
    return 1 if stale else 0


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
