"""What a server of the HTTP state protocol keeps of a tenant: one document, sent whole each time."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from provisioner import __version__
from provisioner.errors import StateError
from provisioner.state.codec import encode_tenant
from provisioner.state.model import Tenant

FORMAT = 1
LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """What is sent whole."""

    serial: int = 0
    """Grows with each document: some servers keep every one, by this number."""
    lineage: str = ""
    id: str = ""
    """Another one each time: whether a document arrived that nobody answered is seen by it."""
    holder: str = ""
    """Who is in the middle of a run."""
    state: bytes | None = None
    journal: bytes | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    """What is seldom read, packed, by name: `previous`, `taken_in`, `damaged/...`, `runs/...`."""

    def part(self, name: str) -> bytes | None:
        """One of those. Raises StateError."""
        return unpacked(self.kept[name]) if name in self.kept else None

    def keeping(self, parts: Mapping[str, bytes | None]) -> Document:
        """The same with these as well, as far as there are any."""
        new = {name: packed(data) for name, data in parts.items() if data is not None}
        return replace(self, kept={**self.kept, **new})


# -- as JSON


def encode(document: Document, tenant: Tenant) -> bytes:
    """The document; `version`, `serial` and `lineage` are what servers of the protocol look at."""
    body = {
        "version": 4,
        "serial": document.serial,
        "lineage": document.lineage,
        "provisioner": FORMAT,
        "tool_version": __version__,
        "tenant": encode_tenant(tenant),
        "id": document.id,
        "holder": document.holder,
        "state": _text(document.state),
        "journal": None if document.journal is None else (_text(document.journal) or "").splitlines(keepends=True),
        "kept": dict(document.kept),
    }
    return json.dumps(body, indent=1).encode()


def decode(data: bytes, tenant: Tenant) -> Document:
    """Raises ValueError, KeyError or TypeError for what is none, and StateError for that of another tenant."""
    body = json.loads(data)
    if body["provisioner"] != FORMAT:
        raise ValueError("another format")
    whose = Tenant(**body["tenant"])
    if whose != tenant:
        raise StateError(f"the address of the state: holds that of {whose}, not of {tenant}: give each its own")
    journal = body["journal"]
    return Document(
        int(body["serial"]),
        str(body["lineage"]),
        str(body["id"]),
        str(body["holder"]),
        _bytes(body["state"]),
        None if journal is None else _bytes("".join(journal)),
        {str(name): str(text) for name, text in body["kept"].items()},
    )


def packed(data: bytes) -> str:
    """What is seldom read takes little room."""
    return base64.b64encode(zlib.compress(data)).decode()


def unpacked(text: str) -> bytes:
    """Raises StateError for what was not packed so."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LARGEST)
    except (ValueError, zlib.error):
        raise StateError("a part of the document of the state is damaged or was edited by hand") from None


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "surrogatepass")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogatepass")
