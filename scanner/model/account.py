"""Settings of a whole account, region or tenancy."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.truth import Truth


class AccountSettings(Resource):
    """Account-wide switches that decide for resources that say nothing themselves.

    encrypts_new_volumes: new block volumes are encrypted unless asked otherwise.
    blocks_public_buckets: no bucket of the account can be public.
    """

    encrypts_new_volumes: Truth
    blocks_public_buckets: Truth
