"""Secrets of Secrets Manager, with their policies and rotation.

API paths are those of DescribeSecret and GetResourcePolicy (botocore service model
`secretsmanager`).
"""

from __future__ import annotations

import re
from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.documents import Document
from scanner.mapping.fields import Attr, Derived, always, flag, written
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.keys import Secret
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known
from scanner.value import Unknown, Value

_ROTATION: Final = "aws_secretsmanager_secret_rotation"
_RATE: Final = re.compile(r"rate\(\s*(\d+)\s+(hour|day)s?\s*\)")
_CRON: Final = re.compile(r"cron\(\s*\S+\s+\S+\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+\S+)?\s*\)")


def _days(block: Block) -> Value[int]:
    """Read the longest life of a version from the rules of a rotation.

    AWS Secrets Manager User Guide, "Schedule expressions in Secrets Manager rotation".
    """
    terraform = block.record.shape == "terraform"
    plain = "automatically_after_days" if terraform else "AutomaticallyAfterDays"
    schedule = "schedule_expression" if terraform else "ScheduleExpression"
    prefix = "rotation_rules" if terraform else "RotationRules"
    days = written(block, f"{prefix}.{plain}")
    path = f"{prefix}.{plain}"
    if days is not MISSING and days != 0:
        good = isinstance(days, (int, Unknown)) and not isinstance(days, bool)
        return Value(days if good else Unknown("not a number of days"), block, path)
    path = f"{prefix}.{schedule}"
    text = written(block, path)
    if isinstance(text, Unknown):
        return Value(text, block, path)
    found = days_of_schedule(text) if isinstance(text, str) else None
    if found is None:
        return Value(Unknown("the schedule of the rotation is not understood"), block, path)
    return Value(found, block, path, str(text))


def days_of_schedule(text: str) -> int | None:
    """Give the longest time between two rotations of a schedule, in days rounded up."""
    rate = _RATE.fullmatch(text.strip())
    if rate is not None:
        count = int(rate[1])
        return count if rate[2] == "day" else -(-count // 24)
    cron = _CRON.fullmatch(text.strip())
    if cron is None or cron[2] != "*":
        return None
    day, _, weekday = cron.groups()
    if day in ("*", "?") and weekday in ("*", "?"):
        return 1
    if day == "?":
        return 35 if "#" in weekday else 31 if "L" in weekday else 7
    # A day that some months lack is skipped there.
    first = min(map(int, re.findall(r"\d+", day)), default=1)
    return 31 if first <= 28 or "L" in day else 62


def _inline_rotates(block: Block) -> Truth:
    """Whether a secret has the rotation of its own that provider versions before 5 knew."""
    if block.record.shape == "api":
        return flag("", "RotationEnabled").read(block)
    rules = written(block, "rotation_rules")
    if isinstance(rules, list) and rules:
        return known(True, Evidence(f"{block.address}.rotation_rules", "set"))
    return known(False, Evidence(block.address, "no rotation in what was read"))


def _inline_days(block: Block) -> Value[int]:
    if _inline_rotates(block).is_true:
        return _days(block)
    return Value(Unknown("it does not rotate"), block, "rotation_rules")


def _policy() -> Document:
    return Document("policy", "ResourcePolicy")


maps(
    "aws_secretsmanager_secret",
    to=Secret,
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    resource_policy=From("aws_secretsmanager_secret_policy", _policy(), absent=_policy()),
    rotates=From(
        _ROTATION, always("a rotation is declared for it"), absent=Derived(_inline_rotates)
    ),
    rotation_days=From(_ROTATION, Derived(_days), absent=Derived(_inline_days)),
    recovery_days=Attr("recovery_window_in_days", "RecoveryWindowInDays"),
)
companion(_ROTATION, "aws_secretsmanager_secret", "secret_id", "ARN")
companion("aws_secretsmanager_secret_policy", "aws_secretsmanager_secret", "secret_arn", "ARN")
supports("aws_secretsmanager_secret_version")
