"""A trace of a command, as a collector gets it; and no command depends on one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from provisioner import __version__
from tests.cli.collector import ABOVE, TRACE, attributes, collecting
from tests.cli.command import COMMAND, PATIENCE, Workspace, environment

WARNING = "Warning: the trace is not complete: "


def test_an_apply_from_the_pipeline_that_runs_it_to_each_request(starter: Workspace) -> None:
    with collecting() as collector:
        starter.apply(env=collector.env)
    found = collector.spans()
    names = {span.span_id: span.name for span in found}
    around = {span.name: names.get(span.parent_span_id, "") for span in found}
    (command,) = [span for span in found if span.parent_span_id.hex() == ABOVE]
    assert {span.trace_id.hex() for span in found} == {TRACE}
    assert command.name == "provisioner apply"
    assert attributes(command) == {"provisioner.command": "apply", "process.exit.code": 0}
    assert {name for name, outer in around.items() if outer == "provisioner apply"} == {
        "load",
        "sign in",
        "plan",
        "apply",
    }
    assert around["survey"] == around["compare"] == "plan"
    assert around["read employee"] == "survey"
    assert around["create employee"] == "apply"
    assert around["PUT /api/v2/employee/{id}/assignAvailability"] == "replace hours"
    (apply,) = [attributes(span) for span in found if span.name == "apply"]
    assert apply["provisioner.apply.done"] == 11
    assert collector.resource() == {"service.name": "provisioner", "service.version": __version__}
    assert {path for path, _, _ in collector.requests} == {"/v1/traces"}


def test_how_it_ended_is_told(starter: Workspace) -> None:
    with collecting() as collector:
        assert starter("plan", "--detailed-exitcode", env=collector.env).code == 2
        starter.write("wrong.yaml", "services: {c4nary: {nmae: c4nary}}\n")
        assert starter("validate", env=collector.env).code == 1
        assert starter("plan", "--frob", env=collector.env).code == 64
        assert starter("plan", "--help", env=collector.env).code == 0
        assert starter("--help", env=collector.env).code == 0
        completing = {"_PROVISIONER_COMPLETE": "bash_complete", "COMP_WORDS": "provisioner pl", "COMP_CWORD": "1"}
        assert starter(env={**collector.env, **completing}).out == "plain,plan\n"
    ends = [span for span in collector.spans() if span.parent_span_id.hex() == ABOVE]
    told = [(span.name, attributes(span)["process.exit.code"], span.status.code) for span in ends]
    assert told == [
        ("provisioner plan", 2, 0),
        ("provisioner validate", 1, 2),
        ("provisioner plan", 64, 2),
        ("provisioner plan", 0, 0),
    ]
    assert attributes(ends[1])["error.type"] == "ManifestError"
    assert not [content for _, _, content in collector.requests if b"c4nary" in content]


def test_a_collector_that_is_not_there_costs_a_line(starter: Workspace) -> None:
    ran = starter(
        "apply", "--yes", env={"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    )
    assert ran.code == 0
    assert ran.out.splitlines()[-2] == "Apply complete! 9 added, 2 changed, 0 destroyed."
    told = [line for line in ran.err.splitlines() if not line.startswith("[")]
    assert told == [
        f"{WARNING}127.0.0.1:1 did not take all of it. Check OTEL_EXPORTER_OTLP_ENDPOINT. Nothing else depends on it"
    ]
    starter.settled()


@pytest.mark.parametrize("badly", [{"status": 401}, {"status": 503}, {"silent": True}], ids=str)
def test_a_collector_that_treats_us_badly_costs_a_line(starter: Workspace, badly: dict[str, Any]) -> None:
    with collecting(**badly) as collector:
        ran = starter("state", "list", env=collector.env)
    assert ran.code == 0
    told = ran.err.splitlines()
    assert [line.startswith(WARNING) for line in told] == [False, True]
    assert 0 < len(collector.requests) <= 3


def test_nothing_is_sent_unless_it_is_asked_for(starter: Workspace) -> None:
    with collecting() as collector:
        for asked in ("none", "console", ""):
            assert starter("validate", env={**collector.env, "OTEL_TRACES_EXPORTER": asked}).err == ""
        assert starter("validate", env={**collector.env, "OTEL_SDK_DISABLED": "true"}).err == ""
    assert collector.requests == []


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_EXPORTER_OTLP_PROTOCOL asks for another protocol than http/prot"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "c4nary", "http/protobuf, with the collector's port for that (4318)"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "-1", "OpenTelemetry refuses its settings (ValueError): correct the OTEL_"),
        ("OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER", "c4nary", "refuses its settings (RuntimeError)"),
    ],
)
def test_settings_that_cannot_be(starter: Workspace, variable: str, value: str, words: str) -> None:
    ran = starter("apply", "--yes", env={"OTEL_TRACES_EXPORTER": "otlp", variable: value})
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert "c4nary" not in ran.err
    assert starter.kept == []


@pytest.mark.parametrize(
    ("variable", "value"), [("OTEL_EXPORTER_OTLP_HEADERS", "c4nary c4nary"), ("OTEL_PYTHON_CONTEXT", "c4nary")]
)
def test_what_the_sdk_would_log_is_not_printed(starter: Workspace, variable: str, value: str) -> None:
    with collecting() as collector:
        env = environment(starter.root, {**collector.env, variable: value})
        command = [COMMAND, "validate"]
        done = subprocess.run(command, cwd=starter.root, env=env, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(collector.spans()) == 2


def test_asked_for_and_not_installed_is_told_with_the_remedy(starter: Workspace, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden/opentelemetry"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError('opentelemetry')\n")
    env = {"PYTHONPATH": str(hidden.parent), "OTEL_TRACES_EXPORTER": "otlp"}
    ran = starter("plan", env=env)
    assert (ran.code, ran.out) == (64, "")
    assert ran.err == (
        "Error: OTEL_TRACES_EXPORTER=otlp asks for a trace, and OpenTelemetry is not installed: pip install "
        "'provisioner[otel]', or set OTEL_TRACES_EXPORTER=none\n"
    )
    assert starter("validate", env=env | {"OTEL_TRACES_EXPORTER": "none"}).code == 0


def test_a_run_that_is_stopped_is_told_of_as_well(starter: Workspace) -> None:
    """The variables are the installed script's, too: nothing here depends on how it is started."""
    with collecting() as collector:
        done = subprocess.run(
            [COMMAND, "destroy"],
            cwd=starter.root,
            env=environment(starter.root, collector.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 64
    (span,) = collector.spans()
    assert (span.name, attributes(span)["process.exit.code"]) == ("provisioner destroy", 64)
