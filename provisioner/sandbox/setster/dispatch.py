"""From a request to its operation: the session, the company in scope, the body, and the envelope around the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import body, envelope, values
from provisioner.sandbox.setster.call import Call
from provisioner.sandbox.setster.envelope import Code, Failure, invalid, missing
from provisioner.sandbox.tables import accounts, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from provisioner.sandbox.exchange import Answer, Request
    from provisioner.sandbox.setster.call import Operation
    from provisioner.sandbox.world import World

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})


def responder(world: World, operations: Mapping[str, Operation]) -> Callable[[Request], Answer]:
    """Return what answers one path; `operations` are those of the path by method, none at all for an unknown path."""

    def respond(request: Request) -> Answer:
        operation = operations.get(request.method)
        company: int | None = None
        try:
            if operation is None:
                return envelope.fail(_no_such(request))
            if not operation.signed:
                return envelope.succeed(operation.run(Call(world, request)), None)
            if operation.public and _is_a_stranger(request):
                own = company = _named(world, request.query.get("company_id"))
            else:
                own = _signed_in(world, request)
                company = _reachable(world, own, request.query.get("company_id"))
            sent = body.NONE if request.method in _WITHOUT_BODY else body.parse(request)
            company = _agreed(world, own, company if request.query.get("company_id") else None, sent.companies)
            if request.content_type.startswith(body.MULTIPART):
                body.check_files(sent.value, operation.file)
            return envelope.succeed(operation.run(Call(world, request, company, sent.value)), company)
        except Failure as failure:
            return envelope.fail(failure, company)

    return respond


def _no_such(request: Request) -> Failure:
    return Failure(Code.NOT_FOUND, f"there is no {request.method} {request.path}", envelope.NO_SUCH_PATH)


def _is_a_stranger(request: Request) -> bool:
    """Say whether a request comes without a session. Assumption: one that is over is always refused."""
    return request.own is None and not request.query.get("session_token")


def _named(world: World, asked: Any) -> int:
    """Return the company that a stranger asks about; here the page's "required" is meant."""
    if asked in (None, ""):
        raise invalid("company_id is required")
    company = _company_id(asked)
    if not accounts.exists(world.store, company):
        raise missing("company", company)
    return company


def _company_id(asked: Any) -> int:
    try:
        return values.whole(asked)
    except ValueError as error:
        raise invalid(f"company_id {error}") from None


def _signed_in(world: World, request: Request) -> int:
    """Return the company that the session belongs to; a late request had it looked up when it was sent."""
    if request.own is not None:
        return request.own
    own = sessions.company_of(world.store, request.query.get("session_token", ""), world.now().timestamp())
    if own is None:
        raise Failure(Code.INVALID_CREDENTIALS, "Session expired", envelope.FORBIDDEN)
    return own


def _reachable(world: World, own: int, asked: Any) -> int:
    """Return the company asked for, if the session may act on it; its own by default."""
    if asked in (None, ""):
        return own
    company = _company_id(asked)
    if not accounts.reachable(world.store, own, company):
        raise Failure(Code.NOT_ALLOWED, f"company {company} is not yours", envelope.FORBIDDEN)
    return company


def _agreed(world: World, own: int, asked: int | None, written: Sequence[Any]) -> int:
    """Return the one company that the query (`asked`) and the body name; if neither does, the session's own.

    Assumption: so a body may leave out the `company_id` that the page calls required in it; custom fields alone insist.
    """
    named = dict.fromkeys(([] if asked is None else [asked]) + [_reachable(world, own, each) for each in written])
    if len(named) > 1:
        raise invalid(f"company_id must be the same in the query and in the body, not {' and '.join(map(str, named))}")
    return next(iter(named), own)
