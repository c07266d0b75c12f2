"""`provisioner init`: a starter workspace that plans and applies as it is."""

from __future__ import annotations

from importlib import resources

import click

from provisioner.cli.commands.schema import OURS, write_ours
from provisioner.cli.context import Common
from provisioner.cli.say import say, show

FILES = {"provisioner.yaml": "provisioner.yaml", "studio.yaml": "studio.yaml", "gitignore": ".gitignore"}


@click.command("init")
@click.pass_obj
def command(common: Common, /) -> int:
    """Write a starter workspace: settings, one manifest, a .gitignore, and the schemas that an editor checks with.

    Files that exist are never touched.
    """
    from provisioner.errors import ProvisionerError

    common.root.mkdir(parents=True, exist_ok=True)
    if (common.root / "provisioner.yaml").exists():
        raise ProvisionerError(f"{common.root / 'provisioner.yaml'} exists: this is a workspace already")
    for source, target in FILES.items():
        path = common.root / target
        if not path.exists():
            path.write_text(resources.files("provisioner.cli").joinpath("starter", source).read_text("utf-8"), "utf-8")
            say(f"wrote {path}")
    write_ours(common.root)
    say(f"wrote {common.root / OURS}")
    show(
        f"\nNext: {common.command('plan')}     shows what would be made in the embedded sandbox\n"
        f"      {common.command('apply')}    makes it; nothing real changes"
    )
    return 0
