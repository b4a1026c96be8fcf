"""Caches, search clusters and NoSQL tables.

API paths are those of RedisCluster (OCI Cache API), OpensearchCluster (OpenSearch API) and Table
(NoSQL API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Constant, NotApplicable, always, holds, never
from scanner.mapping.oci.databases import ANYBODY
from scanner.mapping.oci.reading import CHOSEN, Fixed, Untold, groups, subnets
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import Cache, Database, SearchDomain

_NO_KEY: Final = NotApplicable("the service takes no key of the customer")
_NO_PROTECTION: Final = NotApplicable("the service has no protection against deletion to switch on")
_NO_VERSIONS: Final = NotApplicable("the service has no switch for minor upgrades")
_AT_REST: Final = Untold(
    "whether the service encrypts what it stores has no setting and was found in no document"
)
_API_ONLY: Final = NotApplicable("a table is reached through the API, where policies decide")

maps(
    "oci_redis_redis_cluster",
    to=Cache,
    engine=Constant("redis"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    addresses=Fixed(
        (
            ("primary_endpoint_ip_address", "primaryEndpointIpAddress"),
            ("replicas_endpoint_ip_address", "replicasEndpointIpAddress"),
            ("discovery_endpoint_ip_address", "discoveryEndpointIpAddress"),
            (
                "node_collection.items[].private_endpoint_ip_address",
                "nodeCollection.items[].privateEndpointIpAddress",
            ),
        )
    ),
    # "Connecting to a Cluster": the port is that of Redis and Valkey themselves.
    ports=Constant((6379,)),
    public_ranges=ANYBODY,
    encrypted_at_rest=_AT_REST,
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=never("a cluster of OCI Cache has private endpoints of its subnet only"),
    # OCI Cache documentation, on connecting to a cluster: its endpoints are private, and it takes
    # connections with TLS only, unless Oracle's support changes that on request.
    encrypted_in_transit=always("OCI Cache accepts connections with TLS only"),
    # "About OCI Cache": the service spreads nodes over fault and availability domains as it can.
    spans_zones=holds(lambda count: int(count) > 1, "node_count", "nodeCount"),
    deletion_protected=_NO_PROTECTION,
    minor_upgrades_automatic=_NO_VERSIONS,
)
maps(
    "oci_opensearch_opensearch_cluster",
    to=SearchDomain,
    engine=Constant("opensearch"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_id", "nsgId"),
    addresses=Fixed(
        (
            ("opensearch_private_ip", "opensearchPrivateIp"),
            ("opendashboard_private_ip", "opendashboardPrivateIp"),
        )
    ),
    # "Creating an OpenSearch Cluster": rules for ports 9200 of the API and 5601 of the dashboards.
    ports=Constant((9200, 5601)),
    public_ranges=ANYBODY,
    encrypted_at_rest=_AT_REST,
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=never("an OpenSearch cluster has private endpoints of its subnet only"),
    # "Using Your Own Certificate in OCI Search with OpenSearch": the endpoints have certificates;
    # that they refuse connections without TLS is not said.
    encrypted_in_transit=Untold("whether the endpoints refuse plain HTTP was found in no document"),
    spans_zones=holds(lambda count: int(count) > 1, "data_node_count", "dataNodeCount"),
    deletion_protected=_NO_PROTECTION,
    minor_upgrades_automatic=_NO_VERSIONS,
)
maps(
    "oci_nosql_table",
    to=Database,
    engine=Constant("nosql"),
    subnets=Nothing(),
    security_groups=Nothing(),
    addresses=CHOSEN,
    ports=_API_ONLY,
    public_ranges=_API_ONLY,
    encrypted_at_rest=_AT_REST,
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=_API_ONLY,
    # API documentation, section "HTTPS and TLS 1.2 Required": of every request to an OCI API.
    encrypted_in_transit=always("OCI NoSQL is an OCI API, which takes requests by HTTPS only"),
    spans_zones=Untold("where OCI NoSQL keeps its copies was found in no document"),
    deletion_protected=_NO_PROTECTION,
    minor_upgrades_automatic=NotApplicable("a table has no version"),
    backup_days=NotApplicable("OCI NoSQL has no automatic backups to configure"),
    audit_logged=NotApplicable("the Audit service records administrative calls always"),
    cluster=Nothing(),
)
