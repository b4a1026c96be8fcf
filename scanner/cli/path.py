"""`assay path`: asks whether packets get from one end to another, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import click

from scanner.errors import ConfigError

if TYPE_CHECKING:
    from scanner.graph.graph import Graph
    from scanner.network.ends import Service
    from scanner.network.questions import End
    from scanner.record import Inventory
    from scanner.survey import Exposed

_PROTOCOLS: Final[Mapping[str, tuple[int, int]]] = {
    "tcp": (6, 6),
    "udp": (17, 17),
    "icmp": (1, 1),
    "any": (0, 255),
}
_CODES: Final = {"yes": 0, "no": 0, "undetermined": 3}
_NEAREST: Final = 3


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--port", metavar="N", help="Ask about this port only, or these ones (N-M).")
@click.option(
    "--protocol",
    type=click.Choice(list(_PROTOCOLS)),
    help="Ask about this protocol only.  [default: tcp with --port, else any]",
)
@click.option(
    "--expect",
    type=click.Choice(["yes", "no"]),
    help="Exit with 1 if the answer is another one.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write the answer; the name's ending tells the format (.txt, .json, .svg). May be "
    "repeated.",
)
@click.option("--format", "form", help="The format of all outputs: text, json or svg.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="DIR",
    help="The folder of the root module that was planned, as for scan.",
)
def path(
    source: str,
    target: str,
    inputs: Sequence[str],
    port: str | None,
    protocol: str | None,
    expect: str | None,
    outputs: Sequence[str],
    form: str | None,
    sources: Sequence[str],
) -> int:
    """Tell whether packets get from FROM to TO, by which way, or what stops them.

    FROM and TO are addresses of resources as Terraform writes them (a network or subnet stands for
    all that is placed in it), `internet`, `onprem` for the company's own sites, or an address or
    range such as 10.0.0.0/8. INPUT is a plan or state, as for scan.

    Exit codes: 0 answered, 1 the answer is not the expected one, 2 usage or unreadable input, 3
    not decided.
    """
    import reports
    from reports.answer import FORMATS, Asked, render
    from reports.paths import ANSWERS
    from scanner.cli.scan import folders
    from scanner.graph.graph import Graph
    from scanner.mapping.population import populate
    from scanner.network.questions import path as ask
    from scanner.record import tell_apart
    from scanner.sources.terraform import open_input
    from scanner.survey import Survey

    service, words = _service(port, protocol)
    reports.check(outputs, form, FORMATS)
    inventories = [
        open_input(name, folder)
        for name, folder in zip(inputs, folders(sources, len(inputs)), strict=True)
    ]
    tell_apart(inventories)
    graphs = [
        Graph(populate(item).resources, next((gap.reason for gap in item.gaps), ""))
        for item in inventories
    ]
    start, end, graph = _ends(source, target, graphs, inventories)
    answer = ask(start, end, graph, service)
    if not answer.found:
        raise ConfigError(_no_way(start, end, graph))
    exposures, unreached = _exposures(start, end, graph, service)
    asked = Asked(
        source, target, words, answer.state, answer.paths, exposures, unreached,
        tuple(item for part in inventories for item in part.sources),
    )  # fmt: skip
    where = Survey([graph]).place
    for name in outputs or ("-",):
        made = render(asked, form or reports.format_of(name, FORMATS), where)
        reports.deliver([made], name)
        if name != "-":
            click.echo(f"wrote {name}", err=True)
    told = ANSWERS[answer.state]
    if expect is not None and told in ("yes", "no") and told != expect:
        click.echo(f"the answer is {told}, expected was {expect}", err=True)
        return 1
    return _CODES[told]


def _service(port: str | None, protocol: str | None) -> tuple[Service, str]:
    """Read which packets are asked about, and say it in words."""
    from scanner.network.chain import ports_text
    from scanner.network.ends import Service
    from scanner.network.packets import PORTS

    span = PORTS if port is None else _span(port)
    if port is not None and protocol == "icmp":
        raise click.UsageError("ICMP has no ports: leave --port out")
    numbers = _PROTOCOLS[protocol or ("any" if port is None else "tcp")]
    if port is not None and protocol == "any":
        low, high = span
        # Of all protocols only these have ports; the other ones between them are none in use.
        text = f"tcp and udp {low}" if low == high else f"tcp and udp {low}-{high}"
        return Service((6, 17), span), text
    return Service(numbers, span), ports_text(*numbers, *span)


def _span(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    if not (low.isdecimal() and (high or low).isdecimal()):
        raise click.UsageError(f"--port {text}: give a number, or two with a hyphen between them")
    first, last = int(low), int(high or low)
    if not 0 <= first <= last <= 65535:
        raise click.UsageError(f"--port {text}: ports go from 0 to 65535")
    return first, last


def _ends(
    source: str, target: str, graphs: Sequence[Graph], inventories: Sequence[Inventory]
) -> tuple[End, End, Graph]:
    """Find both ends in the same input; each input is a world of its own."""
    found: list[tuple[End, End, Graph]] = []
    for name in (source, target):
        if all(_end(name, graph) is None for graph in graphs):
            raise ConfigError(_unknown(name, graphs, inventories))
    for graph in graphs:
        start, end = _end(source, graph), _end(target, graph)
        if start is not None and end is not None:
            found.append((start, end, graph))
    if not found:
        raise ConfigError(f"{source} and {target} stand in different inputs, which are not joined")
    placed = [item for item in found if item[0].resources or item[1].resources]
    if not placed:
        outside = all(item.zone or item.addresses for item in found[0][:2])
        raise ConfigError(
            "one end at least must be a resource: the ways outside were not read"
            if outside
            else _no_way(*found[0])
        )
    if len(placed) > 1:
        raise ConfigError(
            f"several inputs have {source} or {target}: name the one that is meant, with the name "
            "of its input and a colon before its address, as scan does"
        )
    return placed[0]


def _end(name: str, graph: Graph) -> End | None:
    from scanner.network.questions import NoSuchEnd, end

    try:
        return end(name, graph)
    except NoSuchEnd:
        return None


def _unknown(name: str, graphs: Sequence[Graph], inventories: Sequence[Inventory]) -> str:
    """Say what is wrong with the name of an end, and which names are near."""
    for part in inventories:
        for record in part.records:
            if name in (record.address, record.name):
                return f"assay does not read {record.type} yet, so it knows no way to {name}"
    names = sorted({item.address for graph in graphs for item in graph.resources})
    near = [item for item in names if item.startswith((f"{name}[", f"{name}."))][:_NEAREST]
    near = near or [item for item in names if item.endswith(f".{name}")][:_NEAREST]
    near = near or get_close_matches(name, names, n=_NEAREST, cutoff=0.75)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{name} is no resource that was read{hint}" + (
        "" if near else ": give an address as Terraform writes it, internet, onprem or a range"
    )


def _no_way(start: End, end: End, graph: Graph) -> str:
    """Say why there is nothing to follow."""
    from scanner.model.network import Network, Subnet

    for one in (start, end):
        if any(isinstance(item, (Network, Subnet)) for item in graph.all_at(one.name)):
            return f"nothing that was read is placed in {one.name}"
    resources = (*start.resources, *end.resources)
    name = next((item.address for item in resources), end.name)
    return f"{name} stands in no network that was read, so there is no way to follow"


def _exposures(
    start: End, end: End, graph: Graph, service: Service
) -> tuple[tuple[Exposed, ...], int]:
    """Tell how the internet reaches the resources at the other end, if the question is that."""
    from scanner.survey import exposed

    if start.zone != "internet":
        return (), 0
    # One record may be several resources.
    targets = {resource.address: resource for resource in end.resources}
    rows = [tuple(exposed(resource, graph, service)) for resource in targets.values()]
    return tuple(row for found in rows for row in found), sum(not found for found in rows)
