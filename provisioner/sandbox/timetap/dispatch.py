"""From a request to its operation: the method, the session, and the answer around the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox.tables import bearers
from provisioner.sandbox.timetap import answers
from provisioner.sandbox.timetap.answers import NOT_ALLOWED, NOT_FOUND, Failure, unauthorized
from provisioner.sandbox.timetap.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provisioner.sandbox.exchange import Answer, Request
    from provisioner.sandbox.timetap.call import Operation
    from provisioner.sandbox.world import World


def responder(world: World, operations: Mapping[str, Operation]) -> Callable[[Request], Answer]:
    """Return what answers one path; `operations` are those of the path by method, none at all for an unknown path."""

    def respond(request: Request) -> Answer:
        business = 0
        try:
            operation = operations.get(request.method) or _none(request, operations)
            business = _signed_in(world, request) if operation.signed else 0
            answer = answers.succeed(operation.run(Call(world, request, business)))
        except Failure as failure:
            answer = answers.fail(failure)
        return answer._replace(company=business or None)

    return respond


def _none(request: Request, operations: Mapping[str, Operation]) -> Operation:
    """Refuse as a plain server does: 404 for an unknown path, 405 for a method that a path does not know."""
    if not operations:
        raise Failure(NOT_FOUND, f"there is no {request.path}")
    allowed = ", ".join(sorted(operations))
    raise Failure(NOT_ALLOWED, f"{request.path} takes {allowed} only", (b"allow", allowed.encode()))


def token(request: Request) -> str:
    """Return the bearer token of a request, "" where it has none."""
    scheme, _, given = request.authorization.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def _signed_in(world: World, request: Request) -> int:
    """Return the business that the session belongs to; a late request had it looked up when it was sent.

    Assumption: a session that is unknown or over is a 401.
    """
    if request.own is not None:
        return request.own
    business = bearers.company_of(world.store, token(request), world.now().timestamp())
    if business is None:
        raise unauthorized("the session token is missing, unknown or expired")
    return business
