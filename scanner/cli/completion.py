"""`assay completion`: prints what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash: assay completion bash > ~/.local/share/bash-completion/completions/assay
    """
    found = get_completion_class(shell)
    if found is None:  # the choices above are those that click knows
        raise click.UsageError(f"no completion for {shell}")
    root = ctx.find_root().command
    click.echo(found(root, {}, "assay", "_ASSAY_COMPLETE").source())
