"""The region and account of a record, from its own arguments or from its provider's."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from scanner.record import Location
from scanner.sources.terraform.address import Module, Name, module_of, path_of
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.decode import loads
from scanner.sources.terraform.expressions import is_leaf

_REGION: Final = re.compile(r"[a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):")
_TENANCY: Final = re.compile(r"ocid1\.tenancy\.[a-zA-Z0-9.-]+")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:([a-z0-9-]*):([0-9]{12}):")
_CODES: Final = {
    "iad": "us-ashburn-1",
    "phx": "us-phoenix-1",
    "fra": "eu-frankfurt-1",
    "lhr": "uk-london-1",
}


class _Own(msgspec.Struct):
    """The attributes of a resource that place it."""

    region: Any = None
    arn: Any = None
    id: Any = None


_own = msgspec.json.Decoder(_Own)


class Locations:
    """Finds locations; each provider configuration is evaluated once."""

    __slots__ = ("_accounts", "_by_block", "_known", "_plan", "_providers")

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._providers = plan.providers()
        self._known: dict[tuple[str, Module], Location] = {}
        self._by_block: dict[tuple[str, Name], Location] = {}
        self._accounts: dict[tuple[str, Module], str] = {}

    def account_of(self, module_text: str, name: Name, values: msgspec.Raw) -> None:
        """Note the account that a data source has read for its provider."""
        try:
            content = loads(values)
        except msgspec.DecodeError:
            return
        account = content.get("account_id") if isinstance(content, dict) else None
        if isinstance(account, str) and _ACCOUNT.fullmatch(account):
            key = self._key(module_of(module_text), name)
            if key is not None:
                self._accounts.setdefault(key, account)
                self._known.pop(key, None)

    def find(self, module_text: str, name: Name, after: msgspec.Raw) -> Location:
        """Give the location of one instance."""
        block = (module_text, name)
        base = self._by_block.get(block)
        if base is None:
            base = self._by_block[block] = self._provider(module_of(module_text), name)
        return place(name.type, after, base)

    def _key(self, module: Module, name: Name) -> tuple[str, Module] | None:
        """Give the provider configuration of a block, and the module that it stands in.

        Since Terraform 1.1 the key is that of the configuration itself; before, it was the key
        that the block's own module would have, and inherited ones have to be looked for above.
        """
        resource = self._plan.resource(module, name)
        if resource is None:
            return None
        key = resource.provider_key
        prefix, colon, local = key.rpartition(":")
        path = tuple(part for part in prefix.split(".") if part != "module") if colon else ()
        while key not in self._providers and path:
            path = path[:-1]
            above = ".".join(f"module.{part}" for part in path)
            key = f"{above}:{local}" if above else local
        return key, module[: len(path)] if path_of(module)[: len(path)] == path else ()

    def _provider(self, module: Module, name: Name) -> Location:
        key = self._key(module, name)
        if key is None:
            return Location()
        if key not in self._known:
            found = self._providers.get(key[0])
            expressions = found.get("expressions") if isinstance(found, dict) else None
            if not isinstance(expressions, dict):
                expressions = {}
            if name.type.startswith("oci_"):
                location = self._oci(expressions, key[1])
            else:
                location = self._aws(expressions, key)
            self._known[key] = location
        return self._known[key]

    def _aws(self, expressions: dict[str, Any], key: tuple[str, Module]) -> Location:
        module = key[1]
        account = ""
        roles = expressions.get("assume_role")
        if isinstance(roles, list) and roles and isinstance(roles[-1], dict):
            role = self._plan.constant(roles[-1].get("role_arn"), module)
            match = _ROLE.match(role) if isinstance(role, str) else None
            account = match[1] if match is not None else ""
        elif not isinstance(roles, list) or not roles:
            allowed = self._plan.constant(expressions.get("allowed_account_ids"), module)
            if isinstance(allowed, list) and len(allowed) == 1:
                account = _matched(_ACCOUNT, str(allowed[0]))
        return Location(account or self._accounts.get(key, ""), self._region(expressions, module))

    def _oci(self, expressions: dict[str, Any], module: Module) -> Location:
        tenancy = self._plan.constant(expressions.get("tenancy_ocid"), module)
        return Location(_matched(_TENANCY, tenancy), self._region(expressions, module))

    def _region(self, expressions: dict[str, Any], module: Module) -> str:
        node = expressions.get("region")
        return _matched(_REGION, self._plan.constant(node, module)) if is_leaf(node) else ""


def place(type: str, after: msgspec.Raw, base: Location = Location()) -> Location:
    """Refine a location by what the resource says itself: its region, or its ARN."""
    if not type.startswith("aws_"):
        return base if base.region or not type.startswith("oci_") else _by_ocid(after, base)
    try:
        own = _own.decode(after)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return base
    region = _matched(_REGION, own.region) or base.region
    account = base.account
    if own.arn is not None and isinstance(own.arn, str):
        match = _ARN.match(own.arn)
        if match is not None:
            region, account = region or match[1], account or match[2]
    if region == base.region and account == base.account:
        return base
    return Location(account, region)


def _by_ocid(after: msgspec.Raw, base: Location) -> Location:
    """Read the region out of an OCID; the four oldest regions have codes of three letters.

    https://docs.oracle.com/en-us/iaas/Content/General/Concepts/identifiers.htm
    """
    try:
        own = _own.decode(after)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return base
    parts = own.id.split(".") if isinstance(own.id, str) else []
    if len(parts) < 5 or parts[0] != "ocid1":
        return base
    region = _CODES.get(parts[3], parts[3])
    return Location(base.account, _matched(_REGION, region)) if region else base


def _matched(pattern: re.Pattern[str], value: Any) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""
