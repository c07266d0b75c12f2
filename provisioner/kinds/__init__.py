"""What exists: the kinds, in one explicit tuple. A kind stands after those that it refers to."""

from __future__ import annotations

from provisioner.kinds.account import Account
from provisioner.kinds.address import Address, parse_address
from provisioner.kinds.away import Away
from provisioner.kinds.base import Resource
from provisioner.kinds.client import Client
from provisioner.kinds.custom_field import CustomField
from provisioner.kinds.employee import Employee
from provisioner.kinds.holiday import Holiday
from provisioner.kinds.hours import Hours
from provisioner.kinds.link import Link
from provisioner.kinds.location import Location
from provisioner.kinds.order import Order
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.kinds.service import Service
from provisioner.kinds.webhook import Webhook

KINDS: tuple[type[Resource], ...] = (
    Account,
    Location,
    Service,
    Employee,
    Link,
    Hours,
    Away,
    Holiday,
    CustomField,
    Webhook,
    Client,
    Order,
    RecurringAppointment,
)
BY_NAME = {kind.kind: kind for kind in KINDS}
BY_SECTION = {kind.section: kind for kind in KINDS if kind.section}


_SIZES = {kind.kind: max(1, len(kind.key_kinds)) for kind in KINDS}


def read_address(text: str) -> Address:
    """An address from its text; raises ValueError with the forms there are."""
    return parse_address(text, _SIZES)


__all__ = ["BY_NAME", "BY_SECTION", "KINDS", "Address", "Resource", "read_address"]
