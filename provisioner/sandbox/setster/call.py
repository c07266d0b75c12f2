"""One signed-in request, as an operation sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.sandbox import dialect
from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.body import FORM, MULTIPART, listed
from provisioner.sandbox.setster.envelope import invalid, missing
from provisioner.sandbox.tables import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provisioner.sandbox.dialect import Dialect
    from provisioner.sandbox.exchange import Request
    from provisioner.sandbox.setster.envelope import Reply
    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """The request with its body parsed, and the company it acts on (0 before the sign-in)."""

    world: World
    request: Request
    company: int = 0
    body: Any = None

    @property
    def store(self) -> Store:
        """The sandbox's memory."""
        return self.world.store

    @property
    def query(self) -> Mapping[str, str]:
        """The query string, session included."""
        return self.request.query

    @property
    def dialect(self) -> Dialect:
        """The dialect spoken now."""
        return dialect.read(self.store)

    @property
    def mapping(self) -> dict[str, Any]:
        """The body, which has to be an object; PHP's `[]` is an empty one."""
        if self.body == []:
            return {}
        if not isinstance(self.body, dict):
            raise invalid("the body must be an object")
        return self.body

    @property
    def is_form(self) -> bool:
        """Say whether the body came as a form, where every value is text."""
        return self.request.content_type.startswith((FORM, MULTIPART))

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The body, which has to be a list of objects."""
        found = listed(self.body)
        if found is None or not all(isinstance(entry, dict) for entry in found):
            raise invalid("the body must be a list of objects")
        return found

    def id(self, kind: str) -> int:
        """Return the id in the path."""
        try:
            return values.whole(self.request.params["id"])
        except ValueError:
            raise missing(kind, self.request.params["id"]) from None

    def stored(self, kind: str, number: int | None = None) -> Record:
        """Return the company's object with this id, or the one in the path."""
        wanted = self.id(kind) if number is None else number
        record = objects.get(self.store, kind, self.company, wanted)
        if record is None:
            raise missing(kind, wanted)
        return record

    def whole(self, name: str) -> int | None:
        """Return a whole number in the query, or None when it is absent or blank."""
        number: int | None = self._asked(name, values.whole)
        return number

    def flag(self, name: str) -> bool | None:
        """Return a flag in the query, or None when it is absent or blank."""
        flag: bool | None = self._asked(name, values.flag)
        return flag

    def _asked(self, name: str, accept: Callable[[Any], Any]) -> Any:
        if not self.query.get(name):
            return None
        try:
            return accept(self.query[name])
        except ValueError as error:
            raise invalid(f"{name} {error}") from None


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the vendor's operations; all but the sign-in need a session, or do without one if they are `public`.

    `file` is the name of the file that it takes, if any.

    A public one (seed: no "Authorizations" in its section) may still come with a session, which then counts; without
    one, the query's `company_id` names any company.
    """

    method: str
    path: str
    run: Callable[[Call], Reply]
    signed: bool = True
    public: bool = False
    file: str = ""
