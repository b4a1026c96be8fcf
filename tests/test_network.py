"""What traffic rules let in, taken together; and what the settings of network rules change."""

from __future__ import annotations

import pytest
import yaml

from scanner.cli.catalogue import all_rules
from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.compute import Workload
from scanner.network.addresses import Addresses
from scanner.network.traffic import is_internet, united, wider_than
from scanner.scope import Scopes, Selector
from scanner.sources.terraform import read
from scanner.value import Unknown, Value
from tests.plans import Loader, plan


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["0.0.0.0/0"], True),
        (["::/0"], True),
        (["0.0.0.0/1"], True),
        (["128.0.0.0/1"], True),
        (["2000::/3"], True),
        (["10.0.0.0/8"], False),
        (["10.0.0.0/7"], True),
        (["203.0.113.0/24"], False),
        (["fd00::/8"], False),
        (["pl-12345", "", "300.0.0.0/0"], False),
        (["8.0.0.0/9"], False),
        (["8.0.0.0/9", "8.128.0.0/9"], True),
        (["8.0.0.0/9", "20.0.0.0/9"], True),
        (["2600::/21"], False),
        (["2600::/21", "2600:800::/21"], True),
    ],
)
def test_ranges_as_wide_as_the_internet(texts: list[str], expected: bool) -> None:
    assert is_internet(Addresses.read(texts)) is expected


def test_wider_than_allowed() -> None:
    test = wider_than(16, 48)
    for texts, expected in (
        (["10.0.0.0/8"], True),
        (["10.0.0.0/16"], False),
        (["10.0.0.0/17", "10.0.128.0/17"], False),
        (["10.0.0.0/16", "10.1.0.0/16"], True),
        (["10.0.0.0/16", "10.2.0.0/16"], False),
        (["2001:db8::/32"], True),
        (["2001:db8::/48"], False),
        (["all-fra-services-in-oracle-services-network"], False),
        # Neither is wide by itself, nor do they touch; together they are a /8.
        ([f"8.{second}.0.0/16" for second in range(0, 256, 2)], False),
        ([f"{first}.{second}.0.0/16" for first in (8, 9) for second in range(0, 256, 2)], True),
    ):
        assert test(Addresses.read(texts)) is expected, texts


def test_a_list_that_cannot_be_read_is_no_answer() -> None:
    assert united(Value(("10.0.0.0/8",)), is_internet).is_false
    assert united(Value(("10.0.0.0/8", "somewhere")), is_internet).is_unknown
    assert united(Value(("0.0.0.0/0", "somewhere")), is_internet).is_true
    assert united(Value(Unknown("known after apply")), is_internet).is_unknown


NETWORK = """
aws_vpc.main: {cidr_block: 10.0.0.0/16}
aws_internet_gateway.main: {vpc_id: !ref aws_vpc.main.id }
aws_vpn_gateway.main: {vpc_id: !ref aws_vpc.main.id }
aws_vpn_connection.site: {vpn_gateway_id: !ref aws_vpn_gateway.main.id , static_routes_only: true}
aws_vpn_connection_route.site:
  vpn_connection_id: !ref aws_vpn_connection.site.id
  destination_cidr_block: 192.168.0.0/16
aws_route_table.public:
  vpc_id: !ref aws_vpc.main.id
  route: [{cidr_block: 0.0.0.0/0, gateway_id: !ref aws_internet_gateway.main.id }]
aws_route_table.app:
  vpc_id: !ref aws_vpc.main.id
  route:
    - {cidr_block: 0.0.0.0/0, nat_gateway_id: !ref aws_nat_gateway.out.id }
    - {cidr_block: 192.168.0.0/16, gateway_id: !ref aws_vpn_gateway.main.id }
aws_nat_gateway.out: {subnet_id: !ref aws_subnet.public.id , allocation_id: eipalloc-1}
aws_subnet.public: {vpc_id: !ref aws_vpc.main.id , cidr_block: 10.0.0.0/24}
aws_subnet.app: {vpc_id: !ref aws_vpc.main.id , cidr_block: 10.0.1.0/24}
aws_route_table_association.public:
  subnet_id: !ref aws_subnet.public.id
  route_table_id: !ref aws_route_table.public.id
aws_route_table_association.app:
  subnet_id: !ref aws_subnet.app.id
  route_table_id: !ref aws_route_table.app.id
aws_lb.front:
  load_balancer_type: network
  internal: false
  subnets: [!ref aws_subnet.public.id ]
aws_lb_target_group.app: {port: 443, protocol: TCP, vpc_id: !ref aws_vpc.main.id }
aws_lb_target_group_attachment.app:
  target_group_arn: !ref aws_lb_target_group.app.arn
  target_id: !ref aws_instance.app.id
aws_lb_listener.app:
  load_balancer_arn: !ref aws_lb.front.arn
  port: 443
  protocol: TCP
  default_action: [{type: forward, target_group_arn: !ref aws_lb_target_group.app.arn }]
aws_security_group.app:
  vpc_id: !ref aws_vpc.main.id
  ingress:
    - {protocol: tcp, from_port: 443, to_port: 443, cidr_blocks: [0.0.0.0/0]}
    - {protocol: tcp, from_port: 22, to_port: 22, cidr_blocks: [192.168.0.0/16]}
  egress: [{protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: [0.0.0.0/0]}]
aws_security_group.bastion:
  vpc_id: !ref aws_vpc.main.id
  ingress: [{protocol: tcp, from_port: 22, to_port: 22, cidr_blocks: [203.0.113.0/24]}]
aws_instance.app:
  ami: ami-1
  subnet_id: !ref aws_subnet.app.id
  vpc_security_group_ids: [!ref aws_security_group.app.id ]
aws_instance.bastion:
  ami: ami-1
  subnet_id: !ref aws_subnet.public.id
  associate_public_ip_address: true
  vpc_security_group_ids: [!ref aws_security_group.bastion.id ]
  tags: {role: bastion}
"""


@pytest.mark.parametrize(
    ("rule", "address", "settings", "verdict"),
    [
        ("workload-not-reachable-from-internet", "aws_instance.app", {}, "pass"),
        ("workload-not-reachable-from-internet", "aws_instance.app", {"balanced": False}, "fail"),
        ("workload-egress-controlled", "aws_instance.app", {}, "pass"),
        ("workload-egress-controlled", "aws_instance.app", {"inspected_only": True}, "fail"),
        ("administration-only-through-bastion", "aws_instance.app", {}, "pass"),
        ("administration-only-through-bastion", "aws_instance.app", {"sites": False}, "fail"),
        ("administration-only-through-bastion", "aws_instance.app", {"ports": (443,)}, "fail"),
        ("administration-only-through-bastion", "aws_instance.bastion", {}, "pass"),
        ("administration-only-through-bastion", "aws_instance.bastion", {"listed": False}, "fail"),
        ("ingress-from-internet-only-on-edge-ports", "aws_security_group.app", {}, "pass"),
        (
            "ingress-from-internet-only-on-edge-ports",
            "aws_security_group.app",
            {"edge_ports": (80,)},
            "fail",
        ),
    ],
)
def test_settings_of_rules(
    rule: str, address: str, settings: dict[str, object], verdict: str
) -> None:
    found = all_rules()[rule]
    graph = Graph(populate(read("plan.json", plan(yaml.load(NETWORK, Loader)))).resources)
    (resource,) = (item for item in graph.of(found.subject) if item.address == address)
    truth = found.judge(resource, graph, {**found.settings, **settings})
    assert {"true": "pass", "false": "fail"}.get(truth.state.value) == verdict, truth


@pytest.mark.parametrize(
    ("ranges", "state"),
    [
        (["203.0.113.0/24"], "true"),
        (["203.0.113.0/25", "203.0.113.128/25"], "true"),
        (["203.0.113.0/25"], "false"),
        (["198.51.100.0/24"], "false"),
    ],
)
def test_declared_addresses_may_administer_any_host(ranges: list[str], state: str) -> None:
    resources = yaml.load(NETWORK.replace("{role: bastion}", "{role: web}"), Loader)
    scopes = Scopes(bastions=(Selector(ranges=tuple(ranges)),))
    graph = Graph(populate(read("plan.json", plan(resources))).resources, scopes=scopes)
    rule = all_rules()["administration-only-through-bastion"]
    host = next(item for item in graph.of(Workload) if item.address == "aws_instance.bastion")
    assert rule.judge(host, graph, rule.settings).state.value == state
