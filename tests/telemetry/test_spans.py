"""The spans of a run: one inside of the other, with what happened, and without what nobody else should know."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from provisioner.stage import stage
from provisioner.telemetry.attributes import PERSONAL
from provisioner.telemetry.trace import trace
from tests.providers.leaping import Timeless
from tests.providers.leaping import tell as leap
from tests.providers.sent import CREATE, Sent, on
from tests.support import Tenant, declare, intercept, manifests, refusal, tell
from tests.telemetry.collected import PARENT, Failing, Span, collected, spans

SALON = manifests(
    declare("location/pier", name="Pier", main=True),
    declare("service/cut", name="Cut", duration="30 min"),
    declare("client/jane", email="jane@x.example", name="Jane"),
)


def applied() -> None:
    async def story(tenant: Tenant) -> None:
        with stage("apply"):
            await tenant.apply(SALON)

    tell(story)


def requests(found: list[Span]) -> list[Span]:
    return [each for each in found if each.kind == "CLIENT"]


def test_what_was_changed_is_told_with_its_requests_inside() -> None:
    found = collected(applied)
    made = [each for each in found if "provisioner.call.effect" in each.attributes]
    named = sorted(name for each in made for name in each.attributes["provisioner.change.addresses"])
    assert named == [f"client/{PERSONAL}", "location/pier", "service/cut"]
    for each in made:
        assert set(each.attributes["provisioner.change.outcomes"]) == {"done"}
        assert set(each.attributes["provisioner.change.actions"]) <= {"create", "update"}
        assert each.parent == "apply"
        assert each.status == "UNSET"
    assert {each.name for each in made} == {"create client", "create service", "replace location"}
    (create,) = [each for each in requests(found) if each.parent == "create service"]
    assert create.name == "POST /api/v2/service"
    assert create.attributes == {
        "http.request.method": "POST",
        "url.scheme": "http",
        "server.address": "sandbox",
        "url.template": "/api/v2/service",
        "http.response.status_code": 200,
    }
    reads = {each.attributes["provisioner.kind"] for each in found if each.parent == "survey"} - {None}
    assert reads >= {"location", "service", "client"}


def test_nobody_is_told_where_nobody_listens() -> None:
    found = collected(lambda: None)
    applied()
    assert found == []


def test_tries_and_waits_are_told() -> None:
    async def story(sent: Sent) -> None:
        await sent.tenant.faults({"fault": "throttle", "retry_after": 30}, {"fault": "throttle"})
        await sent.send(CREATE)

    found = [each for each in collected(lambda: on(story)) if "control" not in each.name]
    posts = [each for each in requests(found) if each.name == "POST /api/v2/location"]
    assert [each.attributes.get("http.request.resend_count") for each in posts] == [None, 1, 2]
    assert [each.attributes["http.response.status_code"] for each in posts] == [429, 429, 200]
    assert [(each.status, each.attributes.get("error.type")) for each in posts] == [
        ("ERROR", "429"),
        ("ERROR", "429"),
        ("UNSET", None),
    ]
    waits = [each.attributes for each in found if each.name == "wait"]
    assert [each["provisioner.wait.reason"] for each in waits] == ["asked", "backoff"]
    assert waits[0]["provisioner.wait.seconds"] == pytest.approx(30, abs=0.01)


def test_an_answer_that_does_not_come_is_an_error_of_its_request() -> None:
    async def story(tenant: Timeless) -> None:
        provider = tenant.provider()
        await provider.sign_in()
        await tenant.faults({"fault": "reset", "path": "/location"})
        await Sent(tenant, provider).send(CREATE)
        await provider.close()

    (lost,) = [each for each in requests(collected(lambda: leap(story))) if each.name == "POST /api/v2/location"]
    assert (lost.status, lost.attributes["error.type"]) == ("ERROR", "LostError")
    assert "http.response.status_code" not in lost.attributes


def test_side_by_side_each_task_has_spans_of_its_own() -> None:
    async def one(kind: str) -> None:
        with stage("read", kind=kind):
            await asyncio.sleep(0)
            with stage("request", method="GET", url=f"http://x/{kind}"):
                await asyncio.sleep(0)

    async def both() -> None:
        await asyncio.gather(one("location"), one("service"))

    found = collected(lambda: asyncio.run(both()))
    assert {each.name: each.parent for each in requests(found)} == {
        "GET /location": "read location",
        "GET /service": "read service",
    }


def test_a_trace_of_somebody_else_goes_on() -> None:
    def story() -> None:
        with stage("command"):
            pass

    kept = InMemorySpanExporter()
    with trace(PARENT, kept).listening():
        story()
    (found,) = kept.get_finished_spans()
    assert found.parent
    assert f"{found.parent.trace_id:032x}-{found.parent.span_id:016x}" in PARENT["TRACEPARENT"]
    unsampled = {"TRACEPARENT": PARENT["TRACEPARENT"][:-2] + "00"}
    assert collected(story, unsampled) == []
    (own,) = collected(story, {"TRACEPARENT": "nonsense"})
    assert own.parent == ""


def test_a_collector_that_takes_nothing_is_asked_once() -> None:
    failing = Failing()
    made = trace({"OTEL_EXPORTER_OTLP_ENDPOINT": "https://me:c4nary@collector.example:4318/c4nary?c4nary"}, failing)
    with made.listening():
        for _ in range(2_000):
            with stage("survey"):
                pass
    assert failing.asked == 1
    assert "collector.example:4318" in made.warning
    assert "c4nary" not in made.warning


planted = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).map(
    lambda text: f"c4nary {text.strip()}"
)


@settings(max_examples=15, deadline=None)
@given(planted, st.sampled_from(["refused", "lost", "throttled", "well"]))
def test_no_span_has_a_secret_or_a_person_in_it(secret: str, how: str) -> None:
    """Wherever it is planted: in values, keys of who books, the API key, and in what the vendor answers."""
    word = secret.encode().hex()
    wanted = manifests(
        declare("location/pier", name=secret[:60], main=True),
        declare(f"client/c4nary-{word}", email=f"c4nary-{word}@x.example", name=secret[:60], notes=secret),
        declare("webhook/crm", target_url=f"https://hooks.example/c4nary/{word}", events="all"),
        declare("employee/ana", email=f"c4nary{word}@x.example", first_name="A", last_name="B", password=secret),
    )

    def answer(method: str, path: str, query: str) -> Any:
        if method == "GET" or path.endswith("authenticate") or how == "well":
            return None
        if how == "lost":
            return 502, f"{secret} {query}".encode()
        return refusal(f"{secret} {query}") if how == "refused" else None

    async def story(tenant: Timeless) -> None:
        if how == "throttled":
            await tenant.faults({"fault": "throttle", "retry_after": 5, "times": 3})
        with stage("apply", secret=secret):
            await tenant.apply(wanted)
            raise ValueError(secret)

    kept = InMemorySpanExporter()
    with pytest.raises(ValueError, match="c4nary"), trace({}, kept).listening():
        leap(story, wrap=intercept(answer))
    found = spans(kept.get_finished_spans())
    assert len(found) > 8
    for each in found:
        assert "c4nary" not in each.whole
        assert word not in each.whole
        assert "sandbox-key" not in each.whole
        assert "owner@example.com" not in each.whole
