"""How far manifests may expand: a few lines can want every service of every account, a million times."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.kinds.desired import Place
    from provisioner.manifest.problems import Problems

MOST = 2_000_000
"""Resources, relations, removals and fits of scopes, in all accounts together: about a gigabyte of them."""


class Budget:
    """What is left of a load's expansions."""

    def __init__(self, problems: Problems, most: int = MOST) -> None:
        self._problems, self._most, self._left = problems, most, most

    def spend(self, count: int, place: Place) -> None:
        """Take so many for what stands there. Raises ManifestError, with all problems so far, when it is too much."""
        self._left -= count
        if self._left < 0:
            what = f"with this the manifests expand to over {self._most:,} resources, links and removals"
            self._problems.stop(place, f"{what} in all accounts together: name fewer")
