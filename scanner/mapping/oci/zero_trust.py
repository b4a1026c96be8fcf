"""Labels of zero trust packet routing (ZPR) on what has an interface in a network.

Networking documentation, "Network Security Groups": traffic to an endpoint that bears such a label
must satisfy the policies of ZPR as well as all groups and lists, and is blocked without one.  Those
of a VCN say in policies where an endpoint stands; they guard nothing by themselves.

API paths are those of securityAttributes of each resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scanner.mapping.fields import Derived, written
from scanner.mapping.registry import maps, supports
from scanner.model.network import ZeroTrustLabels
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown

_LABELS: Final = ("security_attributes", "securityAttributes")
_VNIC: Final = ("create_vnic_details.security_attributes", "createVnicDetails.securityAttributes")
_TYPES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    **dict.fromkeys(
        (
            "oci_bastion_bastion",
            "oci_data_safe_data_safe_private_endpoint",
            "oci_database_autonomous_database",
            "oci_database_db_system",
            "oci_database_management_db_management_private_endpoint",
            "oci_database_tools_database_tools_private_endpoint",
            "oci_datacatalog_catalog_private_endpoint",
            "oci_dns_resolver_endpoint",
            "oci_file_storage_mount_target",
            "oci_load_balancer",
            "oci_load_balancer_load_balancer",
            "oci_mysql_mysql_db_system",
            "oci_network_firewall_network_firewall",
            "oci_network_load_balancer_network_load_balancer",
            "oci_objectstorage_private_endpoint",
            "oci_oda_oda_private_endpoint",
            "oci_opensearch_opensearch_cluster",
            "oci_opsi_operations_insights_private_endpoint",
            "oci_redis_redis_cluster",
            "oci_resourcemanager_private_endpoint",
            "oci_streaming_stream_pool",
        ),
        (_LABELS,),
    ),
    "oci_core_instance": (_LABELS, _VNIC),
    "oci_core_vnic_attachment": (_VNIC,),
    "oci_containerengine_cluster": (
        ("endpoint_config.security_attributes", "endpointConfig.securityAttributes"),
    ),
    "oci_containerengine_node_pool": (
        ("primary_vnic.security_attributes", "primaryVnic.securityAttributes"),
    ),
    "oci_core_instance_configuration": tuple(
        (f"instance_details.launch_details.{terraform}", f"instanceDetails.launchDetails.{api}")
        for terraform, api in (_LABELS, _VNIC)
    ),
}


def _found(block: Block) -> list[tuple[str, Any]]:
    """Give what is written at each place where labels may stand."""
    index = 0 if block.record.shape == "terraform" else 1
    paths = [pair[index] for pair in _TYPES[block.record.type]]
    return [(path, written(block, path)) for path in paths]


def _may_bear(block: Block) -> bool:
    return any(content is not MISSING and content != {} for _, content in _found(block))


def _bears(block: Block) -> Truth:
    return any_of(
        unknown(Evidence(f"{block.address}.{path}", content.reason))
        if isinstance(content, Unknown)
        else known(content not in (MISSING, {}), Evidence(f"{block.address}.{path}", "labels"))
        for path, content in _found(block)
    )


for _type in _TYPES:
    maps(
        _type,
        to=ZeroTrustLabels,
        when=_may_bear,
        of=Derived(lambda block: Links(block, "", targets=(block.record.address,))),
        guarded=Derived(_bears),
    )
supports("oci_zpr_zpr_policy", "oci_zpr_configuration")
