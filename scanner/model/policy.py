"""Resources that carry a policy saying who may use them."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.model.document import PolicyDocument


class Policied(Resource):
    """Whatever has a resource policy; an absent one is an empty document."""

    resource_policy: PolicyDocument
