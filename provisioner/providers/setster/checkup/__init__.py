"""The read-only checks of an account at this vendor."""
