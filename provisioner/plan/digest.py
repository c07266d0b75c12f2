"""The plan's digest: two plans with one digest would do the same to the same tenant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.plan.change import Change
from provisioner.state.model import Tenant


def plan_digest(changes: Iterable[Change], tenant: Tenant) -> str:
    """Ten hex digits over what would be done and what it was computed from.

    Counts and times are left out, and so are secrets: of those it holds only that one is sent.
    """
    body = [str(tenant), *map(_canonical, changes)]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:10]


def _canonical(change: Change) -> list[Any]:
    known = specs(BY_NAME[change.address.kind])
    fields = [[f.name, _plain(known[f.name], f.before), _plain(known[f.name], f.after)] for f in change.fields]
    return [str(change.address), change.action, change.id, fields]


def _plain(spec: Spec, value: Any) -> Any:
    if spec.sensitive:
        return value is not None
    try:
        return spec.dump(value)
    except (AttributeError, TypeError, ValueError):
        return str(value)  # an earlier manifest spelling, kept for a field that cannot be read
