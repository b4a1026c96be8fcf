"""Trails, log groups, detectors, recorders, and where logs are sent."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.logs import (
    AuditTrail,
    ConfigurationRecorder,
    LogDelivery,
    LogGroup,
    ThreatDetector,
)
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")


def test_trail() -> None:
    full: AuditTrail = mapped(
        AuditTrail,
        record(
            "aws_cloudtrail",
            {
                "is_multi_region_trail": True,
                "enable_log_file_validation": True,
                "kms_key_id": "alias/mine",
                "s3_bucket_name": Pointer("aws_s3_bucket.a"),
            },
        ),
    )
    assert (full.enabled & full.all_regions & full.global_events & full.validated).is_true
    assert full.customer_key.is_true
    assert full.buckets.targets == ("aws_s3_bucket.a",)
    bare: AuditTrail = mapped(AuditTrail, record("aws_cloudtrail", {}))
    assert bare.enabled.is_true
    assert bare.all_regions.is_false
    assert bare.validated.is_false
    assert bare.customer_key.is_false
    dark: AuditTrail = mapped(AuditTrail, record("aws_cloudtrail", {"enable_logging": AFTER}))
    assert dark.enabled.is_unknown


def test_log_group() -> None:
    full: LogGroup = mapped(
        LogGroup,
        record("aws_cloudwatch_log_group", {"retention_in_days": 400, "kms_key_id": "k"}),
    )
    assert full.retention_days.content == 400
    assert full.customer_key.is_true
    bare: LogGroup = mapped(LogGroup, record("aws_cloudwatch_log_group", {"kms_key_id": LeftOut()}))
    assert bare.retention_days.content == 0
    assert bare.customer_key.is_false


def test_detector() -> None:
    on: ThreatDetector = mapped(ThreatDetector, record("aws_guardduty_detector", {}))
    assert on.enabled.is_true
    off: ThreatDetector = mapped(
        ThreatDetector, record("aws_guardduty_detector", {"enable": False})
    )
    assert off.enabled.is_false


def recorder(body: dict[str, Any], *others: Record) -> ConfigurationRecorder:
    found: ConfigurationRecorder = mapped(
        ConfigurationRecorder,
        record("aws_config_configuration_recorder", body),
        *others,
        address="aws_config_configuration_recorder.a",
    )
    return found


def test_recorder() -> None:
    status = record(
        "aws_config_configuration_recorder_status",
        {"name": Pointer("aws_config_configuration_recorder.a"), "is_enabled": True},
    )
    assert recorder({}, status).recording.is_true
    assert recorder({}).recording.is_false
    everything = {"recording_group": [{"include_global_resource_types": True}]}
    assert recorder(everything).records_all.is_true
    # The types of IAM are left out by default; the recorder of one Region is enough for them.
    assert recorder({}).records_all.is_unknown
    elsewhere = record("aws_config_configuration_recorder", everything, "b")
    assert recorder({}, elsewhere).records_all.is_true
    some = {"recording_group": [{"all_supported": False}]}
    assert recorder(some).records_all.is_false
    strategy = [{"use_only": "EXCLUSION_BY_RESOURCE_TYPES"}]
    but = {"recording_group": [{"all_supported": False, "recording_strategy": strategy}]}
    assert recorder(but).records_all.is_false


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("aws_s3_bucket_logging", {"target_bucket": Pointer("aws_s3_bucket.b")}),
        ("aws_s3_bucket", {"logging": [{"target_bucket": Pointer("aws_s3_bucket.b")}]}),
        ("aws_lb", {"access_logs": [{"bucket": Pointer("aws_s3_bucket.b")}]}),
        ("aws_alb", {"access_logs": [{"bucket": Pointer("aws_s3_bucket.b")}]}),
        ("aws_elb", {"access_logs": [{"bucket": Pointer("aws_s3_bucket.b")}]}),
        ("aws_cloudtrail", {"s3_bucket_name": Pointer("aws_s3_bucket.b")}),
        ("aws_config_delivery_channel", {"s3_bucket_name": Pointer("aws_s3_bucket.b")}),
        (
            "aws_flow_log",
            {"log_destination_type": "s3", "log_destination": Pointer("aws_s3_bucket.b")},
        ),
        ("aws_redshift_logging", {"bucket_name": Pointer("aws_s3_bucket.b")}),
        ("aws_redshift_cluster", {"logging": [{"bucket_name": Pointer("aws_s3_bucket.b")}]}),
        (
            "aws_msk_cluster",
            {"logging_info": [{"broker_logs": [{"s3": [{"bucket": Pointer("aws_s3_bucket.b")}]}]}]},
        ),
        (
            "aws_route53_resolver_query_log_config",
            {"destination_arn": Pointer("aws_s3_bucket.b")},
        ),
        (
            "aws_wafv2_web_acl_logging_configuration",
            {"log_destination_configs": [Pointer("aws_s3_bucket.b")]},
        ),
    ],
)
def test_logs_are_sent_to_a_bucket(type: str, body: dict[str, Any]) -> None:
    delivery: LogDelivery = mapped(LogDelivery, record(type, body))
    assert delivery.destination.targets == ("aws_s3_bucket.b",)


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("aws_lb", {}),
        ("aws_s3_bucket", {"logging": AFTER}),
        ("aws_flow_log", {"log_destination": Pointer("aws_cloudwatch_log_group.a")}),
    ],
)
def test_what_sends_nothing_to_a_bucket(type: str, body: dict[str, Any]) -> None:
    found = population(record(type, body)).resources
    assert not [item for item in found if isinstance(item, LogDelivery)]
