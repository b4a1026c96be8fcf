"""Buckets and links to their objects.

API paths are those of Bucket and PreauthenticatedRequest (Object Storage API).
"""

from __future__ import annotations

from scanner.mapping.fields import Attr, always, holds, never
from scanner.mapping.oci.reading import CustomerKey, key
from scanner.mapping.oci.volumes import NO_POLICY
from scanner.mapping.registry import maps
from scanner.model.data import Bucket, PreauthenticatedRequest

maps(
    "oci_objectstorage_bucket",
    to=Bucket,
    # Object Storage documentation, "Object Storage Data Encryption": by AES-256 of every object; it
    # cannot be turned off.
    encrypted_at_rest=always("OCI encrypts all objects at rest"),
    customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    keys=key("kms_key_id", "kmsKeyId"),
    public=holds(lambda access: access != "NoPublicAccess", "access_type", "publicAccessType"),
    # API documentation, section "HTTPS and TLS 1.2 Required": of every request to an OCI API.
    tls_only=always("Object Storage answers on HTTPS only"),
    versioned=holds(lambda state: state == "Enabled", "versioning", "versioning"),
    logged=never("it has no log setting of its own: the Logging service has"),
    resource_policy=NO_POLICY,
)
maps(
    "oci_objectstorage_preauthrequest",
    to=PreauthenticatedRequest,
    access=Attr("access_type", "accessType"),
    expires=Attr("time_expires", "timeExpires"),
)
