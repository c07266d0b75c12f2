"""Which proxy the environment puts between us and an endpoint. No file can name one."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from urllib.parse import unquote_to_bytes

from provisioner.errors import UsageError
from provisioner.manifest.endpoint import Endpoint
from provisioner.providers.proxy import Proxy

EXAMPLE = "http://proxy.example:3128"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,19})://", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?:(?P<user>[^\s/?#]*)@)?"
    r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<host>[\w.-]{1,253}))(?::(?P<port>[0-9]{1,5}))?/?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": 80, "https": 443}


def proxy_to(endpoint: Endpoint) -> Proxy | None:
    """The proxy of `HTTPS_PROXY`, else of `ALL_PROXY` (lower case counts first); None for what is reached without one.

    That is this computer, every http endpoint (which can be nowhere else), and what `NO_PROXY` lists. Raises UsageError
    for an address that cannot be used; nothing of it but its scheme is repeated, as a password may stand in it.
    """
    if endpoint.loopback or endpoint.scheme != "https":
        return None
    from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

    found = getproxies_environment()
    which = next((each for each in ("https", "all") if each in found), None)
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    if which is None or proxy_bypass_environment(f"{host}:{endpoint.port}", found):
        return None
    return _parsed(found[which].strip(), _variable(f"{which}_proxy", found[which]))


def _variable(name: str, value: str) -> str:
    """The variable as it is spelled in the environment."""
    return next(key for key, text in os.environ.items() if key.lower() == name and text == value)


def _parsed(text: str, variable: str) -> Proxy:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in _PORTS:
        kind = f"a proxy of {scheme[1].lower()}:// cannot be used"
        raise UsageError(f"{variable}: {kind}: write one such as {EXAMPLE}, or list the host in NO_PROXY")
    address = _ADDRESS.fullmatch(text) if text.isprintable() else None
    kind = (address["scheme"] or "http").lower() if address else ""
    port = int(address["port"] or _PORTS[kind]) if address else 0
    if address is None or not 0 < port < 65536:
        encoded = "what is special in a user name or password is percent-encoded"
        raise UsageError(f"{variable}: it is no address of a proxy: write one such as {EXAMPLE}; {encoded}")
    return Proxy(kind, address["six"] or address["host"], port, variable, _authorization(address["user"] or ""))


def _authorization(user: str) -> str:
    """What a proxy is sent for `name:password` of its address; the bytes of UTF-8 (RFC 7617)."""
    if not user:
        return ""
    pair = user if ":" in user else f"{user}:"
    return f"Basic {b64encode(unquote_to_bytes(pair)).decode()}"
