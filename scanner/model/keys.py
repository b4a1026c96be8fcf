"""Keys, secrets and certificates."""

from __future__ import annotations

from scanner.model.policy import Policied
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class Key(Policied):
    """An encryption key under the customer's control.

    rotates: it is replaced automatically.  deletion_days: the wait between order and deletion.
    """

    rotates: Truth
    deletion_days: Value[int]


class Secret(Policied):
    """A secret in a vault.

    rotation_days: the longest life of one version; unset where it does not rotate.
    recovery_days: for how long a deleted secret can be had back; 0 for not at all.
    """

    customer_key: Truth
    keys: Links
    rotates: Truth
    rotation_days: Value[int]
    recovery_days: Value[int]
