"""What goes wrong on purpose: a script of rules, kept in the store, that a test writes and requests run into."""
