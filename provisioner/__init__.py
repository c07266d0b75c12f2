"""Configuration as code for appointment-scheduling tenants."""

__version__ = "0.1.0"
