"""Transit gateways, site-to-site VPN tunnels and client VPN endpoints.

API paths are those of DescribeTransitGateways, DescribeVpnConnections, DescribeClientVpnEndpoints
and DescribeClientVpnAuthorizationRules (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scanner.mapping.defaults import default_of
from scanner.mapping.fields import Attr, Derived, Flag, always, either, flag, holds
from scanner.mapping.ranges import is_everywhere
from scanner.mapping.registry import companion, maps
from scanner.model.network import ClientVpn, TransitHub, VpnTunnel
from scanner.record import Block
from scanner.truth import Evidence, Truth, any_of, unknown
from scanner.value import Unknown, Value

maps(
    "aws_ec2_transit_gateway",
    to=TransitHub,
    accepts_attachments_unasked=holds(
        lambda mode: mode == "enable",
        "auto_accept_shared_attachments",
        "Options.AutoAcceptSharedAttachments",
    ),
    joins_by_default=either(
        holds(
            lambda mode: mode == "enable",
            "default_route_table_association",
            "Options.DefaultRouteTableAssociation",
        ),
        holds(
            lambda mode: mode == "enable",
            "default_route_table_propagation",
            "Options.DefaultRouteTablePropagation",
        ),
    ),
)


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


companion(
    "aws_ec2_client_vpn_authorization_rule",
    "aws_ec2_client_vpn_endpoint",
    "client_vpn_endpoint_id",
    "ClientVpnEndpointId",
)
maps(
    "aws_ec2_client_vpn_endpoint",
    to=ClientVpn,
    authenticates_person=Derived(_authenticates_person),
    logged=flag("connection_log_options.enabled", "ConnectionLogOptions.Enabled"),
    admits_all_everywhere=Derived(_admits_all_everywhere),
)
