"""Which messages a change would send: confirmations to whoever is told so, invitations to whoever waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import notices, waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.timetap.appointment import Appointment
    from provisioner.sandbox.timetap.call import Call


def confirm(call: Call, series: Series, fields: dict[str, Any], date: str | None = None) -> None:
    """Tell the client and the staff, where the fields say so (seed: `sendConfirmationToClient`, `...ToStaff`).

    Assumption: it is one message to each for a call, however many dates it changes.
    """
    for flag, receiver in (("sendConfirmationToClient", "client"), ("sendConfirmationToStaff", "staff")):
        if fields.get(flag) and fields.get(receiver):
            _send(call, series, "confirmation", receiver, fields[receiver][f"{receiver}Id"], date)


def invite(call: Call, series: Series, before: Iterable[Appointment], after: Iterable[Appointment]) -> None:
    """Invite who waits for a date that has been cancelled, if the call asks for it (seed: `sendWaitListInvites`)."""
    if not call.flag("sendWaitListInvites"):
        return
    still = {each.occurrence.id for each in after if each.live}
    free = {each.date for each in before if each.live and each.occurrence.id not in still}
    for each in waiting.listed(call.store, series.id):
        if each.date in free:
            _send(call, series, "invitation", "client", each.client_id, each.date)


def _send(call: Call, series: Series, about: str, receiver: str, person: int, date: str | None) -> None:
    notices.add(call.store, series.id, about, receiver, person, date, call.world.now().isoformat())
