"""One trace from the environment's settings to a collector, which may be slow, broken or not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread

from opentelemetry.context import attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from provisioner import __version__
from provisioner.stage import heard_by
from provisioner.telemetry.asked import collector
from provisioner.telemetry.spans import Spans

PATIENCE = 2.0
"""Seconds that a command waits at its end, and that one delivery may take."""
HELD = 32_768
"""Spans that wait for their delivery at most."""
_PATIENCES = ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT")
_HELDS = ("OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")


@dataclass(slots=True)
class _Delivery(SpanExporter):
    """An exporter that gives up after its first failure, so that nothing is tried again and again beside an apply."""

    inner: SpanExporter
    lost: bool = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Deliver, unless that failed before."""
        if not self.lost:
            self.lost = True  # until it is known
            self.lost = self.inner.export(spans) is not SpanExportResult.SUCCESS
        return SpanExportResult.FAILURE if self.lost else SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Free the connection."""
        self.inner.shutdown()


@dataclass(slots=True)
class Trace:
    """One command's trace."""

    environ: Mapping[str, str]
    provider: TracerProvider
    delivery: _Delivery
    warning: str = ""
    """What is to be said at the end; "" when everything was delivered."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stages become spans, which go on with the trace that TRACEPARENT names; all are delivered at the end."""
        lower = {name.lower(): value for name, value in self.environ.items() if name in ("TRACEPARENT", "TRACESTATE")}
        token = attach(TraceContextTextMapPropagator().extract(lower))
        try:
            with heard_by(Spans(self.provider.get_tracer("provisioner", __version__))):
                yield
        finally:
            detach(token)
            self._deliver()

    def _deliver(self) -> None:
        """Send what is left. A collector that takes too long is left alone: the thread ends with the process."""
        sending = Thread(target=self.provider.shutdown, daemon=True)
        sending.start()
        with suppress(KeyboardInterrupt):  # what the command did is done
            sending.join(PATIENCE)
        if sending.is_alive() or self.delivery.lost:
            variable, where = collector(self.environ)
            self.warning = (
                f"Warning: the trace is not complete: {where} did not take all of it. Check {variable}. Nothing else "
                "depends on it"
            )


def trace(environ: Mapping[str, str], exporter: SpanExporter | None = None) -> Trace:
    """A trace as the environment's variables want it. Raises what OpenTelemetry raises for values that it refuses."""
    patience = None if any(map(environ.get, _PATIENCES)) else PATIENCE
    delivery = _Delivery(exporter or OTLPSpanExporter(timeout=patience))
    named = Resource({"service.name": "provisioner", "service.version": __version__})
    # Nothing else finds out about this process: its command line may have a secret in it.
    provider = TracerProvider(resource=named.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    held = None if any(map(environ.get, _HELDS)) else HELD
    provider.add_span_processor(BatchSpanProcessor(delivery, max_queue_size=held))
    return Trace(environ, provider, delivery)
