"""What a probe found out about a vendor: kept beside the states of its host, for it is the host that speaks so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.errors import StateError
from provisioner.state.disk import Disk, replace_file


@dataclass(frozen=True, slots=True)
class Spoken:
    """The answers of the last probes, and where and when the last one was made."""

    answers: Mapping[str, str]
    """Question -> answer."""
    account_id: str
    at: str
    """UTC, as ISO 8601 has it."""


@dataclass(frozen=True, slots=True)
class DialectFile:
    """`.provisioner/state/HOST/dialect.json`."""

    path: Path
    disk: Disk = field(default_factory=Disk)

    def load(self) -> Spoken | None:
        """What is recorded; None when nothing is. Raises StateError."""
        try:
            data = self.disk.read(self.path)
            if data is None:
                return None
            found = json.loads(data)
            answers = {str(name): str(answer) for name, answer in found["answers"].items()}
            return Spoken(answers, str(found["account_id"]), str(found["at"]))
        except OSError as error:
            raise StateError(f"{self.path}: cannot be read: {error.strerror or error}") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise StateError(f"{self.path}: holds no dialect: remove it, and probe again") from None

    def save(self, spoken: Spoken) -> None:
        """Write it, whole or not at all. Raises StateError."""
        said = {"answers": dict(spoken.answers), "account_id": spoken.account_id, "at": spoken.at}
        try:
            self.disk.make_folder(self.path.parent)
            replace_file(self.disk, self.path, (json.dumps(said, indent=2) + "\n").encode())
        except OSError as error:
            raise StateError(f"{self.path}: cannot be written: {error.strerror or error}") from None
