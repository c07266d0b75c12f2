"""What a trace would deliver, kept in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from provisioner.telemetry.trace import trace

PARENT = {"TRACEPARENT": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


class Span(NamedTuple):
    """One span, as a reader sees it."""

    name: str
    attributes: Mapping[str, Any]
    parent: str
    """The name of the span around it, "" for none of ours."""
    status: str
    kind: str
    whole: str
    """All that leaves the process."""


def collected(story: Callable[[], None], environ: Mapping[str, str] | None = None) -> list[Span]:
    """The spans of a story, in the order in which they began."""
    kept = InMemorySpanExporter()
    made = trace(environ or {}, kept)
    with made.listening():
        story()
    assert made.warning == ""
    return spans(kept.get_finished_spans())


def spans(found: Any) -> list[Span]:
    """Finished spans of the SDK."""
    every: list[ReadableSpan] = sorted(found, key=lambda each: each.start_time or 0)
    names = {each.context.span_id: each.name for each in every if each.context}
    return [
        Span(
            each.name,
            dict(each.attributes or {}),
            names.get(each.parent.span_id, "") if each.parent else "",
            each.status.status_code.name,
            each.kind.name,
            each.to_json(),
        )
        for each in every
    ]


class Failing(SpanExporter):
    """A collector that takes nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def export(self, spans: Any) -> Any:
        self.asked += 1
        raise OSError(json.dumps({"refused": len(spans)}))
