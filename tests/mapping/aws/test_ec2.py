from __future__ import annotations

from typing import Any

import pytest

from scanner.model.compute import Instance, InstanceGroup
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
BOTH = pytest.mark.parametrize("type", ["aws_instance", "aws_spot_instance_request"])


def instance(body: dict[str, Any], *others: Record, type: str = "aws_instance") -> Any:
    return mapped(Instance, record(type, body), *others, address=f"{type}.a")


@BOTH
def test_an_instance_that_says_nothing(type: str) -> None:
    body = {
        "associate_public_ip_address": LeftOut(),
        "metadata_options": LeftOut(),
        "iam_instance_profile": LeftOut(),
        "subnet_id": LeftOut(),
        "launch_template": [],
    }
    found = instance(body, type=type)
    assert found.asks_for_public_address.content is None
    assert found.roles.is_empty
    assert found.source_check.is_true
    assert found.subnets.unknown  # a default subnet, which was not read
    assert found.security_groups.is_empty  # the default group of its VPC
    assert found.addresses.content == ()
    assert found.route_tables.is_empty
    assert found.interfaces.is_empty


def test_metadata_left_out_takes_the_documented_default() -> None:
    assert instance({}).requires_session_tokens.is_false


@BOTH
def test_an_instance_that_says_all(type: str) -> None:
    body = {
        "associate_public_ip_address": True,
        "metadata_options": [{"http_tokens": "required"}],
        "iam_instance_profile": Pointer("aws_iam_instance_profile.p"),
        "subnet_id": Pointer("aws_subnet.s"),
        "vpc_security_group_ids": [Pointer("aws_security_group.g")],
        "source_dest_check": False,
    }
    found = instance(body, type=type)
    assert found.asks_for_public_address.content is True
    assert found.requires_session_tokens.is_true
    assert found.roles.targets == ("aws_iam_instance_profile.p",)
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.security_groups.targets == ("aws_security_group.g",)
    assert found.source_check.is_false


def test_what_is_unknown_stays_so() -> None:
    body = {
        "associate_public_ip_address": LATER,
        "metadata_options": [{"http_tokens": LATER}],
        "source_dest_check": LATER,
    }
    found = instance(body)
    assert isinstance(found.asks_for_public_address.content, Unknown)
    assert found.requires_session_tokens.is_unknown
    assert found.source_check.is_unknown


def test_metadata_switched_off_needs_no_tokens() -> None:
    body = {"metadata_options": [{"http_endpoint": "disabled", "http_tokens": "optional"}]}
    assert instance(body).requires_session_tokens.is_true


def test_the_default_of_the_account_rules_where_nothing_is_said() -> None:
    default = record("aws_ec2_instance_metadata_defaults", {"http_tokens": "required"})
    assert instance({}, default).requires_session_tokens.is_true
    told = {"metadata_options": [{"http_tokens": "optional"}]}
    default = record("aws_ec2_instance_metadata_defaults", {"http_tokens": "required"})
    assert instance(told, default).requires_session_tokens.is_false


def test_addresses_of_version_6_are_public_addresses() -> None:
    assert instance({"ipv6_address_count": 1}).asks_for_public_address.content is True
    assert instance({"ipv6_address_count": 0}).asks_for_public_address.content is None


def test_separate_interfaces_place_an_instance() -> None:
    named = record(
        "aws_network_interface",
        {
            "subnet_id": Pointer("aws_subnet.s"),
            "security_groups": [Pointer("aws_security_group.g")],
        },
        "n",
    )
    body = {"network_interface": [{"network_interface_id": Pointer("aws_network_interface.n")}]}
    found = instance(body, named)
    assert found.interfaces.targets == ("aws_network_interface.n",)
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.security_groups.targets == ("aws_security_group.g",)


def test_an_interface_may_name_its_instance() -> None:
    attached = record(
        "aws_network_interface", {"attachment": [{"instance": Pointer("aws_instance.a")}]}, "n"
    )
    assert instance({}, attached).interfaces.targets == ("aws_network_interface.n",)
    joint = record(
        "aws_network_interface_attachment",
        {
            "instance_id": Pointer("aws_instance.a"),
            "network_interface_id": Pointer("aws_network_interface.n"),
        },
    )
    assert instance({}, joint).interfaces.targets == ("aws_network_interface.n",)


def test_a_template_decides_what_its_instance_leaves_out() -> None:
    template = record(
        "aws_launch_template",
        {
            "metadata_options": [{"http_tokens": "required"}],
            "network_interfaces": [
                {"associate_public_ip_address": "true", "subnet_id": Pointer("aws_subnet.s")}
            ],
            "vpc_security_group_ids": [Pointer("aws_security_group.g")],
            "iam_instance_profile": [{"name": Pointer("aws_iam_instance_profile.p")}],
        },
    )
    body = {"launch_template": [{"id": Pointer("aws_launch_template.a"), "name": LeftOut()}]}
    found = instance(body, template)
    assert found.requires_session_tokens.is_true
    assert found.asks_for_public_address.content is True
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.security_groups.targets == ("aws_security_group.g",)
    assert found.roles.targets == ("aws_iam_instance_profile.p",)


def test_a_template_that_was_not_read_leaves_it_open() -> None:
    found = instance({"launch_template": [{"id": "lt-1"}]})
    assert found.requires_session_tokens.is_unknown
    assert isinstance(found.asks_for_public_address.content, Unknown)
    assert found.roles.unknown


def test_a_template_is_an_instance_too() -> None:
    template = mapped(Instance, record("aws_launch_template", {}))
    assert template.requires_session_tokens.is_false
    assert template.asks_for_public_address.content is None
    assert template.subnets.is_empty
    assert template.source_check.is_true
    body = {"network_interfaces": [{"associate_public_ip_address": "false"}]}
    told = mapped(Instance, record("aws_launch_template", body))
    assert told.asks_for_public_address.content is False
    later = mapped(Instance, record("aws_launch_template", {"network_interfaces": LATER}))
    assert isinstance(later.asks_for_public_address.content, Unknown)


def test_a_launch_configuration_is_an_instance_too() -> None:
    body = {"associate_public_ip_address": LeftOut(), "security_groups": ["sg-1"]}
    found = mapped(Instance, record("aws_launch_configuration", body))
    assert found.asks_for_public_address.content is None
    assert found.security_groups.outside == ("sg-1",)
    assert found.requires_session_tokens.is_false


def test_a_scaling_group_names_its_templates_and_subnets() -> None:
    body = {
        "vpc_zone_identifier": [Pointer("aws_subnet.s")],
        "availability_zones": LeftOut(),
        "launch_template": [{"id": Pointer("aws_launch_template.a"), "name": LeftOut()}],
    }
    group = mapped(InstanceGroup, record("aws_autoscaling_group", body))
    assert group.templates.targets == ("aws_launch_template.a",)
    assert group.templates.certain
    assert group.subnets.targets == ("aws_subnet.s",)
    assert group.zones.content == ()
    specification = {"launch_template_id": Pointer("aws_launch_template.b")}
    mixed = {
        "mixed_instances_policy": [
            {
                "launch_template": [
                    {
                        "launch_template_specification": [specification],
                        "override": [
                            {"launch_template_specification": [{"launch_template_name": "c"}]}
                        ],
                    }
                ]
            }
        ]
    }
    group = mapped(InstanceGroup, record("aws_autoscaling_group", mixed))
    assert group.templates.targets == ("aws_launch_template.b",)
    assert group.templates.outside == ("c",)
    old = {
        "launch_configuration": Pointer("aws_launch_configuration.a"),
        "vpc_zone_identifier": LATER,
    }
    group = mapped(InstanceGroup, record("aws_autoscaling_group", old))
    assert group.templates.targets == ("aws_launch_configuration.a",)
    assert group.subnets.unknown


def network() -> list[Record]:
    return [
        record("aws_vpc", {}, "v"),
        record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")}, "s"),
    ]


def attached(to: object, name: str = "a") -> Record:
    body = {"network_interface_id": to, "security_group_id": Pointer("aws_security_group.x")}
    return record("aws_network_interface_sg_attachment", body, name)


@BOTH
def test_a_group_is_added_to_those_of_the_first_interface(type: str) -> None:
    body = {
        "subnet_id": Pointer("aws_subnet.s"),
        "vpc_security_group_ids": [Pointer("aws_security_group.g")],
    }
    found = instance(body, attached(Pointer(f"{type}.a")), *network(), type=type)
    assert found.security_groups.targets == ("aws_security_group.g", "aws_security_group.x")


def test_a_group_is_added_to_the_default_one_where_none_is_named() -> None:
    body = {"subnet_id": Pointer("aws_subnet.s"), "vpc_security_group_ids": LeftOut()}
    found = instance(body, attached(Pointer("aws_instance.a")), *network())
    assert found.security_groups.targets == ("aws_vpc.v", "aws_security_group.x")
    adopted = record("aws_default_security_group", {"vpc_id": Pointer("aws_vpc.v")}, "d")
    found = instance(body, attached(Pointer("aws_instance.a")), *network(), adopted)
    assert found.security_groups.targets == (
        "aws_default_security_group.d",
        "aws_security_group.x",
    )
    elsewhere = instance({**body, "subnet_id": "subnet-1"}, attached(Pointer("aws_instance.a")))
    assert elsewhere.security_groups.unknown
    unclear = instance(body, attached(LATER), *network())
    assert unclear.security_groups.targets == ("aws_vpc.v",)
    assert unclear.security_groups.maybe == ("aws_security_group.x",)


def test_a_group_is_added_by_the_name_of_the_first_interface() -> None:
    body = {
        "subnet_id": Pointer("aws_subnet.s"),
        "vpc_security_group_ids": [Pointer("aws_security_group.g")],
        "primary_network_interface_id": "eni-1",
    }
    found = instance(body, attached("eni-1"), *network())
    assert found.security_groups.targets == ("aws_security_group.g", "aws_security_group.x")


def test_an_interface_without_groups_brings_the_default_one() -> None:
    interface = record("aws_network_interface", {"subnet_id": Pointer("aws_subnet.s")}, "i")
    body = {"network_interface": [{"network_interface_id": Pointer("aws_network_interface.i")}]}
    found = instance(body, interface, *network())
    assert found.security_groups.targets == ("aws_vpc.v",)


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ({"private_ip": LeftOut(), "secondary_private_ips": LeftOut()}, ()),
        ({"private_ip": "10.0.0.5"}, ("10.0.0.5",)),
        (
            {"private_ip": "10.0.0.5", "secondary_private_ips": ["10.0.0.6"],
             "ipv6_addresses": ["2001:db8::5"]},
            ("10.0.0.5", "10.0.0.6", "2001:db8::5"),
        ),
        # The first address is chosen by the provider.
        ({"secondary_private_ips": ["10.0.0.6"]}, ()),
        # One of IPv6 is chosen by the provider.
        ({"private_ip": "10.0.0.5", "ipv6_address_count": 1}, ()),
        ({"private_ip": LATER}, None),
        ({"private_ip": 5}, None),
    ],
)  # fmt: skip
def test_the_addresses_of_an_instance(body: dict[str, Any], addresses: Any) -> None:
    found = instance(body).addresses.content
    assert isinstance(found, Unknown) if addresses is None else found == addresses


@pytest.mark.parametrize("type", ["aws_launch_template", "aws_launch_configuration"])
def test_a_template_fixes_no_address(type: str) -> None:
    found = mapped(Instance, record(type, {}))
    assert found.addresses.content == ()
    assert found.route_tables.is_empty
    assert found.security_groups.is_empty


def test_a_template_takes_the_groups_of_the_interfaces_that_it_names() -> None:
    interface = record(
        "aws_network_interface", {"security_groups": [Pointer("aws_security_group.g")]}, "i"
    )
    named = {"network_interface_id": Pointer("aws_network_interface.i")}
    found = mapped(
        Instance, record("aws_launch_template", {"network_interfaces": [named]}), interface
    )
    assert found.security_groups.targets == ("aws_security_group.g",)
