"""Resource policies admit no anonymous principal."""

from scanner.identity.public import everyone
from scanner.model.compute import ImageRepository
from scanner.model.data import Bucket
from scanner.model.keys import Key
from scanner.model.network import ServiceEndpoint
from scanner.model.policy import Policied
from scanner.rule import Severity, rule
from scanner.truth import Truth, known

_JUDGED_BY_OTHERS = (Bucket, Key, ImageRepository, ServiceEndpoint)


def has_no_rule_of_its_own(resource: Policied) -> Truth:
    """Buckets, keys, repositories and endpoints have rules that know more of them."""
    return known(not isinstance(resource, _JUDGED_BY_OTHERS), resource.fact("has its own rule"))


@rule(
    "shared-access-not-public",
    title="Policies of queues, topics, secrets, functions and file systems admit nobody unnamed",
    severity=Severity.HIGH,
    fix="Name accounts, roles or services, or add a condition such as aws:SourceArn.",
    when=has_no_rule_of_its_own,
)
def check(resource: Policied) -> Truth:
    """Everybody with an account at the provider can then use the resource."""
    return ~everyone(resource.resource_policy)
