"""What is wrong with a workspace, collected so that one run reports everything."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from provisioner.errors import ManifestError, Problem
from provisioner.kinds.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds.desired import Place


MOST = 1_000
"""Problems after which looking for more helps nobody, and would take minutes in a hostile file."""
LONGEST = 500
"""Characters of a message."""


class Problems:
    """The problems found so far; the same sentence at the same place counts once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, place: Place, message: str) -> None:
        """Remember one thing that is wrong. Raises ManifestError when it is one too many.

        Whatever a message repeats of a file, it is one line of bounded length that a terminal can show.
        """
        self._found[Problem(*place, _shown(message))] = None
        if len(self._found) == MOST:
            self.stop(place, f"{MOST:,} problems up to here, and no more are looked for: mend these first")

    def stop(self, place: Place, message: str) -> NoReturn:
        """Raise everything as one ManifestError, with a reason why nothing more is looked at."""
        raise ManifestError((*self._found, Problem(*place, message)))

    def raise_any(self) -> None:
        """Raise everything as one ManifestError, or do nothing when nothing was found."""
        if self._found:
            raise ManifestError(tuple(self._found))


def _shown(message: str) -> str:
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]}..."
    if message.isprintable():
        return message
    return "".join(char if char.isprintable() else escape(char) for char in message)


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, if one is near."""
    folded = {choice.lower(): choice for choice in choices}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else None


def meant(name: str, choices: Iterable[str], otherwise: str) -> str:
    """The end of a message about an unknown name: the nearest one as a question, or another remedy."""
    near = nearest(name, choices)
    return f"did you mean {near}?" if near else otherwise
