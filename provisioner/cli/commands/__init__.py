"""One file for each command, imported only when it is used (the table of names is in `cli.main`)."""
