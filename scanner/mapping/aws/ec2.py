"""Instances, the templates that they are made from, and the groups that make them.

API paths are those of DescribeInstances and DescribeLaunchTemplateVersions (LaunchTemplateData) of
`ec2`, and of DescribeLaunchConfigurations and DescribeAutoScalingGroups of `autoscaling`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.mapping.aws.default_groups import networks_of, with_added
from scanner.mapping.aws.interfaces import (
    ATTACHED_GROUPS,
    GROUPS_OF_INTERFACE,
    INSTANCES,
    SUBNETS_OF_INTERFACE,
    Family,
    FixedAddresses,
)
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Attr, Derived, always, flag, holds, never, written
from scanner.mapping.references import (
    Nothing,
    RefIfSet,
    Through,
    merge_links,
    ref,
    ref_if_set,
    refs,
)
from scanner.mapping.registry import companion, maps, supports
from scanner.model.base import Field
from scanner.model.compute import Instance, InstanceGroup
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

TEMPLATES: Final = refs(
    ref_if_set("launch_template.id", "LaunchTemplate.LaunchTemplateId", "aws_launch_template"),
    ref_if_set("launch_template.name", "LaunchTemplate.LaunchTemplateName", "aws_launch_template"),
)


@dataclass(frozen=True)
class Inherited:
    """A field of an instance which its launch template decides where the instance says nothing."""

    own: Field
    by: str
    template: Field

    def read(self, block: Block) -> Any:
        """Read the instance's own, else the template's."""
        if (
            block.record.shape == "api"
            or written(block, self.by) is not MISSING
            or written(block, "launch_template") in (MISSING, [])
        ):
            return self.own.read(block)
        links = TEMPLATES.read(block)
        peer = block.record.peers.get(links.targets[0]) if len(links.targets) == 1 else None
        if peer is None or not links.certain or peer.type != "aws_launch_template":
            return _lost(self.own.read(block), block)
        return self.template.read(peer.block)


def _lost(content: Any, block: Block) -> Any:
    reason = "its launch template, which may set it, was not read"
    if isinstance(content, Truth):
        return unknown(Evidence(f"{block.address}.launch_template", reason))
    if isinstance(content, Value):
        return Value(Unknown(reason), block, "launch_template")
    return replace(content, unknown=(*content.unknown, reason))


_DEMANDED: Final = holds(
    lambda mode: mode == "required", "metadata_options.http_tokens", "MetadataOptions.HttpTokens"
)
_SERVICE_OFF: Final = holds(
    lambda mode: mode == "disabled",
    "metadata_options.http_endpoint",
    "MetadataOptions.HttpEndpoint",
)


def _requires_tokens(block: Block) -> Truth:
    """Whether the metadata service demands tokens, or is switched off.

    What says nothing follows the account's default, then what the image supports (EC2 API
    Reference, InstanceMetadataOptionsRequest).  An image can be changed by its owner, so that it
    does not count as a demand.
    """
    demanded = _DEMANDED.read(block)
    if written(block, "metadata_options.http_tokens") is MISSING:
        # EC2 User Guide, "Configure the Instance Metadata Service options": the account's default
        # rules what says nothing itself.
        for record in block.record.peers.of("aws_ec2_instance_metadata_defaults"):
            by_default: Value[Any] = record.block.value("http_tokens", "no-preference")
            here, there = block.record.location.region, record.location.region
            same = here == there or not here or not there
            if record.managed and same and by_default.content != "no-preference":
                demanded = by_default.equals("required")
    return demanded | _SERVICE_OFF.read(block)


_TOKENS: Final = Derived(_requires_tokens)


def _asked(content: Any) -> Any:
    """Read a flag that templates write as text, or the address that the API shows."""
    if isinstance(content, bool):
        return content
    if content in ("true", "false"):
        return content == "true"
    if isinstance(content, str):
        return None if content == "" else True
    return Unknown("not of the expected form")


_ASKS: Final = Attr("associate_public_ip_address", "PublicIpAddress", _asked, unset=None)


def _asks(block: Block) -> Value[bool | None]:
    """Read whether it asks for a public address of either family."""
    own = _ASKS.read(block)
    if own.content is True:
        return own
    for path in ("ipv6_addresses", "ipv6_address_count"):
        found = written(block, path)
        # Addresses of version 6 are public: VPC User Guide, "IP addressing".
        if found not in (MISSING, [], 0) and not isinstance(found, Unknown):
            return Value(True, block, path)
    return own


_VERSION_6: Final = (
    *("ipv6_addresses", "ipv6_address_count"),
    *("Ipv6Addresses", "Ipv6AddressCount"),
)


def _asks_of_interfaces(block: Block) -> Value[bool | None]:
    """Read whether one of a template's interfaces asks for a public address of either family."""
    own = _ipv4_of_interfaces(block)
    if own.content is True:
        return own
    blocks = block.blocks("NetworkInterfaces" if block.record.shape == "api" else _INTERFACES)
    for item in () if isinstance(blocks, Unknown) else blocks:
        for name in _VERSION_6:
            found = written(item, name)
            if found not in (MISSING, [], 0) and not isinstance(found, Unknown):
                return Value(True, item, name)
    return own


_INTERFACES: Final = "network_interfaces"


def _asks_for_ipv6(block: Block) -> Truth:
    """Whether an instance, or an interface of a template, asks for addresses of IPv6."""
    blocks = block.blocks("NetworkInterfaces" if block.record.shape == "api" else _INTERFACES)
    doubt: Truth | None = None
    for item in (block, *(() if isinstance(blocks, Unknown) else blocks)):
        for name in _VERSION_6:
            found = written(item, name)
            if isinstance(found, Unknown):
                doubt = unknown(Evidence(f"{item.address}.{name}", found.reason))
            elif found not in (MISSING, [], 0):
                return known(True, Evidence(f"{item.address}.{name}", "asked for"))
    if doubt is not None:
        return doubt
    return known(False, Evidence(block.address, "no address of IPv6 is asked for"))


def _ipv4_of_interfaces(block: Block) -> Value[bool | None]:
    """Read whether one of a template's interfaces asks for a public address of IPv4."""
    api = block.record.shape == "api"
    path = "NetworkInterfaces" if api else "network_interfaces"
    blocks = block.blocks(path)
    if isinstance(blocks, Unknown):
        return Value(None if block.leaves_out(path) else blocks, block, path)
    name = "AssociatePublicIpAddress" if api else "associate_public_ip_address"
    values = [Attr(name, name, _asked, unset=None).read(item) for item in blocks]
    for value in values:
        if value.content is True:
            return value
    unsure = [value for value in values if isinstance(value.content, Unknown)]
    said = [value for value in values if value.content is False]
    return next(iter((*unsure, *said)), Value(None, block, path))


def _interfaces(block: Block) -> Links:
    """Read the separate interfaces: those it names, and those that name it."""
    if block.record.shape == "api":
        return block.links("NetworkInterfaces[].NetworkInterfaceId")
    return merge_links(block, list(_interface_parts(block)), "network_interface")


_INTERFACE_TYPES: Final = frozenset({"aws_network_interface"})


def _interface_parts(block: Block) -> Iterator[Links]:
    types = _INTERFACE_TYPES
    for path in ("network_interface", "primary_network_interface"):
        if written(block, path) not in (MISSING, []):
            yield block.links(f"{path}[].network_interface_id", types)
    for type in ("aws_network_interface", "aws_network_interface_attachment"):
        found = block.record.companions(type)
        for record in found.certain:
            if type == "aws_network_interface":
                yield Links(record.block, "attachment", targets=(record.address,))
            else:
                yield record.block.links("network_interface_id", types)
        if found.unknown:
            yield Links(block, "network_interface", unknown=found.unknown)


_THEIR_SUBNETS: Final = Through(
    Derived(_interfaces), {"aws_network_interface": SUBNETS_OF_INTERFACE}
)
_THEIR_GROUPS: Final = Through(Derived(_interfaces), {"aws_network_interface": GROUPS_OF_INTERFACE})


def _subnets(block: Block) -> Links:
    if block.record.shape == "api":
        return block.links("SubnetId")
    parts = [_THEIR_SUBNETS.read(block)]
    if written(block, "subnet_id") is not MISSING:
        parts.insert(0, subnets("subnet_id", "SubnetId").read(block))
    links = merge_links(block, parts, "subnet_id")
    if links.is_empty:
        reason = "not set: a default subnet of the account, which was not read"
        return replace(links, unknown=(reason,))
    return links


def _named_groups(block: Block) -> Links:
    """Read the groups that an instance names; none means the default one of its VPC."""
    if block.record.shape == "api":
        return block.links("SecurityGroups[].GroupId")
    parts = [_THEIR_GROUPS.read(block)]
    parts += [
        groups(path, "").read(block)
        for path in ("vpc_security_group_ids", "security_groups")
        if written(block, path) is not MISSING
    ]
    return merge_links(block, parts, "vpc_security_group_ids")


_PROFILE: Final = ref_if_set(
    "iam_instance_profile", "IamInstanceProfile.Arn", "aws_iam_instance_profile"
)
_TEMPLATE_PROFILE: Final = refs(
    ref("iam_instance_profile.arn", "IamInstanceProfile.Arn", "aws_iam_instance_profile"),
    ref("iam_instance_profile.name", "IamInstanceProfile.Name", "aws_iam_instance_profile"),
)
_TEMPLATE_SUBNETS: Final = refs(
    subnets("network_interfaces[].subnet_id", "NetworkInterfaces[].SubnetId"),
    Through(
        ref(
            "network_interfaces[].network_interface_id",
            "NetworkInterfaces[].NetworkInterfaceId",
            "aws_network_interface",
        ),
        {"aws_network_interface": SUBNETS_OF_INTERFACE},
    ),
)
_TEMPLATE_INTERFACES: Final = ref(
    "network_interfaces[].network_interface_id",
    "NetworkInterfaces[].NetworkInterfaceId",
    "aws_network_interface",
)
_TEMPLATE_GROUPS: Final = refs(
    groups("vpc_security_group_ids", "SecurityGroupIds"),
    groups("network_interfaces[].security_groups", "NetworkInterfaces[].Groups"),
    groups("security_group_names", "SecurityGroups"),
    Through(_TEMPLATE_INTERFACES, {"aws_network_interface": GROUPS_OF_INTERFACE}),
)
_ALL_SUBNETS: Final = Inherited(Derived(_subnets), "subnet_id", _TEMPLATE_SUBNETS)
_NAMED_GROUPS: Final = Inherited(Derived(_named_groups), "vpc_security_group_ids", _TEMPLATE_GROUPS)
_NETWORKS: Final = networks_of(_ALL_SUBNETS)


def _groups(block: Block) -> Links:
    return with_added(block, _NAMED_GROUPS.read(block), ATTACHED_GROUPS, _NETWORKS.read)


_ADDRESSES: Final = FixedAddresses(
    (
        Family(("private_ip",)),
        Family(("secondary_private_ips",)),
        Family(("ipv6_addresses",), "ipv6_address_count"),
    ),
    (
        "NetworkInterfaces[].PrivateIpAddresses[].PrivateIpAddress",
        "NetworkInterfaces[].Ipv6Addresses[].Ipv6Address",
    ),
)

companion("aws_network_interface", "aws_instance", "attachment[].instance", "Attachment.InstanceId")
companion("aws_network_interface_attachment", "aws_instance", "instance_id", "InstanceId")

for _type in INSTANCES:
    maps(
        _type,
        to=Instance,
        subnets=_ALL_SUBNETS,
        security_groups=Derived(_groups),
        addresses=_ADDRESSES,
        route_tables=Nothing(),
        asks_for_public_address=Inherited(
            Derived(_asks), "associate_public_ip_address", Derived(_asks_of_interfaces)
        ),
        asks_for_ipv4_address=Inherited(
            _ASKS, "associate_public_ip_address", Derived(_ipv4_of_interfaces)
        ),
        asks_for_ipv6_address=Inherited(
            Derived(_asks_for_ipv6), "ipv6_address_count", Derived(_asks_for_ipv6)
        ),
        interfaces=Derived(_interfaces),
        requires_session_tokens=Inherited(_TOKENS, "metadata_options.http_tokens", _TOKENS),
        source_check=flag("source_dest_check", "SourceDestCheck"),
        roles=Inherited(_PROFILE, "iam_instance_profile", _TEMPLATE_PROFILE),
    )

maps(
    "aws_launch_template",
    to=Instance,
    subnets=_TEMPLATE_SUBNETS,
    security_groups=_TEMPLATE_GROUPS,
    addresses=CHOSEN,
    route_tables=Nothing(),
    asks_for_public_address=Derived(_asks_of_interfaces),
    asks_for_ipv4_address=Derived(_ipv4_of_interfaces),
    asks_for_ipv6_address=Derived(_asks_for_ipv6),
    interfaces=_TEMPLATE_INTERFACES,
    requires_session_tokens=_TOKENS,
    source_check=always("a launch template cannot switch the source/destination check off"),
    roles=_TEMPLATE_PROFILE,
)
maps(
    "aws_launch_configuration",
    to=Instance,
    # Its scaling groups say where.
    subnets=Nothing(),
    security_groups=groups("security_groups", "SecurityGroups"),
    addresses=CHOSEN,
    route_tables=Nothing(),
    asks_for_public_address=Attr(
        "associate_public_ip_address", "AssociatePublicIpAddress", _asked, unset=None
    ),
    asks_for_ipv4_address=Attr(
        "associate_public_ip_address", "AssociatePublicIpAddress", _asked, unset=None
    ),
    asks_for_ipv6_address=never("a launch configuration cannot ask for addresses of IPv6"),
    interfaces=Nothing(),
    requires_session_tokens=_TOKENS,
    source_check=always("a launch configuration cannot switch the source/destination check off"),
    roles=ref("iam_instance_profile", "IamInstanceProfile", "aws_iam_instance_profile"),
)

_MIXED: Final = "mixed_instances_policy.launch_template"
_MIXED_API: Final = "MixedInstancesPolicy.LaunchTemplate"
_OF_GROUP: Final = RefIfSet(subnets("vpc_zone_identifier", "VPCZoneIdentifier"))


def _subnets_of_group(block: Block) -> Links:
    links = _OF_GROUP.read(block)
    if links.is_empty:
        reason = "not set: the default subnets of its zones, which were not read"
        return replace(links, unknown=(reason,))
    return links


maps(
    "aws_autoscaling_group",
    to=InstanceGroup,
    # The API writes the subnets as one text, separated by commas.
    subnets=Derived(_subnets_of_group),
    zones=Attr("availability_zones", "AvailabilityZones", unset=()),
    templates=refs(
        *TEMPLATES.parts,
        *(
            ref_if_set(
                f"{_MIXED}.{part}launch_template_specification.launch_template_{kind}",
                f"{_MIXED_API}.{part_api}LaunchTemplateSpecification.LaunchTemplate{kind_api}",
                "aws_launch_template",
            )
            for part, part_api in (("", ""), ("override[].", "Overrides[]."))
            for kind, kind_api in (("id", "Id"), ("name", "Name"))
        ),
        ref_if_set("launch_configuration", "LaunchConfigurationName", "aws_launch_configuration"),
    ),
)

supports("aws_ec2_instance_metadata_defaults", "aws_autoscaling_attachment", "aws_key_pair")
