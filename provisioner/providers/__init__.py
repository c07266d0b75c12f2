"""The vendors, in one explicit tuple."""

from __future__ import annotations

from provisioner.providers.base import Vendor
from provisioner.providers.setster import VENDOR as SETSTER
from provisioner.providers.timetap import VENDOR as TIMETAP

VENDORS: tuple[Vendor, ...] = (SETSTER, TIMETAP)
BY_NAME = {vendor.name: vendor for vendor in VENDORS}
