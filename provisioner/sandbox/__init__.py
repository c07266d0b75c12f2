"""Look-alikes of the vendors' APIs: ASGI over SQLite, sharing no code with the providers they check."""
