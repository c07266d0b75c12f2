"""Whether a trace is asked for, in the variables that the OpenTelemetry specification gives to every program."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from provisioner.errors import UsageError

SWITCH = "OTEL_TRACES_EXPORTER"
SPOKEN = "http/protobuf"
_DEFAULT = "http://localhost:4318"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def asked(environ: Mapping[str, str]) -> bool:
    """Whether to trace. An endpoint alone asks for nothing: it may be set for a program that this one starts beside.

    Raises UsageError for a protocol that is not spoken here.
    """
    named = {each.strip().lower() for each in environ.get(SWITCH, "").split(",")}
    if "otlp" not in named or environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    variable, protocol = _first(environ, _PROTOCOLS)
    if protocol and protocol.strip().lower() != SPOKEN:
        raise UsageError(
            f"{variable} asks for another protocol than {SPOKEN}, which is the only one spoken here: set it to "
            f"{SPOKEN}, with the collector's port for that (4318), or {SWITCH}=none"
        )
    return True


def silence() -> None:
    """Let the SDK log nothing, from before its import on: it repeats headers that it cannot read, and what fails."""
    logger = logging.getLogger("opentelemetry")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False


def collector(environ: Mapping[str, str]) -> tuple[str, str]:
    """The variable that says where the trace goes, and its host and port: the rest of an address may be a secret."""
    variable, endpoint = _first(environ, _ENDPOINTS)
    try:
        parts = urlsplit(endpoint or _DEFAULT)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    where = f"{host}:{port}" if host and port else host or "the collector"
    return variable or _ENDPOINTS[-1], where


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """The first of these variables that is set, with its value."""
    return next(((name, environ[name]) for name in names if environ.get(name)), ("", ""))
