"""`assay graph`: writes the resources and their references for other programs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("input")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where to write; the name's ending tells the format (.graphml, .gexf, .json).",
)
@click.option(
    "--source", metavar="DIR", help="The folder of the root module that was planned, for locals."
)
def graph(input: str, output: str, source: str | None) -> None:
    """Write the graph of resources of a plan or state.

    Each edge is a reference, with the field it stands in and how certain it is.
    """
    from scanner.graph.export import write
    from scanner.graph.graph import Graph
    from scanner.mapping.population import populate
    from scanner.sources.terraform import open_input

    inventory = open_input(input, Path(source) if source else None)
    found = Graph(populate(inventory).resources)
    write(found, Path(output))
    click.echo(f"wrote {output}", err=True)
