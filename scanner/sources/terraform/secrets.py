"""Drops attributes that are known to hold secrets, and notes what was seen before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec

from scanner.record import Secret
from scanner.sources.terraform.body import SENSITIVE, is_nothing
from scanner.sources.terraform.configuration import NOTHING
from scanner.sources.terraform.plain_sight import look, looks_literal, names_secret
from scanner.value import Unknown

Provenance = Callable[[str], tuple[bool | None, str] | None]
"""Tells whether the configuration has a constant at a path; None if it leaves the argument out."""

Kind = Literal["argument", "text", "names", ""]

_ARGUMENT: Final = re.compile(
    r"(?:password|passwd|passphrase|secret|token|private_key|private_key_pem|credentials?|api_key"
    r"|secret_key|secret_access_key|pre_?shared_?key|shared_secret|auth_token|connection_string"
    r"|secret_string|secret_binary|secret_content|key_material|key_material_base64|plaintext)"
    r"(?:_wo|_base64|_plain|_value)?(?:_[12])?$"
)
# These make a request repeatable; they open nothing (EFS API, CreateFileSystem: CreationToken).
_REQUEST_TOKEN: Final = re.compile(r"(?:creation|client|request|idempotency|retry)_token$")
_TEXT: Final = re.compile(
    r"(?:(?:base64_)?user_data(?:_base64)?|custom_data|container_definitions|container_properties"
    r"|startup_script|cloud_init)$"
)
_NAMES: Final = re.compile(
    r"(?:variables|environment_variables?|env_vars?|runtime_environment_variables"
    r"|freeform_environment)$"
)
# Attributes whose names say nothing, by type.
_OF_TYPE: Final[dict[tuple[str, str], Kind]] = {
    ("oci_core_instance", "metadata"): "names",
    ("oci_core_instance", "extended_metadata"): "names",
    ("oci_core_instance_configuration", "metadata"): "names",
    ("oci_core_instance_configuration", "extended_metadata"): "names",
    ("oci_functions_function", "config"): "names",
    ("oci_functions_application", "config"): "names",
    ("oci_vault_secret", "content"): "argument",
    ("oci_kms_encrypted_data", "plaintext"): "argument",
    ("aws_ssm_parameter", "value"): "argument",
    ("aws_ssm_parameter", "value_wo"): "argument",
    ("aws_ssm_parameter", "insecure_value"): "text",
    ("aws_glue_job", "default_arguments"): "names",
    ("aws_glue_connection", "connection_properties"): "names",
    ("aws_elastic_beanstalk_environment", "setting"): "names",
    ("aws_apprunner_service", "runtime_environment_variables"): "names",
    ("aws_sagemaker_model", "environment"): "names",
    ("aws_iam_access_key", "ses_smtp_password_v4"): "argument",
    ("aws_vpn_connection", "tunnel1_preshared_key"): "argument",
    ("aws_vpn_connection", "tunnel2_preshared_key"): "argument",
    ("aws_vpn_connection", "customer_gateway_configuration"): "argument",
}


@lru_cache(maxsize=1)
def _schemas() -> dict[str, dict[str, Kind]]:
    """Load the attributes that the providers' schemas mark sensitive."""
    text = files("scanner.sources.terraform").joinpath("sensitive.json").read_bytes()
    types: dict[str, list[str]] = msgspec.json.decode(text)["types"]
    found: dict[str, dict[str, Kind]] = {
        name: dict.fromkeys(paths, "argument") for name, paths in types.items()
    }
    for (name, attribute), kind in _OF_TYPE.items():
        found.setdefault(name, {})[attribute] = kind
    return found


@cache
def _leaves(type: str) -> frozenset[str]:
    paths = _schemas().get(type, {})
    return frozenset(path.rpartition(".")[2] for path in paths)


@lru_cache(maxsize=65536)
def _kind_by_name(name: str) -> Kind:
    if _TEXT.match(name):
        return "text"
    if _NAMES.match(name):
        return "names"
    if _REQUEST_TOKEN.search(name):
        return ""
    return "argument" if _ARGUMENT.search(name) else ""


class _Names(dict[str, Kind]):
    """The kinds of attribute names seen so far."""

    def __missing__(self, key: str) -> Kind:
        kind = _kind_by_name(key) if len(key) < 200 else ""
        if len(self) < 100_000:
            self[key] = kind
        return kind


_kinds: Final = _Names()


class Dropper:
    """Takes the secrets out of one record's attributes."""

    __slots__ = ("_leaves", "_paths", "_provenance", "_type", "found")

    def __init__(self, type: str, provenance: Provenance) -> None:
        self._type = type
        self._paths = _schemas().get(type, {})
        self._leaves = _leaves(type)
        self._provenance = provenance
        self.found: list[Secret] = []

    def drop(self, block: dict[str, Any], path: str = "", dotted: str = "", depth: int = 0) -> None:
        """Replace what may be secret, in place, at any depth."""
        leaves = self._leaves
        changed: list[tuple[str, Any]] = []
        for key, value in block.items():
            if key.__class__ is not str:
                continue
            kind = _kinds[key]
            if kind or key in leaves:
                kind = self._paths.get(f"{dotted}{key}", kind)
                if kind:
                    after = self._dropped(kind, key, value, f"{path}{key}", depth)
                    if after is not value:
                        changed.append((key, after))
                    if not isinstance(after, list) and (kind == "names" or after is not value):
                        continue
                    value = after
            if value.__class__ is dict:
                self._nested(value, f"{path}{key}.", f"{dotted}{key}.", depth)
            elif value.__class__ is list and value:
                self._list(value, f"{path}{key}", f"{dotted}{key}.", depth)
        block.update(changed)

    def _nested(self, block: dict[str, Any], path: str, dotted: str, depth: int) -> None:
        if depth < 100:
            self.drop(block, path, dotted, depth + 1)
        else:
            block.clear()

    def _list(self, items: list[Any], path: str, dotted: str, depth: int) -> None:
        for index, item in enumerate(items):
            if item.__class__ is dict:
                self._nested(item, f"{path}[{index}].", dotted, depth)
            elif item.__class__ is list:
                # No provider nests lists with named parts; hide rather than walk.
                items[index] = SENSITIVE if _holds_names(item) else item

    def _dropped(self, kind: Kind, key: str, value: Any, path: str, depth: int) -> Any:
        if kind == "argument":
            return self._argument(key, value, path)
        if is_nothing(value) or isinstance(value, bool):
            return value
        if kind == "text":
            return self._text(value, path)
        return self._named(value, path)

    def _argument(self, key: str, value: Any, path: str) -> Any:
        by_schema = key in self._leaves
        if is_nothing(value):
            if value is None and key.endswith("_wo"):
                # Write-only arguments are null in every plan, whatever was written.
                written = self._provenance(path)
                if written is not None and written[0]:
                    self.found.append(Secret(path, "argument", *written))
            return value
        if isinstance(value, (dict, list)) and not by_schema:
            if isinstance(value, list) and any(isinstance(item, str) for item in value):
                return [SENSITIVE if isinstance(item, str) else item for item in value]
            return value
        if not by_schema and not isinstance(value, (str, Unknown)):
            return value
        if isinstance(value, str) and not by_schema and _points_elsewhere(value):
            return value
        if isinstance(value, str) or not isinstance(value, (dict, list)):
            written = self._provenance(path)
            if written is not None or not isinstance(value, Unknown):
                verdict = written or (None, "the configuration does not say where it comes from")
                self.found.append(Secret(path, "argument", *verdict))
        return value if isinstance(value, Unknown) else SENSITIVE

    def _text(self, value: Any, path: str) -> Any:
        if isinstance(value, Unknown):
            return self._unread(value, path)
        if not isinstance(value, str):
            return value if isinstance(value, (int, float)) else SENSITIVE
        if re.fullmatch(r"[0-9a-f]{40}", value):
            self.found.append(Secret(path, "text", None, "only a hash of the text is kept"))
            return SENSITIVE
        seen = look(value) or next(
            (
                f"a literal in the variable {name}"
                for name, text in _containers(value)
                if names_secret(name) and looks_literal(text)
            ),
            "",
        )
        reason = f"the text holds {seen}" if seen else "nothing in the text looks like a secret"
        self.found.append(Secret(path, "text", bool(seen), reason))
        return SENSITIVE

    def _unread(self, value: Unknown, path: str) -> Unknown:
        """Note a text that is not known, unless the configuration leaves it out."""
        written = self._provenance(path)
        if written is not None and written[1] != NOTHING:
            self.found.append(Secret(path, "text", None, value.reason))
        return value

    def _named(self, value: Any, path: str) -> Any:
        if isinstance(value, Unknown):
            return self._unread(value, path)
        if isinstance(value, list):
            return [self._pair(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return SENSITIVE
        before = len(self.found)
        kept = {
            name: self._variable(str(name), text, f"{path}.{name}") for name, text in value.items()
        }
        if len(self.found) == before:
            reason = "none of the values looks like a secret"
            self.found.append(Secret(path, "text", False, reason))
        return kept

    def _pair(self, item: Any, path: str) -> Any:
        """Drop the value of a block with a name and a value."""
        if not isinstance(item, dict):
            return item if item is None or isinstance(item, Unknown) else SENSITIVE
        if "value" in item:
            name = item.get("name")
            if item.get("type") in ("PARAMETER_STORE", "SECRETS_MANAGER"):
                return {**item, "value": SENSITIVE if isinstance(item["value"], str) else None}
            return {**item, "value": self._variable(str(name), item["value"], f"{path}.value")}
        return item

    def _variable(self, name: str, value: Any, path: str) -> Any:
        if is_nothing(value):
            return value
        if isinstance(value, Unknown):
            if names_secret(name):
                self.found.append(Secret(path, "text", None, value.reason))
            return value
        if isinstance(value, str):
            seen = look(value)
            if not seen and names_secret(name) and looks_literal(value):
                seen = "a literal, under a name that says it is secret"
            if seen:
                self.found.append(Secret(path, "text", True, f"the value holds {seen}"))
        return SENSITIVE


def _points_elsewhere(text: str) -> bool:
    """Whether a value names a secret that is kept elsewhere, such as by its ARN or OCID."""
    return text.startswith(("arn:", "ocid1."))


def _holds_names(items: list[Any]) -> bool:
    pending: list[Any] = list(items)
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            return True
        if isinstance(item, list):
            pending.extend(item)
    return False


def _containers(text: str) -> Iterator[tuple[str, str]]:
    """Give the environment variables of container definitions in JSON."""
    if text[:1] not in "[{":
        return
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return
    for container in content if isinstance(content, list) else [content]:
        if isinstance(container, dict):
            variables = container.get("environment")
            for item in variables if isinstance(variables, list) else []:
                if isinstance(item, dict):
                    name, value = item.get("name"), item.get("value")
                    if isinstance(name, str) and isinstance(value, str):
                        yield name, value
