"""`provisioner completion`: the script that lets a shell complete commands, options and addresses."""

from __future__ import annotations

import click

from provisioner.cli.say import show

SHELLS = ("bash", "zsh", "fish")
NAME, VARIABLE = "provisioner", "_PROVISIONER_COMPLETE"
"""The command, and the variable by which its script asks it for words."""


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    bash: put eval "$(provisioner completion bash)" into ~/.bashrc; zsh: the same with zsh into ~/.zshrc; fish:
    provisioner completion fish > ~/.config/fish/completions/provisioner.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from provisioner.cli.main import cli

    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter(f"there is no completion for {shell}")
    # Not its own `source`: for bash that asks whichever bash is first on the path for its version.
    show(ShellComplete.source(found(cli, {}, NAME, VARIABLE)).rstrip("\n"))
