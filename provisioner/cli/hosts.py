"""Which hosts get credentials: the vendor's own, and those that the environment names. No file can add one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from provisioner.errors import UsageError
from provisioner.kinds.values import said
from provisioner.manifest.endpoint import Endpoint, comparable

ALLOW_HOSTS = "PROVISIONER_ALLOW_HOSTS"
_ENTRY = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^\s:/@\[\]]+?)\.?)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


class Host(NamedTuple):
    """A host that is trusted at one port; None is the usual port of the scheme."""

    name: str
    port: int | None = None

    def serves(self, endpoint: Endpoint) -> bool:
        """Whether an endpoint is at this very host and port."""
        return (self.name, self.port or endpoint.usual_port) == (endpoint.host, endpoint.port)


def is_live(endpoint: Endpoint, own: Collection[str], environ: Mapping[str, str]) -> bool:
    """Whether real credentials go to an endpoint; False for a sandbox on this computer, which has its own.

    `own` are the vendor's hosts. Raises ValueError, with the reason and the remedy, for an endpoint that gets none, and
    UsageError for a list in the environment that cannot be read.
    """
    trusted = any(host.serves(endpoint) for host in (*allowed_hosts(environ), *map(Host, own)))
    if endpoint.loopback:
        return trusted
    # A letter that only looks like another one must not look like it here.
    name = endpoint.authority.encode("ascii", "backslashreplace").decode()
    if endpoint.scheme == "http":
        raise ValueError(
            f"{name} would get credentials unencrypted: write https://, for http is for this computer only"
        )
    if not trusted:
        whose = f"{name} is not the vendor's ({', '.join(own)}), so no credentials go there"
        raise ValueError(f"{whose}: {_remedy(endpoint.host, name)}")
    return True


def _remedy(host: str, name: str) -> str:
    if comparable(host) is None:
        return (
            "correct it; a host is written in letters, digits and -, with xn-- for all others, and ends without a dot"
        )
    return f"correct it, or if you trust this host export {ALLOW_HOSTS}={name}"


def allowed_hosts(environ: Mapping[str, str]) -> frozenset[Host]:
    """What `PROVISIONER_ALLOW_HOSTS` lists, parted by commas or blanks. Raises UsageError for what is no host."""
    return frozenset(_host(entry) for entry in re.split(r"[\s,]+", environ.get(ALLOW_HOSTS, "")) if entry)


def _host(entry: str) -> Host:
    found = _ENTRY.fullmatch(entry)
    name = comparable(found["six"] or found["host"]) if found else None
    port = int(found["port"]) if found and found["port"] else None
    if name is None or (port is not None and not 0 < port < 65536):
        example = "write each in full, such as proxy.example or 127.0.0.1:8787"
        raise UsageError(f"{ALLOW_HOSTS}: {said(entry)} is no host and no host:port: {example}")
    return Host(name, port)
