"""Declared scopes: read strictly, judged in three values, and never guessed from names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from scanner.cli.catalogue import all_rules
from scanner.engine import Scan, scan
from scanner.errors import ConfigError
from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Resource, SecretPlace
from scanner.scope import (
    DEFAULT_SCOPES,
    Scopes,
    Selector,
    belongs,
    environments,
    environments_of,
    members,
    ranges,
    read_scopes,
    tier_of,
)
from scanner.scope.file import parse
from scanner.sources.terraform import read
from tests.plans import Loader, Unknown, plan

RULES = all_rules()
PAGE = Path(__file__).parents[1] / "docs" / "scope.md"


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(resources.files("scanner.scope").joinpath("assay-1.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def graph_of(text: str, scopes: Scopes = DEFAULT_SCOPES) -> Graph:
    """Build the graph of a plan written in YAML."""
    content = yaml.load(text, Loader=Loader)
    return Graph(populate(read("plan.json", plan(content))).resources, "", scopes)


def at(graph: Graph, address: str) -> Resource:
    return next(
        item
        for item in graph.resources
        if item.address == address and not isinstance(item, SecretPlace)
    )


def names(found: tuple[Resource, ...]) -> list[str]:
    """Give the addresses of whole records; their parts, such as block devices, go with them."""
    return [item.address for item in found if item.address == item.block.record.address]


# The file

WHOLE = """
bastions:
- tags: {Role: [bastion, Jump_Host]}
- resource: module.access.*
- range: 198.51.100.0/24
cardholder_data: [{account: 012345678901, region: eu-west-1}]
connected: []
environments:
  Production: [{compartment: ocid1.compartment.oc1..a}]
  dev: [{range: [10.0.0.0/8, "fd00::/8"]}]
allowed_between: [[dev, "*"]]
"""


def test_a_file_is_read() -> None:
    found = parse(WHOLE)
    assert found.bastions == (
        Selector(tags=(("role", ("bastion", "jump-host")),)),
        Selector(resource="module.access.*"),
        Selector(ranges=("198.51.100.0/24",)),
    )
    # As it is written: no number, of which the zero would be lost.
    assert found.cardholder_data == (Selector(account="012345678901", region="eu-west-1"),)
    assert found.connected == ()
    assert dict(found.environments) == {
        "production": (Selector(compartment="ocid1.compartment.oc1..a"),),
        "dev": (Selector(ranges=("10.0.0.0/8", "fd00::/8")),),
    }
    assert found.environment_tags == ()
    assert found.allows_between("dev", "production")
    assert found.allows_between("production", "dev")
    assert ranges(found.bastions) == ("198.51.100.0/24",)


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_what_a_file_leaves_out_is_as_the_convention_has_it(text: str) -> None:
    found = parse(text)
    assert found.bastions == DEFAULT_SCOPES.bastions
    assert found.environment_tags == DEFAULT_SCOPES.environment_tags
    assert found.source == "assay.yaml"


MISTAKES = {
    "bastion: []": 'line 1: bastion: not known here; did you mean "bastions"?',
    "bastions:\n- tag: {a: b}": 'line 2: bastions[0].tag: not known here; did you mean "tags"?',
    "bastions:\n- {}": "line 2: bastions[0]: expected one of tags, resource, account",
    "bastions: aws_instance.a": "line 1: bastions: expected a list",
    "bastions: [aws_instance.a]": "line 1: bastions[0]: expected keys and values (tags,",
    "bastions: [{tags: {}}]": "bastions[0].tags: expected at least one key with its value",
    "bastions: [{tags: {role: }}]": "bastions[0].tags.role: expected a text",
    "bastions: [{tags: {role: []}}]": "bastions[0].tags.role: expected a text or a list of texts",
    "bastions: [{resource: {a: b}}]": "bastions[0].resource: expected a text",
    "bastions: [{range: everywhere}]": 'such as 10.0.0.0/16; "everywhere" is none',
    "bastions: [{range: 10.0.0.1/8}]": '"10.0.0.1/8" has bits behind its prefix',
    "connected:\n- resource: a.b\n- account:\n": "line 3: connected[1].account: expected a text",
    "environments: [prod]": "environments: expected keys and values",
    "environments: {prod: x}": "environments.prod: expected a list",
    "allowed_between: [[prod]]": "allowed_between[0]: expected the names of two environments",
    "[a]": "line 1: expected keys and values (bastions,",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_with_its_place_by_us_and_refused_by_the_schema(text: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse(text, "own.yaml")
    assert str(told.value).startswith("own.yaml, line ")
    assert MISTAKES[text] in str(told.value)
    if "10.0.0" not in str(told.value):
        with pytest.raises(ValidationError):
            validator().validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bastions: []\nbastions: []", "line 2: bastions: given twice"),
        ("environments: {Dev: [], dev: []}", "environments.dev: declared twice"),
        ("connected: [{tags: {a-b: x, A_B: y}}]", "tags.A_B: given twice"),
        ("environments: {dev: []}\nallowed_between: [[dev, prd]]", '"prd" is not declared'),
        (
            "environments: {dev: []}\nallowed_between: [[dev, deev]]",
            'line 2: allowed_between[0]: "deev" is not declared under environments; '
            'did you mean "dev"?',
        ),
        ("a: [", "own.yaml is not YAML: "),
        ("a: *b", "own.yaml is not YAML: found undefined alias"),
        ("a: \x00", "own.yaml is not YAML: "),
        ("#" * (1 << 20) + "\n", "larger than a megabyte"),
    ],
)
def test_what_a_schema_cannot_say_is_refused_too(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        parse(text, "own.yaml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*missing\.yaml"):
        read_scopes(tmp_path / "missing.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"binary\.yaml is not a text in UTF-8"):
        read_scopes(tmp_path / "binary.yaml")


def test_the_file_of_the_page_is_read_and_valid_by_the_schema() -> None:
    shown = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert shown
    for text in (*shown, WHOLE):
        validator().validate(yaml.safe_load(text))
        assert parse(text).bastions


# Members

NETWORK = """
aws_vpc.a: {cidr_block: 10.0.0.0/16, tags: {pci-scope: cde}}
aws_subnet.a: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.1.0/24}
aws_subnet.out: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.2.0/24, tags: {pci-scope: out}}
aws_instance.a: {subnet_id: !ref aws_subnet.a.id }
aws_instance.own: {subnet_id: !ref aws_subnet.a.id , tags: {PCI_Scope: None}}
aws_instance.back: {subnet_id: !ref aws_subnet.out.id , tags: {pci-scope: CDE}}
aws_instance.out: {subnet_id: !ref aws_subnet.out.id }
aws_security_group.a: {vpc_id: !ref aws_vpc.a.id }
aws_s3_bucket.a: {bucket: cde-cards}
"""


def test_what_stands_in_a_network_belongs_to_it_unless_it_says_otherwise() -> None:
    graph = graph_of(NETWORK)
    found = members(DEFAULT_SCOPES.cardholder_data, graph)
    assert names(found.certain) == [
        "aws_instance.a",
        "aws_instance.back",
        "aws_subnet.a",
        "aws_vpc.a",
    ]
    assert found.uncertain == ()
    # Other things are asked by themselves.
    group = at(graph, "aws_security_group.a")
    assert belongs(group, DEFAULT_SCOPES.cardholder_data, graph).is_true
    assert members(DEFAULT_SCOPES.cardholder_data, graph) is found
    told = belongs(at(graph, "aws_instance.a"), DEFAULT_SCOPES.cardholder_data, graph)
    assert [str(item.fact) for item in told.evidence] == ['pci-scope = "cde"']


def test_names_are_never_read() -> None:
    graph = graph_of(
        "aws_instance.bastion: {tags: {Name: bastion}}\n"
        "aws_vpc.prod: {cidr_block: 10.0.0.0/16, tags: {Name: prod}}\n"
        "aws_db_instance.cardholder: {identifier: cde}\n"
    )
    assert members(graph.scopes.bastions, graph) == ((), ())
    assert members(graph.scopes.cardholder_data, graph) == ((), ())
    assert not environments(graph)


def test_default_tags_of_the_provider_count() -> None:
    graph = graph_of(
        "aws_instance.a: {tags: {Name: a}, tags_all: {Name: a, role: bastion}}\n"
        "aws_instance.b: {tags: {Name: b}, tags_all: {Name: b}}\n"
    )
    assert names(members(graph.scopes.bastions, graph).certain) == ["aws_instance.a"]


def test_tags_that_are_not_known_leave_it_open() -> None:
    graph = graph_of(
        "aws_instance.a: {tags: {role: bastion}}\n"
        "aws_instance.value: {tags: {role: !unknown }}\n"
        "aws_instance.whole: {tags: !unknown , tags_all: !unknown }\n"
        "aws_instance.more: {tags: {Name: x}, tags_all: !unknown }\n"
        "aws_instance.other: {tags: {role: app}, tags_all: !unknown }\n"
        "aws_instance.none: {tags_all: !unknown }\n"
    )
    found = members(graph.scopes.bastions, graph)
    assert names(found.certain) == ["aws_instance.a"]
    assert names(found.uncertain) == [
        "aws_instance.more",
        "aws_instance.value",
        "aws_instance.whole",
    ]
    told = belongs(at(graph, "aws_instance.value"), graph.scopes.bastions, graph)
    assert [str(item.source) for item in told.evidence] == ["aws_instance.value.tags.role"]


def test_where_nobody_uses_the_convention_unknown_tags_are_no_reason_to_think_so() -> None:
    text = "aws_instance.whole: {tags: !unknown }\naws_instance.a: {tags: {Name: a}}\n"
    graph = graph_of(text)
    assert members(graph.scopes.bastions, graph) == ((), ())
    declared = parse("bastions: [{tags: {door: main}}]")
    found = members(declared.bastions, graph_of(text, declared))
    assert names(found.uncertain) == ["aws_instance.whole"]


THREE = ["aws_instance.a[0]", "aws_instance.a[1]", "aws_instance.b"]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("resource: aws_instance.a", ["aws_instance.a[0]", "aws_instance.a[1]"]),
        ("resource: 'aws_instance.a[1]'", ["aws_instance.a[1]"]),
        ("resource: 'aws_instance.*'", THREE),
        ("resource: aws_instance", []),
        ("resource: AWS_INSTANCE.B", []),
        ("region: EU-CENTRAL-1", THREE),
        ("region: eu-west-1", []),
        ("{region: eu-central-1, tags: {role: db}}", ["aws_instance.b"]),
        ("tags: {role: [db, web]}", ["aws_instance.a[0]", "aws_instance.b"]),
        ("range: 10.0.0.0/30", ["aws_instance.b"]),
        ("compartment: ocid1.compartment.oc1..a", []),
    ],
)  # fmt: skip
def test_conditions_of_an_entry(entry: str, expected: list[str]) -> None:
    entry = entry if entry.startswith("{") else f"{{{entry}}}"
    scopes = parse(f"connected: [{entry}]")
    graph = graph_of(
        "aws_instance.a[0]: {tags: {role: web}}\n"
        "aws_instance.a[1]: {private_ip: 10.0.0.9}\n"
        "aws_instance.b: {private_ip: 10.0.0.2, tags: {Role: DB}}\n"
    )
    assert names(members(scopes.connected, graph).certain) == expected


def test_an_account_that_is_not_known_leaves_it_open() -> None:
    scopes = parse('connected: [{account: "111122223333"}]')
    graph = graph_of(
        "aws_instance.a: {}\n"
        "aws_db_instance.b: {arn: 'arn:aws:rds:eu-central-1:111122223333:db:b'}\n"
        "aws_db_instance.c: {arn: 'arn:aws:rds:eu-central-1:444455556666:db:c'}\n"
    )
    found = members(scopes.connected, graph)
    assert names(found.certain) == ["aws_db_instance.b"]
    assert names(found.uncertain) == ["aws_instance.a"]


TREE = """
oci_identity_compartment.top: {id: ocid1.compartment.oc1..top, compartment_id: ocid1.tenancy.oc1..t}
oci_identity_compartment.below: {compartment_id: !ref oci_identity_compartment.top.id }
oci_core_instance.top: {compartment_id: !ref oci_identity_compartment.top.id }
oci_core_instance.below: {compartment_id: !ref oci_identity_compartment.below.id }
oci_core_instance.other: {compartment_id: ocid1.compartment.oc1..other}
oci_core_instance.open: {compartment_id: !unknown }
aws_instance.a: {}
"""


@pytest.mark.parametrize("name", ["ocid1.compartment.oc1..top", "oci_identity_compartment.top"])
def test_a_compartment_means_those_below_it_too(name: str) -> None:
    scopes = parse(f"connected: [{{resource: '*_instance.*', compartment: {name}}}]")
    found = members(scopes.connected, graph_of(TREE))
    assert names(found.certain) == ["oci_core_instance.below", "oci_core_instance.top"]
    assert names(found.uncertain) == ["oci_core_instance.open"]


def test_ranges_hold_subnets_and_what_stands_in_them() -> None:
    scopes = parse("connected: [{range: [10.0.1.0/25, 10.0.1.128/25, 10.0.2.0/25]}]")
    graph = graph_of(
        "aws_vpc.a: {cidr_block: 10.0.0.0/16}\n"
        "aws_subnet.a: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.1.0/24}\n"
        "aws_subnet.half: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.2.0/24}\n"
        "aws_subnet.none: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.3.0/24}\n"
        "aws_instance.a: {subnet_id: !ref aws_subnet.a.id }\n"
        "aws_instance.half: {subnet_id: !ref aws_subnet.half.id }\n"
        "aws_instance.fixed: {subnet_id: !ref aws_subnet.half.id , private_ip: 10.0.2.5}\n"
        "aws_instance.none: {subnet_id: !ref aws_subnet.none.id }\n"
    )
    found = members(scopes.connected, graph)
    assert names(found.certain) == ["aws_instance.a", "aws_instance.fixed", "aws_subnet.a"]
    assert names(found.uncertain) == ["aws_instance.half", "aws_subnet.half", "aws_vpc.a"]


def test_defined_tags_of_oci_are_called_by_namespace_and_key() -> None:
    scopes = parse("connected: [{tags: {Operations.Card_Zone: yes}}]")
    graph = graph_of(
        "oci_core_instance.a: {defined_tags: {Operations.card-zone: 'Yes'}}\n"
        "oci_core_instance.b: {defined_tags: {Other.card-zone: 'yes'}, freeform_tags: {a: b}}\n"
        "oci_core_instance.c: {freeform_tags: {role: bastion}}\n"
    )
    assert names(members(scopes.connected, graph).certain) == ["oci_core_instance.a"]
    assert names(members(scopes.bastions, graph).certain) == ["oci_core_instance.c"]


def test_things_without_tags_of_their_own_follow_what_they_are_part_of() -> None:
    graph = graph_of(
        "aws_efs_file_system.a: {tags: {pci-scope: cde}}\n"
        "aws_efs_mount_target.a: {file_system_id: !ref aws_efs_file_system.a.id }\n"
        "aws_autoscaling_group.a: {tag: [{key: pci-scope, value: cde}]}\n"
        "aws_eks_cluster.a: {name: main, tags: {pci-scope: cde}}\n"
        "aws_eks_node_group.a: {cluster_name: !ref aws_eks_cluster.a.name }\n"
    )
    found = members(graph.scopes.cardholder_data, graph)
    assert names(found.certain) == [
        "aws_autoscaling_group.a",
        "aws_efs_file_system.a",
        "aws_efs_mount_target.a",
        "aws_eks_cluster.a",
        "aws_eks_node_group.a",
    ]


@pytest.mark.parametrize(
    ("speaker", "follower"),
    [
        ("aws_efs_file_system.a: ", "aws_efs_mount_target.a: {file_system_id: !ref %s.id }"),
        ("aws_eks_cluster.a: ", "aws_eks_node_group.a: {cluster_name: !ref %s.name }"),
        ("aws_subnet.a: ", "aws_instance.a: {subnet_id: !ref %s.id }"),
    ],
)
def test_one_that_speaks_is_enough(speaker: str, follower: str) -> None:
    address = speaker.removesuffix(": ")
    text = f"{speaker}{{name: a, tags: {{pci-scope: cde}}}}\n{follower % address}\n"
    graph = graph_of(text)
    found = members(graph.scopes.cardholder_data, graph)
    assert names(found.certain) == sorted([address, follower.partition(":")[0]])


def test_a_subnet_that_was_not_read_declares_nothing() -> None:
    graph = graph_of(
        "aws_instance.a: {tags: {pci-scope: cde}}\n"
        "aws_instance.b: {subnet_id: subnet-0123456789abcdef0}\n"
    )
    found = members(graph.scopes.cardholder_data, graph)
    assert (names(found.certain), found.uncertain) == (["aws_instance.a"], ())


def test_a_subnet_that_is_one_of_several_leaves_it_open() -> None:
    graph = graph_of(
        "aws_vpc.a: {cidr_block: 10.0.0.0/16}\n"
        "aws_subnet.a: {vpc_id: !ref aws_vpc.a.id , tags: {pci-scope: cde}}\n"
        "aws_subnet.b: {vpc_id: !ref aws_vpc.a.id }\n"
        "aws_instance.a: {subnet_id: !ref [aws_subnet.a.id, aws_subnet.b.id]}\n"
    )
    found = members(graph.scopes.cardholder_data, graph)
    assert (names(found.certain), names(found.uncertain)) == (["aws_subnet.a"], ["aws_instance.a"])


def test_a_tier_is_declared_by_the_thing_itself() -> None:
    graph = graph_of(
        "aws_vpc.a: {cidr_block: 10.0.0.0/16, tags: {tier: data}}\n"
        "aws_subnet.a: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.1.0/24}\n"
        "aws_instance.a: {tags: {Tier: Data}}\n"
        "aws_instance.b: {tags: {tier: !unknown }}\n"
    )
    assert tier_of(at(graph, "aws_instance.a"), graph).content == "data"
    assert tier_of(at(graph, "aws_subnet.a"), graph).content == ""
    assert tier_of(at(graph, "aws_instance.b"), graph).test(bool).is_unknown


# Environments

PEERED = """
aws_vpc.prod: {cidr_block: 10.0.0.0/16, tags: {Environment: prod}}
aws_subnet.prod: {vpc_id: !ref aws_vpc.prod.id , cidr_block: 10.0.1.0/24}
aws_vpc.dev: {cidr_block: 10.1.0.0/16, tags: {env: Dev}}
aws_subnet.dev: {vpc_id: !ref aws_vpc.dev.id , cidr_block: 10.1.1.0/24}
aws_vpc_peering_connection.x: {vpc_id: !ref aws_vpc.prod.id , peer_vpc_id: !ref aws_vpc.dev.id , auto_accept: true}
aws_default_route_table.prod: {default_route_table_id: !ref aws_vpc.prod.default_route_table_id , route: [{cidr_block: 10.1.0.0/16, vpc_peering_connection_id: !ref aws_vpc_peering_connection.x.id }]}
aws_default_route_table.dev: {default_route_table_id: !ref aws_vpc.dev.default_route_table_id , route: [{cidr_block: 10.0.0.0/16, vpc_peering_connection_id: !ref aws_vpc_peering_connection.x.id }]}
"""  # noqa: E501 (a resource on a line)


def judge(text: str, scopes: Scopes, rule: str = "environments-separated") -> Scan:
    inventory = read("plan.json", plan(yaml.load(text, Loader=Loader)))
    return scan([inventory], {rule: RULES[rule]}, scopes=scopes)


def verdicts(found: Scan) -> Mapping[str, str]:
    return {item.address: item.verdict.value for item in found.findings}


def test_tags_name_environments_and_networks_hand_them_down() -> None:
    graph = graph_of(PEERED)
    assert list(environments(graph)) == ["dev", "prod"]
    found = environments_of(at(graph, "aws_subnet.dev"), graph)
    assert {name: truth.is_true for name, truth in found.items()} == {"dev": True}


BOTH = "environments: {one: [{resource: aws_vpc.prod}], two: [{resource: aws_vpc.dev}]}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"aws_vpc.prod": "fail", "aws_vpc.dev": "fail"}),
        (BOTH, {"aws_vpc.prod": "fail", "aws_vpc.dev": "fail"}),
        ("allowed_between: [[dev, PROD]]", {}),
        ("allowed_between: [['*', prod]]", {}),
        ("allowed_between: [[test, prod]]", {"aws_vpc.prod": "fail", "aws_vpc.dev": "fail"}),
        (BOTH + "allowed_between: [[two, one]]", {}),
        ("environments: {}", {}),
        ("environments: {all: [{resource: 'aws_vpc.*'}]}", {}),
    ],
)
def test_what_the_file_allows_is_not_judged(text: str, expected: Mapping[str, str]) -> None:
    assert verdicts(judge(PEERED, parse(text))) == expected


def test_a_failed_separation_prints_the_path() -> None:
    found = judge(PEERED, DEFAULT_SCOPES).findings[0]
    (path,) = found.paths
    assert {path.source, path.target} == {"aws_subnet.dev", "aws_subnet.prod"}
    assert any(hop.node == "aws_vpc_peering_connection.x" for hop in path.hops)


def test_a_network_that_nothing_joins_needs_no_search() -> None:
    apart = "\n".join(
        f"aws_vpc.n{n}: {{cidr_block: 10.{n}.0.0/16, tags: {{env: e{n % 5}}}}}\n"
        f"aws_subnet.n{n}: {{vpc_id: !ref aws_vpc.n{n}.id , cidr_block: 10.{n}.1.0/24}}"
        for n in range(60)
    )
    found = judge(apart, DEFAULT_SCOPES)
    assert set(verdicts(found).values()) == {"pass"}
    assert len(found.findings) == 60
    told = [item.fact for item in found.findings[0].evidence]
    assert any("further networks" in fact for fact in told)


CARDS = """
aws_vpc.a: {cidr_block: 10.0.0.0/16}
aws_subnet.a: {vpc_id: !ref aws_vpc.a.id , cidr_block: 10.0.1.0/24}
aws_vpn_gateway.a: {vpc_id: !ref aws_vpc.a.id }
aws_customer_gateway.a: {bgp_asn: "65000", ip_address: 198.51.100.1, type: ipsec.1}
aws_vpn_connection.a: {vpn_gateway_id: !ref aws_vpn_gateway.a.id , customer_gateway_id: !ref aws_customer_gateway.a.id , static_routes_only: true}
aws_vpn_connection_route.a: {vpn_connection_id: !ref aws_vpn_connection.a.id , destination_cidr_block: 10.200.0.0/24}
aws_default_route_table.a: {default_route_table_id: !ref aws_vpc.a.default_route_table_id , route: [{cidr_block: 10.200.0.0/24, gateway_id: !ref aws_vpn_gateway.a.id }]}
aws_security_group.a: {vpc_id: !ref aws_vpc.a.id , ingress: [{protocol: tcp, from_port: 443, to_port: 443, cidr_blocks: [10.200.0.0/24]}]}
aws_instance.a: {subnet_id: !ref aws_subnet.a.id , associate_public_ip_address: false, vpc_security_group_ids: !ref [aws_security_group.a.id], tags: {pci-scope: cde}}
"""  # noqa: E501 (a resource on a line)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "fail"),
        ("connected: [{range: 10.200.0.0/24}]", "pass"),
        ("connected: [{range: 10.200.0.0/25}]", "fail"),
        ("connected: [{range: 10.200.0.0/25}, {range: 10.200.0.128/25}]", "pass"),
    ],
)
def test_declared_addresses_of_a_site_may_reach_cardholder_data(text: str, verdict: str) -> None:
    found = judge(CARDS, parse(text), "cardholder-data-segmented")
    assert verdicts(found) == {"aws_instance.a": verdict}


# Together


def test_an_entry_that_names_nothing_is_reported() -> None:
    scopes = parse("bastions: [{resource: aws_instance.gone}, {range: 192.0.2.0/24}]", "own.yaml")
    found = judge(PEERED, scopes)
    assert found.warnings == ("own.yaml: bastions[0] names nothing in what was read",)
    assert judge(PEERED, DEFAULT_SCOPES).warnings == ()


def test_the_order_of_resources_does_not_matter() -> None:
    content: Mapping[str, Any] = yaml.load(NETWORK, Loader=Loader)
    orders = (content, dict(reversed(content.items())))
    found = [
        members(
            DEFAULT_SCOPES.cardholder_data,
            Graph(populate(read("plan.json", plan(order))).resources),
        )
        for order in orders
    ]
    assert sorted(names(found[0].certain)) == sorted(names(found[1].certain))


@pytest.mark.parametrize("value", ["cde", "out"])
def test_resolving_an_unknown_tag_never_flips_a_certain_answer(value: str) -> None:
    content = yaml.load(NETWORK, Loader=Loader)
    for address, body in content.items():
        if "tags" not in body:
            continue
        hidden = {**content, address: {**body, "tags": {"pci-scope": Unknown()}}}
        shown = {**content, address: {**body, "tags": {"pci-scope": value}}}
        before, after = (
            Graph(populate(read("plan.json", plan(item))).resources) for item in (hidden, shown)
        )
        for resource in after.resources:
            if isinstance(resource, SecretPlace):
                continue
            old = belongs(at(before, resource.address), before.scopes.cardholder_data, before)
            new = belongs(resource, after.scopes.cardholder_data, after)
            assert old.is_unknown or old.state is new.state, resource.address
