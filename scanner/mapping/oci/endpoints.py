"""Private endpoints of Oracle's services in subnets of the customer, and network firewalls.

API paths are those of PrivateEndpoint (Object Storage API), StreamPool (Streaming API) and
NetworkFirewall (Network Firewall API); those of the other services have the same names.
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Constant, Derived, never, written
from scanner.mapping.oci.reading import Fixed, groups, path_for, subnets
from scanner.mapping.oci.volumes import NO_POLICY
from scanner.mapping.references import Nothing, Through, ref
from scanner.mapping.registry import maps
from scanner.model.network import NetworkInterface, ServiceEndpoint
from scanner.record import MISSING, Block
from scanner.truth import Evidence, known

_KIND: Final = Constant("interface")
_NETWORK_OF: Final = {"oci_core_subnet": ref("vcn_id", "vcnId", "oci_core_vcn")}
# The service that answers in the subnet, or that reaches from there into the network.
_SERVICES: Final = {
    "oci_objectstorage_private_endpoint": "objectstorage",
    "oci_data_safe_data_safe_private_endpoint": "datasafe",
    "oci_database_management_db_management_private_endpoint": "databasemanagement",
    "oci_database_tools_database_tools_private_endpoint": "databasetools",
    "oci_datacatalog_catalog_private_endpoint": "datacatalog",
    "oci_dataflow_private_endpoint": "dataflow",
    "oci_datascience_private_endpoint": "datascience",
    "oci_distributed_database_distributed_database_private_endpoint": "distributeddatabase",
    "oci_dns_resolver_endpoint": "dns",
    "oci_generative_ai_generative_ai_private_endpoint": "generativeai",
    "oci_integration_private_endpoint_outbound_connection": "integration",
    "oci_kms_ekms_private_endpoint": "kms",
    "oci_oda_oda_private_endpoint": "oda",
    "oci_opsi_operations_insights_private_endpoint": "opsi",
    "oci_resourcemanager_private_endpoint": "resourcemanager",
    "oci_ai_vision_vision_private_endpoint": "aivision",
}
# Those that belong to no group whatever they say, and the one that spells the list otherwise.
_GROUPLESS: Final = {
    "oci_ai_vision_vision_private_endpoint",
    "oci_datacatalog_catalog_private_endpoint",
    "oci_kms_ekms_private_endpoint",
}
_SPELT: Final = {"oci_resourcemanager_private_endpoint": ("nsg_id_list", "nsgIdList")}

for _type, _service in _SERVICES.items():
    _placed = subnets("subnet_id", "subnetId")
    maps(
        _type,
        to=ServiceEndpoint,
        network=Through(_placed, _NETWORK_OF),
        subnets=_placed,
        security_groups=(
            Nothing() if _type in _GROUPLESS else groups(*_SPELT.get(_type, ("nsg_ids", "nsgIds")))
        ),
        kind=_KIND,
        service=Constant(_service),
        resource_policy=NO_POLICY,
    )

_PRIVATE: Final = ("private_endpoint_settings", "privateEndpointSettings")
_POOL_SUBNET: Final = subnets(f"{_PRIVATE[0]}.subnet_id", f"{_PRIVATE[1]}.subnetId")


def _is_private(block: Block) -> bool:
    """Whether a stream pool answers in a subnet; without settings it has a public endpoint."""
    return written(block, path_for(block, *_PRIVATE)) not in (MISSING, [])


maps(
    "oci_streaming_stream_pool",
    to=ServiceEndpoint,
    when=_is_private,
    network=Through(_POOL_SUBNET, _NETWORK_OF),
    subnets=_POOL_SUBNET,
    security_groups=groups(f"{_PRIVATE[0]}.nsg_ids", f"{_PRIVATE[1]}.nsgIds"),
    kind=_KIND,
    service=Constant("streaming"),
    resource_policy=NO_POLICY,
)

maps(
    "oci_network_firewall_network_firewall",
    to=NetworkInterface,
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("network_security_group_ids", "networkSecurityGroupIds"),
    # CreateNetworkFirewallDetails: addresses of its subnet; none of the attributes is a public one.
    has_public_address=never("a network firewall has private addresses of its subnet only"),
    has_ipv6_address=Derived(
        lambda block: known(
            written(block, path_for(block, "ipv6address", "ipv6Address")) not in (MISSING, ""),
            Evidence(block.address, "an address of IPv6 is given, or none"),
        )
    ),
    addresses=Fixed((("ipv4address", "ipv4Address"),)),
    route_tables=Nothing(),
    # It stands in the way of traffic between others.
    source_check=never("a network firewall passes on what is addressed to others"),
)
