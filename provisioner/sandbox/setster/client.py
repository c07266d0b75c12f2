"""Clients: the people who book. Each appointment that is saved makes its client, or changes what is known of one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import search, values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply, invalid, taken
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed
from provisioner.sandbox.tables import claims, objects, pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioner.sandbox.setster.shape import Record

KIND = "client"
CLAIM = "client_email"
PAGE = 100
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_date = values.date("%Y-%m-%d", "YYYY-MM-DD")


def _day(value: Any) -> str:
    """Accept a date, or the empty string that clears it."""
    return "" if value == "" else _date(value)


def _gender(value: Any) -> str | None:
    gender: str | None = values.one_of(("m", "f"), values.text)(value) if value != "" else None
    return gender


# seed: Create a Client; `cient_since` is how the vendor writes it
SHAPE = Shape(
    (
        *fixed(0, "client_id", "company_id", "employee_id", accept=values.whole),
        Field("email", values.email),
        Field("name", values.filled),
        Field("phone"),
        *fixed("", "last_app_date", "date_created"),
        *fields(values.text, "", "notes", "preferences", "address", "address2", "city", "state", "zip", "country"),
        Field("gender", _gender, None),
        *fields(_day, "", "birthday", "cient_since"),
        Field("accept_emails", values.flag, default=False),
        Field("photo"),
    ),
    required=("email", "name"),
)
# seed: List Clients, without `email`, whose case does not matter, and `client_since`
FILTERS = (
    *("client_id", "employee_id", "name", "phone", "last_app_date", "notes", "preferences", "address", "address2"),
    *("city", "state", "zip", "country", "gender", "birthday", "accept_emails", "photo"),
)
_SEARCHED = ("email", "name", "phone")
_ASKED = (*FILTERS, "client_since", "email", "q", *search.NAMES)


def list_all(call: Call) -> Reply:
    """Return the clients from `start` up to `end`, by default the first hundred (seed: List Clients).

    Assumptions: both count clients from 0, an e-mail is found in any case, `q` is looked for in e-mails, names and
    phone numbers, and the `cf_*` search of appointments works here as well, on what the client answered when booking.
    """
    first, behind = pager(call)
    if any(call.query.get(name) for name in _ASKED):
        return Reply(list(islice(_found(call), first, behind)))
    number = None if behind is None else max(0, behind - first)
    return Reply([_shown(each) for each in objects.page(call.store, KIND, call.company, first, number)])


def pager(call: Call) -> tuple[int, int | None]:
    """Return the first and the behindmost place that `start` and `end` ask for; None is no limit (`end=all`)."""
    start = call.whole("start") or 0
    end = None if call.query.get("end") == "all" else call.whole("end")
    if start < 0 or (end is not None and end < 0):
        raise invalid("start and end must not be negative")
    return start, None if call.query.get("end") == "all" else PAGE if end is None else end


def _found(call: Call) -> Iterator[Record]:
    query = call.query
    fits = SHAPE.matches((*FILTERS, "cient_since"), {**query, "cient_since": query.get("client_since", "")})
    email, part = query.get("email", "").casefold(), query.get("q", "").casefold()
    answered = search.cf_filter(query)
    for record in objects.page(call.store, KIND, call.company, 0, None):
        each = _shown(record)
        known = not part or any(part in each[name].casefold() for name in _SEARCHED)
        if known and email in ("", each["email"].casefold()) and fits(each) and answered(record.get("answers", {})):
            yield each


def _shown(record: Record) -> Record:
    return SHAPE.read(record | {"client_id": record["id"]})


def get(call: Call) -> Reply:
    """Return one client in a list (seed: Get a Client)."""
    return Reply([_shown(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create a client (seed: Create a Client, "based on their unique email address").

    Assumptions: a taken e-mail is refused, and who is created today is a client since today.
    """
    record = _fresh(call) | SHAPE.accept(call.mapping)
    number = objects.insert(call.store, KIND, call.company, record)
    _claim(call, number, record)
    return Reply(_shown(call.stored(KIND, number)))


def modify(call: Call) -> Reply:
    """Modify a client (seed: Modify a Client)."""
    old = call.stored(KIND)
    record = SHAPE.changed(old, SHAPE.accept(call.mapping), full=call.dialect.put == "full")
    _claim(call, old["id"], record)
    objects.save(call.store, KIND, old["id"], record)
    return Reply(_shown(record))


def booked(call: Call, appointment: Record) -> int:
    """Create or update the client of an appointment by the e-mail address, and return the id (seed: a client is
    "automatically created or updated with each appointment saved").

    Assumptions: blank fields change nothing; the employee, `last_app_date` and the answers to custom fields are those
    of the appointment that was saved last.
    """
    email = appointment["client_email"]
    known = claims.holder(call.store, CLAIM, email, call.company)
    old = call.stored(KIND, known) if known else _fresh(call) | {"email": email, "answers": {}}
    said = {name: appointment[f"client_{name}"] for name in ("name", "phone", "address")}
    visit = datetime.fromtimestamp(appointment["start"], UTC).strftime(_MOMENT)
    record = old | {name: value for name, value in said.items() if value}
    record |= {"employee_id": appointment["employee_id"], "last_app_date": visit}
    record |= {"answers": old.get("answers", {}) | appointment["answers"]}
    if known:
        objects.save(call.store, KIND, known, record)
        return known
    number = objects.insert(call.store, KIND, call.company, record)
    _claim(call, number, record)
    return number


def _fresh(call: Call) -> Record:
    now = call.world.now().astimezone(UTC)
    return SHAPE.fresh() | {"cient_since": now.strftime("%Y-%m-%d"), "date_created": now.strftime(_MOMENT)}


def _claim(call: Call, number: int, record: Record) -> None:
    if not claims.claim(call.store, CLAIM, record["email"], number, scope=call.company):
        raise taken("email", record["email"])


def delete(call: Call) -> Reply:
    """Delete a client (seed: Delete a Client). Assumption: the appointments stay, with the name that was booked."""
    number = call.stored(KIND)["id"]
    claims.release(call.store, CLAIM, number)
    pictures.clear(call.store, KIND, number)
    objects.delete(call.store, KIND, number)
    return DONE


OPERATIONS = (
    Operation("GET", "/client", list_all),
    Operation("POST", "/client", create),
    Operation("GET", "/client/{id}", get),
    Operation("PUT", "/client/{id}", modify),
    Operation("DELETE", "/client/{id}", delete),
)
