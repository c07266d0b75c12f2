"""A plan as one page of HTML that asks nothing of anybody: it can be mailed, kept, and read without a network."""
