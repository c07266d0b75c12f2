"""Where a workspace's tenant is, where what belongs to it lies, and the way in."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from provisioner.cli.hosts import is_live
from provisioner.cli.proxies import proxy_to
from provisioner.cli.stopping import told_of_a_pause
from provisioner.errors import ManifestError, Problem, RefusedError, StateError, UsageError
from provisioner.kinds import BY_NAME as BY_KIND
from provisioner.kinds import Resource
from provisioner.manifest import SETTINGS, Settings, load_settings, resolve_credentials
from provisioner.manifest.endpoint import parse_endpoint
from provisioner.manifest.pictures import read_picture
from provisioner.providers import BY_NAME, VENDORS
from provisioner.providers.base import Connection, Provider, Vendor
from provisioner.providers.clock import Clock
from provisioner.providers.pauses import Pauses
from provisioner.stage import stage
from provisioner.state.disk import Disk
from provisioner.state.file import StateFile
from provisioner.state.model import Tenant

DATA = ".provisioner"
SANDBOX = "sandbox"
SANDBOX_SETTLES, LIVE_SETTLES = 2.0, 60.0
"""Seconds after which a create that was sent can no longer appear. Assumption: the vendor says nothing of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workspace's tenant is; credentials may go there."""

    endpoint: str
    tenant: Tenant
    sandbox: bool
    embedded: bool
    kinds: tuple[type[Resource], ...] = ()
    """What can be managed there."""
    written: bool = True
    """It is the settings' own, and not another of an `--endpoint`."""

    def settle(self, settings: Settings) -> float:
        """Seconds after which a create that was sent can no longer appear."""
        chosen = settings.limits.settle
        if chosen is not None:
            return float(chosen)
        return SANDBOX_SETTLES if self.sandbox else LIVE_SETTLES

    def pace(self, settings: Settings) -> float | None:
        """Most requests in a second; a sandbox is never paced."""
        chosen = settings.limits.calls_per_second
        return None if self.sandbox or chosen is None else float(chosen)


def locate(settings: Settings, override: str | None, environ: Mapping[str, str] = os.environ) -> Place:
    """The tenant that a workspace means. Talks to nobody, and resolves no credential.

    Raises RefusedError for an endpoint that credentials may not go to, with the place of a written one, and
    ManifestError for a company that the sandbox does not have.
    """
    place = _located(settings, override, environ)
    if place.sandbox and (strange := settings.strange_to_sandbox(BY_NAME[settings.provider])):
        raise ManifestError([strange])
    return place


def _located(settings: Settings, override: str | None, environ: Mapping[str, str]) -> Place:
    text, vendor = settings.endpoint if override is None else override, BY_NAME[settings.provider]
    kinds = tuple(BY_KIND[name] for name in vendor.kinds)
    if text == SANDBOX:
        return Place(text, Tenant(SANDBOX, settings.company_id), True, True, kinds, override is None)
    try:
        endpoint = parse_endpoint(text)
    except ValueError:
        shown = "" if "@" in text else f" {text}"  # what stands before an @ may be a password
        example = "an address such as http://127.0.0.1:8787/api/v2"
        raise UsageError(f"--endpoint{shown}: write {SANDBOX}, or {example}") from None
    try:
        live = is_live(endpoint, vendor.hosts, environ)
    except ValueError as error:
        if override is not None:
            raise RefusedError(f"--endpoint: {error}") from None
        raise RefusedError(str(Problem(*settings.place("endpoint"), f"endpoint: {error}"))) from None
    # A host may be named like the embedded sandbox, and must not be taken for it.
    host = endpoint.authority if endpoint.authority != SANDBOX else f"{SANDBOX}:{endpoint.port}"
    path = vendor.root if live and vendor.root else vendor.path
    tenant = Tenant(host, settings.company_id)
    return Place(endpoint.base(path), tenant, not live, False, kinds, override is None)


def state_file(root: Path, place: Place) -> StateFile:
    """Where the state of a tenant lies in a workspace."""
    host = place.tenant.host.replace(":", "_").replace("[", "").replace("]", "")
    path = root / DATA / "state" / host / place.tenant.company_id / "state.json"
    return StateFile(path, place.tenant, kinds=place.kinds)


def sandbox_file(root: Path) -> Path:
    """Where the embedded sandbox of a workspace keeps its data."""
    return root / DATA / "sandbox.db"


def sandbox_data(root: Path) -> tuple[Path | str, str, Vendor]:
    """What `sandbox serve` serves: the workspace's own data and company, and its vendor.

    In no workspace that is memory, company 2345 and the first vendor.
    """
    if not (root / SETTINGS).exists():
        return ":memory:", "2345", VENDORS[0]
    settings = load_settings(root, BY_NAME)
    vendor = BY_NAME[settings.provider]
    return sandbox_file(root), vendor.sandbox_company or settings.company_id, vendor


@contextmanager
def sandbox_opened(path: Path | str) -> Iterator[None]:
    """A place for a sandbox's data that is its owner's alone; says what is wrong with a file that cannot be opened."""
    if path != ":memory:":
        _make_private(Path(path))
    try:
        yield
    except sqlite3.Error as error:
        raise StateError(
            f"{path}: cannot be used as the sandbox's data ({error}). Move it away, or run provisioner sandbox reset"
        ) from None


def _make_private(path: Path) -> None:
    """Passwords are sent to a sandbox, too; SQLite gives the files beside this one the same mode."""
    if path.is_symlink():
        raise StateError(f"{path}: a link, and what it leads to may be somebody else's: name the file itself")
    try:
        Disk().make_folder(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StateError(f"{path}: no place for the sandbox's data: {error.strerror or error}") from None


@asynccontextmanager
async def connected(
    root: Path,
    settings: Settings,
    place: Place,
    as_of: date | None = None,
    *,
    reads_only: bool = False,
    pauses: Pauses | None = None,
) -> AsyncIterator[Provider]:
    """A signed-in provider, closed at the end; with `reads_only` it cannot write, with `pauses` its waits can be ended.

    Raises what `way_to` raises, and what signing in raises.
    """
    with way_to(root, settings, place) as connection:
        clock = Clock(as_of=as_of, sleep=pauses.sleep) if pauses else Clock(as_of=as_of)
        looking = replace(connection, clock=clock, reads_only=reads_only)
        provider = BY_NAME[settings.provider].connect(looking)
        try:
            with stage("sign in"):
                await provider.sign_in()
            yield provider
        finally:
            await provider.close()


@contextmanager
def way_to(root: Path, settings: Settings, place: Place) -> Iterator[Connection]:
    """Where to connect, and as whom.

    A sandbox has credentials of its own: a real key is never sent to it. Raises ManifestError when a credential is
    missing, StateError for a company that the embedded sandbox does not have, and UsageError for a proxy in the
    environment that cannot be used.
    """
    vendor = BY_NAME[settings.provider]
    app = _embedded(root, place) if place.embedded else None
    try:
        proxy = None if place.embedded else proxy_to(parse_endpoint(place.endpoint))
        credentials = (
            _sandbox_credentials(vendor, app, place)
            if place.sandbox
            else resolve_credentials(settings, vendor.credentials, os.environ)
        )
        yield Connection(
            endpoint=f"http://sandbox{vendor.path}" if app else place.endpoint,
            company_id=place.tenant.company_id,
            credentials=credentials,
            concurrency=settings.limits.concurrency,
            calls_per_second=place.pace(settings),
            wrapped=settings.limits.body == "wrapped",
            app=app,
            proxy=proxy,
            files=partial(read_picture, root),
            waiting=told_of_a_pause,
        )
    finally:
        if app is not None:
            app.state.store.close()


def _sandbox_credentials(vendor: Vendor, app: Any, place: Place) -> dict[str, str]:
    """The sandbox's own, with the e-mail that its account has by now: manifests may have changed it."""
    known = dict(vendor.sandbox)
    if app is not None and "email" in known:
        from provisioner.sandbox.tables import accounts

        company = int(place.tenant.company_id)
        if not accounts.exists(app.state.store, company):
            raise StateError(
                f"company {company} is not in the sandbox of this workspace, which was made for another one: correct "
                "company_id, or run provisioner sandbox reset"
            )
        known["email"] = str(accounts.get(app.state.store, company)["email"])
    return known


def _embedded(root: Path, place: Place) -> Any:
    """The sandbox of every vendor. It has keys of its own, which a `Vendor` names again: it knows none of us."""
    from provisioner.sandbox.app import create_app

    path = sandbox_file(root)
    with sandbox_opened(path):
        return create_app(path, company_id=int(place.tenant.company_id))
