"""Vaults, keys and secrets.

API paths are those of Key (Key Management API) and Secret (Vault Secret Management API).
"""

from __future__ import annotations

import re
from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, NotApplicable, always, flag
from scanner.mapping.oci.reading import key, path_for
from scanner.mapping.oci.volumes import NO_POLICY
from scanner.mapping.registry import maps
from scanner.model.base import Inapplicable
from scanner.model.keys import Key, Secret
from scanner.record import Block
from scanner.truth import Truth
from scanner.value import Unknown, Value

_ROTATES: Final = flag("is_auto_rotation_enabled", "isAutoRotationEnabled")


def _rotates(block: Block) -> Truth:
    """Whether new versions are made by themselves.

    Key Management API, CreateKeyDetails, protectionMode: of a key in mode EXTERNAL Oracle holds
    but a reference, and the customer's own key manager does everything.
    """
    mode = block.read(path_for(block, "protection_mode", "protectionMode"))
    if mode == "EXTERNAL":
        raise Inapplicable("the external key manager that holds the key rotates it")
    shape = path_for(block, "key_shape.algorithm", "keyShape.algorithm")
    if block.read(shape) in ("RSA", "ECDSA"):
        raise Inapplicable("a new version of an asymmetric key has another public key")
    truth: Truth = _ROTATES.read(block)
    return truth


maps(
    "oci_kms_key",
    to=Key,
    rotates=Derived(_rotates),
    deletion_days=NotApplicable("the wait is chosen when somebody orders the deletion"),
    resource_policy=NO_POLICY,
)

# SecretRotationInterval: an ISO 8601 duration of days, months or years.
_DURATION: Final = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T.*)?"
)


def days_of(text: Any) -> Any:
    """Read an ISO 8601 duration as days, months as 31 and years as 366 of them."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return Unknown("not a duration of days, weeks, months or years")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return years * 366 + months * 31 + weeks * 7 + days


def _rotation_days(block: Block) -> Value[Any]:
    path = "rotation_config.rotation_interval"
    return Attr(path, "rotationConfig.rotationInterval", days_of, unset=None).read(block)


maps(
    "oci_vault_secret",
    to=Secret,
    # CreateSecretDetails, keyId: required; every secret is encrypted by a key of the vault.
    customer_key=always("a secret cannot be made without a key of the customer's vault"),
    keys=key("key_id", "keyId"),
    rotates=flag(
        "rotation_config.is_scheduled_rotation_enabled",
        "rotationConfig.isScheduledRotationEnabled",
    ),
    rotation_days=Derived(_rotation_days),
    recovery_days=NotApplicable("the wait is chosen when somebody orders the deletion"),
    resource_policy=NO_POLICY,
)
