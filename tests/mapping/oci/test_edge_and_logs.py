"""Load balancers, firewalls, logs, the audit record and Cloud Guard of OCI."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.edge import Listener, LoadBalancer, WebFirewall
from scanner.model.logs import AuditRetention, ServiceLog, ShortLivedLog, ThreatDetector
from scanner.model.network import FlowLog
from scanner.record import Record
from scanner.truth import State
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

WHY = Unknown("known after apply")
BALANCER = "oci_load_balancer_load_balancer"


@pytest.mark.parametrize("type", [BALANCER, "oci_load_balancer"])
def test_balancer_is_public_unless_private(type: str) -> None:
    plain = mapped(LoadBalancer, record(type, {"is_private": LeftOut()}))
    assert plain.internet_facing.is_true
    assert plain.deletion_protected.is_false
    assert plain.access_logged.is_false
    assert plain.layer.content == "application"
    body = {
        "is_private": True,
        "is_delete_protection_enabled": True,
        "subnet_ids": [Pointer("oci_core_subnet.a")],
    }
    found = mapped(LoadBalancer, record(type, body))
    assert found.internet_facing.is_false
    assert found.deletion_protected.is_true
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert mapped(LoadBalancer, record(type, {"is_private": WHY})).internet_facing.is_unknown


def test_network_balancer_is_private_unless_public() -> None:
    type = "oci_network_load_balancer_network_load_balancer"
    assert mapped(LoadBalancer, record(type, {})).internet_facing.is_false
    found = mapped(LoadBalancer, record(type, {"is_private": False}))
    assert found.internet_facing.is_true
    assert found.layer.content == "network"
    with pytest.raises(Inapplicable):
        _ = found.access_logged


def listener(*others: Record, **body: Any) -> Any:
    body = {"load_balancer_id": Pointer(f"{BALANCER}.a"), **body}
    return mapped(Listener, record("oci_load_balancer_listener", body), *others)


def test_listener_with_certificate_speaks_modern_tls_by_default() -> None:
    found = listener(port=443, protocol="HTTP", ssl_configuration=[{"certificate_ids": ["x"]}])
    assert found.encrypts.is_true
    assert found.modern_tls.is_true
    assert found.port.content == 443
    old = listener(ssl_configuration=[{"protocols": ["TLSv1.1", "TLSv1.2"]}])
    assert old.modern_tls.is_false
    assert listener(ssl_configuration=[{"protocols": [WHY]}]).modern_tls.is_unknown


def test_listener_without_certificate() -> None:
    assert listener(port=80, protocol="HTTP").encrypts.is_false
    assert listener(port=80, protocol="HTTP").redirects_to_tls.is_false
    assert listener(ssl_configuration=WHY).encrypts.is_unknown


def rules(*items: dict[str, Any]) -> Record:
    return record("oci_load_balancer_rule_set", {"items": list(items)})


REDIRECT = {
    "action": "REDIRECT",
    "redirect_uri": [{"protocol": "HTTPS", "port": 443}],
    "conditions": [
        {
            "attribute_name": "PATH",
            "attribute_value": "/",
            "operator": "FORCE_LONGEST_PREFIX_MATCH",
        }
    ],
}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.TRUE),
        ({"conditions": []}, State.TRUE),
        ({"redirect_uri": [{"port": 443}]}, State.FALSE),
        ({"redirect_uri": [{"protocol": WHY}]}, State.UNKNOWN),
        ({"action": "ADD_HTTP_RESPONSE_HEADER"}, State.FALSE),
        ({"conditions": [{"attribute_name": "PATH", "attribute_value": "/old",
                          "operator": "EXACT_MATCH"}]}, State.FALSE),
    ],
)  # fmt: skip
def test_redirect_to_tls(change: dict[str, Any], state: State) -> None:
    found = listener(
        rules({**REDIRECT, **change}), rule_set_names=[Pointer("oci_load_balancer_rule_set.a")]
    )
    assert found.redirects_to_tls.state is state


def test_rule_set_that_was_not_read() -> None:
    assert listener(rule_set_names=["elsewhere"]).redirects_to_tls.is_unknown
    assert listener(rule_set_names=WHY).redirects_to_tls.is_unknown


@pytest.mark.parametrize(("port", "state"), [(80, State.FALSE), (443, State.UNKNOWN)])
def test_network_listener_passes_through(port: int, state: State) -> None:
    body = {"port": port, "protocol": "TCP", "network_load_balancer_id": Pointer("nlb.a")}
    found = mapped(Listener, record("oci_network_load_balancer_listener", body))
    assert found.encrypts.state is state
    assert found.redirects_to_tls.is_false
    assert found.load_balancer.targets == ("nlb.a",)


def test_firewall_protects() -> None:
    body = {"load_balancer_id": Pointer(f"{BALANCER}.a")}
    found = mapped(WebFirewall, record("oci_waf_web_app_firewall", body))
    assert found.protects.targets == (f"{BALANCER}.a",)


def log(service: Any, resource: Any = "bucket", category: Any = "write", **body: Any) -> Record:
    source = {"service": service, "resource": resource, "category": category}
    return record("oci_logging_log", {"configuration": [{"source": [source]}], **body})


def kinds(own: Record) -> set[type[Any]]:
    return {type(item) for item in population(own).resources}


def test_log_of_a_service() -> None:
    own = log("objectstorage", is_enabled=True)
    found = mapped(ServiceLog, own)
    assert found.service.content == "objectstorage"
    assert found.category.content == "write"
    assert found.enabled.is_true
    assert found.of.outside == ("bucket",)
    assert FlowLog not in kinds(own)
    off = mapped(ServiceLog, log("loadbalancer", category="access", is_enabled=False))
    assert off.enabled.is_false
    assert mapped(ServiceLog, log("objectstorage", is_enabled=LeftOut())).enabled.is_unknown


def test_flow_log() -> None:
    own = log("flowlogs", Pointer("oci_core_subnet.a"), "all", is_enabled=True)
    found = mapped(FlowLog, own)
    assert found.of.targets == ("oci_core_subnet.a",)
    assert found.traffic.content == "ALL"
    assert found.enabled.is_true
    assert ServiceLog not in kinds(own)
    source = {"service": "flowlogs", "resource": "x", "parameters": {"capture_filter": "ocid1.x"}}
    filtered = record("oci_logging_log", {"configuration": [{"source": [source]}]})
    assert isinstance(mapped(FlowLog, filtered).traffic.content, Unknown)


def test_log_of_an_unknown_service_may_be_either() -> None:
    own = log(WHY)
    assert {FlowLog, ServiceLog} <= kinds(own)
    assert mapped(FlowLog, own).enabled.is_unknown


def test_log_is_archived_by_a_connector_that_takes_its_group_to_a_store() -> None:
    own = log("objectstorage", log_group_id=Pointer("oci_logging_log_group.a"))
    assert mapped(ShortLivedLog, own).archived.is_false

    def connector(group: object, kind: object, **own: object) -> Record:
        sources = [{"log_sources": [{"log_group_id": group, **own}]}]
        return record("oci_sch_service_connector", {"source": sources, "target": [{"kind": kind}]})

    mine, other = Pointer("oci_logging_log_group.a"), Pointer("oci_logging_log_group.b")
    assert mapped(ShortLivedLog, own, connector(mine, "objectStorage")).archived.is_true
    unset = connector(mine, "objectStorage", log_id="")
    assert mapped(ShortLivedLog, own, unset).archived.is_true
    assert mapped(ShortLivedLog, own, connector(mine, "functions")).archived.is_false
    assert mapped(ShortLivedLog, own, connector(other, "objectStorage")).archived.is_false
    assert mapped(ShortLivedLog, own, connector(WHY, "objectStorage")).archived.is_unknown
    assert mapped(ShortLivedLog, own, connector(mine, WHY)).archived.is_unknown


def test_audit_retention() -> None:
    own = record("oci_audit_configuration", {"retention_period_days": 365})
    assert mapped(AuditRetention, own).retention_days.content == 365


@pytest.mark.parametrize(
    ("status", "state"),
    [("ENABLED", State.TRUE), ("DISABLED", State.FALSE), (WHY, State.UNKNOWN)],
)
def test_cloud_guard(status: Any, state: State) -> None:
    own = record("oci_cloud_guard_cloud_guard_configuration", {"status": status})
    assert mapped(ThreatDetector, own).enabled.state is state
