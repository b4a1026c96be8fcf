"""Finds the record that a literal names: by id, ARN or OCID anywhere, by name within a type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from scanner.record import Record
from scanner.value import Unknown

# Names that identify a thing of the type within its account and region, where it is not `name`.
NATURAL: Final[dict[str, tuple[str, ...]]] = {
    "aws_s3_bucket": ("bucket",),
    "aws_eip": ("allocation_id",),
    "aws_lambda_function": ("function_name",),
    "aws_db_instance": ("identifier",),
    "aws_rds_cluster": ("cluster_identifier",),
    "aws_rds_global_cluster": ("global_cluster_identifier",),
    "aws_docdb_cluster": ("cluster_identifier",),
    "aws_neptune_cluster": ("cluster_identifier",),
    "aws_redshift_cluster": ("cluster_identifier",),
    "aws_elasticache_cluster": ("cluster_id",),
    "aws_elasticache_replication_group": ("replication_group_id",),
    "aws_elasticache_user": ("user_id",),
    "aws_elasticache_user_group": ("user_group_id",),
    "aws_key_pair": ("key_name",),
    "aws_kms_key": ("key_id",),
    "aws_opensearch_domain": ("domain_name",),
    "aws_elasticsearch_domain": ("domain_name",),
    "aws_ecs_task_definition": ("family",),
    "aws_dynamodb_table": ("name",),
    "aws_sns_topic": ("name",),
    "aws_sqs_queue": ("name", "url"),
    "aws_codecommit_repository": ("repository_name",),
    "aws_dms_replication_instance": ("replication_instance_id",),
    "aws_backup_vault": ("name",),
    "aws_mq_broker": ("broker_name",),
    "aws_cloudfront_origin_access_control": ("name",),
    "aws_wafv2_web_acl": ("name",),
}
_NAME: Final = ("name",)
# Identifiers of what a thing brings along, by which others refer to it: block, attribute.
_BROUGHT: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "aws_vpc": (("", "default_security_group_id"),),
    "aws_default_vpc": (("", "default_security_group_id"),),
    "aws_eks_cluster": (("vpc_config", "cluster_security_group_id"),),
    "aws_elb": (("", "source_security_group_id"),),
}

_GLOBAL: Final = re.compile(
    r"arn:aws[a-z-]*:|ocid1\.|[a-z]{1,12}(?:-[a-z]{1,12})?-(?:[0-9a-f]{8}|[0-9a-f]{17})$"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|mrk-[0-9a-f]{32}$"
)
_BUCKET: Final = re.compile(r"arn:aws[a-z-]*:s3:::([^/*?]+)")


@lru_cache(maxsize=4096)
def identity(type: str) -> frozenset[str]:
    """Give the attributes of a type that stand for the thing itself."""
    return frozenset(("id", "arn", "name", "self_link", "ocid", *NATURAL.get(type, ())))


def is_global(text: str) -> bool:
    """Whether a text is an identifier that no two things share, whatever their types."""
    return _GLOBAL.match(text) is not None


class Identifiers:
    """The known identifiers of all records."""

    __slots__ = ("_by_id", "_by_name", "_records", "_unnamed")

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self._by_id: dict[str, dict[str, Record]] | None = None
        self._by_name: dict[tuple[str, str], dict[str, Record]] = {}
        self._unnamed: dict[str, list[tuple[Record, str]]] = {}

    def unnamed(self, types: frozenset[str]) -> Iterator[tuple[Record, str]]:
        """Give the records of these types whose name is not known yet, and its attribute."""
        self._index()
        for type in sorted(types):
            yield from self._unnamed.get(type, ())

    def find(self, text: str, types: frozenset[str]) -> tuple[Record, ...]:
        """Give the records that a literal may name, in the order of their addresses."""
        by_id = self._index()
        found: dict[str, Record] = {}
        for form in _forms(text):
            if is_global(form):
                found.update(by_id.get(form, {}))
            for type in types:
                found.update(self._by_name.get((type, form), {}))
        bucket = _BUCKET.match(text)
        if bucket is not None:
            found.update(self._by_name.get(("aws_s3_bucket", bucket[1]), {}))
        if types:
            found = {key: record for key, record in found.items() if record.type in types}
        if any(record.managed for record in found.values()):
            # A data source that looks up a managed thing is that thing.
            found = {key: record for key, record in found.items() if record.managed}
        elif len(found) > 1:
            # So are several that look up the same one.
            first = min(found)
            if len({record.type for record in found.values()}) == 1 and is_global(text):
                found = {first: found[first]}
        return tuple(found[address] for address in sorted(found))

    def _index(self) -> dict[str, dict[str, Record]]:
        if self._by_id is not None:
            return self._by_id
        self._by_id = {}
        for record in self._records:
            attributes = record.body.attributes
            for key in ("id", "arn"):
                value = attributes.get(key)
                if value.__class__ is str and value and is_global(value):
                    self._by_id.setdefault(value, {})[record.address] = record
            for value in _brought(attributes, record.type):
                self._by_id.setdefault(value, {})[record.address] = record
            for key in identity(record.type):
                value = attributes.get(key)
                if value.__class__ is str and value:
                    self._by_name.setdefault((record.type, value), {})[record.address] = record
            for key in NATURAL.get(record.type, _NAME):
                if isinstance(attributes.get(key), Unknown):
                    self._unnamed.setdefault(record.type, []).append((record, key))
        return self._by_id


def _brought(attributes: Any, type: str) -> Iterator[str]:
    """Give the known identifiers of what a thing brings along."""
    for block, name in _BROUGHT.get(type, ()):
        holder = attributes.get(block) if block else attributes
        if isinstance(holder, list) and len(holder) == 1:
            holder = holder[0]
        value = holder.get(name) if isinstance(holder, dict) else None
        if isinstance(value, str) and is_global(value):
            yield value


def known_identifiers(attributes: Any, type: str) -> set[str]:
    """Give the identifiers of one thing that are known."""
    found = set()
    for key in identity(type):
        value = attributes.get(key)
        if isinstance(value, str) and value:
            found.add(value)
    return found


def _forms(text: str) -> tuple[str, ...]:
    """Give the forms of one identifier: a log group's ARN is also written with `:*`."""
    if text.startswith("arn:"):
        for ending in (":*", "/*"):
            if text.endswith(ending):
                return text, text[: -len(ending)]
    return (text,)
