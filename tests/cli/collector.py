"""An OTLP/HTTP collector on a port of this computer, which keeps what it is sent or treats its callers badly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.cli.command import Env

TRACE, ABOVE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@dataclass
class Collector:
    """What came, in protobuf and as bytes."""

    port: int
    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def env(self) -> Env:
        """What asks for a trace, and sends it here."""
        return {
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "TRACEPARENT": f"00-{TRACE}-{ABOVE}-01",
        }

    def spans(self) -> list[Any]:
        """Every span, in the order in which they began."""
        found = [
            span for each in self.decoded() for group in each.resource_spans for scope in group.scope_spans
            for span in scope.spans
        ]  # fmt: skip
        return sorted(found, key=lambda span: int(span.start_time_unix_nano))

    def resource(self) -> dict[str, str]:
        """Whose they are."""
        every = [{a.key: a.value.string_value for a in group.resource.attributes} for each in self.decoded()
                 for group in each.resource_spans]  # fmt: skip
        assert all(each == every[0] for each in every)
        return every[0]

    def decoded(self) -> list[Any]:
        """The requests as protobuf has them."""
        return [ExportTraceServiceRequest.FromString(content) for _, _, content in self.requests]


def attributes(span: Any) -> dict[str, Any]:
    """The attributes of a span that are numbers or texts."""
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}


@contextmanager
def collecting(*, status: int = 200, silent: bool = False) -> Iterator[Collector]:
    """A collector at a free port; a silent one takes a request and never answers."""
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            collector.requests.append((self.path, dict(self.headers), content))
            if silent:
                over.wait(30)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(server.server_address[1])
        serving = Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        try:
            yield collector
        finally:
            over.set()
            server.shutdown()
            serving.join()
