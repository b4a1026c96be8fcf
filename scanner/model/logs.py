"""Records of what happens, and those who watch them."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class AuditTrail(Resource):
    """A record of administrative calls (AWS CloudTrail).

    changes_recorded: no selector leaves out calls that change something, or those that read.
    """

    enabled: Truth
    all_regions: Truth
    changes_recorded: Truth
    global_events: Truth
    validated: Truth
    customer_key: Truth
    buckets: Links


class AuditRetention(Resource):
    """How long the provider keeps its own audit record (OCI Audit)."""

    retention_days: Value[int]


class LogGroup(Resource):
    """A group of logs; `retention_days` 0 means for ever."""

    retention_days: Value[int]
    customer_key: Truth
    keys: Links


class ShortLivedLog(Resource):
    """A log that its service keeps for some months at most (OCI Logging).

    archived: it is also taken to a store that keeps it for longer.
    """

    archived: Truth


class LogDelivery(Resource):
    """A setting by which some resource sends its logs to a bucket.

    needs_provider_key: the sender cannot write to a bucket encrypted with a key of the customer.
    """

    destination: Links
    needs_provider_key: Truth


class ServiceLog(Resource):
    """A log of one resource's service (OCI Logging); `category` in the provider's words."""

    of: Links
    service: Value[str]
    category: Value[str]
    enabled: Truth


class ThreatDetector(Resource):
    """A service that looks for attacks."""

    enabled: Truth


class ConfigurationRecorder(Resource):
    """A service that records configurations and their changes."""

    records_all: Truth
    recording: Truth
