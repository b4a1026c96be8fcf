"""Volumes are encrypted."""

from scanner.graph.graph import Graph
from scanner.model.account import AccountSettings
from scanner.model.data import Volume
from scanner.rule import Severity, rule
from scanner.truth import Truth, any_of, known, unknown


def is_encrypted(volume: Volume, graph: Graph) -> Truth:
    """Whether the volume is encrypted by its own setting, or by that of its account and region."""
    return volume.encrypted_at_rest | any_of(
        (
            _same_place(volume, item) & item.encrypts_new_volumes
            for item in graph.of(AccountSettings)
        ),
        volume.fact("no encryption by default for its region in what was read"),
    )


def _same_place(volume: Volume, settings: AccountSettings) -> Truth:
    here, there = volume.location, settings.location
    fact = settings.fact(f"settings of region {there.region or 'of the provider'}")
    if here == there:
        return known(True, fact)
    region, other = here.region, there.region
    account, another = here.account, there.account
    if (region and other and region != other) or (account and another and account != another):
        return known(False, fact)
    return unknown(settings.fact("it may be of another account or region than the volume"))


@rule(
    "volume-encrypted-at-rest",
    title="Block volumes and block devices are encrypted",
    severity=Severity.HIGH,
    fix="Set encrypted = true on the volume or device, or encryption by default for the region.",
)
def check(volume: Volume, graph: Graph) -> Truth:
    """A detached or copied volume gives away all that was ever written to it."""
    return is_encrypted(volume, graph)
