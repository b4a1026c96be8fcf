"""Long-lived credentials of users: keys, tokens and passwords for interfaces.

API paths are those of ApiKey, AuthToken, CustomerSecretKey, SmtpCredential and DbCredential
(Identity API) and their kin of the Identity Domains API; none of their fields is read.
"""

from __future__ import annotations

from scanner.mapping.registry import maps
from scanner.model.identity import AccessKey

for _type in (
    "oci_identity_api_key",
    "oci_identity_auth_token",
    "oci_identity_customer_secret_key",
    "oci_identity_db_credential",
    "oci_identity_smtp_credential",
    "oci_identity_domains_api_key",
    "oci_identity_domains_auth_token",
    "oci_identity_domains_customer_secret_key",
    "oci_identity_domains_my_api_key",
    "oci_identity_domains_my_auth_token",
    "oci_identity_domains_my_customer_secret_key",
    "oci_identity_domains_my_oauth2client_credential",
    "oci_identity_domains_my_smtp_credential",
    "oci_identity_domains_my_user_db_credential",
    "oci_identity_domains_oauth2client_credential",
    "oci_identity_domains_smtp_credential",
    "oci_identity_domains_user_db_credential",
):
    maps(_type, to=AccessKey)
