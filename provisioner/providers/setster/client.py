"""Clients on the wire (seed: List Clients, Create a Client, Modify a Client).

Assumptions: the list's filters by `client_id` and `email` find exactly those, the second in any case of letters; a date
is cleared by sending "", as a service's are. A photo cannot be sent: its upload names no client (seed: Upload a Client
Photo), so it is passed on as it was read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from provisioner.kinds.client import GENDERS
from provisioner.providers.base import Capability
from provisioner.providers.setster.codec import Wire, flag, text
from provisioner.providers.setster.table import Table

_TEXTS = (
    "email", "name", "phone", "notes", "preferences", "address", "address2", "city", "state", "zip", "country",
)  # fmt: skip


def _read_gender(raw: Any) -> str | None:
    if raw in (None, ""):
        return None
    if str(raw).lower() in GENDERS:
        return str(raw).lower()
    raise ValueError(f"{raw!r} is no gender")


def _read_day(raw: Any) -> str | None:
    """A day, with or without a time behind it; the year of a birthday may be anything."""
    if raw in (None, "") or str(raw).startswith("0000-00-00"):
        return None
    day = str(raw)[:10]
    date.fromisoformat(f"2000{day[4:]}")
    return day


def _day(name: str) -> Wire:
    return Wire(name, lambda v, _: v or "", lambda raw, _: _read_day(raw))


CLIENT = Table(
    kind="client",
    path="/client",
    fields={
        **{name: text(name) for name in _TEXTS},
        "gender": Wire("gender", lambda v, _: v, lambda raw, _: _read_gender(raw)),
        "birthday": _day("birthday"),
        "client_since": _day("cient_since"),  # (sic)
        "accept_emails": flag("accept_emails"),
    },
    passed=frozenset({"photo"}),
    capability=Capability(sought=True),
    query={"start": "0", "end": "all"},  # a page is a hundred, and `all` has no limit
    id="client_id",
    seek="email",
    unique=frozenset({"email"}),
)
