"""Setster's API v2: the first vendor."""

from provisioner.providers.setster.provider import Setster

__all__ = ["Setster"]
