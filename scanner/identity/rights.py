"""What a statement hands out, judged by its text; the full evaluation is another matter.

AWS: IAM User Guide, "IAM JSON policy elements".  OCI: IAM documentation, "Policy syntax": the
keywords are not case-sensitive and any white space separates them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from scanner.model.document import Statement, Words, matches
from scanner.model.identity import Policy
from scanner.truth import Evidence, Truth, known, unknown

_WILD: Final = frozenset("*?")
# IAM does not care for case in names.  What the policies of AWS allow: their documents, as the
# package moto 5.2.1 keeps them, 1,485 in all.  Those named FullAccess give their whole service, be
# it by a wildcard or by a list that AWS extends; the others here give all actions of some service
# on every resource.  AWSSupportAccess and SupportUser, which give support:*, are left out: CIS AWS
# Foundations asks for a role that has the former.
_ADMINISTRATOR: Final = re.compile(r"(?:.*/)?AdministratorAccess", re.IGNORECASE)
_WIDE: Final = """
    AIOpsConsoleAdminPolicy AWSAgentlessDiscoveryService AWSAppSyncAdministrator
    AWSAuditManagerAdministratorAccess AWSBudgetsActionsWithAWSResourceControlAccess
    AWSCloud9Administrator AWSCodeArtifactAdminAccess AWSCodeBuildAdminAccess
    AWSCodeStarServiceRole AWSDataPipeline_PowerUser AWSDeepLensLambdaFunctionAccessPolicy
    AWSDeepLensServiceRolePolicy AWSDeepRacerCloudFormationAccessPolicy
    AWSDeepRacerRoboMakerAccessPolicy AWSDeepRacerServiceRolePolicy
    AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy AWSElasticBeanstalkService
    AWSGlueServiceRole AWSGrafanaAccountAdministrator AWSGreengrassResourceAccessRolePolicy
    AWSLakeFormationDataAdmin AWSPanoramaGreengrassGroupRolePolicy
    AWSResourceExplorerOrganizationsAccess AWSSSODirectoryAdministrator
    AWSSSOMasterAccountAdministrator AWSSSOMemberAccountAdministrator AWSShieldDRTAccessPolicy
    AmazonCognitoPowerUser AmazonCognitoUnAuthedIdentitiesSessionPolicy
    AmazonDataZoneEnvironmentRolePermissionsBoundary
    AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary
    AmazonDynamoDBFullAccesswithDataPipeline AmazonEC2RoleforDataPipelineRole
    AmazonElasticMapReduceforEC2Role AmazonFraudDetectorFullAccessPolicy AmazonSSMAutomationRole
    AmazonSecurityLakeAdministrator DataScientist DatabaseAdministrator NetworkAdministrator
    SageMakerStudioAdminIAMConsolePolicy SageMakerStudioAdminIAMDefaultExecutionPolicy
    SageMakerStudioAdminIAMPermissiveExecutionPolicy
    SageMakerStudioUserIAMDefaultExecutionPolicy SageMakerStudioUserIAMPermissiveExecutionPolicy
    SecretsManagerReadWrite ServerMigrationConnector SystemAdministrator
"""
_WHOLE_SERVICE: Final = re.compile(
    r"(?:.*/)?(?:AdministratorAccess[\w-]*|PowerUserAccess|[\w-]*FullAccess(?:_?V\d+)?|"
    + "|".join(_WIDE.split())
    + ")",
    re.IGNORECASE,
)
# These allow iam:PassRole on every role, for every service.
_PASSES_ROLES: Final = re.compile(
    r"(?:.*/)?(?:AdministratorAccess|AdministratorAccess-Amplify|IAMFullAccess"
    r"|AWSElasticBeanstalkService|AWSMcpServiceActionsFullAccess|AmazonElasticMapReduceRole"
    r"|AmazonDynamoDBFullAccesswithDataPipeline|AmazonElasticMapReduceFullAccess)",
    re.IGNORECASE,
)


def grants_everything(statement: Statement) -> Truth:
    """Whether an Allow covers every action on every resource, or on all but some."""
    everything = statement.actions.any(_is_every_action)
    anywhere = statement.resources.any(_is_every_resource) | is_present(statement.not_resources)
    return statement.allows & everything & anywhere


def grants_whole_service(statement: Statement) -> Truth:
    """Whether an Allow gives all actions of a service on every resource, or all but some."""
    service = statement.actions.any(_is_whole_service)
    inverted = is_present(statement.not_actions) | is_present(statement.not_resources)
    return statement.allows & ((service & statement.resources.any(_is_wide)) | inverted)


def passes_any_role(statement: Statement) -> Truth:
    """Whether an Allow lets any role be passed to a service."""
    passes = statement.actions.any(_is_passing) | _all_but(statement.not_actions, _is_passing)
    anything = statement.resources.any(_is_any_role) | _all_but(
        statement.not_resources, _is_any_role
    )
    return statement.allows & passes & anything & ~_limits_service(statement)


def _is_every_action(action: str) -> bool:
    return "*" in action and not set(action) - {*_WILD, ":"}


def _is_whole_service(action: str) -> bool:
    service, colon, name = action.partition(":")
    name = name if colon else service[-1:]
    return "*" in name and not set(name) - _WILD


def _is_passing(action: str) -> bool:
    return matches(action, "iam:PassRole")


def _is_every_resource(name: str) -> bool:
    """Whether a pattern covers things of any service: `*`, `arn:*`, `arn:aws:*:*:*:*`."""
    return all(
        _covers(name, thing)
        for thing in ("iam::{}:role/8f14e45f", "ec2:xx-east-9:{}:instance/i-c9f0f895")
    )


def _is_any_role(name: str) -> bool:
    return _covers(name, "iam::{}:role/8f14e45f")


def _covers(name: str, thing: str) -> bool:
    """Whether a pattern covers a thing that nobody has named, of the account it speaks of."""
    parts = name.split(":", 5)
    partition = parts[1] if len(parts) == 6 and not set(parts[1]) & _WILD else "aws"
    account = parts[4] if len(parts) == 6 and parts[4].isdigit() else "111122223333"
    return matches(name, f"arn:{partition}:{thing.format(account)}")


def _is_wide(name: str) -> bool:
    """Whether a pattern covers all that a service has in an account: `arn:aws:s3:::*`."""
    parts = name.split(":", 5)
    if _is_every_resource(name) or len(parts) < 6:
        return _is_every_resource(name)
    region, account, thing = parts[3:]
    anywhere = not set(region) - _WILD and (account.isdigit() or not set(account) - _WILD)
    return anywhere and "*" in thing and not set(thing) - {*_WILD, ":", "/"}


def _all_but(words: Words, predicate: Callable[[str], bool]) -> Truth:
    """Whether an inverted element is there and does not except what the predicate finds."""
    return is_present(words) & ~words.any(predicate)


def _limits_service(statement: Statement) -> Truth:
    """Whether roles can only be passed to services that are named."""
    return demands(
        statement,
        lambda key: key == "iam:passedtoservice",
        lambda text: not set(text[:1]) & _WILD,
        "no condition on the service",
    )


def is_present(words: Words) -> Truth:
    """Whether an element is there at all."""
    if words.items or words.identifiers:
        return known(True, Evidence(words.source, words.shown))
    if words.unknown:
        return unknown(Evidence(words.source, words.unknown[0]))
    return known(False, Evidence(words.source, "not set"))


def some_statement(policy: Policy, question: Callable[[Statement], Truth]) -> Truth:
    """Whether a statement of the policy's AWS documents is as asked.

    Where it has none because it consists of something else, there is nothing to show for that.
    """
    consists_of_else = not policy.statements.is_empty or policy.managed_policies.content
    if policy.documents.is_absent and consists_of_else:
        return known(False)
    return policy.documents.any(question)


def _some_text(policy: Policy, predicate: Callable[[str], bool]) -> Truth:
    words = policy.statements
    return known(False) if words.is_empty and not words.source else words.any(predicate)


def hands_out_administrator(policy: Policy) -> Truth:
    """Whether the provider's own administrator policy is attached."""
    return _hands_out(policy, _ADMINISTRATOR)


def hands_out_whole_service(policy: Policy) -> Truth:
    """Whether a policy of the provider is attached that gives a whole service or more."""
    return _hands_out(policy, _WHOLE_SERVICE)


def hands_out_role_passing(policy: Policy) -> Truth:
    """Whether a policy of the provider is attached that lets any role be passed."""
    return _hands_out(policy, _PASSES_ROLES)


def _hands_out(policy: Policy, hit: re.Pattern[str]) -> Truth:
    if policy.managed_policies.content == ():
        return known(False)
    return policy.managed_policies.test(lambda names: any(map(hit.fullmatch, names)))


def demands(
    statement: Statement,
    is_key: Callable[[str], bool],
    is_fixed: Callable[[str], bool],
    otherwise: str,
) -> Truth:
    """Whether the statement holds only where a key of the request has one of fixed values.

    A negated operator, `IfExists`, `ForAllValues` and `Null` leave the key open.
    """
    doubts = [Evidence(statement.source, reason) for reason in statement.conditions_unknown]
    for condition in statement.conditions:
        operator = condition.operator.lower().removeprefix("foranyvalue:")
        if not is_key(condition.key) or condition.values.is_empty:
            continue
        # A variable such as ${aws:PrincipalOrgID} is what the caller brings.
        if any("${" in text or "&{" in text for text in condition.values.items):
            continue
        fact = f"condition {condition.operator} {condition.key} {condition.values.shown}"
        if operator in _EXACT:
            return known(True, Evidence(statement.source, fact))
        if operator in _PATTERN and all(map(is_fixed, condition.values.items)):
            if not condition.values.unknown:
                return known(True, Evidence(statement.source, fact))
            doubts.append(Evidence(statement.source, fact))
    return unknown(*doubts) if doubts else known(False, Evidence(statement.source, otherwise))


_EXACT: Final = frozenset({"stringequals", "stringequalsignorecase"})
_PATTERN: Final = frozenset({"stringlike", "arnequals", "arnlike"})


_SPACE: Final = re.compile(r"\s+")
_ALL: Final = re.compile(r"(?:allow|admit) .*? to manage all-resources in ")
_ADMINISTRATORS: Final = re.compile(r"allow group (?:'?default'?/)?'?administrators'? to ")
_TENANCY: Final = re.compile(r"tenancy\b|compartment id ocid1\.tenancy\.")
_ANYBODY: Final = re.compile(r"(?:allow|admit|endorse) any-(?:user|group)\b")


def _normal(statement: str) -> str:
    return _SPACE.sub(" ", statement).strip().lower()


def _rest_of_administration(text: str) -> str:
    """Give what follows `in` where somebody but the group Administrators manages everything."""
    text = _normal(text)
    found = None if _ADMINISTRATORS.match(text) else _ALL.match(text)
    return text[found.end() :] if found is not None else ""


def tenancy_administration(policy: Policy) -> Truth:
    """Whether somebody but the group Administrators manages everything in the tenancy (OCI)."""
    return _some_text(
        policy, lambda text: _TENANCY.match(_rest_of_administration(text)) is not None
    )


def compartment_administration(policy: Policy) -> Truth:
    """Whether somebody manages everything in a compartment, or the tenancy (OCI)."""
    return _some_text(policy, lambda text: bool(_rest_of_administration(text)))


def admits_any_user(policy: Policy) -> Truth:
    """Whether any user or group is given something without a condition on who it is (OCI)."""
    return _some_text(policy, _is_for_anybody)


def _is_for_anybody(text: str) -> bool:
    text = _normal(text)
    if not _ANYBODY.match(text):
        return False
    _, where, conditions = text.partition(" where ")
    return not (where and _is_narrow(conditions, _names_caller))


_CALLER: Final = re.compile(
    r"request\.(?:principal|user|groups|networksource|instance|resource)\.[\w.-]+\s*"
    r"(?:=|in\b)\s*(.+)"
)


def _names_caller(test: str) -> bool:
    found = _CALLER.fullmatch(test)
    return found is not None and bool(set(found[1]) - set("*/'\"() ,."))


def matches_everything(rule: str) -> bool:
    """Whether a dynamic group's matching rule limits neither compartment, id nor tag."""
    return not _is_narrow(_normal(rule), _names_member)


_MEMBER: Final = re.compile(
    r"(?:instance\.compartment\.id|instance\.id|resource\.compartment\.id|resource\.id|cluster\.id"
    r"|resource\.parent[\w.]*|tag\.[\w.-]+\.value)\s*=\s*(?:'([^']+)'|\"([^\"]+)\")"
)
_TAG: Final = re.compile(r"tag\.[\w-]+\.[\w-]+\.value")


def _names_member(test: str) -> bool:
    if _TAG.fullmatch(test):
        return True
    found = _MEMBER.fullmatch(test)
    if found is None:
        return False
    value = found[1] or found[2]
    # Everything may be in the root compartment, which has the identifier of the tenancy.
    return bool(set(value) - {*_WILD, " "}) and not value.startswith("ocid1.tenancy.")


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<open>any|all)\s*\{|(?P<close>\})|(?P<comma>,)"
    r"|(?P<test>(?:'[^']*'|\"[^\"]*\"|\([^)]*\)|[^{},'\"(])+))"
)


def _is_narrow(text: str, is_narrow_test: Callable[[str], bool]) -> bool:
    """Whether conditions joined by `any {…}` and `all {…}` limit; what is not readable does not.

    OCI IAM documentation, "Writing Matching Rules to Define Dynamic Groups" and "Conditions".
    """
    stack: list[tuple[bool, list[bool]]] = [(False, [])]
    position = 0
    text = text.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return False
        position = token.end()
        if token["open"]:
            stack.append((token["open"] == "any", []))
        elif token["close"]:
            alternatives, results = stack.pop()
            if not stack:
                return False
            stack[-1][1].append(_joined(alternatives, results))
        elif token["test"] and token["test"].strip():
            stack[-1][1].append(is_narrow_test(token["test"].strip()))
    return len(stack) == 1 and _joined(*stack[0])


def _joined(alternatives: bool, results: list[bool]) -> bool:
    return bool(results) and (all(results) if alternatives else any(results))
