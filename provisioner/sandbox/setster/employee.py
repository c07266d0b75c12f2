"""Employees: who provides the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import booked, links, values
from provisioner.sandbox.setster.account import TAKEN
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Code, Failure, Reply, taken
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed, hidden
from provisioner.sandbox.tables import accounts, claims, hours, objects, pictures
from provisioner.sandbox.tables import links as link_table

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.store import Store

KIND = "employee"
_INTUIT = ("intuit_user_id", "intuit_auth_id", "intuit_realm_id", "intuit_ticket_id")
_UNREAD = ("yelp", "pinterest", "vimeo", "youtube", "ics_url")
# seed: Create an Employee, permissions
_LABELS = """locations providers services availability appointments get_widget promote clients
overview calendar settings profile account"""
PERMISSIONS = frozenset(_LABELS.split())


def permissions(value: Any) -> str:
    """Accept labels from the page's list, separated by commas."""
    written = values.text(value)
    unknown = {label.strip() for label in written.split(",")} - PERMISSIONS - {""}
    if unknown:
        raise ValueError(f"has unknown labels: {', '.join(sorted(unknown))}")
    return written


# seed: Create an Employee; `send_invite_email` is accepted as every unknown field is, and no mail is sent
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", "ord", "can_login", accept=values.whole),
        *fixed(False, "is_owner", accept=values.flag),
        *fixed("", "username", "ics_export_url"),
        Field("email", values.email),
        *fields(values.text, "", "first_name", "last_name", "job", "bio", "phone", "photo_url"),
        Field("nickname", values.matching(r"[A-Za-z0-9._]*", "may contain only letters, digits, . and _")),
        *fields(values.text, "", "linkedin", "twitter", "facebook", "sms_email", *_INTUIT, "intuit_db_id"),
        *fields(values.flag, False, "public_email", "public_phone", "status", "receivesms"),
        *fields(values.whole, 0, "ipp_mode", "newsletter", "google_export_canceled", "google_export_add_pt"),
        Field("ics_service", values.one_of(range(4)), 0),
        Field("ics_export_service", values.one_of(range(7)), 0),
        Field("ics_export_hash"),
        Field("permissions", permissions),
        *hidden(*_UNREAD, "password"),
    ),
    required=("email", "first_name", "last_name", "links"),
)
# seed: List Employees
FILTERS = (
    *("id", "status", "email", "first_name", "last_name", "job", "bio", "phone", "photo_url", "public_email"),
    *("public_phone", "receivesms", "sms_email", "ipp_mode", "newsletter", "is_owner", *_INTUIT),
    *("ics_service", "ics_export_service", "ics_export_hash", "google_export_canceled", "google_export_add_pt"),
    *("username", "nickname", "linkedin", "twitter", "facebook", *_UNREAD),
)


def list_all(call: Call) -> Reply:
    """Return the active employees, or all of them with `statuses=all` (seed: List Employees).

    Assumption: `status` and `statuses` decide alone; asking for an `id` does not show an inactive employee.
    """
    found = filter(SHAPE.matches(FILTERS, call.query), objects.listed(call.store, KIND, call.company))
    everyone = call.query.get("statuses") == "all" or bool(call.query.get("status"))
    shown = call.flag("include_links")
    maps = links.grouped(call.store, call.company, KIND) if shown else {}
    return Reply(
        [
            SHAPE.read(each) | ({"links": maps.get(each["id"], [])} if shown else {})
            for each in found
            if everyone or each["status"]
        ]
    )


def get(call: Call) -> Reply:
    """Return one employee in a list (seed: Get an Employee)."""
    return Reply([SHAPE.read(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create an employee, inactive unless said (seed: Create an Employee)."""
    number = add(call.store, call.company, SHAPE.accept(call.mapping))
    links.write(call, KIND, number)
    return Reply([SHAPE.read(call.stored(KIND, number))])


def add(store: Store, company: int, accepted: Record, *, is_owner: bool = False) -> int:
    """Make an employee and return its id.

    Assumption: whoever has a password can log in.
    """
    can_login = int(is_owner or bool(accepted.get("password")))
    record = SHAPE.fresh() | accepted | {"is_owner": is_owner, "can_login": can_login}
    number = objects.insert(store, KIND, company, record)
    _claim(store, company, number, record)
    return number


def modify(call: Call) -> Reply:
    """Modify an employee; its links have to be said every time (seed: Modify an Employee).

    Assumptions: the owner's name and e-mail are the account's as well, and even a full write without a password takes
    none away.
    """
    old, said = call.stored(KIND), SHAPE.accept(call.mapping)
    record = SHAPE.changed(old, {"password": old["password"]} | said, full=call.dialect.put == "full")
    _save(call.store, call.company, record)
    if record["is_owner"]:
        account = accounts.get(call.store, call.company)
        account |= {name: record[name] for name in ("email", "first_name", "last_name")}
        accounts.save(call.store, call.company, account)
    links.write(call, KIND, old["id"])
    return Reply([SHAPE.read(record)])


def update_owner(store: Store, company: int, changes: Record) -> None:
    """Write what the account says of its owner into the employee."""
    owner = objects.get(store, KIND, company, accounts.get(store, company)["owner"])
    if owner is not None:  # the owner is never deleted, but the original of a copy may show none
        _save(store, company, owner | changes)


def _save(store: Store, company: int, record: Record) -> None:
    _claim(store, company, record["id"], record)
    objects.save(store, KIND, record["id"], record)


def _claim(store: Store, company: int, number: int, record: Record) -> None:
    """Take the e-mail, unique in the sandbox, and the nickname, unique in the company."""
    if not claims.claim(store, "email", record["email"], number):
        raise taken("email", record["email"])
    if not claims.claim(store, "nickname", record["nickname"], number, scope=company):
        raise taken("nickname", record["nickname"])


def delete(call: Call) -> Reply:
    """Delete an employee with its links and hours (seed: Delete an Employee).

    Assumption: the owner cannot be deleted.
    """
    record = call.stored(KIND)
    if record["is_owner"]:
        raise Failure(Code.NOT_ALLOWED, "the owner of the account cannot be deleted")
    booked.refuse(call, KIND, record["id"])
    for name in ("email", "nickname"):
        claims.release(call.store, name, record["id"])
    link_table.clear(call.store, KIND, record["id"])
    hours.clear(call.store, record["id"])
    pictures.clear(call.store, KIND, record["id"])
    objects.delete(call.store, KIND, record["id"])
    return DONE


def check_nickname(call: Call) -> Reply:
    """Say whether a nickname is free in the company (seed: Check Nickname Availability, of an employee).

    Assumption: a taken one is answered as a taken nick_name is, and a free one with OK; the sample's "SYNCED" is taken
    for a slip of the page.
    """
    holder = claims.holder(call.store, "nickname", call.request.params["nickname"], call.company)
    return DONE if holder is None else TAKEN


OPERATIONS = (
    Operation("GET", "/employee/checknickname/{nickname}", check_nickname),
    Operation("GET", "/employee", list_all),
    Operation("POST", "/employee", create),
    Operation("GET", "/employee/{id}", get),
    Operation("PUT", "/employee/{id}", modify),
    Operation("DELETE", "/employee/{id}", delete),
)
