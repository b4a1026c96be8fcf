"""Logs of services, flow logs of networks, the audit record and Cloud Guard.

API paths are those of Log (Logging Management API), Configuration (Audit API) and Configuration
(Cloud Guard API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, flag, holds, written
from scanner.mapping.oci.reading import blocks_of, named, path_for
from scanner.mapping.registry import maps, supports
from scanner.model.logs import AuditRetention, ServiceLog, ShortLivedLog, ThreatDetector
from scanner.model.network import FlowLog
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown, Value

_SOURCE: Final = ("configuration.source", "configuration.source")
_CONNECTOR: Final = "oci_sch_service_connector"
_SERVICE: Final = "configuration.source.service"
_RESOURCE: Final = "configuration.source.resource"
# Every type that a log of this release's rules can be of; buckets are named by their name.
_LOGGED: Final = (
    "oci_core_subnet",
    "oci_core_vcn",
    "oci_core_vnic_attachment",
    "oci_objectstorage_bucket",
    "oci_load_balancer_load_balancer",
    "oci_load_balancer",
    "oci_waf_web_app_firewall",
    "oci_functions_application",
    "oci_apigateway_deployment",
    "oci_core_ipsec",
    "oci_containerengine_cluster",
)
_ENABLED: Final = flag("is_enabled", "isEnabled")


def _is_flow_log(block: Block) -> bool:
    return block.read(_SERVICE) == "flowlogs" or isinstance(block.read(_SERVICE), Unknown)


def _is_service_log(block: Block) -> bool:
    return block.has(_SERVICE) and block.read(_SERVICE) != "flowlogs"


def _traffic(block: Block) -> Value[Any]:
    """Tell what a flow log records: all, unless a capture filter chooses.

    Networking documentation, "Flow Logs": traffic that the rules accept or reject; a capture
    filter selects what is recorded.
    """
    path = f"{_SOURCE[0]}.parameters"
    found = written(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    if isinstance(found, dict) and any("filter" in str(name).lower() for name in found):
        return Value(Unknown("a capture filter chooses what is recorded"), block, path)
    return Value("ALL", block, f"{_SOURCE[0]}.category", "accepted and rejected traffic")


def _flows(block: Block) -> Truth:
    of_flows = holds(lambda name: name == "flowlogs", _SERVICE, _SERVICE).read(block)
    enabled: Truth = _ENABLED.read(block)
    return of_flows & enabled


maps(
    "oci_logging_log",
    to=FlowLog,
    when=_is_flow_log,
    of=named(_RESOURCE, _RESOURCE, *_LOGGED),
    traffic=Derived(_traffic),
    enabled=Derived(_flows),
)
maps(
    "oci_logging_log",
    to=ServiceLog,
    when=_is_service_log,
    of=named(_RESOURCE, _RESOURCE, *_LOGGED),
    service=Attr(_SERVICE, _SERVICE),
    category=Attr(f"{_SOURCE[0]}.category", f"{_SOURCE[1]}.category"),
    enabled=_ENABLED,
)


# Connector Hub documentation, on targets: these two keep what they are sent.
_STORES: Final = ("objectStorage", "loggingAnalytics")


def _archived(block: Block) -> Truth:
    """Whether a connector takes the log, or all of its group, to a store."""
    return any_of(
        (_takes(record.block, block) for record in block.record.peers.of(_CONNECTOR)),
        Evidence(block.address, "no service connector in what was read takes it to a store"),
    )


def _takes(connector: Block, log: Block) -> Truth:
    store = Attr("target.kind", "target.kind").read(connector).one_of(_STORES)
    group = _ends(log.links(path_for(log, "log_group_id", "logGroupId")))
    sources = blocks_of(connector, "source.log_sources")
    if isinstance(sources, Unknown):
        return store & unknown(Evidence(connector.address, sources.reason))
    return store & any_of(
        (_covers(source, log.record.address, group) for source in sources),
        Evidence(connector.address, "names no log"),
    )


def _covers(source: Block, address: str, group: frozenset[str]) -> Truth:
    """Whether one source of a connector is the log, or its whole group."""
    one, many = path_for(source, "log_id", "logId"), path_for(source, "log_group_id", "logGroupId")
    # A state shows an argument that is not set as an empty text.
    path = one if written(source, one) not in (MISSING, "") else many
    links = source.links(path)
    if ({address} if path == one else group) & _ends(links):
        return known(True, links)
    return unknown(links) if links.unknown else known(False, links)


def _ends(links: Links) -> frozenset[str]:
    return frozenset((*links.candidates(), *links.outside))


maps("oci_logging_log", to=ShortLivedLog, archived=Derived(_archived))
supports("oci_logging_log_group", _CONNECTOR)

maps(
    "oci_audit_configuration",
    to=AuditRetention,
    retention_days=Attr("retention_period_days", "retentionPeriodDays"),
)
maps(
    "oci_cloud_guard_cloud_guard_configuration",
    to=ThreatDetector,
    enabled=holds(lambda status: status == "ENABLED", "status", "status"),
)
