"""Policies, users, groups found by rules, and demands on passwords.

API paths are those of Policy, User, DynamicGroup and AuthenticationPolicy (Identity API), and of
PasswordPolicy, User and DynamicResourceGroup (Identity Domains API).
"""

from __future__ import annotations

from scanner.mapping.fields import Attr, Constant, Derived, NotApplicable, never, written
from scanner.mapping.registry import maps
from scanner.model.document import PolicyDocument, Words
from scanner.model.identity import DynamicGroup, PasswordPolicy, Policy, User
from scanner.record import MISSING, Block
from scanner.value import Unknown


def _statements(block: Block) -> Words:
    """Read the statements that are known, and say why others are not."""
    source = f"{block.address}.statements"
    found = written(block, "statements")
    if found is MISSING:
        return Words(source=source)
    items = found if isinstance(found, list) else [found]
    texts = tuple(item for item in items if isinstance(item, str))
    reasons = [
        item.reason if isinstance(item, Unknown) else "not of the expected form"
        for item in items
        if not isinstance(item, str)
    ]
    return Words(texts, unknown=tuple(dict.fromkeys(reasons)), source=source)


maps(
    "oci_identity_policy",
    to=Policy,
    documents=Derived(lambda block: PolicyDocument(block, "statements")),
    statements=Derived(_statements),
    managed_policies=Constant(()),
)

for _type in ("oci_identity_user", "oci_identity_domains_user"):
    maps(
        _type,
        to=User,
        # Identity documentation, on the syntax of policies: a subject is a group, a dynamic group,
        # any-user, any-group or a service; there is no way to name a user.
        own_rights=never("OCI policies give rights to groups, never to a user"),
    )

for _type in ("oci_identity_dynamic_group", "oci_identity_domains_dynamic_resource_group"):
    maps(_type, to=DynamicGroup, matching_rule=Attr("matching_rule", "matchingRule"))

maps(
    "oci_identity_authentication_policy",
    to=PasswordPolicy,
    minimum_length=Attr(
        "password_policy.minimum_password_length", "passwordPolicy.minimumPasswordLength"
    ),
    remembered=NotApplicable("the policy of a tenancy without domains cannot remember passwords"),
)
maps(
    "oci_identity_domains_password_policy",
    to=PasswordPolicy,
    minimum_length=Attr("min_length", "minLength"),
    remembered=Attr("num_passwords_in_history", "numPasswordsInHistory"),
)
