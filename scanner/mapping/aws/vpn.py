"""Tunnels of site-to-site VPNs, VPN endpoints for people, and endpoints to reach instances by.

API paths are those of DescribeVpnConnections, DescribeClientVpnEndpoints,
DescribeClientVpnTargetNetworks, DescribeClientVpnAuthorizationRules and
DescribeInstanceConnectEndpoints (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scanner.mapping.aws.references import groups, subnets
from scanner.mapping.defaults import default_of
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    Flag,
    NotApplicable,
    always,
    flag,
    written,
)
from scanner.mapping.links import UnlessLookedUp, with_companions
from scanner.mapping.ranges import is_everywhere
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps
from scanner.model.network import Bastion, ClientVpn, VpnTunnel
from scanner.record import Block, Links
from scanner.truth import Evidence, Truth, any_of, unknown
from scanner.value import Unknown, Value


def _permitted(number: int, item: Callable[[Any], Any], *parts: tuple[str, str]) -> Derived:
    """Read the lists of one tunnel, of phase 1 and 2 together; each has its own default."""

    def read(block: Block) -> Value[tuple[Any, ...]]:
        found: list[Any] = []
        notes: list[str] = []
        paths: list[str] = []
        where = block
        if block.record.shape == "api":
            tunnels = block.blocks("Options.TunnelOptions")
            if isinstance(tunnels, Unknown) or len(tunnels) < number:
                reason = "the tunnel was not read"
                return Value(Unknown(reason), block, "Options.TunnelOptions")
            where = tunnels[number - 1]
        for terraform, api in parts:
            attr = Attr(f"tunnel{number}_{terraform}", api)
            value = attr.read(where)
            content = value.content
            if isinstance(content, Unknown):
                return value
            if not content:
                # Site-to-Site VPN User Guide, "Tunnel options for your Site-to-Site VPN
                # connection": where no value is chosen, all the default ones are permitted.
                content = default_of(block.record.type, attr.terraform)
                notes.append(f"{value.path}: default")
            if not isinstance(content, (list, tuple)):
                return Value(Unknown("not of the expected form"), where, value.path)
            try:
                found += [item(entry) for entry in content]
            except (TypeError, ValueError):
                return Value(Unknown("not of the expected form"), where, value.path)
            paths.append(value.path)
            if value.note:
                notes.append(f"{value.path}: {value.note}")
        return Value(tuple(dict.fromkeys(found)), where, ", ".join(paths), "; ".join(notes))

    return Derived(read)


def _logged(number: int) -> Derived:
    # The answer of the API has the logs under the tunnel; Terraform has them by its number.
    written = Flag(Attr(f"tunnel{number}_log_options.cloudwatch_log_options.log_enabled", ""))
    live = Flag(Attr("", "LogOptions.CloudWatchLogOptions.LogEnabled"))

    def read(block: Block) -> Truth:
        if block.record.shape != "api":
            return written.read(block)
        tunnels = block.blocks("Options.TunnelOptions")
        if isinstance(tunnels, Unknown) or len(tunnels) < number:
            return unknown(Evidence(block.address, "the tunnel was not read"))
        return live.read(tunnels[number - 1])

    return Derived(read)


for _number in (1, 2):
    maps(
        "aws_vpn_connection",
        to=VpnTunnel,
        part=f"tunnel{_number}",
        ike_versions=_permitted(_number, str, ("ike_versions", "IkeVersions[].Value")),
        encryption=_permitted(
            _number,
            str,
            ("phase1_encryption_algorithms", "Phase1EncryptionAlgorithms[].Value"),
            ("phase2_encryption_algorithms", "Phase2EncryptionAlgorithms[].Value"),
        ),
        integrity=_permitted(
            _number,
            str,
            ("phase1_integrity_algorithms", "Phase1IntegrityAlgorithms[].Value"),
            ("phase2_integrity_algorithms", "Phase2IntegrityAlgorithms[].Value"),
        ),
        dh_groups=_permitted(
            _number,
            int,
            ("phase1_dh_group_numbers", "Phase1DHGroupNumbers[].Value"),
            ("phase2_dh_group_numbers", "Phase2DHGroupNumbers[].Value"),
        ),
        # VPN User Guide, "Tunnel options": the lists are what AWS permits for the tunnel.
        holds_to_lists=always("AWS permits for the tunnel what is listed, and nothing else"),
        logged=_logged(_number),
    )

# Client VPN Administrator Guide, "Client authentication": these two know the person.
_OF_PERSONS: Final = ("federated-authentication", "directory-service-authentication")


def _authenticates_person(block: Block) -> Truth:
    api = block.record.shape == "api"
    path = "AuthenticationOptions" if api else "authentication_options"
    options = block.blocks(path)
    if isinstance(options, Unknown):
        return unknown(Value(options, block, path))
    kinds = (option.value("Type" if api else "type") for option in options)
    return any_of((kind.one_of(_OF_PERSONS) for kind in kinds), Evidence(block.address, "none"))


_ALL_GROUPS: Final = flag("authorize_all_groups", "AccessAll")
_TARGET: Final = Attr("target_network_cidr", "DestinationCidr")


def _admits_all_everywhere(block: Block) -> Truth:
    found = block.record.companions("aws_ec2_client_vpn_authorization_rule")
    truths = [
        _ALL_GROUPS.read(record.block) & _TARGET.read(record.block).test(is_everywhere)
        for record in found.certain
    ]
    truths += [unknown(Evidence(block.address, reason)) for reason in found.unknown]
    return any_of(truths, Evidence(block.address, "no authorisation rule in what was read"))


_ENTRY: Final = "aws_ec2_client_vpn_network_association"


def _subnets(block: Block) -> Links:
    """Read the target networks of an endpoint, which stand in records of their own."""
    return with_companions(block, _SUBNET.terraform, _ENTRY, _SUBNET)


_SUBNET: Final = subnets("subnet_id", "TargetNetworkId")


def _groups(block: Block) -> Links:
    """Read the groups of an endpoint; none means the default one of its VPC.

    Client VPN Administrator Guide, "Security groups": they are applied to the target networks.
    """
    parts = [groups("security_group_ids", "SecurityGroupIds").read(block)]
    # Until version 4 of the provider an association could name them too.
    parts += [
        groups("security_groups", "SecurityGroups").read(record.block)
        for record in block.record.companions(_ENTRY).certain
    ]
    return merge_links(block, parts)


def _client_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read the addresses that the clients get; those of IPv6 are given by Amazon."""
    api = block.record.shape == "api"
    path = "ClientCidrBlock" if api else "client_cidr_block"
    found = written(block, path)
    if isinstance(found, str) and found:
        return Value((found,), block, path)
    why = Unknown("not set: Amazon gives addresses of IPv6")
    return Value(found if isinstance(found, Unknown) else why, block, path)


companion(
    "aws_ec2_client_vpn_authorization_rule",
    "aws_ec2_client_vpn_endpoint",
    "client_vpn_endpoint_id",
    "ClientVpnEndpointId",
)
companion(_ENTRY, "aws_ec2_client_vpn_endpoint", "client_vpn_endpoint_id", "ClientVpnEndpointId")
maps(
    "aws_ec2_client_vpn_endpoint",
    to=ClientVpn,
    subnets=UnlessLookedUp(
        Derived(_subnets), "the target networks of an endpoint that is looked up were not read"
    ),
    security_groups=Derived(_groups),
    client_ranges=Derived(_client_ranges),
    authenticates_person=Derived(_authenticates_person),
    logged=flag("connection_log_options.enabled", "ConnectionLogOptions.Enabled"),
    admits_all_everywhere=Derived(_admits_all_everywhere),
)

maps(
    "aws_ec2_instance_connect_endpoint",
    to=Bastion,
    subnets=subnets("subnet_id", "SubnetId"),
    # EC2 API Reference, CreateInstanceConnectEndpoint: none means the default one of its VPC.
    security_groups=groups("security_group_ids", "SecurityGroupIds"),
    # EC2 User Guide, "Security groups for EC2 Instance Connect Endpoint".
    client_ranges=NotApplicable("rights to call its API decide who may connect, not addresses"),
    # EC2 User Guide, "EC2 Instance Connect Endpoint", ec2-instance-connect:maxTunnelDuration: a
    # connection lasts an hour at most.
    longest_session_seconds=Constant(3600),
)
