"""Traces for OpenTelemetry: the only room that knows it, imported only where a trace was asked for."""
