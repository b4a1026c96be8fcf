"""The faults that `make_plan.py` plants: realistic mistakes, each a few changed attributes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ANYWHERE = "0.0.0.0/0"
OPEN_PORTS = (22, 3306, 5432, 6379)
WILDCARD_POLICY = json.dumps(
    {
        "Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*"}],
        "Version": "2012-10-17",
    },
    separators=(",", ":"),
)
TRUST_ANYONE = json.dumps(
    {
        "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": "*"}}],
        "Version": "2012-10-17",
    },
    separators=(",", ":"),
)


@dataclass(frozen=True)
class Fault:
    """A named mistake; `changes` maps dotted paths of a resource to the values it makes them."""

    name: str
    changes: Mapping[str, Any]


_by_type: dict[str, tuple[Fault, ...]] = {
    "aws_cloudtrail": (
        Fault("cloudtrail-not-validated", {"enable_log_file_validation": False}),
        Fault("cloudtrail-single-region", {"is_multi_region_trail": False}),
    ),
    "aws_cloudwatch_log_group": (
        Fault("log-group-unencrypted", {"kms_key_id": None}),
        Fault("log-group-short-retention", {"retention_in_days": 7}),
    ),
    "aws_cloudwatch_metric_alarm": (Fault("alarm-without-actions", {"actions_enabled": False}),),
    "aws_db_instance": (
        Fault("rds-unencrypted", {"storage_encrypted": False, "kms_key_id": None}),
        Fault("rds-public", {"publicly_accessible": True}),
        Fault("rds-no-backups", {"backup_retention_period": 0}),
    ),
    "aws_dynamodb_table": (
        Fault("dynamodb-no-point-in-time-recovery", {"point_in_time_recovery.0.enabled": False}),
    ),
    "aws_ebs_volume": (Fault("ebs-unencrypted", {"encrypted": False, "kms_key_id": None}),),
    "aws_eks_cluster": (
        Fault(
            "eks-public-endpoint",
            {
                "vpc_config.0.endpoint_public_access": True,
                "vpc_config.0.public_access_cidrs": [ANYWHERE],
            },
        ),
    ),
    "aws_elasticache_replication_group": (
        Fault("elasticache-no-transit-encryption", {"transit_encryption_enabled": False}),
        # The provider's schema has a string here.
        Fault("elasticache-unencrypted", {"at_rest_encryption_enabled": "false"}),
    ),
    "aws_flow_log": (Fault("flow-log-rejects-only", {"traffic_type": "REJECT"}),),
    "aws_iam_policy": (Fault("iam-wildcard", {"policy": WILDCARD_POLICY}),),
    "aws_iam_role": (Fault("iam-role-trusts-anyone", {"assume_role_policy": TRUST_ANYONE}),),
    "aws_iam_role_policy": (Fault("iam-wildcard", {"policy": WILDCARD_POLICY}),),
    "aws_instance": (
        Fault("instance-metadata-v1", {"metadata_options.0.http_tokens": "optional"}),
        Fault("instance-public-address", {"associate_public_ip_address": True}),
        Fault("instance-root-unencrypted", {"root_block_device.0.encrypted": False}),
    ),
    "aws_kms_key": (Fault("kms-no-rotation", {"enable_key_rotation": False}),),
    "aws_lambda_function": (
        Fault(
            "lambda-secret-in-environment",
            {"environment.0.variables.DB_PASSWORD": "correct-horse-battery-staple"},
        ),
    ),
    "aws_lb": (
        Fault("lb-keeps-invalid-headers", {"drop_invalid_header_fields": False}),
        Fault("lb-no-access-logs", {"access_logs.0.enabled": False}),
    ),
    "aws_lb_target_group": (Fault("target-group-plain-http", {"protocol": "HTTP"}),),
    "aws_s3_bucket_public_access_block": (
        Fault(
            "s3-public-access-not-blocked",
            {
                "block_public_acls": False,
                "block_public_policy": False,
                "ignore_public_acls": False,
                "restrict_public_buckets": False,
            },
        ),
    ),
    "aws_s3_bucket_versioning": (
        Fault("s3-not-versioned", {"versioning_configuration.0.status": "Suspended"}),
    ),
    "aws_secretsmanager_secret": (Fault("secret-deleted-at-once", {"recovery_window_in_days": 0}),),
    "aws_sns_topic": (Fault("sns-unencrypted", {"kms_master_key_id": None}),),
    "aws_sqs_queue": (
        Fault("sqs-unencrypted", {"kms_master_key_id": None, "sqs_managed_sse_enabled": False}),
    ),
}


def _listener(after: Mapping[str, Any]) -> tuple[Fault, ...]:
    if after["protocol"] != "HTTPS":
        return ()
    return (Fault("listener-old-tls", {"ssl_policy": "ELBSecurityPolicy-2016-08"}),)


def _network_acl_rule(after: Mapping[str, Any]) -> tuple[Fault, ...]:
    if after["egress"]:
        return ()
    if after["from_port"] == 22:
        return (Fault("nacl-open-22", {"cidr_block": ANYWHERE}),)
    everything = {"cidr_block": ANYWHERE, "protocol": "-1", "from_port": 0, "to_port": 0}
    return (Fault("nacl-open-all", everything),)


def _security_group_rule(after: Mapping[str, Any]) -> tuple[Fault, ...]:
    if after["type"] != "ingress" or not after["cidr_blocks"]:
        return ()
    world = {"cidr_blocks": [ANYWHERE]}
    return _open(after, world, {"protocol": "-1", "from_port": 0, "to_port": 0})


def _ingress_rule(after: Mapping[str, Any]) -> tuple[Fault, ...]:
    if not after["cidr_ipv4"]:
        return ()
    world = {"cidr_ipv4": ANYWHERE}
    return _open(after, world, {"ip_protocol": "-1", "from_port": None, "to_port": None})


def _open(
    after: Mapping[str, Any], world: dict[str, Any], everything: dict[str, Any]
) -> tuple[Fault, ...]:
    if after["from_port"] in OPEN_PORTS:
        return (Fault(f"security-group-open-{after['from_port']}", world),)
    return (
        *(
            Fault(f"security-group-open-{port}", {**world, "from_port": port, "to_port": port})
            for port in OPEN_PORTS
        ),
        Fault("security-group-open-all", {**world, **everything}),
    )


def _subnet(after: Mapping[str, Any]) -> tuple[Fault, ...]:
    if "-public-" in after["tags"]["Name"]:
        return ()
    return (Fault("subnet-public-addresses", {"map_public_ip_on_launch": True}),)


_conditional: dict[str, Callable[[Mapping[str, Any]], tuple[Fault, ...]]] = {
    "aws_lb_listener": _listener,
    "aws_network_acl_rule": _network_acl_rule,
    "aws_security_group_rule": _security_group_rule,
    "aws_subnet": _subnet,
    "aws_vpc_security_group_ingress_rule": _ingress_rule,
}


def possible_faults(resource_type: str, after: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return the faults that make sense on a resource with these values, or none."""
    conditional = _conditional.get(resource_type)
    return conditional(after) if conditional else _by_type.get(resource_type, ())


def charged_address(address: str, resource_type: str) -> str:
    """Return the resource that has the fault; what guards a bucket counts as the bucket's."""
    if resource_type.startswith("aws_s3_bucket_"):
        return address.replace(resource_type, "aws_s3_bucket")
    return address


def break_values(change: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    """Return a copy of `after`, `after_unknown` and `after_sensitive` with the fault in it."""
    broken: dict[str, Any] = json.loads(json.dumps(change))
    for path, value in fault.changes.items():
        *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
        values, unknown = broken["after"], broken["after_unknown"]
        for parent in parents:
            values = values[parent]
            if isinstance(unknown, list):
                unknown = unknown[int(parent)] if unknown else {}
            else:
                unknown = unknown.get(parent, {})
        values[last] = value
        unknown.pop(last, None)
    return broken


def break_expressions(expressions: dict[str, Any], fault: Fault) -> None:
    """Make the constants in a resource's expressions agree with the fault."""
    for path, value in fault.changes.items():
        *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
        place: Any = expressions
        for parent in parents:
            found = place[parent] if isinstance(parent, int) else place.get(parent)
            # `{"references": ...}` stands for the whole value: nothing in it is constant.
            if found is None or (isinstance(found, dict) and "references" in found):
                break
            place = found
        else:
            if "constant_value" in place.get(last, {}):
                if value is None:
                    del place[last]
                else:
                    place[last]["constant_value"] = value
