"""A cause as a sentence, in which resources are named by their keys: the same words wherever it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from provisioner.kinds import BY_NAME
from provisioner.kinds.calendar import Dates, text_dates
from provisioner.kinds.period import text_period
from provisioner.opening.cause import Cause, Why

_SENTENCES: Mapping[Cause, str] = {
    Cause.GONE: "{kind} {last} does not exist",
    Cause.SERVICE_INACTIVE: "{last} is inactive",
    Cause.ONLY_ADDON: "{last} is only an add-on",
    Cause.NO_LINK: "nobody offers {last} here",
    Cause.EMPLOYEE_INACTIVE: "{first} is inactive",
    Cause.NO_HOURS: "{first} has no hours at {last}",
    Cause.HOURS_ENDED: "the hours of {first} at {last} ended on {end}",
    Cause.HOURS_LATER: "the hours of {first} at {last} begin on {start}",
    Cause.DAY_OFF: "{first} does not work at {last} then",
    Cause.SCHEDULE_ENDED: "the set times of {last} are over",
    Cause.NOT_SCHEDULED: "{last} has no set time then",
    Cause.SERVICE_DATES: "{last} can be booked on {dates} only",
    Cause.HOLIDAY: "{last} (holiday, {dates})",
    Cause.AWAY: "{first} is out of office on {dates}",
    Cause.TOO_SHORT: "no open time is as long as {last} takes",
    Cause.SHORTER_THAN_SERVICE: "{last} takes longer",
    Cause.TOO_SOON: "what is open is nearer than the notice of {last}",
    Cause.TOO_FAR: "what is open is farther ahead than {last} can be booked",
    Cause.NOTICE_BEYOND_HORIZON: "the notice of {last} is longer than it can be booked ahead",
    Cause.NO_SUCH_TIME: "the clock of {last} skips this time",
    Cause.UNREADABLE: "what the vendor has of {first} cannot be read",
}


def sentence(why: Why, name: Callable[[str, str], str] = lambda _kind, key: key) -> str:
    """What people read of one cause, without a full stop; `name` says what a resource of a kind and a key is called."""
    about, dates = why.about, why.dates
    kinds = (BY_NAME[about.kind].key_kinds or (about.kind,)) if about else ()
    names = [name(kind, key) for kind, key in zip(kinds, about.key if about else (), strict=True)]
    if why.cause is Cause.NO_LINK and len(names) > 1:
        employee, location, service = names
        return f"{employee} does not offer {service} at {location}"
    words = {"kind": kinds[0], "first": names[0], "last": names[-1]} if names else {}
    text = "" if dates is None else text_dates(dates) if isinstance(dates, Dates) else text_period(dates)
    ends = {"start": dates.start, "end": dates.end} if dates else {}
    return _SENTENCES[why.cause].format(**words, **ends, dates=text)
