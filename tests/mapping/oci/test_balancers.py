"""Where load balancers of OCI send requests, and from whom they take them."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.edge import Listener, LoadBalancer, TargetGroup
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

WHY = Unknown("known after apply")
BALANCER = "oci_load_balancer_load_balancer"
NETWORK = "oci_network_load_balancer_network_load_balancer"
SET = "oci_load_balancer_backend_set"
NETWORK_SET = "oci_network_load_balancer_backend_set"
UNIFIED = "oci_network_load_balancer_network_load_balancers_backend_sets_unified"
BACKEND = "oci_load_balancer_backend"
NETWORK_BACKEND = "oci_network_load_balancer_backend"
RULES = "oci_load_balancer_rule_set"
POLICY = "oci_load_balancer_load_balancer_routing_policy"
PATHS = "oci_load_balancer_path_route_set"
AT: dict[str, Any] = {"load_balancer_id": Pointer(f"{BALANCER}.a")}
ELSEWHERE: dict[str, Any] = {"load_balancer_id": Pointer(f"{BALANCER}.b")}
AT_NETWORK: dict[str, Any] = {"network_load_balancer_id": Pointer(f"{NETWORK}.a")}


def part(type: str, name: Any, label: str = "", **body: Any) -> Record:
    return record(type, {**AT, "name": name, **body}, label or str(name))


def listener(*others: Record, **body: Any) -> Any:
    own = {**AT, "default_backend_set_name": "app", "protocol": "HTTP", **body}
    return mapped(Listener, record("oci_load_balancer_listener", own), *others)


def test_listener_forwards_to_the_set_of_its_own_balancer() -> None:
    own = part(SET, "app")
    other = record(SET, {**ELSEWHERE, "name": "app"}, "other")
    older = part("oci_load_balancer_backendset", "old")
    (forward,) = listener(own, other, older).forwards.content
    assert forward.groups.targets == (f"{SET}.app",)
    assert forward.sources.content == ()
    assert forward.authenticated.is_false
    (forward,) = listener(own, older, default_backend_set_name="old").forwards.content
    assert forward.groups.targets == ("oci_load_balancer_backendset.old",)


def test_listener_may_name_what_was_not_read() -> None:
    (forward,) = listener().forwards.content
    assert forward.groups.outside == ("app",)
    (forward,) = listener(default_backend_set_name=Pointer(f"{SET}.app")).forwards.content
    assert forward.groups.targets == (f"{SET}.app",)
    (forward,) = listener(default_backend_set_name=WHY).forwards.content
    assert forward.groups.unknown
    unclear = record(SET, {"load_balancer_id": WHY, "name": "app"})
    (forward,) = listener(unclear).forwards.content
    assert forward.groups.maybe == (f"{SET}.a",) and not forward.groups.certain


def test_routing_policies_and_path_routes_choose_further_sets() -> None:
    sets = (part(SET, "app"), part(SET, "api"), part(SET, "old"))
    actions = [{"name": "FORWARD_TO_BACKENDSET", "backend_set_name": "api"}]
    policy = part(POLICY, "p", rules=[{"name": "r", "condition": "x", "actions": actions}])
    paths = part(PATHS, "s", path_routes=[{"path": "/old", "backend_set_name": "old"}])
    found = listener(*sets, policy, paths, routing_policy_name="p", path_route_set_name="s")
    targets = [forward.groups.targets for forward in found.forwards.content]
    assert targets == [(f"{SET}.app",), (f"{SET}.api",), (f"{SET}.old",)]
    same = part(POLICY, "p", rules=[{"actions": [{"backend_set_name": "app"}]}])
    assert len(listener(*sets, same, routing_policy_name="p").forwards.content) == 1
    lost = listener(*sets, routing_policy_name="missing").forwards.content
    assert lost[1].groups.unknown
    unread = part(POLICY, "p", rules=WHY)
    assert listener(*sets, unread, routing_policy_name="p").forwards.content[1].groups.unknown


def rule_set(*items: Any, **body: Any) -> Record:
    return part(RULES, "rules", items=list(items), **body)


def redirect(path: str = "/", scheme: str = "HTTPS") -> dict[str, Any]:
    condition = {"attribute_name": "PATH", "attribute_value": path, "operator": "PREFIX_MATCH"}
    return {
        "action": "REDIRECT",
        "conditions": [condition],
        "redirect_uri": [{"protocol": scheme}],
    }


def test_listener_that_redirects_everything_forwards_nothing() -> None:
    named = {"rule_set_names": ["rules"]}
    assert listener(rule_set(redirect()), **named).forwards.content == ()
    assert listener(rule_set(redirect()), **named).redirects_to_tls.is_true
    elsewhere = listener(rule_set(redirect(scheme="HTTP")), **named)
    assert elsewhere.forwards.content == ()
    assert elsewhere.redirects_to_tls.is_false
    assert len(listener(rule_set(redirect("/old")), **named).forwards.content) == 1
    assert isinstance(listener(part(RULES, "rules", items=WHY), **named).forwards.content, Unknown)
    assert isinstance(listener(**named).forwards.content, Unknown)


def allowed(*conditions: tuple[str, Any]) -> dict[str, Any]:
    return {
        "action": "ALLOW",
        "conditions": [
            {"attribute_name": name, "attribute_value": value} for name, value in conditions
        ],
    }


def sources(*items: Any, others: tuple[Record, ...] = ()) -> Any:
    found = listener(rule_set(*items), part(SET, "app"), *others, rule_set_names=["rules"])
    return found.forwards.content[0].sources.content


def test_access_rules_limit_the_clients() -> None:
    assert sources({"action": "HTTP_HEADER"}) == ()
    office = allowed(("SOURCE_IP_ADDRESS", "203.0.113.0/24"))
    home = allowed(("SOURCE_IP_ADDRESS", "198.51.100.7/32"))
    assert sources(office, home) == ("203.0.113.0/24", "198.51.100.7/32")
    network = record("oci_core_vcn", {"cidr_blocks": ["10.0.0.0/16"]})
    inside = allowed(("SOURCE_VCN_ID", Pointer("oci_core_vcn.a")))
    assert sources(inside, others=(network,)) == ("10.0.0.0/16",)
    narrow = allowed(
        ("SOURCE_VCN_ID", Pointer("oci_core_vcn.a")), ("SOURCE_VCN_IP_ADDRESS", "10.0.1.0/24")
    )
    assert sources(narrow, others=(network,)) == ("10.0.1.0/24",)


@pytest.mark.parametrize(
    "item",
    [
        {"action": WHY},
        {"action": "ALLOW", "conditions": WHY},
        allowed((WHY, "x")),  # type: ignore[arg-type]
        allowed(("SOURCE_IP_ADDRESS", WHY)),
        allowed(("SOURCE_VCN_ID", "ocid1.vcn.oc1..x")),
        allowed(("SOURCE_VCN_ID", Pointer("oci_core_vcn.a"))),
        allowed(("SOMETHING_NEW", "x")),
    ],
)
def test_unclear_access_rules_leave_the_clients_open(item: Any) -> None:
    others = (part(RULES, "plain", items=[]),)
    own = part(RULES, "rules", items=[item])
    found = listener(own, part(SET, "app"), *others, rule_set_names=["rules"])
    content = found.forwards.content
    assert isinstance(content, Unknown) or isinstance(content[0].sources.content, Unknown)


def test_clients_may_have_to_show_a_certificate() -> None:
    def asks(**ssl: Any) -> Any:
        return listener(part(SET, "app"), ssl_configuration=[ssl]).forwards.content[0].authenticated

    authority = {"trusted_certificate_authority_ids": ["ocid1.cabundle.oc1..x"]}
    assert asks(verify_peer_certificate=True, **authority).is_true
    assert asks(verify_peer_certificate=False, **authority).is_false
    assert asks(verify_peer_certificate=True, certificate_ids=["x"]).is_false
    assert asks(verify_peer_certificate=True, certificate_name="bundle").is_unknown
    assert asks(verify_peer_certificate=WHY, **authority).is_unknown


def targets(*records: Record, set: Record | None = None) -> Any:
    own = set or part(SET, "app")
    return mapped(TargetGroup, own, *records, address=own.address).targets.content


def backend(label: str = "x", **body: Any) -> Record:
    return record(BACKEND, {**AT, "backendset_name": "app", "port": 8080, **body}, label)


def test_backends_are_found_by_balancer_and_set() -> None:
    (found,) = targets(backend(ip_address="10.0.1.5"))
    assert found.addresses.content == ("10.0.1.5",)
    assert found.resources.is_empty
    assert found.port.content == 8080
    assert targets(backend(backendset_name="api", ip_address="10.0.1.5")) == ()
    assert targets(backend(ip_address="10.0.1.5", **ELSEWHERE)) == ()
    assert isinstance(targets(backend(ip_address="10.0.1.5", load_balancer_id=WHY)), Unknown)
    assert isinstance(targets(backend(ip_address="10.0.1.5", backendset_name=WHY)), Unknown)
    by_name = backend(ip_address="10.0.1.5", backendset_name=Pointer(f"{SET}.app"))
    assert len(targets(by_name)) == 1


def test_backend_may_be_whatever_bears_an_address() -> None:
    (found,) = targets(backend(ip_address=Pointer("oci_core_instance.web")))
    assert found.resources.targets == ("oci_core_instance.web",)
    assert found.addresses.content == ()
    private = record("oci_core_private_ip", {"vnic_id": Pointer("oci_core_vnic_attachment.v")})
    (found,) = targets(backend(ip_address=Pointer("oci_core_private_ip.a")), private)
    assert found.resources.targets == ("oci_core_vnic_attachment.v",)
    (found,) = targets(backend(ip_address=WHY))
    assert found.resources.unknown and isinstance(found.addresses.content, Unknown)
    (found,) = targets(backend(ip_address=7))
    assert found.resources.unknown


def test_offline_and_drained_backends_get_nothing() -> None:
    assert targets(backend(ip_address="10.0.1.5", offline=True)) == ()
    assert targets(backend(ip_address="10.0.1.5", drain=True)) == ()
    assert len(targets(backend(ip_address="10.0.1.5", offline=False, drain=WHY))) == 1


def test_backends_that_are_read_back_are_listed_once() -> None:
    inside = [{"ip_address": "10.0.1.5", "port": 8080}, {"ip_address": "10.0.1.6", "port": 8080}]
    own = part(SET, "app", backend=inside)
    found = targets(backend(ip_address="10.0.1.5"), set=own)
    assert [item.addresses.content for item in found] == [("10.0.1.5",), ("10.0.1.6",)]
    planned = part(SET, "app", backend=LeftOut())
    assert targets(set=planned) == ()


def test_pools_attach_their_instances() -> None:
    attached = {"load_balancer_id": AT["load_balancer_id"], "backend_set_name": "app", "port": 80}
    pool = record("oci_core_instance_pool", {"load_balancers": [attached]})
    (found,) = targets(pool)
    assert found.resources.targets == ("oci_core_instance_pool.a",)
    assert found.port.content == 80
    other = record(
        "oci_core_instance_pool", {"load_balancers": [{**attached, "backend_set_name": "api"}]}
    )
    assert targets(other) == ()
    assert isinstance(targets(record("oci_core_instance_pool", {"load_balancers": WHY})), Unknown)
    unclear = {**attached, "load_balancer_id": WHY}
    assert isinstance(
        targets(record("oci_core_instance_pool", {"load_balancers": [unclear]})), Unknown
    )


def test_load_balancer_calls_from_its_own_address() -> None:
    for type in (SET, "oci_load_balancer_backendset"):
        assert mapped(TargetGroup, part(type, "app")).preserves_client_address.is_false


@pytest.mark.parametrize("type", [NETWORK_SET, UNIFIED])
def test_network_load_balancer_keeps_the_address_of_the_client(type: str) -> None:
    def keeps(balancer: dict[str, Any], **body: Any) -> Any:
        own = record(type, {**AT_NETWORK, "name": "b", **body})
        return mapped(TargetGroup, own, record(NETWORK, balancer)).preserves_client_address

    assert keeps({}, is_preserve_source=LeftOut()).is_true
    assert keeps({}, is_preserve_source=False).is_false
    assert keeps({"is_preserve_source_destination": True}, is_preserve_source=False).is_true
    assert keeps({}, is_preserve_source=WHY).is_unknown


def network_listener(*others: Record, **body: Any) -> Any:
    own = {**AT_NETWORK, "default_backend_set_name": "b", "protocol": "TCP", "port": 22, **body}
    return mapped(Listener, record("oci_network_load_balancer_listener", own), *others)


def test_network_listener_forwards_to_its_set() -> None:
    own = record(NETWORK_SET, {**AT_NETWORK, "name": "b"})
    (forward,) = network_listener(own).forwards.content
    assert forward.groups.targets == (f"{NETWORK_SET}.a",)
    assert forward.sources.content == ()
    assert forward.authenticated.is_false
    unified = record(UNIFIED, {**AT_NETWORK, "name": "b"})
    (forward,) = network_listener(unified).forwards.content
    assert forward.groups.targets == (f"{UNIFIED}.a",)


def test_network_backends_are_named_by_identifier_or_address() -> None:
    own = record(NETWORK_SET, {**AT_NETWORK, "name": "b"})

    def found(**body: Any) -> Any:
        placed = {**AT_NETWORK, "backend_set_name": "b", "port": 22, **body}
        return targets(record(NETWORK_BACKEND, placed), set=own)[0]

    by_id = found(target_id=Pointer("oci_core_instance.i"), ip_address=LeftOut())
    assert by_id.resources.targets == ("oci_core_instance.i",)
    assert by_id.addresses.content == ()
    assert found(ip_address="10.0.1.5", target_id=LeftOut()).addresses.content == ("10.0.1.5",)
    backends = [{"target_id": Pointer("oci_core_instance.i"), "port": 22}]
    unified = record(UNIFIED, {**AT_NETWORK, "name": "b", "backends": backends})
    assert targets(set=unified)[0].resources.targets == ("oci_core_instance.i",)
    unread = record(UNIFIED, {**AT_NETWORK, "name": "b", "backends": WHY})
    assert isinstance(targets(set=unread), Unknown)


def addresses(type: str, *others: Record, **body: Any) -> Any:
    return mapped(LoadBalancer, record(type, body), *others).addresses.content


def test_balancers_have_the_addresses_that_are_given() -> None:
    assert addresses(BALANCER, ip_address_details=LeftOut()) == ()
    made = [
        {"ip_address": "192.0.2.1", "is_public": True},
        {"ip_address": "10.0.0.9", "is_public": False},
    ]
    assert addresses(BALANCER, ip_address_details=made) == ("10.0.0.9",)
    assert addresses(NETWORK, ip_addresses=made) == ("10.0.0.9",)
    assert addresses(NETWORK, assigned_private_ipv4="10.0.1.9") == ("10.0.1.9",)
    assert isinstance(addresses(NETWORK, assigned_private_ipv4=WHY), Unknown)
    reserved = [{"id": Pointer("oci_core_private_ip.a")}]
    private = record("oci_core_private_ip", {"ip_address": "10.0.1.8"})
    assert addresses(NETWORK, private, reserved_ips=reserved) == ("10.0.1.8",)
    unknown = record("oci_core_private_ip", {"ip_address": WHY})
    assert isinstance(addresses(NETWORK, unknown, reserved_ips=reserved), Unknown)
    public = record("oci_core_public_ip", {})
    assert addresses(BALANCER, public, reserved_ips=[{"id": Pointer("oci_core_public_ip.a")}]) == ()
