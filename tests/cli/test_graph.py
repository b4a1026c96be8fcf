"""The exported graph has the references of the plan, and says how certain they are."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from tests.cli.conftest import Run
from tests.plans import Unknown, plan

PLAN = plan(
    {
        "aws_vpc.main": {"cidr_block": "10.20.0.0/16"},
        "aws_subnet.app": {
            "vpc_id": Unknown(("aws_vpc.main.id",)),
            "cidr_block": "10.20.1.0/24",
        },
    }
)


@pytest.mark.parametrize("ending", ["graphml", "gexf", "json"])
def test_references_are_edges(assay: Run, tmp_path: Path, ending: str) -> None:
    name = tmp_path / f"graph.{ending}"
    done = assay("graph", "-", "-o", name, stdin=PLAN)
    assert done.returncode == 0, done.stderr
    if ending == "json":
        graph = nx.node_link_graph(json.loads(name.read_text()), edges="edges")
    else:
        graph = nx.read_graphml(name) if ending == "graphml" else nx.read_gexf(name)
    assert graph.nodes["aws_subnet.app"]["type"] == "aws_subnet"
    found = [
        (target, edge["field"], edge["certainty"])
        for _, target, edge in graph.edges("aws_subnet.app", data=True)
    ]
    assert ("aws_vpc.main", "network", "certain") in found


def test_unknown_ending_and_unwritable_file_are_refused(assay: Run) -> None:
    assert b".graphml" in assay("graph", "-", "-o", "graph.png", stdin=PLAN).stderr
    done = assay("graph", "-", "-o", "nowhere/graph.json", stdin=PLAN)
    assert done.returncode == 2
    assert b"cannot write" in done.stderr
