"""The state as one JSON file: checksummed, written whole and atomically, the one before it kept."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from provisioner import __version__
from provisioner.errors import StateError
from provisioner.kinds import read_address
from provisioner.state.model import Record, State, Tenant

FORMAT = 1


@dataclass(frozen=True, slots=True)
class StateFile:
    """The state of one tenant in a workspace: `.provisioner/state/HOST/COMPANY/state.json`."""

    path: Path
    tenant: Tenant

    def load(self) -> State:
        """The recorded state, or a fresh one. Raises StateError when the file cannot be trusted."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return State(self.tenant, lineage=secrets.token_hex(16))
        except OSError as error:
            raise StateError(f"{self.path}: cannot be read: {error.strerror or error}") from None
        return self._trusted(data)

    def _trusted(self, data: bytes) -> State:
        try:
            document = json.loads(data)
            body = {key: value for key, value in document.items() if key != "sha256"}
            intact = document["sha256"] == _digest(body)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            intact = False
        if not intact:
            raise StateError(
                f"{self.path}: damaged or edited by hand (its checksum does not fit). "
                f"Restore {self.path.name}.previous over it, or move it away: the next plan finds everything by name"
            )
        state = _decode(body) if body.get("format_version") == FORMAT else None
        if state is None:
            writer = body.get("tool_version")
            raise StateError(f"{self.path}: written by a newer provisioner ({writer}): update this one")
        if state.tenant != self.tenant:
            raise StateError(f"{self.path}: belongs to {state.tenant}, not to {self.tenant}")
        return state

    def save(self, state: State) -> State:
        """Write the next serial of a state: temporary file, fsync, rename, fsync of the folder."""
        saved = replace(state, serial=state.serial + 1)
        body = _encode(saved)
        text = json.dumps(body | {"sha256": _digest(body)}, ensure_ascii=False, indent=1)
        try:
            self._replace(text.encode())
        except OSError as error:
            raise StateError(f"{self.path}: cannot be written: {error.strerror or error}") from None
        return saved

    def _replace(self, data: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        previous = self.path.with_name(self.path.name + ".previous")
        if self.path.exists():
            previous.unlink(missing_ok=True)
            shutil.copy2(self.path, previous)
        temporary.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _digest(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _encode(state: State) -> dict[str, Any]:
    return {
        "format_version": FORMAT,
        "tool_version": __version__,
        "tenant": {"host": state.tenant.host, "company_id": state.tenant.company_id},
        "lineage": state.lineage,
        "serial": state.serial,
        "resources": {str(a): _encode_record(r) for a, r in sorted(state.records.items())},
    }


def _encode_record(record: Record) -> dict[str, Any]:
    body: dict[str, Any] = {"id": record.id, "owned": record.owned}
    if record.protect:
        body["protect"] = True
    if record.applied:
        body["applied"] = dict(record.applied)
    if record.secrets:
        body["secrets"] = dict(record.secrets)
    return body


def _decode(body: Mapping[str, Any]) -> State | None:
    """The state, or None where an intact file holds what this version does not know (a kind, a field of a record)."""
    try:
        return State(
            tenant=Tenant(**body["tenant"]),
            lineage=body["lineage"],
            serial=body["serial"],
            records={read_address(text): Record(**fields) for text, fields in body["resources"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def secret_digest(lineage: str, value: str) -> str:
    """A digest of a secret that is of no use outside its own state file's lineage."""
    return hashlib.blake2b(value.encode(), key=lineage.encode()[:64], digest_size=16).hexdigest()
