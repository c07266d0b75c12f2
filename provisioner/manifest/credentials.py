"""Credentials: where each is written, and its value only at the moment it is needed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioner.errors import ManifestError, Problem
from provisioner.manifest.references import Reference, from_environment, split, split_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from provisioner.kinds.desired import Place
    from provisioner.manifest.settings import Settings


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

    def refuse_literal(self, vendor: str) -> None:
        """Raise ValueError where the value itself is written: a file is copied, sent and kept for ever."""
        if not self.variables:
            variable = usual_variable(vendor, self.name)
            remedy = (
                f"write ${{env:{variable}}}, put the value in that variable, and change it if the file was ever shared"
            )
            raise ValueError(f"it is a secret: {remedy}")

    def resolve(self, environ: Mapping[str, str]) -> str:
        """The value; raises ManifestError at the credential's place when a variable is missing."""
        try:
            parts = [p if isinstance(p, str) else from_environment(p.name, environ) for p in split(self.text)]
            return _plain("".join(parts))
        except ValueError as error:
            raise ManifestError([Problem(*self.place, f"{self.name}: {error}")]) from None


def _plain(value: str) -> str:
    """What can be sent as it is; a file with the secret in it often ends with a line break."""
    if value != value.strip() or any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise ValueError(
            "it begins or ends with a blank, or holds a line break or something that is no text: store it without "
            "(printf %s instead of echo)"
        )
    return value


def usual_variable(vendor: str, name: str) -> str:
    """The environment variable that a vendor's credential is in, unless the settings name another."""
    return f"{vendor}_{name}".upper()


def resolve_credentials(settings: Settings, names: Iterable[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The values of what signs in; raises ManifestError with every one that is missing, each at its place."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name in names:
        credential = settings.credentials.get(name)
        if credential is None:
            variable = usual_variable(settings.provider, name)
            message = (
                f'{settings.provider} needs the credential {name}: add `{name}: "${{env:{variable}}}"` to credentials'
            )
            problems.append(Problem(*settings.place("credentials"), message))
            continue
        try:
            values[name] = credential.resolve(environ)
        except ManifestError as error:
            problems += error.problems
    if problems:
        raise ManifestError(problems)
    return values
