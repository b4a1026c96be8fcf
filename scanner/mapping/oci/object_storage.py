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
    # Object Storage documentation, "Object Storage Data Encryption": always, by AES-256.
    encrypted_at_rest=always("OCI encrypts all objects at rest"),
    customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    keys=key("kms_key_id", "kmsKeyId"),
    public=holds(lambda access: access != "NoPublicAccess", "access_type", "publicAccessType"),
    # Object Storage documentation, "Overview": the API endpoints are HTTPS only.
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
