"""Functions and the repositories of their images.

API paths are those of Application, Function (Functions API) and ContainerRepository (Artifacts
API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.documents import NoDocument
from scanner.mapping.fields import Constant, Derived, flag
from scanner.mapping.oci.reading import CHOSEN, groups, path_for, subnets
from scanner.mapping.oci.volumes import NO_POLICY
from scanner.mapping.references import Through, ref
from scanner.mapping.registry import maps, supports
from scanner.model.compute import Function, ImageRepository
from scanner.record import Block, literals
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown

_APPLICATION: Final = ref("application_id", "applicationId", "oci_functions_application")

maps(
    "oci_functions_function",
    to=Function,
    subnets=Through(
        _APPLICATION, {"oci_functions_application": subnets("subnet_ids", "subnetIds")}
    ),
    security_groups=Through(
        _APPLICATION,
        {
            "oci_functions_application": groups(
                "network_security_group_ids", "networkSecurityGroupIds"
            )
        },
    ),
    addresses=CHOSEN,
    runtime=Constant("image"),
    resource_policy=NO_POLICY,
)

_TARGETS: Final = "oci_vulnerability_scanning_container_scan_target"


def _scanned(block: Block) -> Truth:
    """Whether a scan target of what was read covers the repository.

    Terraform registry, oci_vulnerability_scanning_container_scan_target: without a list of
    repositories, all of the compartment that target_registry names are scanned.
    """
    mine = _compartment(block)
    name = block.read(path_for(block, "display_name", "displayName"))
    doubts: list[Evidence] = []
    for record in block.record.peers.values():
        if record.type != _TARGETS:
            continue
        registry = record.block.blocks("target_registry")
        if isinstance(registry, Unknown):
            doubts.append(Evidence(record.address, registry.reason))
            continue
        for item in registry:
            covers = _covers(item, mine, name)
            if covers is True:
                return known(True, Evidence(record.address, "scans it"))
            if covers is None:
                doubts.append(Evidence(record.address, "may scan it"))
    if doubts:
        return unknown(*doubts)
    return known(False, Evidence(block.address, "no scan target in what was read covers it"))


def _compartment(block: Block) -> Any:
    path = path_for(block, "compartment_id", "compartmentId")
    found = block.read(path)
    if isinstance(found, Unknown):
        links = block.links(path)
        if links.targets and links.certain:
            return links.targets
        return None
    return found if isinstance(found, str) else None


def _covers(registry: Block, compartment: Any, name: Any) -> bool | None:
    """Whether a target covers a repository; None where that is not known."""
    theirs = _compartment(registry)
    if theirs is None or compartment is None:
        return None
    if theirs != compartment:
        # An OCID on one side and a reference on the other can still be the same compartment.
        return False if isinstance(theirs, type(compartment)) else None
    listed = registry.read("repositories")
    if isinstance(listed, Unknown) or not isinstance(name, str):
        return None
    names = literals(listed)
    if not isinstance(listed, list) or not listed or name in names:
        return True
    return None if any(isinstance(item, Unknown) for item in listed) else False


maps(
    "oci_artifacts_container_repository",
    to=ImageRepository,
    public=flag("is_public", "isPublic"),
    scanned=Derived(_scanned),
    immutable_tags=flag("is_immutable", "isImmutable"),
    # Policies of compartments decide; the repository carries none itself.
    resource_policy=NoDocument(),
)
supports(
    "oci_functions_application",
    "oci_vulnerability_scanning_container_scan_target",
    "oci_identity_compartment",
)
