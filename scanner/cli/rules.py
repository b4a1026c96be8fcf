"""`assay rules`: lists the rules, or shows one with the requirements that it serves."""

from __future__ import annotations

import click

from scanner.cli.catalogue import all_frameworks, all_rules, known_id


@click.command()
@click.argument("id", required=False)
def rules(id: str | None) -> None:
    """List all rules, or show the one with this ID."""
    known = all_rules()
    if id is None:
        width = max(map(len, known))
        for found in known.values():
            click.echo(f"{found.id:<{width}}  {found.severity.label:<8}  {found.title}")
        return
    found = known[known_id(id, known, "rule")]
    click.echo(f"{found.id}\n{found.title}\n")
    click.echo(f"severity  {found.severity.label}")
    click.echo(f"about     {found.subject.__name__}")
    click.echo(f"risk      {found.risk}")
    click.echo(f"fix       {found.fix}")
    for name, value in found.settings.items():
        click.echo(f"setting   {name} = {value}")
    for framework in all_frameworks().values():
        for requirement in framework.requirements:
            for link in requirement.rules:
                if link.rule == found.id:
                    demand = "".join(f", {key} = {link.settings[key]}" for key in link.settings)
                    click.echo(f"serves    {framework.id} {requirement.id} ({link.link}{demand})")
