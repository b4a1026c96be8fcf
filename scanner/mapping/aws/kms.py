"""Encryption keys: KMS keys, their policies and aliases; and who controls the key of a resource.

API paths are those of DescribeKey and GetKeyRotationStatus (botocore service model `kms`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from scanner.mapping.documents import Document
from scanner.mapping.fields import Attr, Derived, NotApplicable, flag, written
from scanner.mapping.references import From, Ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.base import Field
from scanner.model.keys import Key
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, all_of, known, one_answer, unknown
from scanner.value import Unknown, Value

KEY_TYPES: Final = frozenset(
    {"aws_kms_key", "aws_kms_alias", "aws_kms_external_key", "aws_kms_replica_key"}
    | {"aws_kms_replica_external_key"}
)


def key(terraform: str, api: str) -> Ref:
    """Read a reference to an encryption key, by id, ARN or alias."""
    return Ref(terraform, api, KEY_TYPES)


@dataclass(frozen=True)
class CustomerKey:
    """Whether the key named at a path is one that the customer controls.

    AWS KMS Developer Guide, "AWS KMS keys": AWS managed keys have aliases that begin `alias/aws/`,
    and a customer cannot create one that does.  Where no key is named, AWS uses its own.
    """

    terraform: str
    api: str

    def read(self, block: Block) -> Truth:
        """Judge the key: named in what was read, named outside of it, or not named."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        found = written(block, path)
        source = f"{block.address}.{path}"
        if found is MISSING or found == "":
            return known(False, Evidence(source, "not set: AWS uses a key of its own"))
        links = block.links(path, KEY_TYPES)
        if links.is_empty:
            if isinstance(found, str):
                return _of_name(block, source, found)
            if isinstance(found, Unknown) and block.record.resolver is None:
                return unknown(Value(found, block, path))
            return known(False, Evidence(source, "refers to no key: AWS uses a key of its own"))
        return _of_links(links)


@dataclass(frozen=True)
class NamesKey:
    """Whether a path names any key at all, where naming one is what encrypts."""

    terraform: str
    api: str

    def read(self, block: Block) -> Truth:
        """Judge it; a reference to a record is a name, even if not known which."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        found = written(block, path)
        source = f"{block.address}.{path}"
        if found is MISSING or found == "":
            return known(False, Evidence(source, "not set"))
        if not isinstance(found, Unknown):
            return known(True, Value(found, block, path))
        links = block.links(path, KEY_TYPES)
        if links.targets or links.one_of:
            return known(True, links)
        if links.is_empty and block.record.resolver is not None:
            return known(False, Evidence(source, "refers to no key"))
        return unknown(Value(found, block, path))


def _of_links(links: Links) -> Truth:
    block = links.origin
    truths = [_of_peer(links, address) for address in links.targets]
    truths += [
        one_answer([_of_peer(links, address) for address in group]) for group in links.one_of
    ]
    truths += [_of_name(block, links.source, name) for name in links.outside]
    truths += [unknown(Evidence(links.source, f"perhaps {address}")) for address in links.maybe]
    truths += [unknown(Evidence(links.source, reason)) for reason in links.unknown]
    return all_of(truths)


def _of_name(block: Block, source: str, name: str) -> Truth:
    if name.startswith("alias/aws/") or ":alias/aws/" in name:
        return known(False, Evidence(source, f'"{name}": a key that AWS manages'))
    for peer in block.record.peers.of("aws_kms_alias"):
        if name in (peer.block.read("target_key_arn"), peer.block.read("target_key_id")):
            # Of an alias that is looked up only the key's ARN is written here.
            return _of_looked_up(source, peer)
    if block.record.shape == "api" and "alias/" not in name:
        # Answers of the API name the AWS managed key too, by an ARN like any other.
        return unknown(Evidence(source, f'"{name}" is not in what was read'))
    return known(True, Evidence(source, f'"{name}"'))


def _of_peer(links: Links, address: str) -> Truth:
    peer = links.origin.record.peers.get(address)
    if peer is None:
        return unknown(Evidence(links.source, f"{address} was not read"))
    if peer.managed:
        return known(True, Evidence(links.source, address))
    return _of_looked_up(links.source, peer)


def _of_looked_up(source: str, peer: Record) -> Truth:
    """Judge a key that the configuration only looks up."""
    if peer.type == "aws_kms_alias":
        name = peer.block.value("name")
        return ~name.test(_is_of_aws).because(Evidence(source, peer.address))
    manager: Value[Any] = peer.block.value("key_manager")
    if isinstance(manager.content, Unknown):
        asked = peer.block.read("key_id")
        if isinstance(asked, str) and _is_of_aws(asked):
            return known(False, Evidence(f"{peer.address}.key_id", f'"{asked}"'))
    return manager.equals("CUSTOMER").because(Evidence(source, peer.address))


def _is_of_aws(name: Any) -> bool:
    return isinstance(name, str) and (name.startswith("alias/aws/") or ":alias/aws/" in name)


_SYMMETRIC: Final = NotApplicable("KMS rotates symmetric encryption keys only")
_ELSEWHERE: Final = NotApplicable("its material is kept in a key store of the customer")
_IMPORTED: Final = NotApplicable("its material is imported, which KMS cannot replace by itself")
_REPLICA: Final = NotApplicable("a replica is rotated with its primary key")


def _rotates(block: Block) -> Any:
    """Whether the key rotates; AWS KMS Developer Guide, "Rotate AWS KMS keys", tells which can."""
    terraform = block.record.shape == "terraform"
    spec = block.read("customer_master_key_spec" if terraform else "KeySpec")
    usage = block.read("key_usage" if terraform else "KeyUsage")
    store = block.read("custom_key_store_id" if terraform else "CustomKeyStoreId")
    if isinstance(spec, str) and spec != "SYMMETRIC_DEFAULT":
        return _SYMMETRIC.read(block)
    if isinstance(usage, str) and usage != "ENCRYPT_DECRYPT":
        return _SYMMETRIC.read(block)
    if isinstance(store, str) and store:
        return _ELSEWHERE.read(block)
    return flag("enable_key_rotation", "KeyRotationEnabled").read(block)


_ROTATION: Final[dict[str, Field]] = {
    "aws_kms_key": Derived(_rotates),
    "aws_kms_external_key": _IMPORTED,
    "aws_kms_replica_key": _REPLICA,
    "aws_kms_replica_external_key": _IMPORTED,
}
for _type, _rotates_if in _ROTATION.items():
    maps(
        _type,
        to=Key,
        rotates=_rotates_if,
        deletion_days=Attr("deletion_window_in_days", "PendingDeletionWindowInDays"),
        resource_policy=From(
            "aws_kms_key_policy", Document("policy", "Policy"), absent=Document("policy", "Policy")
        ),
    )
companion("aws_kms_key_policy", _ROTATION, "key_id", "KeyId")
supports("aws_kms_alias")
