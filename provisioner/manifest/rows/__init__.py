"""`generate:` — tables of every format, and the templates that their rows fill."""
