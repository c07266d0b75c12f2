"""What is allowed and hardly ever meant: rules over the wanted state, in one explicit tuple."""

from __future__ import annotations

from provisioner.lint.offers import NOBODY_OFFERS, OFFERS_NOTHING
from provisioner.lint.overlap import OVERLAPPING
from provisioner.lint.past import PAST
from provisioner.lint.roles import UNCLAIMED_LOCATION, UNCLAIMED_SERVICE
from provisioner.lint.rule import Rule

RULES: tuple[Rule, ...] = (
    UNCLAIMED_SERVICE,
    UNCLAIMED_LOCATION,
    OFFERS_NOTHING,
    NOBODY_OFFERS,
    PAST,
    OVERLAPPING,
)

__all__ = ["RULES"]
