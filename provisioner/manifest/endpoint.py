"""An endpoint taken apart, so that what is checked is what is connected to: no part is read twice by two parsers."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple

from provisioner.kinds.values import refused

_EXAMPLE = "https://www.example.com/api/v2"
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<host>[^\s:/?#@%\[\]\\<>\"]{1,253}))"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[\w.~!$&'()*+,;=:%/-]*)?",
    re.IGNORECASE | re.ASCII,  # without it, the s of https may be U+017F
)
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORTS = {"http": 80, "https": 443, "postgresql": 5432}


class Endpoint(NamedTuple):
    """A vendor's base address."""

    scheme: str
    host: str
    """As it is compared: lower case, xn-- for other letters, no brackets; as it was written if it has no such form."""
    port: int
    path: str
    """Without a final slash."""

    @property
    def usual_port(self) -> int:
        """The port of the scheme."""
        return _PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """The host as an address shows it, with the port unless it is the usual one."""
        port = "" if self.port == self.usual_port else f":{self.port}"
        return (f"[{self.host}]" if ":" in self.host else self.host) + port

    @property
    def loopback(self) -> bool:
        """Whether it is on this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def base(self, path: str) -> str:
        """The address that is called; `path` where it names none."""
        return f"{self.scheme}://{self.authority}{self.path or path}"


def parse_endpoint(text: str) -> Endpoint:
    """Take an address apart. Raises ValueError for what is none, or has parts that do not belong there.

    A user name, a query or a fragment would carry something along, or hide where the address leads.
    """
    found = _ADDRESS.fullmatch(text) if len(text) <= 2048 and text.isprintable() and "${" not in text else None
    if found is None:
        raise _unfit(text)
    scheme = found["scheme"].lower()
    port = int(found["port"] or _PORTS[scheme])
    if not 0 < port < 65536:
        raise refused(text, "has a port that cannot be", "a port from 1 to 65535")
    written = found["six"] or found["host"]
    host = comparable(written)
    if host is None and found["six"]:
        raise _unfit(text)
    return Endpoint(scheme, host or written, port, (found["path"] or "").rstrip("/"))


def _unfit(text: str) -> ValueError:
    if re.search(r"//[^/?#]*@", text):  # not repeated: what stands before the @ may be a password
        return ValueError(f"the address carries a user name: write it without, as in {_EXAMPLE}")
    if not re.match(r"https?://", text, re.IGNORECASE | re.ASCII):
        return refused(text, "is no address of http or https", f"one such as {_EXAMPLE}")
    if "?" in text or "#" in text:
        return ValueError("the address carries a query or a fragment: write it without")
    return refused(text, "is not a web address", f"one such as {_EXAMPLE}")


def comparable(host: str) -> str | None:
    """A host in the one form that hosts are compared in; None for what is no host.

    A name that gets such a form only when characters are exchanged (full-width letters, a final dot) has none either:
    what looks like another name must not become it.
    """
    with suppress(ValueError):
        return str(ip_address(host))
    name = host.lower()
    if any(not char.isascii() and char.lower().isascii() for char in host):  # the Kelvin sign becomes a k
        return None
    try:
        plain = name if name.isascii() else name.encode("idna").decode("ascii")
        same = plain == name or plain.encode().decode("idna") == name
    except UnicodeError:
        return None
    return plain if same and _NAME.fullmatch(plain) else None
