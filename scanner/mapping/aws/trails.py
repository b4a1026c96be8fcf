"""Records of what happens: CloudTrail, log groups, GuardDuty and the Config recorder.

API paths are those of DescribeTrails with GetTrailStatus (botocore service model `cloudtrail`),
DescribeLogGroups (`logs`), GetDetector (`guardduty`) and DescribeConfigurationRecorders with
DescribeConfigurationRecorderStatus (`config`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.fields import Attr, Derived, flag, holds, never, written
from scanner.mapping.references import From, ref
from scanner.mapping.registry import companion, maps
from scanner.model.logs import AuditTrail, ConfigurationRecorder, LogGroup, ThreatDetector
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown


def _changes_recorded(block: Block) -> Truth:
    """Whether the selectors take administrative calls, those that read and those that change.

    CloudTrail User Guide, "Logging management events": all are logged by default; an
    EventSelector has ReadWriteType All and IncludeManagementEvents true unless it says otherwise.
    """
    api = block.record.shape == "api"
    plain = "EventSelectors" if api else "event_selector"
    advanced = "AdvancedEventSelectors" if api else "advanced_event_selector"
    truths = []
    for path, judge in ((plain, _takes_changes), (advanced, _takes_management)):
        blocks = () if written(block, path) is MISSING else block.blocks(path)
        if isinstance(blocks, Unknown):
            return unknown(Evidence(f"{block.address}.{path}", blocks.reason))
        truths += [judge(item) for item in blocks]
    if not truths:
        return known(True, Evidence(block.address, "all management events are logged by default"))
    return any_of(truths)


def _takes_changes(selector: Block) -> Truth:
    kinds = holds(lambda kind: kind == "All", "read_write_type", "ReadWriteType", unset="All")
    taken = flag("include_management_events", "IncludeManagementEvents", unset=True)
    return kinds.read(selector) & taken.read(selector)


def _takes_management(selector: Block) -> Truth:
    """Whether an advanced selector takes management events without narrowing them further."""
    api = selector.record.shape == "api"
    fields = selector.blocks("FieldSelectors" if api else "field_selector")
    if isinstance(fields, Unknown):
        return unknown(Evidence(selector.address, fields.reason))
    truths = []
    for item in fields:
        name = item.read("Field" if api else "field")
        if name == "eventCategory":
            truths.append(item.value("Equals" if api else "equals", ()).test(_is_management))
        elif isinstance(name, Unknown):
            truths.append(unknown(Evidence(item.address, name.reason)))
        elif name != "eventSource":
            # Leaving out a source, such as that of KMS, is how AWS limits their number.
            truths.append(known(False, Evidence(item.address, f"limited by {name}")))
    return all_of(truths, Evidence(selector.address, "no field"))


def _is_management(categories: Any) -> bool:
    return "Management" in categories


maps(
    "aws_cloudtrail",
    to=AuditTrail,
    enabled=flag("enable_logging", "IsLogging"),
    all_regions=flag("is_multi_region_trail", "IsMultiRegionTrail"),
    changes_recorded=Derived(_changes_recorded),
    global_events=flag("include_global_service_events", "IncludeGlobalServiceEvents"),
    validated=flag("enable_log_file_validation", "LogFileValidationEnabled"),
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    buckets=ref("s3_bucket_name", "S3BucketName", "aws_s3_bucket"),
)

maps(
    "aws_cloudwatch_log_group",
    to=LogGroup,
    retention_days=Attr("retention_in_days", "retentionInDays"),
    customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    keys=key("kms_key_id", "kmsKeyId"),
)

maps(
    "aws_guardduty_detector",
    to=ThreatDetector,
    enabled=holds(lambda status: status in (True, "true", "ENABLED"), "enable", "Status"),
)


def _records_all(block: Block) -> Truth:
    """Whether all types are recorded, those of IAM too.

    AWS Config API, RecordingGroup: a recorder without a group, or with allSupported, records all
    supported types but the global ones of IAM, which includeGlobalResourceTypes adds.  The recorder
    of one Region is enough for those.
    """
    group = "recording_group" if block.record.shape == "terraform" else "recordingGroup"
    strategy = (
        f"{group}.recording_strategy.use_only"
        if block.record.shape == "terraform"
        else f"{group}.recordingStrategy.useOnly"
    )
    only = written(block, strategy)
    if isinstance(only, str):
        fact = Evidence(f"{block.address}.{strategy}", f'"{only}"')
        return known(only == "ALL_SUPPORTED_RESOURCE_TYPES", fact)
    if isinstance(only, Unknown) and written(block, group) is not MISSING:
        return unknown(Evidence(f"{block.address}.{strategy}", only.reason))
    regional: Truth = flag("recording_group.all_supported", "recordingGroup.allSupported").read(
        block
    )
    return regional & _iam_recorded(block)


_GLOBAL: Final = flag(
    "recording_group.include_global_resource_types",
    "recordingGroup.includeGlobalResourceTypes",
    unset=False,
)


def _iam_recorded(block: Block) -> Truth:
    own: Truth = _GLOBAL.read(block)
    others = [peer.block for peer in block.record.peers.of(block.record.type) if peer.managed]
    found = any_of([own, *(_GLOBAL.read(other) for other in others)])
    if not found.is_false:
        return found
    fact = "the types of IAM are left out; whether another Region records them was not read"
    return unknown(Evidence(block.address, fact))


_STATUS = "aws_config_configuration_recorder_status"

maps(
    "aws_config_configuration_recorder",
    to=ConfigurationRecorder,
    records_all=Derived(_records_all),
    recording=From(
        _STATUS,
        flag("is_enabled", "recording"),
        absent=never("nothing in what was read starts it"),
    ),
)
companion(_STATUS, "aws_config_configuration_recorder", "name", "name")
