"""`assay frameworks`: lists the frameworks, or shows the requirements of one."""

from __future__ import annotations

import click

from scanner.cli.catalogue import all_frameworks, known_id


@click.command()
@click.argument("id", required=False)
def frameworks(id: str | None) -> None:
    """List all frameworks, or the requirements of the one with this ID."""
    known = all_frameworks()
    if id is None:
        width = max(map(len, known))
        for found in known.values():
            linked = sum(bool(item.rules) for item in found.requirements)
            count = len(found.requirements)
            click.echo(f"{found.id:<{width}}  {linked:>3} of {count:>3} linked  {found.name}")
        return
    found = known[known_id(id, known, "framework")]
    click.echo(f"{found.name}, {found.version} ({found.jurisdiction}, {found.status})")
    click.echo(f"source: {found.source.citation} {found.source.url}".rstrip())
    click.echo(f"how the ids were checked: {found.verification}\n")
    for item in found.requirements:
        click.echo(f"{item.id:<14} {item.assessable:<9} {item.title}")
        for link in item.rules:
            click.echo(f"{'':<14} {link.link:<10} {link.rule}")
