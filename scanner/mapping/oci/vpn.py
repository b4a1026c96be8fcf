"""Site-to-site VPN tunnels and the bastion service.

API paths are those of IPSecConnectionTunnel (Core Services API) and Bastion (Bastion API).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from scanner.mapping.defaults import default_of
from scanner.mapping.fields import Attr, Derived, NotApplicable, written
from scanner.mapping.oci.reading import Texts, path_for, subnets, truth_at
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps, supports
from scanner.model.network import Bastion, VpnTunnel
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, unknown
from scanner.value import Unknown, Value

_ONE: Final = ("phase_one_details", "phaseOneDetails")
_TWO: Final = ("phase_two_details", "phaseTwoDetails")
_CUSTOM_ONE: Final = ("is_custom_phase_one_config", "isCustomPhaseOneConfig")
_CUSTOM_TWO: Final = ("is_custom_phase_two_config", "isCustomPhaseTwoConfig")


def _phase(
    block: Block, phase: tuple[str, str], custom: tuple[str, str], name: tuple[str, str]
) -> Value[Any]:
    """Read what one phase permits; its own choice counts only in a custom configuration.

    Networking documentation, "Supported IPSec Parameters": without one Oracle accepts all that the
    page lists.  A custom phase 1 must be met exactly.  A custom phase 2 is all that Oracle offers
    when it begins; when the device at the other end begins, all that the page lists is accepted,
    so that this device decides: what is read here is what Oracle's side is told to use.
    """
    path = f"{path_for(block, *phase)}.{path_for(block, *name)}"
    default = default_of(block.record.type, f"{phase[0]}.{name[0]}")
    is_custom = truth_at(
        block, f"{path_for(block, *phase)}.{path_for(block, *custom)}", f"{phase[0]}.{custom[0]}"
    )
    found = written(block, path)
    if is_custom.is_unknown:
        why = next((item.fact for item in is_custom.evidence), "known after apply")
        return Value(Unknown(why), block, path)
    if is_custom.is_false or found is MISSING or found == "":
        note = "no custom choice: what Oracle accepts"
        return Value(tuple(default) if default is not MISSING else (), block, path, note)
    if isinstance(found, str):
        return Value((found,), block, path)
    why = found.reason if isinstance(found, Unknown) else "not of the expected form"
    return Value(Unknown(why), block, path)


def _together(parts: Sequence[Value[Any]]) -> Value[Any]:
    """Join what both phases permit: a tunnel is as weak as the weaker one."""
    for part in parts:
        if isinstance(part.content, Unknown):
            return part
    items: dict[Any, None] = {}
    for part in parts:
        items.update(dict.fromkeys(part.known_or(())))
    first = next((part for part in parts if part.note), parts[0])
    return Value(tuple(items), first.origin, first.path, first.note)


_CIPHER: Final = ("custom_encryption_algorithm", "customEncryptionAlgorithm")
_HASH: Final = ("custom_authentication_algorithm", "customAuthenticationAlgorithm")


def _encryption(block: Block) -> Value[Any]:
    return _together(
        (_phase(block, _ONE, _CUSTOM_ONE, _CIPHER), _phase(block, _TWO, _CUSTOM_TWO, _CIPHER))
    )


def _integrity(block: Block) -> Value[Any]:
    """Read the hashes of both phases; a GCM cipher of phase two authenticates by itself."""
    parts = [_phase(block, _ONE, _CUSTOM_ONE, _HASH)]
    cipher = _phase(block, _TWO, _CUSTOM_TWO, _CIPHER).content
    if not (isinstance(cipher, tuple) and cipher and all("GCM" in item for item in cipher)):
        parts.append(_phase(block, _TWO, _CUSTOM_TWO, _HASH))
    return _together(parts)


def _dh_groups(block: Block) -> Value[Any]:
    """Read the Diffie-Hellman groups; phase two has one only with perfect forward secrecy."""
    parts = [_phase(block, _ONE, _CUSTOM_ONE, ("custom_dh_group", "customDhGroup"))]
    forward = path_for(block, "is_pfs_enabled", "isPfsEnabled")
    path = f"{path_for(block, *_TWO)}.{forward}"
    if not truth_at(block, path, f"{_TWO[0]}.is_pfs_enabled").is_false:
        parts.append(_phase(block, _TWO, _CUSTOM_TWO, ("dh_group", "dhGroup")))
    names = _together(parts)
    if isinstance(names.content, Unknown):
        return names
    numbers = []
    for name in names.content:
        digits = name.upper().removeprefix("GROUP")
        if not digits.isdecimal():
            return Value(Unknown("not of the expected form"), block, names.path)
        numbers.append(int(digits))
    return Value(tuple(numbers), block, names.path, names.note)


def _holds_to_lists(block: Block) -> Truth:
    """Say that nobody can tell: Networking documentation, "Supported IPSec Parameters".

    A custom configuration limits what Oracle proposes.  Where the customer's device begins, Oracle
    accepts any supported parameter.
    """
    fact = "Oracle accepts any supported parameter that the customer's device proposes"
    return unknown(Evidence(block.address, fact))


maps(
    "oci_core_ipsec_connection_tunnel_management",
    to=VpnTunnel,
    ike_versions=Texts("ike_version", "ikeVersion"),
    encryption=Derived(_encryption),
    integrity=Derived(_integrity),
    dh_groups=Derived(_dh_groups),
    holds_to_lists=Derived(_holds_to_lists),
    logged=NotApplicable("an OCI tunnel has no log setting: the service sends its logs to Logging"),
)

maps(
    "oci_bastion_bastion",
    to=Bastion,
    subnets=subnets("target_subnet_id", "targetSubnetId"),
    # CreateBastionDetails has no groups: the lists of the target subnet hold for its interface.
    security_groups=Nothing(),
    # CreateBastionDetails, clientCidrBlockAllowList: without a list nobody can open a session,
    # which the rule asks about by the list's length.
    client_ranges=Texts("client_cidr_block_allow_list", "clientCidrBlockAllowList"),
    longest_session_seconds=Attr("max_session_ttl_in_seconds", "maxSessionTtlInSeconds"),
)
supports("oci_bastion_session")
