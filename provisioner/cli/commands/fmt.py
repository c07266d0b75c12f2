"""`provisioner fmt`: the text of manifests put in order, with every word and comment kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from provisioner.cli.context import Common
from provisioner.cli.say import say, show


class Laid(NamedTuple):
    """One file: its name from the workspace's root, where it really is, and its text before and after."""

    name: str
    path: Path
    before: bytes
    after: str

    @property
    def differs(self) -> bool:
        """Whether there is something to write."""
        return self.after.encode() != self.before


@click.command("fmt")
@click.argument("files", nargs=-1, metavar="[FILES]...", type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is out of order.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_obj
def command(common: Common, /, files: tuple[str, ...], *, check: bool, diff: bool) -> int:
    """Put the text of manifests in order: indentation, the order of a resource's keys, quotes.

    Without FILES, all manifests of the workspace and provisioner.yaml. No value, comment or blank line is lost. When a
    file cannot be read, none is written.
    """
    from provisioner.state.disk import Disk, replace_file

    laid = _laid(common.root, _names(common.root, files))
    changed = [each for each in laid if each.differs]
    for each in changed:
        if diff:
            show(_difference(each))
        elif check:
            say(f"{each.name} is out of order: run provisioner fmt")
        else:
            replace_file(Disk(), each.path, each.after.encode(), stat.S_IMODE(each.path.stat().st_mode))
            say(f"wrote {each.name}")
    if not changed:
        say(f"In order: {len(laid)} file{'' if len(laid) == 1 else 's'}.")
    return 1 if check and changed else 0


def _names(root: Path, files: tuple[str, ...]) -> list[str]:
    """The files that are meant, as paths from the workspace's root. Raises UsageError."""
    from provisioner.errors import ProvisionerError, UsageError
    from provisioner.manifest import SETTINGS
    from provisioner.manifest.files import UnreadableFolderError, manifest_files

    try:
        known = [*([SETTINGS] if os.path.lexists(root / SETTINGS) else []), *manifest_files(root)]
    except UnreadableFolderError as error:
        raise ProvisionerError(f"{error.folder}: it cannot be read: {error.reason}") from None
    if not files:
        return known
    found: dict[str, None] = {}
    for file in files:
        name = os.path.relpath(file, root).replace(os.sep, "/")
        inside = known if name == "." else [each for each in known if each.startswith(f"{name}/")]
        if not inside and not os.path.lexists(file):
            raise UsageError(f"there is no {file}: name a manifest, or a folder of manifests")
        found.update(dict.fromkeys(inside if Path(file).is_dir() else [name]))
    return list(found)


def _laid(root: Path, names: list[str]) -> list[Laid]:
    """Every file read and laid out. Raises ManifestError with all that cannot be read."""
    from provisioner.cli.commands.schema import vendors
    from provisioner.errors import ManifestError, Problem
    from provisioner.kinds.values import escape
    from provisioner.layout import Unreadable
    from provisioner.manifest import SETTINGS
    from provisioner.manifest.files import inside, read_file
    from provisioner.manifest.yaml import BUDGET
    from provisioner.schema import manifest_schema, settings_schema

    schemas = {True: settings_schema(vendors()), False: manifest_schema()}
    laid, problems = [], []
    for name in names:
        shown = escape(name)
        try:
            before = read_file(root, name, BUDGET.size)
            settings = name == SETTINGS
            laid.append(Laid(shown, inside(root, name), before, _formatted(before, schemas[settings], settings, shown)))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            problems.append(Problem(shown, 0, 0, f"it cannot be read: {reason}"))
        except Unreadable as unreadable:
            problems += [Problem(shown, *each) for each in unreadable.problems]
    if problems:
        raise ManifestError(problems)
    return laid


def _formatted(before: bytes, schema: Mapping[str, Any], settings: bool, shown: str) -> str:
    from provisioner.errors import ProvisionerError
    from provisioner.layout import ChangedError, formatted

    try:
        return formatted(before, schema, settings=settings)
    except ChangedError:
        message = "fmt would have changed what it says, which is a mistake of fmt: nothing was written"
        raise ProvisionerError(f"{shown}: {message}. Please report it with the file") from None


def _difference(each: Laid) -> str:
    return "\n".join(_lines(each))


def _lines(each: Laid) -> Iterator[str]:
    from difflib import unified_diff

    before = each.before.decode("utf-8").removeprefix("\ufeff").splitlines()
    for line in unified_diff(before, each.after.splitlines(), each.name, f"{each.name} (in order)", lineterm=""):
        yield line.rstrip("\n")
