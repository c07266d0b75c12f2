"""Every implemented operation answers with the fields and JSON types of the vendor's own samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.sandbox.setster import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

FACTS: dict[str, Any] = json.loads(Path(__file__).with_name("vendor_samples.json").read_text("utf-8"))
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
SCHEDULE = {
    "repeat": 1,
    "start_date": "01/06/2019",
    "start_time": {"hour": 9, "min": 0, "am": "am"},
    "end_date": "01/12/2019",
    "end_time": {"hour": 5, "min": 0, "am": "pm"},
    "days": {"2": 1, "3": 1},
}
HOURS = {
    "repeat": 1,
    "type": 0,
    "start_date": "12/1/2015",
    "end_date": "12/31/2015",
    "days": {"mo": {"time": [["10:00", "18:00"], ["22:00", "23:00"]]}},
}

CHRISTMAS = {"name": "Christmas", "type": 2, "start_date": "2018-12-25 00:00:00", "end_date": "2018-12-26 23:59:59"}
QUESTION = {
    "company_id": 2345,
    "label": "What?",
    "length": 20,
    "type": 7,
    "required": False,
    "ord": 3,
    "status": True,
    "visibility": 1,
    "readonly": False,
    "hint": "",
    "removable": True,
    "options": "Option A|Option B|Option C",
    "multiselect": 0,
}


def problems(wanted: Any, found: Any, place: str = "data") -> list[str]:
    """Say where an answer lacks a field of the sample, or has it with another type."""
    if isinstance(wanted, str):
        if wanted.startswith("$"):
            return problems(FACTS["shapes"][wanted[1:]], found, place)
        types = tuple(kind for name in wanted.split("|") for kind in TYPES[name])
        wrong = not isinstance(found, types) or (isinstance(found, bool) and bool not in types)
        return [f"{place} is {found!r}, not {wanted}"] if wrong else []
    if not isinstance(found, type(wanted)):
        return [f"{place} is {found!r}, not like {wanted}"]
    if isinstance(wanted, list):
        return [each for index, item in enumerate(found) for each in problems(wanted[0], item, f"{place}[{index}]")]
    extended = problems("$" + wanted["$"], found, place) if "$" in wanted else []
    named = {name: kind for name, kind in wanted.items() if name != "$"}
    missing = [f"{place}.{name} is missing" for name in named if name not in found]
    return [
        *extended,
        *missing,
        *(each for name in named if name in found for each in problems(named[name], found[name], f"{place}.{name}")),
    ]


def service_body(employee: int, location: int) -> dict[str, Any]:
    return {
        "name": "Massage",
        "duration": 60,
        "schedule": [SCHEDULE],
        "links": {employee: {location: 1}},
        "active_from": "2019-08-24",
        "active_until": "2019-08-24",
        "price": 12.5,
    }


@pytest.fixture
def answers(sandbox: Sandbox) -> dict[str, Any]:
    """Use every operation once and return what each answered."""
    found: dict[str, Any] = {"POST /account/authenticate": sandbox.sign_in()}

    def use(operation: str, body: Any = None, **query: Any) -> Any:
        method, path = operation.split()
        number = query.pop("number", "")
        address = (
            path.replace("{id}", str(number))
            .replace("{ids}", str(number))
            .replace("{nickname}", "sandbox")
            .replace("{email}", "a@b.example")
        )
        send = sandbox.upload if operation.endswith(("uploadPhoto", "uploadLogo")) else sandbox.ok
        found[operation] = send(method, address, body, **query)
        return found[operation]

    account = {"company_name": "Apple", "nick_name": "apple", "email": "user@example.com", "password": "x"}
    location = use("POST /location", {"name": "Spa center"})[0]["id"]
    employee = sandbox.employee(photo_url="")
    service = use("POST /service", service_body(employee, location))["id"]
    person = {"email": "ben@example.com", "first_name": "Ben", "last_name": "Doe", "links": {location: {service: 1}}}
    use("POST /employee", person)
    use("POST /account", account | {"account_type": 0})
    for name in ("account", "account/companies", "account/getAccountInfo", "account/getOptions", "service", "tz/data"):
        use(f"GET /{name}")
    for name in ("account/getPersonalInfo", "tz/list", "location", "employee"):
        use(f"GET /{name}")
    use("POST /account/saveBussinessInfo", {"company_name": "Sandbox", "nick_name": "sandbox"})
    use("POST /account/saveOptions", {"send_reminder": 24, "currenciesStripe": ["AED"], "currenciesPaypal": ["AED"]})
    use("POST /account/savePersonalInfo", {"first_name": "John"})
    for name in ("account/checknickname/{nickname}", "account/checkemail/{email}", "employee/checknickname/{nickname}"):
        use(f"GET /{name}")
    use(
        "PUT /employee/{id}/assignAvailability",
        {"availabilities": [HOURS | {"location_id": location}]},
        number=employee,
    )
    use("GET /employee/getAvailabilityTime/{id}", number=employee)
    use("POST /location/assignServices", {employee: [service]}, location_id=location)
    use("POST /employee/assignServices", {location: [service]}, employee_id=employee)
    bodies = {
        "location": {"name": "Spa center"},
        "employee": person | {"email": "ann@example.com"},
        "service": service_body(employee, location),
    }
    for kind, number in (("service", service), ("employee", employee), ("location", location)):
        use(f"POST /{kind}/updateOrder", [{"id": number, "ord": 3}])
        named = {"provider" if kind == "employee" else kind: number}
        uploaded = use(f"POST /{kind}/uploadPhoto", {"photo": b"GIF89a"}, **named)
        use(f"POST /{kind}/removePhoto", {"file_name": uploaded["file_name"]} | named, **named)
        use(f"GET /{kind}/{{id}}", number=number)
        use(f"PUT /{kind}/{{id}}", bodies[kind], number=number)
    for kind, number in (("service", service), ("employee", employee), ("location", location)):
        use(f"DELETE /{kind}/{{id}}", number=number)
    use("POST /account/uploadLogo", {"logo": b"GIF89a"})
    days_off(use)
    booking_form(use)
    notified(use)
    people(use)
    return found


def days_off(use: Callable[..., Any]) -> None:
    """Use every operation on holidays."""
    number = use("POST /availability/saveHoliday", CHRISTMAS)["id"]
    use("GET /availability/getHoliday")
    use("GET /availability/getHoliday/{id}", number=number)
    use("POST /availability/saveHoliday/{id}", CHRISTMAS | {"enabled": 0}, number=number)
    use("POST /availability/deleteHoliday/{ids}", number=number)


def booking_form(use: Callable[..., Any]) -> None:
    """Use every operation on custom fields."""
    number = use("POST /customfield", QUESTION)["id"]
    use("GET /customfield")
    use("GET /customfield/{id}", number=number)
    use("PUT /customfield/{id}", QUESTION | {"label": "Why?"}, number=number)
    use("POST /customfield/bulksave", [QUESTION, QUESTION | {"id": number, "label": "How?"}])
    use("DELETE /customfield/{id}", number=number)


def notified(use: Callable[..., Any]) -> None:
    body = {"target_url": "", "events": ["appointment.created", {"event": "appointment.rescheduled", "active": 0}]}
    number = use("POST /subscribe", body | {"active": 0})["id"]
    use("GET /subscribe")
    use("GET /subscribe/{id}", number=number)
    use("PUT /subscribe/{id}", body, number=number)
    use("DELETE /subscribe/{id}", number=number)


def people(use: Callable[..., Any]) -> None:
    body = {"email": "user@example.com", "name": "Test Client", "phone": "3445323523", "address": "City country"}
    body |= {"gender": "m", "birthday": "2019-08-24", "cient_since": "2019-08-24"}
    number = use("POST /client", body)["client_id"]
    use("GET /client")
    use("GET /client/{id}", number=number)
    use("PUT /client/{id}", body, number=number)
    use("DELETE /client/{id}", number=number)


def test_every_operation_answers_like_its_sample(answers: dict[str, Any]) -> None:
    wrong = {name: problems(wanted, answers[name]) for name, wanted in FACTS["operations"].items()}
    assert {name: each for name, each in wrong.items() if each} == {}


def test_every_operation_has_its_sample() -> None:
    assert {f"{each.method} {each.path}" for each in OPERATIONS} == set(FACTS["operations"])


def test_the_lists_of_the_samples_are_not_empty_here(answers: dict[str, Any]) -> None:
    for name in (
        *("GET /account/companies", "GET /location", "GET /employee", "GET /service"),
        *("GET /availability/getHoliday", "GET /customfield", "POST /customfield/bulksave"),
    ):
        assert answers[name], name
    assert answers["GET /employee/getAvailabilityTime/{id}"]["availabilities"]


def test_a_hidden_field_is_not_read_back(sandbox: Sandbox) -> None:
    fields = dict.fromkeys(("yelp", "pinterest", "vimeo", "youtube", "ics_url"), "https://example.com")
    number = sandbox.employee(**fields, password="x", send_invite_email=True)
    (shown,) = sandbox.ok("GET", f"/employee/{number}")
    assert not shown.keys() & {*fields, "password", "send_invite_email", "links"}
    (held,) = (each for each in sandbox.dump()["employees"] if each["id"] == number)
    assert fields.items() <= held.items()
