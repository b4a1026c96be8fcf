"""What statements hand out and whom they admit, attacked by odd and by broken policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from scanner.identity import rights
from scanner.identity.public import everyone
from scanner.identity.trust import trusts_too_widely
from scanner.mapping.documents import Document
from scanner.model.document import PolicyDocument, Statement, Words
from scanner.model.identity import Policy
from scanner.record import Record
from scanner.truth import Truth
from scanner.value import Unknown, Value

READ = Document("policy", "Policy")
OWN, FOREIGN = "111122223333", "444455556666"


def document(policy: Any) -> PolicyDocument:
    text = policy if isinstance(policy, (str, Unknown)) else json.dumps(policy)
    return READ.read(Record("aws_iam_policy", "aws_iam_policy.a", {"policy": text}).block)


def judged(question: Callable[[Statement], Truth], **elements: Any) -> Truth:
    return document({"Statement": [{"Effect": "Allow", **elements}]}).any(question)


class Constant:
    def __init__(self, content: Any) -> None:
        self.content = content

    def read(self, block: Any) -> Any:
        return self.content


def oci(*statements: str, unknown: tuple[str, ...] = ()) -> Policy:
    block = Record("oci_identity_policy", "oci_identity_policy.a", {}).block
    words = Words(statements, unknown=unknown, source="oci_identity_policy.a.statements")
    return Policy(block, "oci_identity_policy", {"statements": Constant(words)})


def attached(*names: str) -> Policy:
    block = Record("aws_iam_role_policy_attachment", "a.a", {}).block
    return Policy(block, "a", {"managed_policies": Constant(Value(names, block, "policy_arn"))})


@pytest.mark.parametrize("action", ["*", "**", "*:*", "*:?*", ["s3:GetObject", "*"]])
@pytest.mark.parametrize(
    "resource", ["*", "**", "arn:*", "arn:aws:*", "arn:aws*", "arn:aws:*:*:*:*", "arn:*:*:*:*:*"]
)
def test_everything_in_all_its_forms(action: Any, resource: str) -> None:
    found = judged(rights.grants_everything, Action=action, Resource=resource)
    assert found.is_true and found.evidence


def test_everything_of_the_account_and_of_another_partition() -> None:
    for name in (f"arn:aws:*:*:{OWN}:*", "arn:aws-us-gov:*:*:*:*"):
        assert judged(rights.grants_everything, Action="*", Resource=name).is_true


def test_everything_but_something_is_everything() -> None:
    assert judged(rights.grants_everything, Action="*", NotResource="arn:aws:s3:::a").is_true


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:*", "*"),
        ("*", "arn:aws:s3:::files/*"),
        ("*", "arn:aws:s3:::*"),
        ("*", "arn:aws:*:eu-central-1:*:*"),
        ("*", f"arn:aws:iam::{OWN}:role/*"),
        ("?", "*"),
        ("*:Get*", "*"),
        ([], "*"),
        ("*", []),
    ],
)
def test_less_than_everything(action: Any, resource: Any) -> None:
    assert judged(rights.grants_everything, Action=action, Resource=resource).is_false


def test_a_denial_grants_nothing() -> None:
    statement = {"Effect": "Deny", "Action": "*", "NotAction": "a", "Resource": "*"}
    found = document({"Statement": statement})
    for question in (
        rights.grants_everything,
        rights.grants_whole_service,
        rights.passes_any_role,
    ):
        assert found.any(question).is_false


@pytest.mark.parametrize("action", ["s3:*", "S3:*", "s3:**", "s3:?*", "s3*", "*", ["a:B", "s3:*"]])
@pytest.mark.parametrize(
    "resource", ["*", "arn:aws:s3:::*", "arn:aws:s3:*:*:*", f"arn:aws:s3::{OWN}:*/*"]
)
def test_whole_service_in_all_its_forms(action: Any, resource: str) -> None:
    assert judged(rights.grants_whole_service, Action=action, Resource=resource).is_true


@pytest.mark.parametrize(
    "elements",
    [
        {"NotAction": "iam:*", "Resource": "*"},
        {"NotAction": ["iam:*"], "Resource": "arn:aws:s3:::files/*"},
        {"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::vault/*"},
    ],
)
def test_inverted_elements_give_all_but_some(elements: Any) -> None:
    assert judged(rights.grants_whole_service, **elements).is_true


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:*", "arn:aws:s3:::files/*"),
        ("s3:Get*", "*"),
        ("s3:*Object", "*"),
        ("sqs:*", f"arn:aws:sqs:eu-central-1:{OWN}:*"),
        ("dynamodb:*", f"arn:aws:dynamodb:*:{OWN}:table/ledger"),
    ],
)
def test_less_than_a_whole_service(action: str, resource: str) -> None:
    assert judged(rights.grants_whole_service, Action=action, Resource=resource).is_false


@pytest.mark.parametrize(
    "action", ["iam:PassRole", "IAM:passrole", "iam:Pass*", "iam:*", "*", "iam:P?ssRole", "*:Pass*"]
)
@pytest.mark.parametrize(
    "resource",
    [
        "*",
        f"arn:aws:iam::{OWN}:role/*",
        "arn:aws:iam::*:role/*",
        f"arn:aws:iam::{OWN}:*",
        f"arn:aws:iam::{OWN}:role*",
        "arn:aws-cn:iam::*:role/**",
    ],
)
def test_any_role_can_be_passed(action: str, resource: str) -> None:
    assert judged(rights.passes_any_role, Action=action, Resource=resource).is_true


def test_inverted_elements_let_roles_be_passed() -> None:
    passing = {"Action": "iam:PassRole"}
    assert judged(rights.passes_any_role, NotAction="s3:*", Resource="*").is_true
    assert judged(rights.passes_any_role, NotAction="iam:*", Resource="*").is_false
    one, all = "arn:aws:iam::111122223333:role/one", "arn:aws:iam::*:role/*"
    assert judged(rights.passes_any_role, **passing, NotResource=one).is_true
    assert judged(rights.passes_any_role, **passing, NotResource=all).is_false


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:PassRole", f"arn:aws:iam::{OWN}:role/workers"),
        ("iam:PassRole", f"arn:aws:iam::{OWN}:role/team/*"),
        ("iam:PassRole", f"arn:aws:iam::{OWN}:user/*"),
        ("iam:Get*", "*"),
    ],
)
def test_named_roles_only(action: str, resource: str) -> None:
    assert judged(rights.passes_any_role, Action=action, Resource=resource).is_false


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ({"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}, True),
        (
            {"StringLike": {"IAM:passedToService": ["ecs*.amazonaws.com", "ec2.amazonaws.com"]}},
            True,
        ),
        ({"StringLike": {"iam:PassedToService": "*"}}, False),
        ({"StringLike": {"iam:PassedToService": ["ec2.amazonaws.com", "*.amazonaws.com"]}}, False),
        ({"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, False),
        ({"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}}, False),
        ({"ForAllValues:StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, False),
        ({"Null": {"iam:PassedToService": "false"}}, False),
        ({"StringEquals": {"iam:PassedToService": []}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
    ],
)
def test_condition_on_the_service_that_gets_the_role(condition: Any, limits: bool) -> None:
    statement = {"Action": "iam:PassRole", "Resource": "*", "Condition": condition}
    found = judged(rights.passes_any_role, **statement)
    assert found.is_false if limits else found.is_true


@pytest.mark.parametrize(
    ("name", "administrator", "service", "passes"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True, True, True),
        ("arn:aws-cn:iam::aws:policy/AdministratorAccess", True, True, True),
        ("AdministratorAccess", True, True, True),
        ("arn:aws:iam::aws:policy/IAMFullAccess", False, True, True),
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", False, True, False),
        ("arn:aws:iam::aws:policy/CloudWatchFullAccessV2", False, True, False),
        ("arn:aws:iam::aws:policy/PowerUserAccess", False, True, False),
        ("arn:aws:iam::aws:policy/AdministratorAccess-Amplify", False, True, True),
        ("arn:aws:iam::aws:policy/AmazonElasticMapReduceFullAccess", False, True, True),
        ("arn:aws:iam::aws:policy/SecretsManagerReadWrite", False, True, False),
        ("arn:aws:iam::aws:policy/job-function/SystemAdministrator", False, True, False),
        ("arn:aws:iam::aws:policy/AWSSupportAccess", False, False, False),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False, False, False),
        ("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", False, False, False),
    ],
)
def test_policies_of_aws(name: str, administrator: bool, service: bool, passes: bool) -> None:
    policy = attached("arn:aws:iam::aws:policy/ReadOnlyAccess", name)
    assert rights.hands_out_administrator(policy).is_true is administrator
    assert rights.hands_out_whole_service(policy).is_true is service
    assert rights.hands_out_role_passing(policy).is_true is passes


def trust(principal: Any, condition: Any = None, account: str = OWN, **more: Any) -> Truth:
    elements = {"Action": "sts:AssumeRole", "Principal": principal, **more}
    if condition is not None:
        elements["Condition"] = condition
    return judged(lambda statement: trusts_too_widely(statement, account), **elements)


@pytest.mark.parametrize(
    "principal", ["*", {"AWS": "*"}, {"AWS": [OWN, "*"]}, {"AWS": "arn:aws:iam::*:root"}]
)
def test_anybody_is_too_wide(principal: Any) -> None:
    assert trust(principal).is_true
    assert trust(principal, {"Bool": {"aws:SecureTransport": "true"}}).is_true
    assert trust(principal, {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}).is_false
    itself = {"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}
    assert trust(principal, itself).is_true


def test_all_but_some_is_too_wide() -> None:
    rest = {"Action": "sts:AssumeRole", "NotPrincipal": {"AWS": OWN}}
    assert judged(lambda item: trusts_too_widely(item, OWN), **rest).is_true


@pytest.mark.parametrize(
    "root", [FOREIGN, f"arn:aws:iam::{FOREIGN}:root", f"arn:aws-cn:iam::{FOREIGN}:root"]
)
def test_foreign_account_needs_a_condition(root: str) -> None:
    assert trust({"AWS": root}).is_true
    assert trust({"AWS": [OWN, root]}).is_true
    assert trust({"AWS": root}, account="").is_unknown
    good = {"StringEquals": {"sts:ExternalId": "example-4711"}}
    assert trust({"AWS": root}, good).is_false
    assert trust({"AWS": root}, good, account="").is_false


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ({"StringEquals": {"STS:ExternalID": "example"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{FOREIGN}:role/deploy"}}, True),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-b/*"}}, True),
        ({"StringLike": {"sts:ExternalId": "*"}}, False),
        ({"StringLike": {"sts:ExternalId": ["example", "?*"]}}, False),
        ({"StringNotEquals": {"sts:ExternalId": "example"}}, False),
        ({"StringEqualsIfExists": {"sts:ExternalId": "example"}}, False),
        ({"Null": {"sts:ExternalId": "false"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
    ],
)
def test_conditions_on_foreign_accounts(condition: Any, limits: bool) -> None:
    found = trust({"AWS": FOREIGN}, condition)
    assert found.is_false if limits else found.is_true


@pytest.mark.parametrize(
    "principal",
    [
        {"Service": "ec2.amazonaws.com"},
        {"AWS": OWN},
        {"AWS": f"arn:aws:iam::{OWN}:root"},
        {"AWS": f"arn:aws:iam::{FOREIGN}:role/deploy"},
    ],
)
def test_named_principals_are_narrow(principal: Any) -> None:
    assert trust(principal).is_false


GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ({"StringEquals": {f"{GITHUB}:sub": "repo:example/pay:ref:refs/heads/main"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": ["repo:example/pay:*", "repo:example/*"]}}, True),
        ({"StringLike": {f"{EKS}:sub": "system:serviceaccount:pay:*"}}, True),
        ({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, True),
        ({"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-central-1:example"}}, True),
        (None, False),
        ({"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*/pay:*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:example*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": ["repo:example/*", "*"]}}, False),
        ({"StringNotLike": {f"{GITHUB}:sub": "repo:example/*"}}, False),
        ({"StringLikeIfExists": {f"{GITHUB}:sub": "repo:example/*"}}, False),
        ({"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:example/*"}}, False),
        ({"StringLike": {f"{EKS}:sub": "system:serviceaccount:*"}}, False),
        ({"StringEquals": {f"{GITHUB}:sub": "${aws:userid}"}}, False),
    ],
)
def test_tokens_of_identity_providers(condition: Any, limits: bool) -> None:
    found = trust({"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB}"}, condition)
    assert found.is_false if limits else found.is_true


EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "a/*"}
DENIAL = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["a", "a/*"],
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
}


@pytest.mark.parametrize(
    ("change", "closes"),
    [
        ({}, True),
        ({"Resource": "*"}, True),
        ({"Action": "s3:GetObject"}, True),
        ({"Action": "*"}, True),
        ({"Resource": "a/private/*"}, False),
        ({"Resource": "A/*"}, False),
        ({"Resource": "a/?"}, False),
        ({"Action": "sqs:*"}, False),
        ({"Action": "s3:PutObject"}, False),
        ({"Principal": {"AWS": OWN}}, False),
        (
            {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}},
            False,
        ),
        ({"Condition": {"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgPaths": "o-a"}}}, False),
        ({"Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}}, False),
        ({"Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}, True),
        ({"Condition": {"StringNotEquals": {"aws:ResourceAccount": OWN}}}, False),
    ],
)
def test_denial_of_strangers_must_cover_the_grant(change: Any, closes: bool) -> None:
    for order in ((0, 1), (1, 0)):
        statements = (EVERYBODY, {**DENIAL, **change})
        found = everyone(document({"Statement": [statements[index] for index in order]}))
        assert found.is_false if closes else found.is_true


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"IpAddress": {"aws:SourceIp": [f"{number}.0.0.0/8" for number in range(256)]}},
        {"IpAddress": {"aws:SourceIp": "::/0"}},
        {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
        {"IpAddressIfExists": {"aws:SourceIp": "198.51.100.0/24"}},
    ],
)
def test_conditions_that_limit_nobody(condition: Any) -> None:
    assert everyone(document({"Statement": {**EVERYBODY, "Condition": condition}})).is_true


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
        {"StringLike": {"aws:userId": "AROAEXAMPLEEXAMPLEID:*"}},
        {"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", "2001:db8::/32", "10.0.0.0/8"]}},
    ],
)
def test_conditions_that_do(condition: Any) -> None:
    assert everyone(document({"Statement": {**EVERYBODY, "Condition": condition}})).is_false


@pytest.mark.parametrize(
    "text",
    [
        "Allow group CloudTeam to manage all-resources in tenancy",
        "ALLOW GROUP CloudTeam TO MANAGE ALL-RESOURCES IN TENANCY",
        "  allow\tgroup\nCloudTeam  to manage   all-resources in tenancy",
        "Allow any-user to manage all-resources in tenancy",
        "Allow dynamic-group Administrators to manage all-resources in tenancy",
        "Allow group Administrators, CloudTeam to manage all-resources in tenancy",
        "Allow group Administrators , CloudTeam to manage all-resources in tenancy",
        "Allow group Other/Administrators to manage all-resources in tenancy",
        "Allow group id ocid1.group.oc1..example to manage all-resources in tenancy",
        "Allow group CloudTeam to manage all-resources in tenancy where request.region = 'fra'",
        "Allow group CloudTeam to manage all-resources in compartment id ocid1.tenancy.oc1..a",
        "Admit group Administrators of tenancy Partner to manage all-resources in tenancy",
    ],
)
def test_tenancy_administration(text: str) -> None:
    policy = oci("Allow group Auditors to read audit-events in tenancy", text)
    assert rights.tenancy_administration(policy).is_true
    assert rights.compartment_administration(policy).is_true


@pytest.mark.parametrize(
    "text",
    [
        "Allow group Administrators to manage all-resources in tenancy",
        "allow group 'Administrators' to manage all-resources in tenancy",
        "Allow group Default/Administrators to manage all-resources in tenancy",
        "Allow group 'Default'/'Administrators'  to manage all-resources in tenancy",
        "Allow group Auditors to inspect all-resources in tenancy",
        "Allow group NetworkAdmins to manage virtual-network-family in tenancy",
        "Define tenancy Partner as ocid1.tenancy.oc1..example",
        "",
    ],
)
def test_no_tenancy_administration(text: str) -> None:
    assert rights.tenancy_administration(oci(text)).is_false
    assert rights.compartment_administration(oci(text)).is_false


def test_compartment_administration() -> None:
    text = "Allow group Storage to manage  all-resources in compartment Shared:files"
    assert rights.compartment_administration(oci(text)).is_true
    assert rights.tenancy_administration(oci(text)).is_false


@pytest.mark.parametrize(
    ("text", "open"),
    [
        ("Allow any-user to read objects in tenancy", True),
        ("ALLOW ANY-USER\tTO READ OBJECTS IN TENANCY", True),
        ("Allow any-group to read objects in tenancy", True),
        ("Endorse any-user to read objects in any-tenancy", True),
        ("Admit any-user of tenancy Partner to read objects in tenancy", True),
        ("Allow any-user to read objects in tenancy where target.bucket.name = 'a'", True),
        ("Allow any-user to read objects in tenancy where request.user.id != 'x'", True),
        ("Allow any-user to read objects in tenancy where request.principal.id = '*'", True),
        ("Allow any-user to read objects in tenancy where request.user.name = /*/", True),
        (
            "Allow any-user to read objects in tenancy where any "
            "{request.principal.type = 'fnfunc', target.bucket.name = 'a'}",
            True,
        ),
        (
            "Allow any-user to read objects in tenancy where all {any {request.principal.id = 'a', "
            "request.region = 'fra'}, target.bucket.name = 'a'}",
            True,
        ),
        ("Allow any-user to read objects in tenancy where all {request.principal.id = 'a'", True),
        ("Allow any-user to read objects in tenancy where request.principal.id = 'a'", False),
        (
            "Allow any-user to use x in tenancy WHERE ALL{ request.principal.id='a',b='c'}",
            False,
        ),
        ("Allow any-user to use x in tenancy where request.groups.id in ('a', 'b')", False),
        ("Allow group any-users to read objects in tenancy", False),
        ("Allow group Auditors to read objects in tenancy", False),
    ],
)
def test_any_user(text: str, open: bool) -> None:
    assert rights.admits_any_user(oci(text)).is_true is open


def test_statements_that_are_not_known() -> None:
    hidden = oci("Allow group Auditors to read audit-events in tenancy", unknown=("later",))
    for question in (
        rights.tenancy_administration,
        rights.compartment_administration,
        rights.admits_any_user,
    ):
        assert question(hidden).is_unknown


@pytest.mark.parametrize(
    ("rule", "wide"),
    [
        ("ALL {instance.compartment.id = 'ocid1.compartment.oc1..a'}", False),
        ("any{Instance.Compartment.Id='ocid1.compartment.oc1..a'}", False),
        ("instance.id = 'ocid1.instance.oc1..a'", False),
        ("ALL {resource.type='fnfunc', resource.compartment.id='ocid1.compartment.oc1..a'}", False),
        ("tag.operations.role.value = 'worker'", False),
        ("all {tag.operations.role.value}", False),
        ("Any {all {resource.type='x', resource.id='a'}, instance.id='b'}", False),
        ("", True),
        ("ALL {}", True),
        ("resource.type = 'fnfunc'", True),
        ("ANY {resource.type='fnfunc', resource.compartment.id='ocid1.compartment.oc1..a'}", True),
        ("Any {all {resource.type='x'}, instance.id='b'}", True),
        ("ALL {instance.compartment.id != 'ocid1.compartment.oc1..a'}", True),
        ("ALL {instance.compartment.id = ''}", True),
        ("ALL {instance.compartment.id = '*'}", True),
        ("instance.compartment.id = 'ocid1.tenancy.oc1..a'", True),
        ("ALL {instance.compartment.id = 'ocid1.compartment.oc1..a'", True),
        ("instance.compartment.id = 'ocid1.compartment.oc1..a'}", True),
        ("resource.type = 'x' -- instance.id = 'a'", True),
    ],
)
def test_matching_rules(rule: str, wide: bool) -> None:
    assert rights.matches_everything(rule) is wide


@pytest.mark.parametrize(
    "rule", ["any {" * 100_000, "'" * 100_001, "all {a='b'," * 50_000, "/" * 9999]
)
def test_hostile_matching_rules_end(rule: str) -> None:
    assert rights.matches_everything(rule)
    where = oci(f"allow any-user to read x in tenancy where {rule}")
    assert rights.admits_any_user(where).is_true


BROKEN: list[Any] = [
    "no json at all",
    '{"Statement": [',
    "[]",
    "null",
    '"text"',
    "17",
    "{}",
    {"Statement": None},
    {"statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]},
    {"Statement": "Allow everything"},
    {"Statement": ["Allow everything"]},
    {"Statement": [17, None]},
    {"Statement": [{"effect": "Allow", "action": "*", "resource": "*", "principal": "*"}]},
    {"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*", "Principal": "*"}]},
    {"Statement": [{"Effect": {}, "Action": "*", "Resource": "*", "Principal": "*"}]},
    {"Statement": [{"Action": "*", "Resource": "*", "Principal": "*"}]},
    {"Statement": [{"Effect": "Allow", "Action": {}, "Resource": {"a": 1}, "Principal": 17}]},
    '{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}',
    '{"Statement": [], "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
    '{"Statement": ' + "[" * 100_000 + "]" * 100_000 + "}",
    '{"Statement": ' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}",
    '{"Statement": [{"Effect": "Allow", "Action": "\\ud800", "Principal": "*"}]}',
    Unknown("known after apply"),
]


@pytest.mark.parametrize("policy", BROKEN, ids=lambda policy: str(policy)[:40])
def test_broken_policies_are_undetermined(policy: Any) -> None:
    found = document(policy)
    questions: tuple[Callable[[Statement], Truth], ...] = (
        rights.grants_everything,
        rights.grants_whole_service,
        rights.passes_any_role,
        lambda statement: trusts_too_widely(statement, OWN),
    )
    for question in questions:
        answer = found.any(question)
        assert answer.is_unknown
        assert answer.evidence
    assert everyone(found).is_unknown


@pytest.mark.parametrize(
    "condition", ["aws:SourceIp", 17, [], {"StringEquals": "a"}, {"StringEquals": ["a"]}]
)
def test_broken_conditions_are_undetermined(condition: Any) -> None:
    statement = {**EVERYBODY, "Condition": condition}
    assert everyone(document({"Statement": statement})).is_unknown


def test_null_conditions_are_none() -> None:
    assert everyone(document({"Statement": {**EVERYBODY, "Condition": None}})).is_true
    assert everyone(document({"Statement": {**EVERYBODY, "Condition": {}}})).is_true


def test_a_policy_of_a_megabyte_is_read() -> None:
    harmless = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/a"}
    large = {"Statement": [harmless] * 13_000}
    assert len(json.dumps(large)) > 1_000_000
    assert document(large).any(rights.grants_everything).is_false
    large["Statement"].append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert document(large).any(rights.grants_everything).is_true


def test_a_thousand_grants_and_denials_end() -> None:
    deny = {**DENIAL, "Resource": "b/*"}
    assert everyone(document({"Statement": [EVERYBODY, deny] * 4_000})).is_unknown
    assert everyone(document({"Statement": [EVERYBODY, deny] * 20})).is_true


def test_patterns_of_a_hundred_thousand_stars_end() -> None:
    name = "arn:aws:iam::" + "*a" * 50_000
    assert judged(rights.grants_everything, Action="*", Resource=name).is_false
    assert judged(rights.passes_any_role, Action="*" * 100_000, Resource="*").is_true
