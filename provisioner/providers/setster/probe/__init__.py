"""Finding out, by writing to an account that was given for it, what no page of this vendor says."""
