"""Load balancers of both layers, their listeners, and the firewalls before them.

API paths are those of LoadBalancer, Listener (Load Balancing API), NetworkLoadBalancer (Network
Load Balancer API) and WebAppFirewall (WAF API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    flag,
    holds,
    is_not,
    never,
    written,
)
from scanner.mapping.oci.reading import (
    blocks_of,
    groups,
    named_at,
    path_for,
    subnets,
)
from scanner.mapping.references import ref
from scanner.mapping.registry import maps, supports
from scanner.model.edge import Listener, LoadBalancer, WebFirewall
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown

_BALANCERS: Final = ("oci_load_balancer_load_balancer", "oci_load_balancer")
_RULE_SETS: Final = frozenset({"oci_load_balancer_rule_set"})
_LOGGED: Final = never("it has no log setting of its own: the Logging service has")
_HEADERS: Final = NotApplicable("OCI load balancers have no such switch")

for _type in _BALANCERS:
    maps(
        _type,
        to=LoadBalancer,
        subnets=subnets("subnet_ids", "subnetIds"),
        security_groups=groups("network_security_group_ids", "networkSecurityGroupIds"),
        internet_facing=is_not("is_private", "isPrivate"),
        layer=Constant("application"),
        deletion_protected=flag("is_delete_protection_enabled", "isDeleteProtectionEnabled"),
        access_logged=_LOGGED,
        drops_invalid_headers=_HEADERS,
    )

maps(
    "oci_network_load_balancer_network_load_balancer",
    to=LoadBalancer,
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("network_security_group_ids", "networkSecurityGroupIds"),
    internet_facing=is_not("is_private", "isPrivate"),
    layer=Constant("network"),
    deletion_protected=NotApplicable("OCI network load balancers have no protection to switch on"),
    access_logged=NotApplicable("OCI network load balancers write no access logs"),
    drops_invalid_headers=_HEADERS,
)


def _encrypts(block: Block) -> Truth:
    """Whether the listener has a certificate: then it speaks TLS, whatever its protocol."""
    path = path_for(block, "ssl_configuration", "sslConfiguration")
    found = written(block, path)
    source = f"{block.address}.{path}"
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    if found is MISSING or found in ([], {}):
        return known(False, Evidence(source, "not set: the listener speaks without TLS"))
    return known(True, Evidence(source, "set"))


def _redirects(block: Block) -> Truth:
    """Whether a rule set sends every request to an encrypted address."""
    path = path_for(block, "rule_set_names", "ruleSetNames")
    links = named_at(block, path, _RULE_SETS)
    peers = block.record.peers
    truths = [
        _redirects_all(peers[address].block)
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
    return any_of(truths, Evidence(f"{block.address}.{path}", "no rule set"))


def _redirects_all(block: Block) -> Truth:
    found = blocks_of(block, "items")
    if isinstance(found, Unknown):
        return unknown(Evidence(f"{block.address}.items", found.reason))
    return any_of(map(_is_redirect, found), Evidence(block.address, "no redirect to HTTPS"))


def _is_redirect(block: Block) -> Truth:
    """Whether a rule redirects all paths to HTTPS.

    Load Balancing API, PathMatchCondition: a rule applies to the path that its condition names;
    RedirectUri, protocol: the scheme is kept unless the rule gives one.
    """
    redirects = holds(lambda action: action == "REDIRECT", "action", "action").read(block)
    scheme = holds(
        lambda text: text.upper() == "HTTPS",
        "redirect_uri.protocol",
        "redirectUri.protocol",
        unset="{protocol}",
    ).read(block)
    conditions = blocks_of(block, "conditions")
    if isinstance(conditions, Unknown):
        everywhere = unknown(Evidence(f"{block.address}.conditions", conditions.reason))
    else:
        everywhere = all_of(
            map(_covers_all_paths, conditions), Evidence(block.address, "no condition")
        )
    return redirects & scheme & everywhere


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


def _only_modern(protocols: Any) -> bool:
    return bool(protocols) and set(protocols) <= {"TLSv1.2", "TLSv1.3"}


maps(
    "oci_load_balancer_listener",
    to=Listener,
    load_balancer=ref("load_balancer_id", "loadBalancerId", *_BALANCERS),
    port=Attr("port", "port"),
    protocol=Attr("protocol", "protocol", str.upper),
    encrypts=Derived(_encrypts),
    redirects_to_tls=Derived(_redirects),
    modern_tls=holds(_only_modern, "ssl_configuration.protocols", "sslConfiguration.protocols"),
)


def _passes_through(block: Block) -> Truth:
    """Whether what stands behind speaks TLS: a network load balancer does not tell."""
    port = block.read("port")
    if port in (80, "80"):
        # Port 80 is registered for HTTP without TLS (IANA service names and port numbers).
        return known(False, Evidence(f"{block.address}.port", "80: HTTP without TLS"))
    fact = "it passes traffic through: whether that is TLS, only what stands behind it tells"
    return unknown(Evidence(block.address, fact))


maps(
    "oci_network_load_balancer_listener",
    to=Listener,
    load_balancer=ref(
        "network_load_balancer_id",
        "networkLoadBalancerId",
        "oci_network_load_balancer_network_load_balancer",
    ),
    port=Attr("port", "port"),
    protocol=Attr("protocol", "protocol", str.upper),
    encrypts=Derived(_passes_through),
    redirects_to_tls=never("a network load balancer answers nothing itself"),
    modern_tls=NotApplicable("a network load balancer ends no TLS itself"),
)


maps(
    "oci_waf_web_app_firewall",
    to=WebFirewall,
    protects=ref("load_balancer_id", "loadBalancerId", *_BALANCERS),
)
supports("oci_load_balancer_rule_set")
