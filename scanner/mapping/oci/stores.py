"""Caches, search clusters and NoSQL tables.

API paths are those of RedisCluster (OCI Cache API), OpensearchCluster (OpenSearch API) and Table
(NoSQL API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Constant, NotApplicable, always, holds, never
from scanner.mapping.oci.reading import groups, subnets
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import Cache, Database, SearchDomain

_NO_KEY: Final = NotApplicable("the service takes no key of the customer")
_NO_PROTECTION: Final = NotApplicable("the service has no protection against deletion to switch on")
_NO_VERSIONS: Final = NotApplicable("the service has no switch for minor upgrades")

maps(
    "oci_redis_redis_cluster",
    to=Cache,
    engine=Constant("redis"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    # OCI Cache documentation, "Overview of OCI Cache": data is encrypted at rest and in transit.
    encrypted_at_rest=always("OCI Cache encrypts data at rest"),
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=never("a cluster of OCI Cache has private endpoints of its subnet only"),
    encrypted_in_transit=always("OCI Cache accepts connections with TLS only"),
    # The same page: nodes are spread over availability domains, or fault domains, by the service.
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
    # OpenSearch documentation, "Overview": data is encrypted at rest and in transit, and the
    # endpoints are private addresses of the subnet.
    encrypted_at_rest=always("OCI Search with OpenSearch encrypts data at rest"),
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=never("an OpenSearch cluster has private endpoints of its subnet only"),
    encrypted_in_transit=always("OCI Search with OpenSearch accepts connections with TLS only"),
    # The same page: data nodes are spread over availability domains, or fault domains.
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
    # NoSQL documentation, "Overview": data is encrypted at rest by AES-256, in transit by HTTPS,
    # and every request is judged by IAM policies; three copies are in different fault domains.
    encrypted_at_rest=always("OCI NoSQL encrypts data at rest"),
    customer_key=_NO_KEY,
    keys=Nothing(),
    publicly_accessible=NotApplicable("a table is reached through the API, where policies decide"),
    encrypted_in_transit=always("OCI NoSQL answers on HTTPS only"),
    spans_zones=always("OCI NoSQL keeps copies in different availability or fault domains"),
    deletion_protected=_NO_PROTECTION,
    minor_upgrades_automatic=NotApplicable("a table has no version"),
    backup_days=NotApplicable("OCI NoSQL has no automatic backups to configure"),
    audit_logged=NotApplicable("the Audit service records administrative calls always"),
    cluster=Nothing(),
)
