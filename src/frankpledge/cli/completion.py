"""`frankpledge completion`: the script that teaches a shell our sub-commands and options."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: frankpledge completion bash > ~/.local/share/bash-completion/completions/frankpledge
    zsh:  frankpledge completion zsh > a file named _frankpledge in a folder of $fpath
    fish: frankpledge completion fish > ~/.config/fish/completions/frankpledge.fish
    """
    from frankpledge.cli.main import frankpledge

    click.echo(SHELLS[shell](frankpledge, {}, "frankpledge", "_FRANKPLEDGE_COMPLETE").source())
