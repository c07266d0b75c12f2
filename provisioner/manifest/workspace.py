"""A workspace: its settings, and all its manifests as one wanted state."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from provisioner.kinds import BY_NAME, BY_SECTION
from provisioner.kinds.account import Account
from provisioner.kinds.desired import Desired, Place
from provisioner.kinds.values import escape
from provisioner.manifest.assemble import assemble
from provisioner.manifest.build import Builder
from provisioner.manifest.credentials import usual_variable
from provisioner.manifest.document import Manifest, read_manifest
from provisioner.manifest.files import SETTINGS, Files, UnreadableFolderError, manifest_files
from provisioner.manifest.flatten import flatten
from provisioner.manifest.problems import Problems
from provisioner.manifest.read_settings import read_settings
from provisioner.manifest.references import References
from provisioner.manifest.remote_state import USUAL
from provisioner.manifest.rows.generate import Generator
from provisioner.manifest.scope import Width
from provisioner.manifest.settings import Settings, Terms
from provisioner.manifest.source import Source
from provisioner.manifest.yaml import BUDGET, Document, documents

if TYPE_CHECKING:
    from provisioner.kinds.base import Resource
    from provisioner.manifest.fragment import Fragment

Secrets = Literal["require", "placeholder"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a folder of manifests says."""

    root: Path
    settings: Settings
    desired: Desired
    files: Mapping[str, str]
    """Everything that was read: path from the root -> sha256."""
    unset: frozenset[str] = frozenset()
    """The environment variables that were not needed now, and will be: placeholders stand for their secrets."""
    unread: str = ""
    """Why the manifests could not be read, where that hinders nothing; what they want is not known then."""


def load_workspace(
    root: Path,
    vendors: Mapping[str, Terms],
    *,
    variables: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
    secrets: Secrets = "require",
    besides: Collection[Path] = (),
    instead: Mapping[str, bytes] | None = None,
    alone: bool = False,
) -> Workspace:
    """Read a workspace whole; raises ManifestError with every problem.

    `variables` are what `${var:NAME}` finds before `PROVISIONER_VAR_NAME`; with `secrets="placeholder"` a secret
    whose variable is not set is replaced, so that manifests can be checked where no secret is. `besides` are files
    that are no manifests although they look like one, such as a file of variables; `instead` has texts that are not
    written yet, by their path; when they are `alone`, they are all the manifests, and those on disk are not read.
    """
    problems, files = Problems(), Files(root, instead or {})
    with _uncollected():
        settings = read_settings(files, vendors, problems)
        references = References(files, variables or {}, environ, _held(settings, vendors), secrets == "placeholder")
        names = sorted(instead or ()) if alone else _names(root, besides, problems)
        generator = Generator(files, problems, _countries(settings))
        manifests = [m for name in names for m in _read(files, name, references, generator)]
        if generator.lost:  # whatever names what is missing would be called wrong
            problems.raise_any()
        builder = Builder(_defaults(settings, references, problems), problems)
        desired = assemble(manifests, builder, problems, _no_accounts(settings, vendors))
        _check_kinds(settings, vendors, manifests, problems)
    problems.raise_any()
    return Workspace(root, settings, desired, files.digests, references.unset)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection while a hundred thousand values are made that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _held(settings: Settings, vendors: Mapping[str, Terms]) -> frozenset[str]:
    """The variables that hold credentials: those that the settings name, and the usual ones whatever they name.

    An edit of the settings can thus not make a credential an ordinary secret.
    """
    named = (name for credential in settings.credentials.values() for name in credential.variables)
    stated = settings.state.variables if settings.state else ()
    usual = (usual_variable(vendor, name) for vendor, terms in vendors.items() for name in terms.credentials)
    return frozenset((*named, *stated, *USUAL, *usual))


def _defaults(settings: Settings, references: References, problems: Problems) -> dict[type[Resource], Fragment]:
    source = Source(SETTINGS, problems, references)
    found = {}
    for section, (node, place) in settings.defaults.items():
        kind = BY_SECTION[section]
        found[kind] = flatten(kind, "(default)", node, place, Width.DEFAULTS, source)
    return found


def _no_accounts(settings: Settings, vendors: Mapping[str, Terms]) -> str:
    """What to do about an account where the vendor has none; "" where it has."""
    vendor = vendors.get(settings.provider)
    has = vendor is None or Account.kind in vendor.kinds
    return "" if has else f"{settings.provider} has no sub-accounts: remove the account"


def _check_kinds(
    settings: Settings, vendors: Mapping[str, Terms], manifests: Iterable[Manifest], problems: Problems
) -> None:
    """Refuse what the workspace's vendor does not have, and say which one has it."""
    if settings.provider not in vendors:  # a problem already
        return
    has = vendors[settings.provider].kinds

    def refuse(kind: type[Resource], name: str, place: Place) -> None:
        others = [vendor for vendor, other in vendors.items() if kind.kind in other.kinds]
        elsewhere = f": move it to a workspace with provider: {' or '.join(others)}" if others else ""
        problems.add(place, f"{name}: {settings.provider} has no {kind.section or f'{kind.kind} entries'}{elsewhere}")

    for section, default in settings.defaults.items():
        if BY_SECTION[section].kind not in has:
            refuse(BY_SECTION[section], f"defaults: {section}", default.place)
    for manifest in manifests:
        for fragment in manifest.fragments:
            if fragment.kind.kind not in has:
                refuse(fragment.kind, fragment.name, fragment.place)
        for address, removal in manifest.removed:
            if address.kind not in has:
                refuse(BY_NAME[address.kind], str(address), removal.place)


def _countries(settings: Settings) -> dict[str, str]:
    """The country that the settings give the resources of a section."""
    found = {section: default.fields.get("country") for section, default in settings.defaults.items()}
    return {section: country for section, country in found.items() if isinstance(country, str)}


def _names(root: Path, besides: Collection[Path], problems: Problems) -> list[str]:
    try:
        return manifest_files(root, besides)
    except UnreadableFolderError as error:
        problems.add(Place(escape(error.folder), 0), f"it cannot be read: {error.reason}")
        return []


def _read(files: Files, name: str, references: References, generator: Generator) -> Iterator[Manifest]:
    shown, problems = escape(name), generator.problems
    try:
        text = files.read(name, BUDGET.size)
    except (OSError, ValueError) as error:
        problems.add(Place(shown, 0), f"it cannot be read: {getattr(error, 'strerror', None) or error}")
        return
    # An escape in double quotes can spell a reference too, so a backslash counts as one.
    source = Source(shown, problems, references, scan=b"${" in text or b"\\" in text)
    for found in documents(text):
        if isinstance(found, Document):
            manifest = read_manifest(found.root, source)
            yield manifest
            yield from generator.manifests(found.root, source, manifest.scope)
        else:
            problems.add(Place(shown, found.line, found.column), found.message)
