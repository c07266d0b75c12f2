"""Where a workspace's tenant is, where what belongs to it lies, and the way in."""

from __future__ import annotations

import ipaddress
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from provisioner.errors import RefusedError, StateError, UsageError
from provisioner.manifest import SETTINGS, Settings, load_settings
from provisioner.providers import BY_NAME
from provisioner.providers.base import Connection, Provider, Vendor
from provisioner.state.file import StateFile
from provisioner.state.model import Tenant

DATA = ".provisioner"
SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workspace's tenant is."""

    endpoint: str
    tenant: Tenant
    sandbox: bool
    embedded: bool


def locate(settings: Settings, override: str | None) -> Place:
    """The tenant that a workspace means. Talks to nobody."""
    endpoint = settings.endpoint if override is None else override
    if endpoint == SANDBOX:
        return Place(endpoint, Tenant(SANDBOX, settings.company_id), sandbox=True, embedded=True)
    parts = _address(endpoint)
    if parts is None or not parts.hostname:
        raise UsageError(f"--endpoint {endpoint}: write sandbox, or an address such as http://127.0.0.1:8787/api/v2")
    base = endpoint.rstrip("/")
    base = base if parts.path.strip("/") else base + BY_NAME[settings.provider].path
    sandbox = _is_loopback(parts.hostname)
    return Place(base, Tenant(parts.netloc, settings.company_id), sandbox=sandbox, embedded=False)


def _address(endpoint: str) -> SplitResult | None:
    """An address of HTTP with nothing in it that belongs elsewhere: no credentials, no query, a real port."""
    try:
        parts = urlsplit(endpoint)
        usable = parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError:
        return None
    return None if not usable or "@" in parts.netloc or parts.query or parts.fragment else parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def state_file(root: Path, place: Place) -> StateFile:
    """Where the state of a tenant lies in a workspace."""
    host = place.tenant.host.replace(":", "_").replace("[", "").replace("]", "")
    return StateFile(root / DATA / "state" / host / place.tenant.company_id / "state.json", place.tenant)


def sandbox_file(root: Path) -> Path:
    """Where the embedded sandbox of a workspace keeps its data."""
    return root / DATA / "sandbox.db"


def sandbox_data(root: Path) -> tuple[Path | str, int]:
    """What `sandbox serve` serves: the workspace's own data and account; in no workspace, memory and company 2345."""
    if not (root / SETTINGS).exists():
        return ":memory:", 2345
    return sandbox_file(root), int(load_settings(root, BY_NAME).company_id)


@contextmanager
def sandbox_opened(path: Path | str) -> Iterator[None]:
    """Say what is wrong with a sandbox's file that cannot be opened, and what to do."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{Path(path).parent}: no folder for the sandbox's data: {error.strerror or error}") from None
    try:
        yield
    except sqlite3.Error as error:
        raise StateError(
            f"{path}: cannot be used as the sandbox's data ({error}). Move it away, or run provisioner sandbox reset"
        ) from None


@asynccontextmanager
async def connected(root: Path, settings: Settings, place: Place) -> AsyncIterator[Provider]:
    """A signed-in provider, closed at the end. Raises RefusedError for an endpoint that is not allowed yet.

    A sandbox has credentials of its own: a real key is never sent to it.
    """
    if not place.sandbox:
        raise RefusedError(
            f"{place.tenant.host} is a live endpoint, and this version does not touch live tenants yet: a create whose "
            "answer is lost could be doubled until the journal is in. Use `endpoint: sandbox`, or one that you serve"
        )
    vendor = BY_NAME[settings.provider]
    app = _embedded(root, place, vendor) if place.embedded else None
    provider = vendor.connect(
        Connection(
            endpoint=f"http://sandbox{vendor.path}" if app else place.endpoint,
            company_id=place.tenant.company_id,
            credentials=_sandbox_credentials(vendor, app, place),
            concurrency=settings.limits.concurrency,
            wrapped=settings.limits.body == "wrapped",
            app=app,
        )
    )
    try:
        await provider.sign_in()
        yield provider
    finally:
        await provider.close()
        if app is not None:
            app.state.store.close()


def _sandbox_credentials(vendor: Vendor, app: Any, place: Place) -> dict[str, str]:
    """The sandbox's own, with the e-mail that its account has by now: manifests may have changed it."""
    known = dict(vendor.sandbox)
    if app is not None and "email" in known:
        from provisioner.sandbox.tables import accounts

        known["email"] = str(accounts.get(app.state.store, int(place.tenant.company_id))["email"])
    return known


def _embedded(root: Path, place: Place, vendor: Vendor) -> Any:
    from provisioner.sandbox.app import create_app

    path = sandbox_file(root)
    with sandbox_opened(path):
        return create_app(
            path,
            company_id=int(place.tenant.company_id),
            email=vendor.sandbox["email"],
            api_key=vendor.sandbox["api_key"],
        )
