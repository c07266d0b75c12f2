"""An apply that is tried on a copy: the time it would take, what it asks for, and what came of it."""
