"""What a run is at, told to who listens. Nobody does unless somebody asked: then a stage costs a look at a variable.

A stage begins and ends with its `with`, inside of the one that was begun before it in the same task, or in the task
that started this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self

Facts = Mapping[str, Any]
"""What is known of a stage, by name. Values of ours, whole: who listens decides what of them gets any farther."""


class Stage(Protocol):
    """One that has begun."""

    def tell(self, **facts: Any) -> None:
        """What is known of it by now."""


class Listener(Protocol):
    """Who is told."""

    def stage(self, name: str, facts: Facts) -> AbstractContextManager[Stage]:
        """One stage, from its begin to its end."""


class _Unheard:
    """Every stage that nobody listens to."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def tell(self, **facts: Any) -> None:
        """Nobody is told."""


_UNHEARD = _Unheard()
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def stage(name: str, **facts: Any) -> AbstractContextManager[Stage]:
    """A stage with this name, for a `with`."""
    listener = _listener.get()
    return _UNHEARD if listener is None else listener.stage(name, facts)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have somebody listen, until the end of the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
