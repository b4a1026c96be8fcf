"""Instances have a role instead of keys."""

from scanner.graph.graph import Graph
from scanner.model.compute import Instance, NodePool
from scanner.rule import Severity, rule
from scanner.truth import Truth, known, unknown


def is_no_node_template(instance: Instance, graph: Graph) -> Truth:
    """Nodes get the role of their pool; EKS refuses a template that names another."""
    return ~graph.referred_by(
        instance, NodePool, "templates", lambda pool: known(True, pool.fact("uses it"))
    )


@rule(
    "instance-uses-role",
    title="Instances get their rights from a role",
    severity=Severity.MEDIUM,
    fix="Set iam_instance_profile.",
    when=is_no_node_template,
)
def check(instance: Instance) -> Truth:
    """Software without a role ends up with a stored key."""
    roles = instance.roles
    if roles.targets or roles.one_of or roles.outside:
        return known(True, roles)
    return unknown(roles) if roles.unknown or roles.maybe else known(False, roles)
