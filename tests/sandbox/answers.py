"""Uses of the vendor's operations, each looked at as it is answered: status, words, fields and types of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sandbox import shapes, walk
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

    Encode = Callable[[Any], dict[str, Any]]

# The others say "OK"; seed: the samples of these. employee/checknickname's is a slip of the page.
WORDS = {
    "GET /employee/sync/{id}": "SYNCED",
    "POST /account/request_password_reset": "Confirmation email sent",
    "POST /account/reset_password": "Password changed",
    "POST /appointment/sendReminder": "Sent to client",
    "GET /account/checknickname/{nickname}": "nick_name already exists",
}
STATUSES = {"POST /subscribe": 201, "GET /account/logout": 301}


def raw(body: Any) -> dict[str, Any]:
    """Return how a body is sent as JSON, as the page has it."""
    return {"json": body}


def files(body: dict[str, bytes]) -> dict[str, Any]:
    """Return how files are sent."""
    return {"files": {name: (f"{name}.gif", content, "image/gif") for name, content in body.items()}}


class Answers(dict[str, Any]):
    """Uses operations (see `walk.Use`), keeps the data of each answer, and in `wrong` those unlike their sample."""

    def __init__(self, sandbox: Sandbox, encode: Encode = raw) -> None:
        super().__init__()
        self.wrong: dict[str, Any] = {}
        self._sandbox = sandbox
        self._encode = encode

    def __call__(self, operation: str, body: Any = None, /, number: Any = "", **query: Any) -> Any:
        sandbox, (method, path) = self._sandbox, walk.address(operation, number)
        params = {"session_token": sandbox.token, "company_id": sandbox.company} | query
        sent = {} if body is None else files(body) if walk.is_file(body) else self._encode(body)
        answer = sandbox.request(method, API + path, params=params, **sent)
        self._look(operation, answer.status_code, answer.headers["content-type"], answer.json())
        self[operation] = answer.json()["data"]
        return self[operation]

    def _look(self, operation: str, status: int, kind: str, envelope: dict[str, Any]) -> None:
        said = (status, kind, envelope["statusCode"], envelope["statusDescriptions"])
        wanted = (STATUSES.get(operation, 200), "application/json", 0, WORDS.get(operation, "OK"))
        found = shapes.problems(shapes.OPERATIONS[operation], envelope["data"])
        if said != wanted or found:
            self.wrong[operation] = (said, found)
