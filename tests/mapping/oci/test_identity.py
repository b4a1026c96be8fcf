"""Policies, users, groups, passwords and credentials of OCI."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.mapping.registry import load, mapped_types
from scanner.model.base import Inapplicable
from scanner.model.identity import AccessKey, DynamicGroup, PasswordPolicy, Policy, User
from scanner.value import Unknown
from tests.mapping.conftest import mapped, record

WHY = Unknown("known after apply")
GRANT = "Allow group Operators to read buckets in compartment payments"

CREDENTIALS = (
    "oci_identity_api_key",
    "oci_identity_auth_token",
    "oci_identity_customer_secret_key",
    "oci_identity_db_credential",
    "oci_identity_smtp_credential",
    "oci_identity_domains_api_key",
    "oci_identity_domains_auth_token",
    "oci_identity_domains_customer_secret_key",
    "oci_identity_domains_my_api_key",
    "oci_identity_domains_my_auth_token",
    "oci_identity_domains_my_customer_secret_key",
    "oci_identity_domains_my_oauth2client_credential",
    "oci_identity_domains_my_smtp_credential",
    "oci_identity_domains_my_user_db_credential",
    "oci_identity_domains_oauth2client_credential",
    "oci_identity_domains_smtp_credential",
    "oci_identity_domains_user_db_credential",
)


def test_policy_keeps_what_is_known_of_its_statements() -> None:
    found = mapped(Policy, record("oci_identity_policy", {"statements": [GRANT, WHY]}))
    assert found.statements.items == (GRANT,)
    assert found.statements.unknown == ("known after apply",)
    assert found.documents.is_absent
    assert found.managed_policies.content == ()
    whole = mapped(Policy, record("oci_identity_policy", {"statements": WHY}))
    assert whole.statements.unknown
    assert mapped(Policy, record("oci_identity_policy", {})).statements.is_empty


@pytest.mark.parametrize("type", ["oci_identity_user", "oci_identity_domains_user"])
def test_users_have_no_rights_of_their_own(type: str) -> None:
    assert mapped(User, record(type, {})).own_rights.is_false


@pytest.mark.parametrize(
    "type", ["oci_identity_dynamic_group", "oci_identity_domains_dynamic_resource_group"]
)
def test_dynamic_groups(type: str) -> None:
    rule = "instance.compartment.id = 'ocid1.compartment.oc1..a'"
    assert mapped(DynamicGroup, record(type, {"matching_rule": rule})).matching_rule.content == rule
    unknown = mapped(DynamicGroup, record(type, {"matching_rule": WHY}))
    assert isinstance(unknown.matching_rule.content, Unknown)


def test_password_policy_of_a_domain() -> None:
    body = {"min_length": 14, "num_passwords_in_history": 24}
    found = mapped(PasswordPolicy, record("oci_identity_domains_password_policy", body))
    assert found.minimum_length.content == 14
    assert found.remembered.content == 24
    plain = mapped(PasswordPolicy, record("oci_identity_domains_password_policy", {}))
    assert isinstance(plain.minimum_length.content, Unknown)


def test_password_policy_of_a_tenancy() -> None:
    body = {"password_policy": [{"minimum_password_length": 12}]}
    found = mapped(PasswordPolicy, record("oci_identity_authentication_policy", body))
    assert found.minimum_length.content == 12
    with pytest.raises(Inapplicable):
        _ = found.remembered


@pytest.mark.parametrize("type", CREDENTIALS)
def test_credentials_are_access_keys(type: str) -> None:
    assert mapped(AccessKey, record(type, {})).address == f"{type}.a"


def test_every_mapped_type_is_in_a_test() -> None:
    load(("oci",))
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    types = {name for name in mapped_types() if name.startswith("oci_")}
    # The rule type of a group is spelled from its parts in the tests.
    assert not {name for name in types if name not in texts}
    assert len(types) >= 55
