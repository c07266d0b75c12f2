"""A proxy between us and a vendor: it is asked for a tunnel, and sees nothing of what goes through."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy is, and who says so."""

    scheme: str
    """`http`, or `https` for one that is itself spoken to over TLS."""
    host: str
    """A name or an address, without brackets."""
    port: int
    variable: str = "HTTPS_PROXY"
    """The environment variable that names it; the remedies of errors do, too."""
    authorization: str = field(default="", repr=False)
    """What proves to the proxy who asks, as its header has it (`Basic ...`); empty for nothing."""

    @property
    def authority(self) -> str:
        """Host and port, which may be shown."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Its address, without any secret."""
        return f"{self.scheme}://{self.authority}"
