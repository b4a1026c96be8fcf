"""Search domains: OpenSearch, also under its old name Elasticsearch.

API paths are those of DescribeDomain (botocore service model `opensearch`).
"""

from __future__ import annotations

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.references import groups, subnets
from scanner.mapping.fields import Constant, Derived, NotApplicable, both, either, flag, written
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import SearchDomain
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown


def _public(block: Block) -> Truth:
    """Whether the endpoint is on the internet.

    Amazon OpenSearch Service Developer Guide, "Launching your domains within a VPC".
    """
    path = "vpc_options" if block.record.shape == "terraform" else "VPCOptions"
    found = written(block, path)
    source = f"{block.address}.{path}"
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    if found is MISSING or found == [] or found == {}:
        return known(True, Evidence(source, "not set: the endpoint is public"))
    return known(False, Evidence(source, "the endpoint is in a VPC"))


def _https(block: Block) -> Truth:
    """Whether plain HTTP is refused.

    Terraform registry, aws_opensearch_domain: in the block enforce_https is true by default;
    without the block the API's own default holds, which is to accept HTTP.
    """
    terraform = block.record.shape == "terraform"
    outer = written(block, "domain_endpoint_options") if terraform else MISSING
    said = terraform and outer is not MISSING and outer != []
    enforce = flag(
        "domain_endpoint_options.enforce_https", "DomainEndpointOptions.EnforceHTTPS", unset=said
    )
    return enforce.read(block)


for _type in ("aws_opensearch_domain", "aws_elasticsearch_domain"):
    maps(
        _type,
        to=SearchDomain,
        engine=Constant("opensearch"),
        encrypted_at_rest=flag("encrypt_at_rest.enabled", "EncryptionAtRestOptions.Enabled"),
        customer_key=CustomerKey("encrypt_at_rest.kms_key_id", "EncryptionAtRestOptions.KmsKeyId"),
        keys=key("encrypt_at_rest.kms_key_id", "EncryptionAtRestOptions.KmsKeyId"),
        encrypted_in_transit=both(
            Derived(_https),
            flag("node_to_node_encryption.enabled", "NodeToNodeEncryptionOptions.Enabled"),
        ),
        publicly_accessible=Derived(_public),
        security_groups=groups("vpc_options.security_group_ids", "VPCOptions.SecurityGroupIds"),
        subnets=subnets("vpc_options.subnet_ids", "VPCOptions.SubnetIds"),
        spans_zones=either(
            flag("cluster_config.zone_awareness_enabled", "ClusterConfig.ZoneAwarenessEnabled"),
            flag(
                "cluster_config.multi_az_with_standby_enabled",
                "ClusterConfig.MultiAZWithStandbyEnabled",
            ),
        ),
        deletion_protected=NotApplicable("OpenSearch has no protection against deletion"),
        minor_upgrades_automatic=flag(
            "software_update_options.auto_software_update_enabled",
            "SoftwareUpdateOptions.AutoSoftwareUpdateEnabled",
        )
        if _type == "aws_opensearch_domain"
        else NotApplicable("the Elasticsearch API has no automatic software updates"),
    )
    companion(f"{_type}_policy", _type, "domain_name", "DomainName")

supports("aws_opensearch_domain_saml_options", "aws_elasticsearch_domain_saml_options")
