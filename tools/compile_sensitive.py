"""Compile scanner/sources/terraform/sensitive.json and nesting.json from provider schemas.

    python tools/compile_sensitive.py DATE SCHEMA.json[.gz]... --out scanner/sources/terraform

A schema is what `terraform providers schema -json` prints.  DATE goes into the files.
`sensitive.json`: per type the attributes that the schema marks sensitive.
`nesting.json`: per type the nested blocks that are lists of more than one (not sets), whose order
in the configuration is their order in the plan; the attributes that may be written as blocks; and
the attributes that are lists or sets of texts, less those whose names end in `_ids` or `_arns`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_DEPTH = 2


def main() -> None:
    """Read the schemas and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("date")
    parser.add_argument("schemas", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    sensitive: dict[str, set[str]] = defaultdict(set)
    lists: dict[str, set[str]] = defaultdict(set)
    blocklike: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    for path in arguments.schemas:
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        for provider in json.loads(text)["provider_schemas"].values():
            for kind in ("resource_schemas", "data_source_schemas"):
                for type_name, schema in provider.get(kind, {}).items():
                    sensitive[type_name].update(_sensitive(schema["block"], ""))
                    if kind == "resource_schemas":
                        lists[type_name].update(_lists(schema["block"], "", _DEPTH))
                        blocklike[type_name].update(_blocklike(schema["block"]))
                        texts[type_name].update(_texts(schema["block"], 3))
    origin = {
        "sources": sorted(path.name.split(".json")[0] for path in arguments.schemas),
        "compiled": arguments.date,
    }
    _write(arguments.out / "sensitive.json", origin, types=sensitive)
    _write(arguments.out / "nesting.json", origin, types=lists, blocklike=blocklike, texts=texts)


def _sensitive(block: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("sensitive"):
            yield prefix + name
    for name, nested in block.get("block_types", {}).items():
        yield from _sensitive(nested["block"], f"{prefix}{name}.")


def _lists(block: dict[str, Any], prefix: str, depth: int) -> Iterator[str]:
    for name, nested in block.get("block_types", {}).items():
        if nested["nesting_mode"] == "list" and nested.get("max_items") != 1:
            yield prefix + name
        if depth > 1:
            yield from _lists(nested["block"], f"{prefix}{name}.", depth - 1)


def _blocklike(block: dict[str, Any]) -> Iterator[str]:
    """Give the arguments that are lists or sets of objects: SchemaConfigModeAttr."""
    for name, attribute in block.get("attributes", {}).items():
        kind = attribute.get("type")
        if (
            attribute.get("optional")
            and isinstance(kind, list)
            and kind[0] in ("list", "set")
            and isinstance(kind[1], list)
            and kind[1][0] == "object"
        ):
            yield name


def _texts(block: dict[str, Any], depth: int) -> Iterator[str]:
    """Give the names of arguments that are lists or sets of texts, at any place of the type."""
    for name, attribute in block.get("attributes", {}).items():
        kind = attribute.get("type")
        written = attribute.get("optional") or attribute.get("required")
        texts = written and kind in (["list", "string"], ["set", "string"])
        if texts and not name.endswith(("_ids", "_arns")):
            yield name
    if depth:
        for nested in block.get("block_types", {}).values():
            yield from _texts(nested["block"], depth - 1)


def _write(path: Path, origin: dict[str, Any], **tables: dict[str, set[str]]) -> None:
    """Write one type a line, so that a new schema shows as a readable difference."""
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in origin.items()]
    for title, table in tables.items():
        lines = [
            f"{json.dumps(name)}: {json.dumps(sorted(found))}"
            for name, found in sorted(table.items())
            if found
        ]
        parts.append(json.dumps(title) + ": {\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
