from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import Bastion, ClientVpn, VpnTunnel
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")


def tunnels(body: dict[str, Any]) -> list[Any]:
    found = population(record("aws_vpn_connection", body)).resources
    return [item for item in found if isinstance(item, VpnTunnel)]


def test_a_connection_has_two_tunnels_which_permit_every_default() -> None:
    first, second = tunnels({})
    for tunnel in (first, second):
        assert set(tunnel.ike_versions.content) == {"ikev1", "ikev2"}
        assert "AES128" in tunnel.encryption.content
        assert "SHA1" in tunnel.integrity.content
        assert {2, 5, 14} <= set(tunnel.dh_groups.content)
        assert tunnel.logged.is_false
    assert "tunnel2_ike_versions" in second.ike_versions.source
    assert "default" in second.ike_versions.note


def test_each_phase_has_its_own_list() -> None:
    body = {
        "tunnel1_ike_versions": ["ikev2"],
        "tunnel1_phase1_encryption_algorithms": ["AES256"],
        "tunnel1_phase2_encryption_algorithms": ["AES256-GCM-16"],
        "tunnel1_phase1_dh_group_numbers": [20],
        "tunnel1_log_options": [{"cloudwatch_log_options": [{"log_enabled": True}]}],
    }
    first, second = tunnels(body)
    assert first.ike_versions.content == ("ikev2",)
    assert first.encryption.content == ("AES256", "AES256-GCM-16")
    # Phase 2 is left to the defaults.
    assert {20, 2} <= set(first.dh_groups.content)
    assert first.logged.is_true
    assert second.logged.is_false


def test_an_empty_list_permits_the_defaults_too() -> None:
    assert "ikev1" in tunnels({"tunnel1_ike_versions": []})[0].ike_versions.content


def test_an_unknown_list_is_unknown() -> None:
    first, _ = tunnels({"tunnel1_phase2_encryption_algorithms": LATER})
    assert isinstance(first.encryption.content, Unknown)


@pytest.mark.parametrize(
    ("kinds", "person"),
    [
        (["certificate-authentication"], "false"),
        (["certificate-authentication", "federated-authentication"], "true"),
        (["directory-service-authentication"], "true"),
        ([LATER], "unknown"),
    ],
)
def test_a_client_vpn_knows_the_person(kinds: list[object], person: str) -> None:
    body = {
        "authentication_options": [{"type": kind} for kind in kinds],
        "connection_log_options": [{"enabled": True}],
    }
    vpn = mapped(ClientVpn, record("aws_ec2_client_vpn_endpoint", body))
    assert vpn.authenticates_person.state.value == person
    assert vpn.logged.is_true
    assert vpn.admits_all_everywhere.is_false


@pytest.mark.parametrize(
    ("body", "everywhere"),
    [
        ({"authorize_all_groups": True, "target_network_cidr": "0.0.0.0/0"}, "true"),
        ({"authorize_all_groups": True, "target_network_cidr": "10.0.0.0/8"}, "false"),
        ({"access_group_id": "g", "target_network_cidr": "0.0.0.0/0"}, "false"),
        ({"authorize_all_groups": LATER, "target_network_cidr": "0.0.0.0/0"}, "unknown"),
    ],
)
def test_authorisation_rules_of_a_client_vpn(body: dict[str, Any], everywhere: str) -> None:
    rule = record(
        "aws_ec2_client_vpn_authorization_rule",
        {"client_vpn_endpoint_id": Pointer("aws_ec2_client_vpn_endpoint.a"), **body},
    )
    vpn = mapped(ClientVpn, record("aws_ec2_client_vpn_endpoint", {}), rule)
    assert vpn.admits_all_everywhere.state.value == everywhere


def client_vpn(body: dict[str, Any], *others: Record, managed: bool = True) -> Any:
    return mapped(ClientVpn, record("aws_ec2_client_vpn_endpoint", body, managed=managed), *others)


def entry(**body: Any) -> Record:
    whole = {
        "client_vpn_endpoint_id": Pointer("aws_ec2_client_vpn_endpoint.a"),
        "subnet_id": Pointer("aws_subnet.s"),
        **body,
    }
    return record("aws_ec2_client_vpn_network_association", whole)


def test_clients_enter_by_the_subnets_of_associations() -> None:
    assert client_vpn({}).subnets.is_empty
    assert client_vpn({}, entry()).subnets.targets == ("aws_subnet.s",)
    unclear = client_vpn({}, entry(client_vpn_endpoint_id=LATER))
    assert unclear.subnets.maybe == ("aws_subnet.s",)
    assert client_vpn({}, managed=False).subnets.unknown


def test_the_groups_of_a_client_vpn() -> None:
    assert client_vpn({"security_group_ids": LeftOut()}, entry()).security_groups.is_empty
    named = client_vpn({"security_group_ids": [Pointer("aws_security_group.g")]})
    assert named.security_groups.targets == ("aws_security_group.g",)
    older = client_vpn({}, entry(security_groups=[Pointer("aws_security_group.g")]))
    assert older.security_groups.targets == ("aws_security_group.g",)
    assert client_vpn({"security_group_ids": LATER}).security_groups.unknown


@pytest.mark.parametrize(
    ("body", "ranges"),
    [
        ({"client_cidr_block": "10.8.0.0/22"}, ("10.8.0.0/22",)),
        ({}, None),
        ({"client_cidr_block": LATER}, None),
    ],
)
def test_the_addresses_of_clients(body: dict[str, Any], ranges: Any) -> None:
    found = client_vpn(body).client_ranges.content
    assert isinstance(found, Unknown) if ranges is None else found == ranges


def test_an_instance_connect_endpoint_is_a_bastion() -> None:
    body = {"subnet_id": Pointer("aws_subnet.s"), "security_group_ids": LeftOut()}
    found = mapped(Bastion, record("aws_ec2_instance_connect_endpoint", body))
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.security_groups.is_empty
    assert found.longest_session_seconds.content == 3600
    with pytest.raises(Inapplicable):
        _ = found.client_ranges
    named = {"security_group_ids": [Pointer("aws_security_group.g")]}
    found = mapped(Bastion, record("aws_ec2_instance_connect_endpoint", named))
    assert found.security_groups.targets == ("aws_security_group.g",)
