"""What is wrong with a workspace, collected so that one run reports everything."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from provisioner.errors import ManifestError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds.desired import Place


class Problems:
    """The problems found so far; the same sentence at the same place counts once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, place: Place, message: str) -> None:
        """Remember one thing that is wrong."""
        self._found[Problem(*place, message)] = None

    def raise_any(self) -> None:
        """Raise everything as one ManifestError, or do nothing when nothing was found."""
        if self._found:
            raise ManifestError(tuple(self._found))


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, if one is near."""
    folded = {choice.lower(): choice for choice in choices}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else None


def meant(name: str, choices: Iterable[str], otherwise: str) -> str:
    """The end of a message about an unknown name: the nearest one as a question, or another remedy."""
    near = nearest(name, choices)
    return f"did you mean {near}?" if near else otherwise
