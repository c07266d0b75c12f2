"""A walk through all that the vendor's API can do: each operation at least once, with a body like its sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "end_date": "12/31/2035",
    "days": {"mo": {"time": [["10:00", "18:00"], ["22:00", "23:00"]]}, "tu": {"time": [["10:00", "18:00"]]}},
}
CHRISTMAS = {"name": "Christmas", "type": 2, "start_date": "2018-12-25 00:00:00", "end_date": "2018-12-26 23:59:59"}
QUESTION = {
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
ACCOUNT = {"company_name": "Apple", "nick_name": "apple", "email": "user@example.com", "password": "x"}
PERSON = {"email": "ben@example.com", "first_name": "Ben", "last_name": "Doe", "status": True, "links": []}
CLIENT = {
    "email": "user@example.com",
    "name": "Test Client",
    "phone": "3445323523",
    "address": "City country",
    "gender": "m",
    "birthday": "2019-08-24",
    "cient_since": "2019-08-24",
}
# A Tuesday in a month of Mondays and Tuesdays, well after the clock of the tests.
DAY = "2026-03-10"
# The least that each kind's body has to bring for what is modified.
AGAIN: dict[str, dict[str, Any]] = {
    "location": {"name": "Spa center"},
    "employee": PERSON,
    "service": {"name": "Massage", "duration": 60},
}


class Use(Protocol):
    """Uses one operation and returns the data of its answer; `number` stands in its path for `{id}` or `{ids}`.

    Bytes in a body are files; everything else named goes into the query.
    """

    def __call__(self, operation: str, body: Any = None, /, number: Any = "", **query: Any) -> Any: ...


def address(operation: str, number: Any) -> tuple[str, str]:
    """Return the method and the path, filled in."""
    method, path = operation.split()
    filled = {"{id}": number, "{ids}": number, "{nickname}": "sandbox", "{email}": "a@b.example"}
    for name, value in filled.items():
        path = path.replace(name, str(value))
    return method, path


def is_file(body: Any) -> bool:
    """Say whether a body is sent as files."""
    return isinstance(body, dict) and any(isinstance(value, bytes) for value in body.values())


def accounts(use: Use) -> None:
    """Read and write the account, and make a child of it."""
    use("POST /account", ACCOUNT | {"account_type": 0})
    for name in ("", "/companies", "/getAccountInfo", "/getOptions", "/getPersonalInfo", "/getStripe", "/getPaypal"):
        use(f"GET /account{name}")
    use("GET /account/getWidgetCode", button_name="Book")
    own = use("GET /account")
    use("POST /account/saveBussinessInfo", {"company_name": "Sandbox", "nick_name": own["nick_name"]})
    use("POST /account/saveOptions", {"send_reminder": 24, "currenciesStripe": ["AED"], "currenciesPaypal": ["AED"]})
    use("POST /account/savePersonalInfo", {"first_name": "John"})
    use("GET /account/checknickname/{nickname}")
    use("GET /account/checkemail/{email}")
    use("POST /account/uploadLogo", {"logo": b"GIF89a"})


def bookable(use: Use) -> dict[str, int]:
    """Make a location, an employee and a service that go together, and return their ids by kind."""
    location = use("POST /location", {"name": "Spa center"})[0]["id"]
    employee = use("POST /employee", PERSON)[0]["id"]
    body = AGAIN["service"] | {"links": {str(employee): {str(location): 1}}}
    service = use("POST /service", body)["id"]
    use("PUT /employee/{id}/assignAvailability", {"availabilities": [HOURS | {"location_id": location}]}, employee)
    return {"location": location, "employee": employee, "service": service}


def offer(use: Use) -> None:
    """Read and write locations, employees and services, and what each shows, and delete them."""
    made = bookable(use)
    more = {"schedule": [SCHEDULE], "active_from": "2019-08-24", "active_until": "2019-08-24", "price": 12.5}
    use("PUT /service/{id}", AGAIN["service"] | more, made["service"])
    use("GET /employee/getAvailabilityTime/{id}", number=made["employee"])
    use("GET /employee/checknickname/{nickname}")
    all_of = {"0": [made["service"]]}
    use("POST /location/assignServices", all_of, location_id=made["location"])
    use("POST /employee/assignServices", all_of, employee_id=made["employee"])
    for kind, number in made.items():
        use(f"GET /{kind}")
        use(f"POST /{kind}/updateOrder", [{"id": number, "ord": 3}])
        named = {"provider" if kind == "employee" else kind: number}
        uploaded = use(f"POST /{kind}/uploadPhoto", {"photo": b"GIF89a"}, **named)
        use(f"POST /{kind}/removePhoto", {"file_name": uploaded["file_name"]} | named, **named)
        use(f"GET /{kind}/{{id}}", number=number)
    use("PUT /location/{id}", AGAIN["location"], made["location"])
    use("PUT /employee/{id}", PERSON | {"ics_service": 1}, made["employee"])
    use("GET /employee/sync/{id}", number=made["employee"])
    for kind, number in made.items():
        use(f"DELETE /{kind}/{{id}}", number=number)


def days_off(use: Use) -> None:
    """Read and write holidays."""
    number = use("POST /availability/saveHoliday", CHRISTMAS)["id"]
    use("GET /availability/getHoliday")
    use("GET /availability/getHoliday/{id}", number=number)
    use("POST /availability/saveHoliday/{id}", CHRISTMAS | {"enabled": 0}, number)
    use("POST /availability/deleteHoliday/{ids}", number=number)


def booking_form(use: Use) -> None:
    """Read and write custom fields."""
    own = use("GET /account")["company_id"]
    question = QUESTION | {"company_id": own}
    number = use("POST /customfield", question)["id"]
    use("GET /customfield")
    use("GET /customfield/{id}", number=number)
    use("PUT /customfield/{id}", question | {"label": "Why?"}, number)
    use("POST /customfield/bulksave", [question, question | {"id": number, "label": "How?"}])
    use("DELETE /customfield/{id}", number=number)


def notified(use: Use) -> None:
    """Read and write webhooks."""
    body = {"target_url": "", "events": ["appointment.created", {"event": "appointment.rescheduled", "active": 0}]}
    number = use("POST /subscribe", body | {"active": 0})["id"]
    use("GET /subscribe")
    use("GET /subscribe/{id}", number=number)
    use("PUT /subscribe/{id}", body, number)
    use("DELETE /subscribe/{id}", number=number)


def people(use: Use) -> None:
    """Read and write clients."""
    number = use("POST /client", CLIENT)["client_id"]
    use("GET /client")
    use("GET /client/{id}", number=number)
    use("PUT /client/{id}", CLIENT, number)
    use("POST /client/uploadPicture", {"photo": b"GIF89a"}, client_id=number)
    use("DELETE /client/{id}", number=number)


def furnish(use: Use) -> None:
    """Make one of everything, and leave it there."""
    made = bookable(use)
    who = {"company_id": use("GET /account")["company_id"], "client_email": CLIENT["email"], "client_name": "Liv"}
    where = {f"{kind}_id": number for kind, number in made.items()}
    use("POST /appointment", who | where | {"start_date": f"{DAY} 12:00"})
    use("POST /availability/saveHoliday", CHRISTMAS)
    use("POST /customfield", QUESTION | {"company_id": who["company_id"]})
    use("POST /subscribe", {"target_url": "", "events": ["*"]})


def appointments(use: Use) -> None:
    """Look for a time, book it, and do all that can be done to an appointment."""
    made = bookable(use)
    where = {f"{kind}_id": number for kind, number in made.items()}
    looked = {"service_id": made["service"], "location_id": made["location"], "provider_id": made["employee"]}
    use("GET /availability", **looked, start_date=DAY, t="daily", **{"return": "times"})
    use(
        "GET /employee/getAvailability",
        employee_id=made["employee"],
        location_id=made["location"],
        start_date=f"{DAY} 00:00:00",
        end_date=f"{DAY} 23:59:59",
    )
    own = use("GET /account")["company_id"]
    who = {"company_id": own, "client_email": "user@example.com", "client_name": "Test Client", "note": "Hello"}
    number = use("POST /appointment", who | where | {"start_date": f"{DAY} 12:00"})["id"]
    for name in ("", "/listView", "/upcoming"):
        use(f"GET /appointment{name}")
    use("GET /appointment/{id}", number=number)
    use("GET /appointment/hash/{id}", number=number)
    use("PUT /appointment/{id}", who | where | {"start_date": f"{DAY} 14:00"}, number)
    for name in ("verify", "confirm"):
        use(f"POST /appointment/{name}", {"appointment_id": number})
    use("POST /appointment/sendReminder", {"appointment_id": number, "send_to": "client"})
    use("POST /appointment/decline", {"appointment_id": number, "reason": "string"})
    use("DELETE /appointment/{id}", number=number)


def zones(use: Use) -> None:
    """Read the time zones."""
    use("GET /tz/list")
    use("GET /tz/data")


AREAS: dict[str, Callable[[Use], None]] = {
    each.__name__: each for each in (accounts, offer, days_off, booking_form, notified, people, appointments, zones)
}
SESSION = (
    "POST /account/authenticate",
    "POST /account/request_password_reset",
    "POST /account/reset_password",
    "GET /account/logout",
)
"""What is not on the walk: each has a test of its own."""
