"""What the owner declares of his resources: bastions, environments, cardholder data.

Declarations are tags, or a file that names resources by tags, addresses, accounts and ranges.  The
names of resources are never read to guess anything.
"""

from scanner.scope.declared import DEFAULT_SCOPES, Scopes, Selector, ranges
from scanner.scope.file import read_scopes
from scanner.scope.members import (
    Members,
    belongs,
    environments,
    environments_of,
    members,
    tier_of,
    unused,
)

__all__ = [
    "DEFAULT_SCOPES",
    "Members",
    "Scopes",
    "Selector",
    "belongs",
    "environments",
    "environments_of",
    "members",
    "ranges",
    "read_scopes",
    "tier_of",
    "unused",
]
