"""What became of an apply: true numbers, after a failure too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.kinds import Address
    from provisioner.plan.change import Change


@dataclass(frozen=True, slots=True)
class Applied:
    """Every change of a plan, once, under what became of it."""

    done: tuple[Change, ...] = ()
    failed: tuple[tuple[Change, str], ...] = ()
    """With the vendor's own words."""
    skipped: tuple[tuple[Change, Address], ...] = ()
    """Not attempted, because this address failed."""
    cancelled: tuple[Change, ...] = ()
    """Not attempted, because the run was asked to stop."""
    writes: int = 0
    seconds: float = 0.0
    pending: tuple[Address, ...] = ()
    """In doubt since an earlier run, so that nothing was planned for them or for what needs them."""
    stuck: tuple[Address, ...] = ()
    """Failed ones that may have been made, and no look can tell: a person has to say."""

    @property
    def complete(self) -> bool:
        """Whether everything that is wanted was done."""
        return not (self.failed or self.skipped or self.cancelled or self.pending)
