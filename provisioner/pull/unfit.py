"""Why a live value cannot be taken back where it is written."""

from __future__ import annotations


class UnfitError(Exception):
    """A place that cannot say what is live; the text is the reason and the remedy, without the place."""
