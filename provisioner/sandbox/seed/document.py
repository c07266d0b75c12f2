"""What a seed document says, and in which order it is done: an entry is the body of one of the vendor's operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.seed.client import RefusedError
from provisioner.sandbox.seed.keys import WORD, Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioner.sandbox.seed.client import Client

Body = dict[str, Any]


class Kind(NamedTuple):
    """How the entries of one list are written: where they are created, and where one that exists is modified."""

    create: str
    modify: tuple[str, str]
    id: str = "id"


# What the account itself is told first.
SETTINGS = {
    "business": "/account/saveBussinessInfo",
    "options": "/account/saveOptions",
    "personal": "/account/savePersonalInfo",
}
# In the order in which they need each other.
KINDS = {
    "custom_fields": Kind("/customfield", ("PUT", "/customfield/{}")),
    "locations": Kind("/location", ("PUT", "/location/{}")),
    "services": Kind("/service", ("PUT", "/service/{}")),
    "employees": Kind("/employee", ("PUT", "/employee/{}")),
    "holidays": Kind("/availability/saveHoliday", ("POST", "/availability/saveHoliday/{}")),
    "webhooks": Kind("/subscribe", ("PUT", "/subscribe/{}")),
    "clients": Kind("/client", ("PUT", "/client/{}"), "client_id"),
    "appointments": Kind("/appointment", ("PUT", "/appointment/{}")),
}
SECTIONS = (*SETTINGS, *KINDS, "accounts", "requests")
_REQUEST = {"method", "path", "query", "body"}


def grow(client: Client, company: int, document: Body, place: str = "") -> dict[str, Any]:
    """Write a document into an account, and return `{company_id, ids, accounts}`; ValueError names the entry.

    `business`, `options` and `personal` are bodies, the `KINDS` lists of bodies. An entry with a `key` gives its id a
    name, which stands as "@key" in all that follows, as a value or as the name of a field ("@@" is a plain @). `main`,
    `owner` and `default` are there from the start: the account's location, employee and service. An entry whose key
    is known already modifies what it names. An employee's `availabilities` are its hours. Each of the `accounts` is a
    document with an `account`, the body of a new sub-account. The `requests` are for everything else: `{method, path,
    query, body}`.
    """
    return _Account(client, company, place).grow(document)


class _Account:
    """An account that a document is being written into."""

    def __init__(self, client: Client, company: int, place: str) -> None:
        self._client = client
        self._company = company
        self._place = place
        self._keys = Keys(self._from_the_start())

    def grow(self, document: Body) -> dict[str, Any]:
        unknown = [name for name in document if name not in SECTIONS]
        if unknown:
            known = ", ".join(SECTIONS)
            raise self._wrong(unknown[0], f'is unknown; there are {known}; a named set is {{"set": "demo"}}')
        for name, path in SETTINGS.items():
            if name in document:
                self._ask(name, "POST", path, self._resolved(name, document[name]))
        for name in KINDS:
            for place, entry in self._entries(document, name):
                self._write(place, name, entry)
        children = [self._found(place, each) for place, each in self._entries(document, "accounts")]
        for place, each in self._entries(document, "requests"):
            self._send(place, each)
        return {"company_id": self._company, "ids": self._keys.own, "accounts": children}

    def _from_the_start(self) -> dict[str, int]:
        asked = {
            "main": self._client.ask(self._company, "GET", "/location", None, {"tmp_default": "1"}),
            "owner": self._client.ask(self._company, "GET", "/employee", None, {"statuses": "all", "is_owner": "1"}),
            "default": self._client.ask(self._company, "GET", "/service", None, {"tmp_default": "1"}),
        }
        return {key: int(found[0]["id"]) for key, found in asked.items() if found}

    def _entries(self, document: Body, name: str) -> list[tuple[str, Body]]:
        entries = document.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise self._wrong(name, "must be a list of objects")
        return [(f"{name}[{number}]", dict(each)) for number, each in enumerate(entries)]

    def _write(self, place: str, name: str, entry: Body) -> None:
        kind, key, hours = KINDS[name], self._key(place, entry.pop("key", None)), entry.pop("availabilities", None)
        method, path = "POST", kind.create
        if key in self._keys:
            method, path = kind.modify[0], kind.modify[1].format(self._keys[key])
        body: Body = {"company_id": self._company} | ({"links": []} if name == "employees" else {}) | entry
        made = self._ask(place, method, path, self._resolved(place, body))
        number = int((made[0] if isinstance(made, list) else made)[kind.id])
        if hours is not None:
            written = self._resolved(place, {"availabilities": hours})
            self._ask(f"{place}.availabilities", "PUT", f"/employee/{number}/assignAvailability", written)
        if key:
            self._keys.add(key, number)

    def _key(self, place: str, key: Any) -> str:
        """Return the key of an entry, "" for none."""
        if key is not None and (not isinstance(key, str) or not WORD.fullmatch(key)):
            raise self._wrong(place, f"a key is a word, not {key!r}")
        return key or ""

    def _found(self, place: str, document: Body) -> dict[str, Any]:
        """Make a sub-account and go on in it."""
        made = self._ask(place, "POST", "/account", self._resolved(place, document.pop("account", {})))
        return grow(self._client, int(made["company_id"]), document, f"{self._place}{place}.")

    def _send(self, place: str, request: Body) -> None:
        if not {"method", "path"} <= request.keys() <= _REQUEST:
            raise self._wrong(place, "must be {method, path, query, body}")
        method, path, query = request["method"], request["path"], request.get("query", {})
        if not isinstance(method, str) or not isinstance(path, str) or not isinstance(query, dict):
            raise self._wrong(place, "must be {method, path, query, body}")
        asked = {name: str(each) for name, each in self._resolved(place, query).items()}
        body = self._resolved(place, request.get("body"))
        self._ask(place, method, self._placed(place, self._keys.in_path, path), body, asked)

    def _resolved(self, place: str, value: Any) -> Any:
        return self._placed(place, self._keys.resolved, value)

    def _placed(self, place: str, resolve: Callable[[Any], Any], value: Any) -> Any:
        try:
            return resolve(value)
        except ValueError as error:
            raise self._wrong(place, str(error)) from None

    def _ask(self, place: str, method: str, path: str, body: Any, query: dict[str, str] | None = None) -> Any:
        try:
            return self._client.ask(self._company, method, path, body, query)
        except RefusedError as error:
            raise self._wrong(place, str(error)) from None

    def _wrong(self, place: str, reason: str) -> ValueError:
        return ValueError(f"{self._place}{place}: {reason}")
