"""Where the state of a tenant is kept: in the workspace, at a server of the HTTP state protocol, or in Postgres."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from provisioner.cli.hosts import ALLOW_HOSTS, allowed_hosts
from provisioner.cli.proxies import proxy_to
from provisioner.cli.tenant import Place, state_file
from provisioner.errors import Problem, RefusedError, UsageError
from provisioner.manifest import Settings
from provisioner.manifest.remote_state import Located
from provisioner.manifest.remote_state import RemoteState as RemoteSettings
from provisioner.state.remote import RemoteState
from provisioner.state.store import Store


def state_store(root: Path, settings: Settings, place: Place, environ: Mapping[str, str] = os.environ) -> Store:
    """Where a tenant's state is kept.

    `state:` is about the tenant that the settings name: the state of the embedded sandbox is kept beside its data, and
    that of another `--endpoint` in the workspace. Raises ManifestError, and RefusedError for a host that may not have
    it.
    """
    if settings.state is None or place.embedded or not place.written:
        return state_file(root, place)
    located = settings.state.located(environ)
    _check_trusted(located, settings, environ)
    return _postgres(located, place) if located.database else _http(located, settings.state, place, environ)


def _check_trusted(located: Located, settings: Settings, environ: Mapping[str, str]) -> None:
    """A changed address in a pull request must not take the state and its password elsewhere."""
    endpoint = located.endpoint
    if located.trusted or endpoint is None or endpoint.loopback:
        return
    if not any(host.serves(endpoint) for host in allowed_hosts(environ)):
        name = endpoint.authority
        raise RefusedError(
            str(
                Problem(
                    *settings.place("state"),
                    f"state: {name} is not known to be trusted, and would get the state: correct it, or export "
                    f'{ALLOW_HOSTS}={name}, or keep the address in the environment, as state: "${{env:NAME}}"',
                )
            )
        )


def _http(located: Located, said: RemoteSettings, place: Place, environ: Mapping[str, str]) -> Store:
    from provisioner.state.http import HttpDocument
    from provisioner.state.wire import PASSWORD, USERNAME, Wire

    proxy = proxy_to(located.endpoint) if located.endpoint else None
    wire = Wire(
        located.address,
        located.lock,
        located.unlock,
        said.lock_method,
        said.unlock_method,
        environ.get(USERNAME, ""),
        environ.get(PASSWORD, ""),
        proxy.url if proxy else None,
        proxy.authorization if proxy else "",
    )
    return RemoteState(HttpDocument(wire, place.tenant, place.kinds))


def _postgres(located: Located, place: Place) -> Store:
    if find_spec("psycopg") is None:
        raise UsageError("state: a database needs psycopg: pip install 'provisioner[postgres]'")
    from provisioner.state.postgres import Postgres
    from provisioner.state.session import Server, named

    return RemoteState(Postgres(Server(located.address, named(located.address)), place.tenant, place.kinds))
