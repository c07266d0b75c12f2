"""Which booked appointments a plan would strand, and by which of its changes: pure, from what was read.

    steps = steps_of(changes, ids)                     # the changes of one account, each with what goes along with it
    ahead = Ahead(steps, facts, bookings, now)         # what is live, and what is booked from now on
    ahead.stranded()                                   # address of a change -> the bookings that it strands

A booking is stranded when something is wrong with it after all the changes that was not wrong before (`trouble`): so an
unchanged appointment is never counted, and one that was taken outside of the hours is not stranded by other hours. It
counts under each change that would strand it alone, or, when none would, under each without which it would not be.
"""

from __future__ import annotations

from provisioner.risk.ahead import Ahead
from provisioner.risk.here import Ids, facts_of
from provisioner.risk.step import Step, can_strand, steps_of

__all__ = ["Ahead", "Ids", "Step", "can_strand", "facts_of", "steps_of"]
