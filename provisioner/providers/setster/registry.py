"""What this vendor knows: the kinds that are objects of its own, and how the others hang on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from provisioner.providers.base import Capability
from provisioner.providers.setster.client import CLIENT
from provisioner.providers.setster.custom_field import CUSTOM_FIELD
from provisioner.providers.setster.employee import EMPLOYEE
from provisioner.providers.setster.fresh import COMPUTED, FRESH
from provisioner.providers.setster.holiday import HOLIDAY
from provisioner.providers.setster.location import LOCATION
from provisioner.providers.setster.service import SERVICE
from provisioner.providers.setster.table import Table
from provisioner.providers.setster.webhook import WEBHOOK

TABLES: Mapping[str, Table] = {
    table.kind: table for table in (LOCATION, SERVICE, EMPLOYEE, HOLIDAY, CUSTOM_FIELD, WEBHOOK, CLIENT)
}
_OFFERED: Mapping[str, Capability] = {
    **{kind: table.capability for kind, table in TABLES.items()},
    "account": Capability(delete=False),
    "link": Capability(shared_by="employee"),
    "hours": Capability(per_parent="employee"),
    "away": Capability(per_parent="employee"),
    "order": Capability(delete=False, listed=False),
}
CAPABILITIES: Mapping[str, Capability] = {
    kind: replace(can, fresh=FRESH.get(kind, {}), computed=COMPUTED.get(kind, frozenset()))
    for kind, can in _OFFERED.items()
}
