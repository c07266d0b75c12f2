"""What is allowed and hardly ever meant: rules over the wanted state, in one explicit tuple."""

from __future__ import annotations

from provisioner.lint.ending import ENDING
from provisioner.lint.never import HOURLESS, NEVER
from provisioner.lint.next_year import MISSING
from provisioner.lint.notice import NOTICE
from provisioner.lint.offers import NOBODY_OFFERS, NOTHING_OFFERED, OFFERS_NOTHING
from provisioner.lint.overlap import OVERLAPPING
from provisioner.lint.past import PAST, SERIES_OVER
from provisioner.lint.roles import UNCLAIMED_LOCATION, UNCLAIMED_SERVICE
from provisioner.lint.rule import Rule
from provisioner.lint.set_times import OUTSIDE

RULES: tuple[Rule, ...] = (
    UNCLAIMED_SERVICE,
    UNCLAIMED_LOCATION,
    OFFERS_NOTHING,
    NOBODY_OFFERS,
    NOTHING_OFFERED,
    PAST,
    SERIES_OVER,
    OVERLAPPING,
    ENDING,
    HOURLESS,
    NEVER,
    NOTICE,
    OUTSIDE,
    MISSING,
)

__all__ = ["RULES"]
