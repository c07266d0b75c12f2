"""`python -m provisioner` is the command."""

from provisioner.cli.main import main

main()
