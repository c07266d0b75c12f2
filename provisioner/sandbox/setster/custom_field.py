"""Custom fields: what the booking form of an account asks for beside the appointment itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Code, Failure, Reply, invalid, missing
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed
from provisioner.sandbox.tables import objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

KIND = "custom_field"
DROPDOWN = 7
_FLAGS = ("required", "status", "readonly", "removable")

# seed: Create a Custom Field
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", accept=values.whole),
        Field("label", values.filled),
        Field("length", values.whole, 0),
        Field("type", values.one_of(range(8)), 0),
        Field("required", values.flag, default=False),
        Field("ord", values.whole, 0),
        Field("status", values.flag, default=False),
        Field("visibility", values.one_of((1, 2, 3)), 1),
        *fields(values.flag, False, "readonly", "removable"),
        Field("readonly_type", values.whole, 0),
        *fields(values.text, "", "hint", "options"),
        Field("multiselect", values.one_of((0, 1)), 0),
    ),
    required=("company_id", "label", "length", "type", *_FLAGS[:1], "ord", "status", "visibility", "readonly", "hint"),
)
# seed: List Custom Fields
FILTERS = ("id", "label", "length", "type", *_FLAGS, "visibility", "readonly_type", "hint")


def list_all(call: Call) -> Reply:
    """Return the custom fields in the order of the form (seed: List Custom Fields)."""
    found = filter(SHAPE.matches(FILTERS, call.query), objects.listed(call.store, KIND, call.company))
    return Reply([SHAPE.read(each) for each in found])


def get(call: Call) -> Reply:
    """Return one custom field in a list (seed: Get a Custom Field)."""
    return Reply([SHAPE.read(call.stored(KIND))])


def create(call: Call) -> Reply:
    """Create a custom field; the answer is an object (seed: Create a Custom Field)."""
    return Reply(_made(call, call.mapping))


def modify(call: Call) -> Reply:
    """Modify a custom field; the answer is an object (seed: Modify a Custom Field)."""
    return Reply(_modified(call, call.stored(KIND), call.mapping))


def save_many(call: Call) -> Reply:
    """Create or modify many in one call, all or none (seed: Create or Modify Multiple Custom Fields).

    Assumption: an entry with an id modifies that field, and the answers stand in the order of the entries.
    """
    return Reply([_saved(call, entry) for entry in call.entries])


def delete(call: Call) -> Reply:
    """Delete a custom field (seed: Delete a Custom Field). Assumption: only one that is `removable`."""
    record = call.stored(KIND)
    if not record["removable"]:
        raise Failure(Code.NOT_ALLOWED, "the custom field is not removable")
    objects.delete(call.store, KIND, record["id"])
    return DONE


def _saved(call: Call, entry: dict[str, Any]) -> Record:
    if entry.get("id") in (None, "", 0, "0"):
        return _made(call, entry)
    try:
        number = values.whole(entry["id"])
    except ValueError:
        raise missing(KIND, entry["id"]) from None
    return _modified(call, call.stored(KIND, number), entry)


def _made(call: Call, body: dict[str, Any]) -> Record:
    record = _whole(SHAPE.fresh() | SHAPE.accept(body))
    number = objects.insert(call.store, KIND, call.company, record)
    return _placed(call, number, record)


def _modified(call: Call, old: Record, body: dict[str, Any]) -> Record:
    record = _whole(SHAPE.changed(old, SHAPE.accept(body), full=call.dialect.put == "full"))
    objects.save(call.store, KIND, old["id"], record)
    return _placed(call, old["id"], record)


def _whole(record: Record) -> Record:
    """Refuse a dropdown without options (seed: Create a Custom Field, `options`)."""
    if record["type"] == DROPDOWN and not record["options"]:
        raise invalid("options is required when type is 7")
    return record


def _placed(call: Call, number: int, record: Record) -> Record:
    """Give it its place on the form, and return what the vendor shows of it."""
    objects.place(call.store, KIND, number, record["ord"])
    return SHAPE.read(call.stored(KIND, number))


OPERATIONS = (
    Operation("GET", "/customfield", list_all),
    Operation("POST", "/customfield", create),
    Operation("POST", "/customfield/bulksave", save_many),
    Operation("GET", "/customfield/{id}", get),
    Operation("PUT", "/customfield/{id}", modify),
    Operation("DELETE", "/customfield/{id}", delete),
)
