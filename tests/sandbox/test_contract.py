"""Whatever the contract allows, and whatever it does not: the sandbox answers in the envelope, and like its samples.

Cases come from schemathesis, by `contract.yaml`: of every operation alone, and in chains along the contract's links,
where the ids of one answer go into the next request. The quick versions are some hundred cases, the slow ones 5,000.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation.stateful import run_state_machine_as_test

from provisioner.sandbox.setster import OPERATIONS
from tests.sandbox import shapes, walk
from tests.sandbox.answers import Answers
from tests.sandbox.conftest import API, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from schemathesis import Case

    from tests.sandbox.conftest import Sandbox

CONTRACT = Path(__file__).with_name("contract.yaml")
SCHEMA = schemathesis.openapi.from_path(CONTRACT)
CASES = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok)}
STATUSES = {200, 201, 301, 401, 403, 404}
# What answers in another shape when it is asked to; the modules of these test which.
OTHERWISE = {"GET /availability", "GET /appointment"}
# Every other one of these is asked for without filters, so that chains have ids to go on with.
LISTS = {f"GET /{name}" for name in ("location", "employee", "service", "appointment", "client", "customfield")}
PHASES = [Phase.generate, Phase.shrink]
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]


class Tally:
    """How many cases were sent, and how many of each operation went well."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.well: Counter[str] = Counter()


def send(sandbox: Sandbox, case: Case[Any], tally: Tally) -> httpx.Response:
    """Send a case, signed in and for the own company as a rule, and judge the answer."""
    query = case.query or {}
    case.query = named(query if len(query) % 2 or case.operation.label not in LISTS else {})
    case.query["session_token"] = sandbox.token
    if isinstance(case.body, dict):
        case.body = named(case.body)
    prepared = requests.Request(**case.as_transport_kwargs(base_url=f"http://sandbox{API}")).prepare()
    assert prepared.method
    assert prepared.url
    answer = sandbox.request(prepared.method, prepared.url, content=prepared.body, headers=dict(prepared.headers))
    tally.sent[case.operation.label] += 1
    tally.well[case.operation.label] += judge(case.operation.label, answer)
    if case.operation.path == "/account/logout":
        (owner,) = (each for each in sandbox.control("GET", "/accounts") if each["company_id"] == 2345)
        sandbox.sign_in(owner["email"])
    return answer


def named(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query or a body with the own company for seven of eight that it names, and then with no links at all.

    Ids that were made up lead nowhere: what links do is tested where they are.
    """
    asked = said.get("company_id")
    if not isinstance(asked, int) or asked % 8 == 0:
        return dict(said)
    return {**said, "company_id": 2345} | ({"links": []} if "links" in said else {})


def judge(operation: str, answer: httpx.Response) -> bool:
    """Check what is true of every answer, and say whether the operation went well."""
    assert answer.status_code in STATUSES, answer.text
    assert answer.headers["content-type"] == "application/json"
    envelope = answer.json()
    assert set(envelope) == {"statusCode", "statusDescriptions", "data"}
    assert isinstance(envelope["statusDescriptions"], str)
    assert type(envelope["statusCode"]) is int
    assert envelope["statusCode"] in range(12)
    if envelope["statusCode"] != 0:
        assert envelope["data"] is None
        return False
    found = without_times(envelope["data"])
    assert operation in OTHERWISE or shapes.problems(shapes.OPERATIONS[operation], found) == []
    return True


def without_times(data: Any) -> Any:
    """Return the data of an answer without hours and set times: these are read as they were written, texts and all."""
    if isinstance(data, list):
        return [without_times(each) for each in data]
    kept = {"schedule", "availabilities"} & data.keys() if isinstance(data, dict) else ()
    return data | {name: [] for name in kept} if kept else data


def test_the_contract_is_what_the_sandbox_can_do() -> None:
    assert set(CASES) == {f"{each.method} {each.path}" for each in OPERATIONS} == set(shapes.OPERATIONS)


@cache
def either(label: str) -> st.SearchStrategy[Case[Any]]:
    """Return cases of an operation that fit the contract, and cases that do not."""
    return st.one_of(CASES[label].as_strategy(), CASES[label].as_strategy(GenerationMode.NEGATIVE))


def alone(label: str, examples: int, tally: Tally) -> None:
    """Send cases of one operation, each to a sandbox of its own."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=QUIET, database=None)
    @given(case=either(label))
    def one(case: Case[Any]) -> None:
        sandbox = open_sandbox(":memory:")
        try:
            send(sandbox, case, tally)
        finally:
            sandbox.close()

    one()


@pytest.mark.parametrize("label", sorted(CASES))
def test_an_operation_alone_answers_as_it_should(label: str) -> None:
    alone(label, 3, Tally())


@pytest.mark.slow
@pytest.mark.parametrize("label", sorted(CASES))
def test_an_operation_alone_answers_as_it_should_for_long(label: str) -> None:
    alone(label, 35, Tally())


def chains(examples: int, steps: int) -> Tally:
    """Send chains of cases, each chain to a sandbox of its own."""
    tally = Tally()

    class Chain(SCHEMA.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.sandbox = open_sandbox(":memory:")
            walk.furnish(Answers(self.sandbox))

        def teardown(self) -> None:
            self.sandbox.close()

        def call(self, case: Case[Any], **_: Any) -> Response:
            return Response.from_httpx(send(self.sandbox, case, tally), verify=False)

        def validate_response(self, response: Response, case: Case[Any], *_: Any, **__: Any) -> None:
            """Everything was said when it came."""

    quick = settings(max_examples=examples, stateful_step_count=steps, deadline=None, database=None)
    run_state_machine_as_test(Chain, settings=settings(quick, suppress_health_check=QUIET, phases=PHASES))
    return tally


def test_chains_of_operations_answer_as_they_should() -> None:
    tally = chains(10, 10)
    assert tally.sent.total() >= 20


@pytest.mark.slow
def test_chains_of_operations_answer_as_they_should_for_long() -> None:
    tally = chains(420, 12)
    assert tally.sent.total() >= 5_000
    assert len(+tally.well) >= 40, sorted(set(+tally.sent) - set(+tally.well))
