"""VPN tunnels use strong algorithms only."""

from scanner.model.network import VpnTunnel
from scanner.rule import Severity, rule
from scanner.truth import Truth

STRONG_ENCRYPTION = frozenset(
    {"AES256", "AES256-GCM-16", "AES_256_CBC", "AES_256_GCM", "AES256GCM16", "AES_256_CTR"}
)
STRONG_INTEGRITY = frozenset(
    {"SHA2-256", "SHA2-384", "SHA2-512", "SHA2_256", "SHA2_384", "SHA2_512"}
    | {"HMAC_SHA2_256_128", "HMAC_SHA2_384_192", "HMAC_SHA2_512_256"}
)


# RFC 8247, section 2.4: groups 22 to 24 have small subgroups and SHOULD NOT or MUST NOT be used.
WEAK_GROUPS = frozenset({22, 23, 24})


@rule(
    "vpn-tunnels-strong",
    title="VPN tunnels permit only IKEv2, AES-256, SHA-2 and groups from 14 on",
    severity=Severity.HIGH,
    fix="List the permitted versions, ciphers, hashes and groups of both phases; what is not "
    "listed falls back to defaults that include weak ones.",
)
def check(tunnel: VpnTunnel, *, weakest_dh_group: int = 14) -> Truth:
    """A tunnel is as strong as the weakest proposal that it accepts."""
    return (
        tunnel.ike_versions.test(lambda found: set(found) <= {"ikev2", "V2"})
        & tunnel.encryption.test(lambda found: set(found) <= STRONG_ENCRYPTION)
        & tunnel.integrity.test(lambda found: set(found) <= STRONG_INTEGRITY)
        & tunnel.holds_to_lists
        & tunnel.dh_groups.test(
            lambda found: all(
                group >= weakest_dh_group and group not in WEAK_GROUPS for group in found
            )
        )
    )
