"""Credentials: where each is written, and its value only at the moment it is needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioner.errors import ManifestError, Problem
from provisioner.manifest.references import Reference, from_environment, split, split_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.kinds.desired import Place


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential; its text may hold `${env:NAME}` and is never shown."""

    name: str
    place: Place
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = split_secret(self.text, "it")
        if any(isinstance(part, Reference) and (part.source != "env" or part.filters) for part in parts):
            raise ValueError("only the environment is asked for a credential: write ${env:NAME}, without a filter")

    @property
    def variables(self) -> frozenset[str]:
        """The environment variables it is made of."""
        return frozenset(part.name for part in split(self.text) if isinstance(part, Reference))

    def resolve(self, environ: Mapping[str, str]) -> str:
        """The value; raises ManifestError at the credential's place when a variable is missing."""
        try:
            parts = [p if isinstance(p, str) else from_environment(p.name, environ) for p in split(self.text)]
        except ValueError as error:
            raise ManifestError([Problem(*self.place, f"{self.name}: {error}")]) from None
        return "".join(parts)
