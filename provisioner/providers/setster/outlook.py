"""The messages that a planned change sends: an invitation to a new employee, when the manifests ask for one.

Assumption: nothing else that is written here is mailed to anybody (seed: Create an Employee, `send_invite_email`, is
the only place that speaks of a message; webhooks are called for appointments, which no change writes). What may go out
about the appointments of something that is deleted is counted where those are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from provisioner.kinds import Address
from provisioner.plan.change import Action, Change, Outlook

_INVITED = Outlook(("an invitation will be mailed to them",), 1)


def outlooks(changes: Iterable[Change]) -> Mapping[Address, Outlook]:
    """The outlook of each new employee who is invited."""
    new = (c for c in changes if c.address.kind == "employee" and c.action is Action.CREATE)
    return {c.address: _INVITED for c in new if c.values.get("send_invite_email")}
