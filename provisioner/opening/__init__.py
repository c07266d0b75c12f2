"""When something can really be booked in one account, and why not: pure, from typed values alone.

    facts = wanted(desired)["west"]                      # what the manifests say of an account,
    facts = found(evidence, "west", matches.address)     # or what is live in it,
    facts = facts.changed({address: values, other: None})  # or what would be after some changes
    opening = Opening(facts, now)                        # `now` is an aware datetime: the only clock there is

    opening.day("ana", "downtown", date(2027, 1, 4))     # Day: hours, what is left of them, and what cut them
    opening.spans("ana", "downtown", day, "haircut")     # the Spans of local wall time in which a haircut may lie
    opening.offers("downtown", "haircut", window)        # Offer after Offer: who can start when, bookings aside
    opening.verdict("downtown", "haircut", window)       # Verdict: the first Offer, or every Why
    opening.later("downtown", "haircut")                 # Later or None: what opens by itself, and from when
    opening.covers(start, end, "ana", "downtown", "haircut")   # () or why this appointment could not be booked

Employees, locations and services are named by their keys. A `Why` is a `Cause`, the address that it is about, and its
days; `sentence` says it in words. Without a window, `verdict` looks as far as the vendor does (`AHEAD`). Bookings are
not known here: "all booked" is what is left when the verdict is an offer and the vendor has none.

What is assumed of the vendor is said where it is used. The sandbox, which shares no code with this room, is the second
opinion: tests/opening/test_second_opinion.py compares the two on random tenants.
"""

from __future__ import annotations

from provisioner.opening.addons import needs_addon, shortest_addons, with_addon
from provisioner.opening.cause import CLOSES, Cause, Why
from provisioner.opening.facts import Facts, found, wanted
from provisioner.opening.opening import AHEAD, Later, Offer, Opening, Verdict
from provisioner.opening.week import LocationWeek, location_week
from provisioner.opening.words import sentence
from provisioner.opening.working import Day, Span

__all__ = [
    "AHEAD",
    "CLOSES",
    "Cause",
    "Day",
    "Facts",
    "Later",
    "LocationWeek",
    "Offer",
    "Opening",
    "Span",
    "Verdict",
    "Why",
    "found",
    "location_week",
    "needs_addon",
    "sentence",
    "shortest_addons",
    "wanted",
    "with_addon",
]
