"""How OCI attributes are read: references, keys, blocks and flags that the provider completes.

Nearly every optional attribute of the OCI provider is also computed, so that one which the
configuration leaves out is "known after apply" in a plan.  What Oracle documents for an attribute
that is not given holds for those too; the readers here see to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.mapping.defaults import default_of
from scanner.mapping.fields import Constant, shown, written
from scanner.mapping.references import Ref, merge_links
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

NETWORKS: Final = ("oci_core_vcn",)
SUBNETS: Final = ("oci_core_subnet",)
GROUPS: Final = ("oci_core_network_security_group",)
LISTS: Final = ("oci_core_security_list", "oci_core_default_security_list", "oci_core_vcn")
KEYS: Final = ("oci_kms_key", "oci_kms_key_version", "oci_kms_generated_key")
# Of a resource to which no attribute can give a private address: Oracle chooses it.
CHOSEN: Final = Constant(())


@dataclass(frozen=True)
class Named:
    """References of an attribute; none where the configuration leaves it to the provider."""

    ref: Ref

    def read(self, block: Block) -> Links:
        """Resolve them."""
        path = path_for(block, self.ref.terraform, self.ref.api)
        return named_at(block, path, self.ref.types)


def named(terraform: str, api: str, *types: str) -> Named:
    """Read references to records of these provider types."""
    return Named(Ref(terraform, api, frozenset(types)))


def named_at(block: Block, path: str, types: Iterable[str]) -> Links:
    """Resolve the references at a path; none where nothing is written."""
    if written(block, path) is MISSING:
        return Links(block, path)
    return block.links(path, frozenset(types))


@dataclass(frozen=True)
class NetworkOfDefault:
    """The VCN of a default table or list, which is named by an attribute of that VCN.

    Once it exists the identifier is a literal, and only the VCN's own attribute tells whose it is.
    """

    path: str
    attribute: str

    def read(self, block: Block) -> Links:
        """Resolve it by expression or by literal."""
        links = block.links(self.path, frozenset(NETWORKS))
        if not links.outside:
            return links
        owners = {
            address: found
            for address, peer in block.record.peers.items()
            if peer.type in NETWORKS and (found := peer.block.read(self.attribute)) in links.outside
        }
        return replace(
            links,
            targets=tuple(dict.fromkeys((*links.targets, *owners))),
            outside=tuple(name for name in links.outside if name not in owners.values()),
        )


@dataclass(frozen=True)
class NamedAll:
    """References from several attributes together."""

    parts: tuple[Named | InEach, ...]

    def read(self, block: Block) -> Links:
        """Resolve all of them."""
        return merge_links(block, [part.read(block) for part in self.parts])


def named_all(*parts: Named | InEach) -> NamedAll:
    """Read references from several attributes as one."""
    return NamedAll(parts)


@dataclass(frozen=True)
class InEach:
    """References from every nested block at a path."""

    terraform: str
    api: str
    parts: tuple[Named, ...]

    def read(self, block: Block) -> Links:
        """Resolve those of each block."""
        path = path_for(block, self.terraform, self.api)
        found = blocks_of(block, path)
        if isinstance(found, Unknown):
            return Links(block, path, unknown=(found.reason,))
        links = [part.read(item) for item in found for part in self.parts]
        return replace(merge_links(block, [Links(block, path), *links]), path=path)


def in_each(terraform: str, api: str, *parts: Named) -> InEach:
    """Read references from every nested block at a path."""
    return InEach(terraform, api, parts)


def subnets(terraform: str, api: str) -> Named:
    """Read references to subnets."""
    return named(terraform, api, *SUBNETS)


def groups(terraform: str, api: str) -> Named:
    """Read references to network security groups."""
    return named(terraform, api, *GROUPS)


def key(terraform: str, api: str) -> Named:
    """Read a reference to an encryption key."""
    return named(terraform, api, *KEYS)


def path_for(block: Block, terraform: str, api: str) -> str:
    """Choose the path that applies to the shape of the record."""
    return terraform if block.record.shape == "terraform" else api


@dataclass(frozen=True)
class CustomerKey:
    """Whether a key is named: in OCI only keys of the customer's vaults can be.

    Oracle's own keys have no OCID that an attribute could hold.  Core Services API, kmsKeyId of
    CreateVolumeDetails: the OCID of a key of the Vault service; Block Volume documentation, "Block
    Volume Encryption": by default a key that Oracle provides.
    """

    terraform: str
    api: str

    def read(self, block: Block) -> Truth:
        """Judge the attribute: named, not named, or not known."""
        path = path_for(block, self.terraform, self.api)
        found = written(block, path)
        source = f"{block.address}.{path}"
        if found is MISSING or found == "":
            return known(False, Evidence(source, "not set: Oracle uses a key of its own"))
        if isinstance(found, Unknown):
            links = block.links(path, frozenset(KEYS))
            if (links.targets or links.one_of or links.outside) and not links.unknown:
                return known(True, links)
            return unknown(Value(found, block, path))
        if not isinstance(found, str):
            return unknown(Evidence(source, "not of the expected form"))
        return known(True, Evidence(source, f'"{found}"'))


@dataclass(frozen=True)
class Untold:
    """A truth that neither the configuration nor a document that was read tells, and why."""

    because: str

    def read(self, block: Block) -> Truth:
        """Say why it is not known."""
        return unknown(Evidence(block.address, self.because))


@dataclass(frozen=True)
class Texts:
    """The strings of an attribute, or of each block at a path; `unset` where nothing is there."""

    terraform: str
    api: str
    unset: tuple[str, ...] = ()

    def read(self, block: Block) -> Value[tuple[str, ...]]:
        """Read them; one that is not known makes the whole unknown."""
        path = path_for(block, self.terraform, self.api)
        return texts_at(block, path, self.unset, default_of(block.record.type, self.terraform))


def texts_at(
    block: Block, path: str, unset: tuple[str, ...] = (), default: Any = MISSING
) -> Value[tuple[str, ...]]:
    """Read the strings at a path; the default, or `unset`, where nothing is written."""
    found = written(block, path)
    note = ""
    if found is MISSING:
        found, note = default, "default"
    if found is MISSING:
        return Value(unset, block, path, "not set")
    if isinstance(found, Unknown):
        return Value(found, block, path)
    texts: list[str] = []
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, Unknown):
            return Value(item, block, path)
        if not isinstance(item, str):
            return Value(Unknown("not of the expected form"), block, path)
        texts.append(item)
    return Value(tuple(texts), block, path, note)


@dataclass(frozen=True)
class Fixed:
    """The private addresses that attributes fix; none where Oracle chooses them.

    paths: pairs of a Terraform and an API path, in each block at `at` if one is given.
    """

    paths: tuple[tuple[str, str], ...]
    at: tuple[str, str] = ("", "")

    def read(self, block: Block) -> Value[tuple[str, ...]]:
        """Read them; one that is written but not known makes the whole unknown."""
        whole = path_for(block, *self.at)
        blocks = blocks_of(block, whole) if whole else (block,)
        if isinstance(blocks, Unknown):
            return Value(blocks, block, whole)
        shown_at = ".".join(filter(None, (whole, path_for(block, *self.paths[0]))))
        found: dict[str, None] = {}
        for item in blocks:
            for pair in self.paths:
                content = written(item, path_for(block, *pair))
                for text in content if isinstance(content, list) else [content]:
                    if isinstance(text, Unknown):
                        return Value(text, block, shown_at)
                    if isinstance(text, str) and text:
                        found[text] = None
                    elif text is not MISSING and text != "":
                        return Value(Unknown("not of the expected form"), block, shown_at)
        return Value(tuple(found), block, shown_at, "" if found else "Oracle chooses the address")


def fixed(terraform: str, api: str) -> Fixed:
    """Read the private address that an attribute fixes."""
    return Fixed(((terraform, api),))


def blocks_of(block: Block, path: str) -> tuple[Block, ...] | Unknown:
    """Give the nested blocks at a path; none where the configuration leaves them out."""
    if shown(block, path) is MISSING:
        return ()
    return block.blocks(path)


def truth_at(block: Block, path: str, default: str = "") -> Truth:
    """Read a boolean, also one written as text; `default` is the path of its documented default."""
    found = written(block, path)
    source = f"{block.address}.{path}"
    note = ""
    if found is MISSING:
        found = default_of(block.record.type, default or path)
        note = " (default)"
        if found is MISSING:
            return unknown(Evidence(source, "not set, and no default is documented"))
    if isinstance(found, str) and found.lower() in {"true", "false"}:
        found = found.lower() == "true"
    if found is True or found is False:
        return known(found, Evidence(source, ("true" if found else "false") + note))
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    return unknown(Evidence(source, "not of the expected form"))
