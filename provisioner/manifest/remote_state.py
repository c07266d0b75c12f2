"""`state:` of the settings: where the state is kept when not in the workspace.

An address stands there as it is, without a secret, or is taken whole from the environment: no file may put together
where something goes from what only the environment knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.errors import ManifestError, Problem
from provisioner.kinds.values import refused
from provisioner.manifest.endpoint import Endpoint, comparable, parse_endpoint
from provisioner.manifest.fields import Fields
from provisioner.manifest.yaml import Map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.kinds.desired import Place

ADDRESSES = ("address", "lock_address", "unlock_address")
METHODS = ("lock_method", "unlock_method")
EXAMPLE = "https://states.example/salon"
DATABASE = "postgresql://HOST/DATABASE"
USUAL = ("PROVISIONER_STATE", "PROVISIONER_STATE_PASSWORD", "PGPASSWORD")
"""Variables that hold what signs in where the state is, whatever the settings name."""
_FROM_OUTSIDE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}((?:/[\w.~%-]+)*)", re.ASCII)
_DATABASE = re.compile(
    r"postgres(?:ql)?://(?:\[(?P<six>[0-9a-fA-F:.]{2,45})\]|(?P<host>[\w.-]{1,253}))(?::(?P<port>[0-9]{1,5}))?"
    r"/(?P<name>[\w-]{1,63})(?:\?sslmode=(?:disable|require|verify-ca|verify-full))?",
    re.ASCII,
)
_SIGNING_IN = re.compile(
    r"postgres(?:ql)?://"
    r"(?:(?:[^\s@/?#%:]|%[0-9a-fA-F]{2})*(?::(?:[^\s@/?#%]|%[0-9a-fA-F]{2})*)?@)?"
    r"(?:(?P<hosts>(?:\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253})(?::[0-9]{1,5})?"
    r"(?:,(?:\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253})(?::[0-9]{1,5})?)*)|(?:%2[fF][\w.~%-]+)?)"
    r"/(?:[\w.~-]|%[0-9a-fA-F]{2})*"
    r"(?:\?\w+=[^\s@?#&=]*(?:&\w+=[^\s@?#&=]*)*)?",
    re.ASCII,
)
"""An address of a database with all that the environment may put in it. It has one @ at most, before which nothing of
an address but its scheme stands: so no part of a password is ever taken for a host or a name."""
_ENCODE = (
    "cannot be taken apart: write postgresql://USER:PASSWORD@HOST/DATABASE, with what is special in the user and the "
    "password percent-encoded (@ as %40, / as %2F, ? as %3F, # as %23, % as %25)"
)
_METHOD = re.compile("[A-Z]{1,20}")


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What `state:` says; nothing of it is looked up yet."""

    place: Place
    address: str
    lock_address: str = ""
    """The address, unless it says otherwise."""
    unlock_address: str = ""
    """That of the lock, unless it says otherwise."""
    lock_method: str = "LOCK"
    unlock_method: str = "UNLOCK"

    def located(self, environ: Mapping[str, str]) -> Located:
        """Where that is. Raises ManifestError, at its place, for a variable that is missing or holds no address."""
        try:
            address, endpoint = _looked_up(self.address, environ)
            lock, at_lock = _looked_up(self.lock_address, environ) if self.lock_address else (address, endpoint)
            unlock, at_unlock = _looked_up(self.unlock_address, environ) if self.unlock_address else (lock, at_lock)
            _check_one_host(endpoint, at_lock, at_unlock)
            return Located(endpoint, address, lock, unlock, all("${" in each for each in self.written))
        except ValueError as error:
            raise ManifestError([Problem(*self.place, f"state: {error}")]) from None

    @property
    def variables(self) -> frozenset[str]:
        """The environment variables that it is taken from: each may hold a password."""
        found = (_FROM_OUTSIDE.fullmatch(each) for each in self.written)
        return frozenset(each[1] for each in found if each)

    @property
    def written(self) -> tuple[str, ...]:
        """The addresses that were written."""
        return tuple(each for each in (self.address, self.lock_address, self.unlock_address) if each)


class Located(NamedTuple):
    """An address that was looked up."""

    endpoint: Endpoint | None
    """Where it leads; None where only the library of the database knows."""
    address: str
    """As it is connected to; the address of a database may hold what signs in."""
    lock: str
    unlock: str
    trusted: bool
    """All of it is the environment's word."""

    @property
    def database(self) -> bool:
        """Whether it is Postgres."""
        return self.address.startswith(("postgres://", "postgresql://"))

    def __repr__(self) -> str:
        return f"Located({self.endpoint})"


def read_remote_state(raw: Any, fields: Fields, place: Place) -> RemoteState | None:
    """The value of `state:`; what is wrong with it is a problem."""
    inner = fields.sub("state") if isinstance(raw, Map) else None
    given = {"address": raw} if inner is None else {name: inner.take(name, _any, "") for name in (*ADDRESSES, *METHODS)}
    if inner is not None:
        inner.close()
    try:
        if not given["address"]:
            raise ValueError(f"it needs an address: write {EXAMPLE} or {DATABASE}")  # noqa: TRY301 -- one way out
        for name in ADDRESSES:
            if given.get(name):
                _check(given[name])
        for name in METHODS:
            if given.get(name) and not (isinstance(given[name], str) and _METHOD.fullmatch(given[name])):
                raise refused(given[name], f"is no method of HTTP for {name}", "one such as POST")
    except ValueError as error:
        fields.problems.add(place, f"state: {error}")
        return None
    return RemoteState(place, **{name: text for name, text in given.items() if text})


def _check_one_host(*endpoints: Endpoint | None) -> None:
    """Credentials go to one host only."""
    if len({endpoint[:3] for endpoint in endpoints if endpoint is not None}) > 1:
        raise ValueError("the lock is at another host than the state: credentials go to one only")


def _any(raw: Any) -> Any:
    return raw


def _check(text: Any) -> None:
    """Raises ValueError for what is neither an address nor taken whole from the environment."""
    if not isinstance(text, str):
        raise refused(text, "is no address", EXAMPLE)
    if "${" in text:
        if not _FROM_OUTSIDE.fullmatch(text):
            raise ValueError("an address comes whole from the environment, or is written whole: write ${env:NAME}")
        return
    _parsed(text, written=True)


def _parsed(text: str, *, written: bool) -> Endpoint | None:
    """Where an address leads. Raises ValueError, which repeats nothing that may be a secret."""
    if not text.startswith(("postgres://", "postgresql://")):
        endpoint = parse_endpoint(text)
        if endpoint.scheme == "http" and not endpoint.loopback:
            raise ValueError(f"{endpoint.authority} would get the state unencrypted: write https://")
        return endpoint
    found = _DATABASE.fullmatch(text)
    if found is None and written:
        raise ValueError(
            f"the address of a database is written as {DATABASE}, and nothing else in it: one that holds a user, a "
            'password or more is kept in the environment, as state: "${env:NAME}"'
        )
    if found is None and not _SIGNING_IN.fullmatch(text):
        raise ValueError(_ENCODE)
    if found is None:
        return None
    host = comparable(found["six"] or found["host"])
    if host is None:
        raise ValueError(f"it names no host: write {DATABASE}")
    return Endpoint("postgresql", host, int(found["port"] or 5432), f"/{found['name']}")


def _looked_up(text: str, environ: Mapping[str, str]) -> tuple[str, Endpoint | None]:
    """An address, and where it leads. What the environment holds is never repeated."""
    found = _FROM_OUTSIDE.fullmatch(text)
    if found is None:
        return text, _parsed(text, written=True)
    value = environ.get(found[1], "")
    if not value:
        raise ValueError(f"the environment variable {found[1]} is not set: export it")
    whole = value.rstrip("/") + found[2] if found[2] else value
    try:
        return whole, _parsed(whole, written=False)
    except ValueError:
        if whole.startswith(("postgres://", "postgresql://")):  # its own words may be a part of it
            raise ValueError(f"the address in the environment variable {found[1]} {_ENCODE}") from None
        remedy = (
            f"export one such as {EXAMPLE} (https, no user name, no query) or postgresql://USER:PASSWORD@HOST/DATABASE"
        )
        raise ValueError(f"the environment variable {found[1]} holds no address of a state: {remedy}") from None
