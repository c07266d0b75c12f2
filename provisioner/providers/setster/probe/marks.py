"""What a probe makes, and how it is known again: by names that nobody else gives.

The addresses are at example.com, where no mail arrives (RFC 2606).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

NAME = "provisioner-probe"
CLIENT = f"{NAME}-client@example.com"
"""Always the same: clients are looked for by their whole address."""
_SERVICE = re.compile(rf"{NAME}-[0-9a-f]{{8}}(?:-2)?")
_EMPLOYEE = re.compile(rf"{NAME}-[0-9a-f]{{8}}@example\.com", re.IGNORECASE)


class Marks(NamedTuple):
    """The names of one run."""

    services: tuple[str, str]
    email: str
    """Of the employee: nobody in the whole of Setster may have the same."""


def fresh() -> Marks:
    """Names that no other run has."""
    name = f"{NAME}-{secrets.token_hex(4)}"
    return Marks((name, f"{name}-2"), f"{name}@example.com")


def is_service(raw: Mapping[str, Any]) -> bool:
    """Whether a probe made a service."""
    return bool(_SERVICE.fullmatch(str(raw.get("name", ""))))


def is_employee(raw: Mapping[str, Any]) -> bool:
    """Whether a probe made an employee; the owner of an account never is one."""
    return bool(_EMPLOYEE.fullmatch(str(raw.get("email", "")))) and raw.get("is_owner") not in (True, 1, "1", "true")


def is_client(raw: Mapping[str, Any]) -> bool:
    """Whether a probe made a client."""
    return str(raw.get("email", "")).casefold() == CLIENT


def is_appointment(raw: Mapping[str, Any]) -> bool:
    """Whether a probe made an appointment."""
    return str(raw.get("client_email", "")).casefold() == CLIENT
