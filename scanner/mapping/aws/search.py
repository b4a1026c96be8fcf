"""Search domains: OpenSearch, also under its old name Elasticsearch.

API paths are those of DescribeDomain (botocore service model `opensearch`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.callers import ranges_of
from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.ports import ANYBODY
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.documents import Document
from scanner.mapping.fields import Constant, Derived, NotApplicable, both, either, flag, written
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import SearchDomain
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value


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


def _ports(block: Block) -> Value[tuple[int, ...]]:
    """Read where it answers: HTTPS always, HTTP unless it is refused.

    Amazon OpenSearch Service Developer Guide: a domain accepts connections over port 443 (HTTPS) or
    port 80 (HTTP) only.
    """
    https = _https(block)
    if https.is_unknown:
        return Value(Unknown("443, and 80 unless HTTPS is enforced"), block, "")
    return Value((443,) if https.is_true else (443, 80), block, "", "HTTPS, HTTP if not refused")


_POLICY: Final = Document("access_policies", "AccessPolicies")


def _public_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read from which addresses the access policy lets callers in.

    Amazon OpenSearch Service Developer Guide, "Identity and Access Management in Amazon OpenSearch
    Service", "IP-based policies": they are for domains with public endpoints only.
    """
    public = _public(block)
    if public.is_false:
        return ANYBODY.read(block)
    if public.is_unknown:
        return Value(Unknown("whether it is in a VPC"), block, "vpc_options")
    document = _POLICY.read(block)
    separate = f"{block.record.type}_policy"
    if document.is_absent or block.record.companions(separate).certain:
        document = From(separate, _POLICY, absent=_POLICY).read(block)
    if document.is_absent:
        # Whom no policy lets in is refused by IAM, not by the network.
        return ANYBODY.read(block)
    return ranges_of(document)


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
        addresses=CHOSEN,
        public_ranges=Derived(_public_ranges),
        ports=Derived(_ports),
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
