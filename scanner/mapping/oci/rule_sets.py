"""Rule sets of listeners: which requests are redirected, and which clients are admitted.

API paths are those of RuleSet (Load Balancing API).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.fields import Test, holds, written
from scanner.mapping.oci.balancer_parts import parts_named
from scanner.mapping.oci.reading import NETWORKS, blocks_of, named_at, path_for, texts_at
from scanner.mapping.registry import supports
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

_TYPE: Final = "oci_load_balancer_rule_set"
_ANY_SCHEME: Final = known(True)


def _rule_sets(block: Block) -> Links:
    path = path_for(block, "rule_set_names", "ruleSetNames")
    if written(block, path) is MISSING:
        return Links(block, path)
    return parts_named(block, path, (_TYPE,))


def redirects_to_tls(block: Block) -> Truth:
    """Whether a rule set sends every request to an encrypted address.

    Load Balancing API, RedirectUri, protocol: the scheme is kept unless the rule gives one.
    """
    return _redirects(
        block,
        holds(
            lambda text: text.upper() == "HTTPS",
            "redirect_uri.protocol",
            "redirectUri.protocol",
            unset="{protocol}",
        ),
    )


def redirects_all(block: Block) -> Truth:
    """Whether a rule set sends every request elsewhere, so that none is forwarded."""
    return _redirects(block, None)


def _redirects(block: Block, scheme: Test | None) -> Truth:
    links = _rule_sets(block)
    peers = block.record.peers
    truths = [
        _redirects_all(peers[address].block, scheme)
        if address in peers
        else unknown(Evidence(links.source, f"{address} was not read"))
        for address in links.targets
    ]
    truths += [
        unknown(Evidence(links.source, f"perhaps {address}"))
        for address in dict.fromkeys(
            (*(item for group in links.one_of for item in group), *links.maybe)
        )
    ]
    truths += [unknown(Evidence(links.source, reason)) for reason in links.unknown]
    truths += [
        unknown(Evidence(links.source, f'"{name}" is not in what was read'))
        for name in links.outside
    ]
    return any_of(truths, Evidence(links.source, "no rule set"))


def _redirects_all(block: Block, scheme: Test | None) -> Truth:
    found = blocks_of(block, "items")
    if isinstance(found, Unknown):
        return unknown(Evidence(f"{block.address}.items", found.reason))
    nothing = "no redirect to HTTPS" if scheme is not None else "no redirect of every request"
    return any_of((_is_redirect(item, scheme) for item in found), Evidence(block.address, nothing))


def _is_redirect(block: Block, scheme: Test | None) -> Truth:
    """Whether a rule redirects all paths, to the scheme if one is asked for.

    Load Balancing API, PathMatchCondition: a rule applies to the path that its condition names.
    """
    redirects = holds(lambda action: action == "REDIRECT", "action", "action").read(block)
    to_scheme = scheme.read(block) if scheme is not None else _ANY_SCHEME
    conditions = blocks_of(block, "conditions")
    if isinstance(conditions, Unknown):
        everywhere = unknown(Evidence(f"{block.address}.conditions", conditions.reason))
    else:
        everywhere = all_of(
            map(_covers_all_paths, conditions), Evidence(block.address, "no condition")
        )
    return redirects & to_scheme & everywhere


def _covers_all_paths(block: Block) -> Truth:
    path = holds(
        lambda value: value == "/",
        path_for(block, "attribute_value", "attributeValue"),
        "attributeValue",
    ).read(block)
    of_path = holds(lambda name: name == "PATH", "attribute_name", "attributeName").read(block)
    prefix = holds(
        lambda operator: operator in ("FORCE_LONGEST_PREFIX_MATCH", "PREFIX_MATCH"),
        "operator",
        "operator",
    ).read(block)
    return of_path & path & prefix


def admitted(block: Block) -> Value[tuple[str, ...]]:
    """Read the client ranges that rules of access control admit; none if there is no such rule.

    Load Balancing API, AllowRule: without any rule all traffic is let through; with some, what
    matches none of them is denied.
    """
    links = _rule_sets(block)
    peers = block.record.peers
    for doubt in (*links.unknown, *links.maybe, *links.outside, *links.one_of):
        return Value(Unknown(f"a rule set may limit the clients: {doubt}"), block, links.path)
    found: dict[str, None] = {}
    for address in links.targets:
        if address not in peers:
            return Value(Unknown(f"{address} was not read"), block, links.path)
        for item in _allowed(peers[address].block):
            if isinstance(item, Unknown):
                return Value(item, block, links.path)
            found[item] = None
    return Value(tuple(found), block, links.path)


def _allowed(block: Block) -> Iterator[str | Unknown]:
    items = blocks_of(block, "items")
    if isinstance(items, Unknown):
        yield items
        return
    for item in items:
        action = item.read("action")
        if isinstance(action, Unknown):
            yield action
        elif action == "ALLOW":
            conditions = blocks_of(item, "conditions")
            if isinstance(conditions, Unknown):
                yield conditions
            else:
                yield from _matching(conditions)


def _matching(conditions: tuple[Block, ...]) -> Iterator[str | Unknown]:
    """Give the ranges that one rule admits; those of a VCN are narrowed by a second condition."""
    by_name: dict[str, Block] = {}
    for block in conditions:
        name = block.read(path_for(block, "attribute_name", "attributeName"))
        if not isinstance(name, str):
            yield name if isinstance(name, Unknown) else Unknown("no condition can be read")
            return
        by_name[name] = block
    narrow = by_name.get("SOURCE_IP_ADDRESS") or by_name.get("SOURCE_VCN_IP_ADDRESS")
    if narrow is not None:
        yield from _text(narrow)
    elif "SOURCE_VCN_ID" in by_name:
        yield from _of_network(by_name["SOURCE_VCN_ID"])
    else:
        yield Unknown("an access rule without a condition that assay knows")


def _text(block: Block) -> Iterator[str | Unknown]:
    found: Any = block.read(path_for(block, "attribute_value", "attributeValue"))
    if isinstance(found, str) and found:
        yield found
    else:
        yield found if isinstance(found, Unknown) else Unknown("no range can be read")


def _of_network(block: Block) -> Iterator[str | Unknown]:
    links = named_at(block, path_for(block, "attribute_value", "attributeValue"), NETWORKS)
    peers = block.record.peers
    for reason in (*links.unknown, *links.maybe, *links.one_of, *links.outside):
        yield Unknown(f"the ranges of a VCN are not known: {reason}")
        return
    for address in links.targets:
        network = peers[address].block if address in peers else None
        ranges = () if network is None else _ranges(network)
        if not ranges:
            yield Unknown(f"the ranges of {address} are not known")
        yield from ranges


def _ranges(network: Block) -> tuple[str, ...]:
    for pair in (("cidr_blocks", "cidrBlocks"), ("cidr_block", "cidrBlock")):
        found = texts_at(network, path_for(network, *pair)).known_or(())
        if found:
            return found
    return ()


supports(_TYPE)
