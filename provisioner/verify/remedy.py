"""What mends a cause, and the manifest's line where it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provisioner.kinds.address import Address
from provisioner.kinds.desired import Declared, Desired, Place
from provisioner.kinds.service import Service
from provisioner.opening import Cause, Why

APPLY = "the manifests say otherwise: provisioner plan shows it, apply mends it"
THERE = "no manifest names it: mend it in the vendor's own pages"


@dataclass(frozen=True, slots=True)
class _Mend:
    field: str
    words: str


_MENDS: Mapping[Cause, _Mend] = {
    Cause.GONE: _Mend("", "apply creates it"),
    Cause.SERVICE_INACTIVE: _Mend("active", "write `active: true`, or `false` if clients shall not see it"),
    Cause.ONLY_ADDON: _Mend("addon", "write `addon: false`, or take it away there"),
    Cause.NO_LINK: _Mend("", "name it under `services` of somebody who is there, or write `active: false`"),
    Cause.EMPLOYEE_INACTIVE: _Mend("active", "write `active: true`, or let somebody else offer it"),
    Cause.NO_HOURS: _Mend("", "add `hours` there"),
    Cause.HOURS_ENDED: _Mend("hours", "add hours with later dates"),
    Cause.HOURS_LATER: _Mend("hours", "let the hours begin earlier"),
    Cause.DAY_OFF: _Mend("hours", "give hours on these days"),
    Cause.SCHEDULE_ENDED: _Mend("schedule", "give the schedule later dates"),
    Cause.NOT_SCHEDULED: _Mend("schedule", "give it a time on these days"),
    Cause.SERVICE_DATES: _Mend("bookable", "change `bookable`"),
    Cause.HOLIDAY: _Mend("dates", "shorten it, or wait until it is over"),
    Cause.AWAY: _Mend("away", "shorten it, or let somebody else offer it"),
    Cause.TOO_SHORT: _Mend("duration", "longer hours, or a shorter `duration`"),
    Cause.TOO_SOON: _Mend("prior_notice", "shorten `prior_notice`"),
    Cause.TOO_FAR: _Mend("after_notice", "lengthen `after_notice`"),
    Cause.NOTICE_BEYOND_HORIZON: _Mend("prior_notice", "make `prior_notice` shorter than `after_notice`"),
    Cause.UNREADABLE: _Mend("", "look at it in the vendor's own pages"),
}
_EMPTY = _Mend("", "name services under `at` of somebody who works there, or leave the location out")
"""Of a location at which nothing is offered."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """Looked up in the manifests."""

    desired: Desired

    def of(self, why: Why, *, pending: bool) -> tuple[Place | None, str]:
        """Where and how one cause is mended; `pending` says that an apply does it."""
        empty = why.cause is Cause.NO_LINK and why.about is not None and why.about.kind == "location"
        mend = _EMPTY if empty else _MENDS.get(why.cause, _Mend("", ""))
        declared = self._declared(why, mend)
        if pending:
            words = mend.words if why.cause is Cause.GONE else APPLY
            return (_place(declared, mend.field) if declared else None), words
        if declared is None or why.cause is Cause.UNREADABLE:
            return None, mend.words if why.cause is Cause.UNREADABLE else THERE
        return _place(declared, mend.field), mend.words

    def of_hours(self, scope: str, employees: Sequence[str], location: str) -> tuple[Place | None, str]:
        """Where there may be more hours, when all that there are is booked."""
        entries = (self.desired.resources.get(Address(scope, "hours", (who, location))) for who in employees)
        declared = next((each for each in entries if each), None)
        return (_place(declared, "hours") if declared else None), "add hours, or wait until somebody cancels"

    def _declared(self, why: Why, mend: _Mend) -> Declared | None:
        """The entry to change: of relations that are not there, the employee's; of notices, the account's own."""
        about = why.about
        if about is None:
            return None
        own = self.desired.resources.get(about)
        if own is None and about.kind in ("hours", "away", "link"):
            own = self.desired.resources.get(Address(about.account, "employee", about.key[:1]))
        if own and mend.field in ("prior_notice", "after_notice") and _of_account(own):
            return self._account(about.account) or own
        return own

    def _account(self, scope: str) -> Declared | None:
        for address, declared in self.desired.resources.items():
            if address.kind == "account" and (address.key[0] == scope or (not scope and declared.resource.claims())):
                return declared
        return None


def _of_account(declared: Declared) -> bool:
    """Whether a service follows the account's options."""
    return isinstance(declared.resource, Service) and declared.resource.active_rules is False


def _place(declared: Declared, field: str) -> Place:
    return declared.fields.get(field) or declared.fields.get(f"options.{field}") or declared.place
