"""Stages as spans. An error is told by its class: its words may repeat what a vendor or a file said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from provisioner.stage import Facts
from provisioner.telemetry.attributes import attributes, title

_FAILED = "error.type"


@dataclass(frozen=True, slots=True)
class _Open:
    """A span that has begun."""

    name: str
    span: Span

    def tell(self, **facts: Any) -> None:
        """More attributes; some of them say that it failed."""
        if not self.span.is_recording():
            return
        told = attributes(facts)
        self.span.set_attributes(told)
        if _FAILED in told:
            self.span.set_status(StatusCode.ERROR)
        if "command" in facts:
            self.span.update_name(title(self.name, told))


@dataclass(frozen=True, slots=True)
class Spans:
    """Makes a span of each stage."""

    tracer: Tracer

    @contextmanager
    def stage(self, name: str, facts: Facts) -> Iterator[_Open]:
        """One span, inside of the one that is open in this task."""
        told = attributes(facts)
        kind = SpanKind.CLIENT if name == "request" else SpanKind.INTERNAL
        with self.tracer.start_as_current_span(
            title(name, told), kind=kind, attributes=told, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield _Open(name, span)
            except BaseException as error:
                span.set_attribute(_FAILED, type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise
