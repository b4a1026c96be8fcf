"""Who may do what."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.model.document import PolicyDocument, Words
from scanner.truth import Truth
from scanner.value import Value


class Policy(Resource):
    """A policy that gives rights to identities, attached or attachable.

    documents: AWS documents (empty for OCI).  statements: OCI statements (empty for AWS).
    managed_policies: names or ARNs of policies of the provider that it hands out.
    """

    documents: PolicyDocument
    statements: Words
    managed_policies: Value[tuple[str, ...]]


class Role(Resource):
    """An identity that others assume; `trust` says who."""

    trust: PolicyDocument


class User(Resource):
    """An identity of a person or a program; `own_rights` are given to it directly."""

    own_rights: Truth


class AccessKey(Resource):
    """A long-lived credential of a user."""


class DynamicGroup(Resource):
    """A group whose members are found by a rule (OCI)."""

    matching_rule: Value[str]


class PasswordPolicy(Resource):
    """What passwords must be like; `remembered` is how many old ones are refused."""

    minimum_length: Value[int]
    remembered: Value[int]


class UserPool(Resource):
    """A directory of customers."""

    demands_second_factor: Truth
