"""Where faults strike: a script may answer instead of the sandbox, or after it has done its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from provisioner.sandbox.exchange import Answer, Request


class Fault(NamedTuple):
    """One misfortune; `delay` is in seconds.

    `instead` is answered and nothing is executed; `afterwards` is answered although the work was done and kept.
    """

    instead: Answer | None = None
    afterwards: Answer | None = None
    delay: float = 0.0


class Faults(Protocol):
    """Decides, before a request is executed, what will go wrong with it."""

    def strike(self, request: Request) -> Fault | None:
        """Return the fault for this request, or None to leave it alone."""


class NoFaults:
    """The script of a good day."""

    def strike(self, request: Request) -> Fault | None:  # noqa: ARG002  the Protocol's signature
        """Leave every request alone."""
        return None
