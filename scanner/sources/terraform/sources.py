"""The HCL source of a configuration, module by module; files are read when something asks.

A plan stays the truth: what the source adds is used only where it agrees with the plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from os.path import normpath, relpath
from pathlib import Path
from typing import Any, Final

from scanner.errors import UnreadableError
from scanner.sources.terraform.address import Name
from scanner.sources.terraform.expressions import is_leaf, references
from scanner.sources.terraform.hcl import Body, HclError, parse
from scanner.sources.terraform.written import Expression

_LARGEST: Final = 4 << 20
_ADVICE: Final = "name the folder that `terraform plan` was run in"
_ROOT: Final = "the root module"
_ENDINGS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")
_COMMENT: Final = re.compile(r"^[ \t]*/\*", re.MULTILINE)
_HEADER: Final = re.compile(
    r'^[ \t]*(resource|data|module|output|locals)\b((?:[ \t]*"?[\w-]+"?){0,2})[ \t]*\{',
    re.MULTILINE,
)
_LABEL: Final = re.compile(r"[\w-]+")
_META: Final = frozenset({"for_each", "count", "provider", "depends_on", "lifecycle"})
_HIDDEN: Final = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})


class File:
    """One file: where it is, which blocks it seems to hold, and how it is called in messages."""

    __slots__ = ("headers", "name", "path", "read", "surely")

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.read = False
        text = self.text()
        self.headers = {
            (kind, *_LABEL.findall(labels)) for kind, labels in _HEADER.findall(text or "")
        }
        # What a quick look takes for a block may be a comment.
        self.surely = text is not None and _COMMENT.search(text) is None

    def text(self) -> str | None:
        """Give the text, if it can be read."""
        try:
            if self.path.stat().st_size > _LARGEST:
                return None
            return self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError):
            return None


class Folder:
    """One module's folder; a module that is not at hand has none, and says so."""

    __slots__ = ("_damaged", "_files", "_top", "name", "path")

    def __init__(self, path: Path | None, name: str) -> None:
        self.path = path
        self.name = name
        self._damaged: list[str] = []
        self._files: list[File] | None = None
        self._top: dict[tuple[str, ...], list[Body]] = {}

    def files(self) -> list[File]:
        """Give the files that Terraform and OpenTofu read, override files last."""
        if self._files is None:
            self._files = [File(path, self._called(path)) for path in self._paths()]
        return self._files

    def local(self, name: str) -> tuple[Expression | None, str]:
        """Find a local value, or say why there is none."""
        for body in reversed(self.block("locals")):
            # That of an override file comes last and wins; otherwise there is one.
            if name in body.arguments:
                return body.arguments[name], ""
        if not self.files():
            return None, f"local.{name}: {self.name} is not in the source given"
        if self._damaged:
            return None, f"local.{name} may be in {self._damaged[0]}"
        return None, f"local.{name} is not in the source given ({self.name})"

    def block(self, *words: str) -> list[Body]:
        """Find the blocks of a type with labels; override files have one more."""
        for file in self.files():
            if not file.read and (words in file.headers or not file.headers):
                file.read = True
                self._read(file)
        return self._top.get(words, [])

    def differs(self, planned: Iterable[Name]) -> list[str]:
        """Name the resources that only the plan or only the source has, by a quick look."""
        files = self.files()
        if not files or any(file.path.name.endswith(".json") for file in files):
            return []
        names = {_block_name(name): name for name in planned if name.mode in ("managed", "data")}
        headers = {words for file in files for words in file.headers}
        surely = {words for file in files if file.surely for words in file.headers}
        missing = names.keys() - headers
        added = {words for words in surely if words[0] in ("resource", "data")} - names.keys()
        shown = {words for words in missing | added if len(words) == 3}
        return sorted(".".join(words[words[0] == "resource" :]) for words in shown)

    def _read(self, file: File) -> None:
        text = file.text()
        if text is None:
            self._damaged.append(f"{file.name}, which cannot be read")
        elif file.path.name.endswith(".json"):
            self._damaged.append(f"{file.name}, which is JSON and not followed")
        else:
            try:
                found = parse(text)
            except HclError as error:
                self._damaged.append(f"{file.name}, which cannot be read as HCL ({error})")
            else:
                for words, bodies in found.blocks.items():
                    self._top.setdefault(words, []).extend(bodies)

    def _paths(self) -> list[Path]:
        if self.path is None or not self.path.is_dir():
            return []
        found = [
            path
            for path in self.path.iterdir()
            if path.name.endswith(_ENDINGS) and path.name[0] not in ".#" and path.is_file()
        ]
        return sorted(found, key=lambda path: (_overrides(path), path.name))

    def _called(self, path: Path) -> str:
        return path.name if self.name == _ROOT else f"{self.name}/{path.name}"


class Block:
    """What the source says of one block of the plan."""

    __slots__ = ("_folder", "_found", "_words")

    def __init__(self, folder: Folder, words: tuple[str, ...]) -> None:
        self._folder = folder
        self._words = words
        self._found: list[Body] | None = None

    @property
    def _bodies(self) -> list[Body]:
        if self._found is None:
            self._found = self._folder.block(*self._words)
        return self._found

    def agrees(self, expressions: dict[str, Any]) -> bool:
        """Whether the same arguments and blocks are written there as the plan shows."""
        if not self._bodies:
            return False
        arguments = {name for body in self._bodies for name in body.arguments} - _META
        blocks = {words[0] for body in self._bodies for words in body.blocks} - _HIDDEN
        shown = expressions.keys() - _HIDDEN
        return arguments <= shown and shown <= arguments | blocks

    def sharpen(self, node: Any, names: Iterable[str]) -> Any:
        """Give the expression at a place with its structure, if it is the plan's for certain."""
        if not is_leaf(node) or "constant_value" in node or isinstance(node, Expression):
            return node
        *blocks, last = names
        wanted = references(node)
        fitting = [
            body.arguments[last]
            for body in self._inside(blocks)
            if last in body.arguments
            and body.arguments[last]
            and references(body.arguments[last]) == wanted
        ]
        if len(fitting) == 1 or (fitting and all(item.form == "traversal" for item in fitting)):
            return fitting[0]
        return node

    def hides(self, names: Iterable[str]) -> bool:
        """Whether a dynamic block may write something at a place."""
        path = tuple(names)
        return any(
            name in body.dynamic
            for depth, name in enumerate(path)
            for body in self._inside(path[:depth])
        )

    def writes(self, names: Iterable[str]) -> bool:
        """Whether anything at all is written at a place, by whatever means."""
        *blocks, last = names
        return self.hides((*blocks, last)) or any(
            last in body.arguments or (last,) in body.blocks for body in self._inside(blocks)
        )

    def _inside(self, blocks: Iterable[str]) -> list[Body]:
        bodies = self._bodies
        for name in blocks:
            bodies = [below for body in bodies for below in body.blocks.get((name,), ())]
        return bodies


class Sources:
    """The folders of a configuration, from the root module's."""

    __slots__ = ("_installed", "root")

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            found = "is not a folder" if path.exists() else "does not exist"
            raise UnreadableError(str(path), found, _ADVICE)
        self.root = Folder(path, _ROOT)
        if not self.root.files():
            raise UnreadableError(str(path), "holds no .tf files", _ADVICE)
        self._installed: dict[str, str] | None = None

    def below(self, parent: Folder, path: tuple[str, ...], source: str) -> Folder:
        """Find the folder that a module call leads to."""
        assert self.root.path is not None
        found: Path | None = None
        if source.startswith(("./", "../", ".\\", "..\\")) or source in (".", ".."):
            if parent.path is not None:
                found = Path(normpath(parent.path / source.replace("\\", "/")))
        else:
            folder = self._modules().get(".".join(path))
            found = Path(normpath(self.root.path / folder)) if folder else None
        if found is None:
            return Folder(None, f"module {'.'.join(path)}")
        return Folder(found, relpath(found, self.root.path).replace("\\", "/"))

    def _modules(self) -> dict[str, str]:
        """Read where `terraform init` has put the modules that are not local."""
        if self._installed is None:
            self._installed = dict(_manifest(self.root.path))
        return self._installed


def _manifest(root: Path | None) -> Iterator[tuple[str, str]]:
    if root is None:
        return
    try:
        text = (root / ".terraform/modules/modules.json").read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return
    modules = found.get("Modules") if isinstance(found, dict) else None
    for item in modules if isinstance(modules, list) else ():
        if isinstance(item, dict):
            key, folder = item.get("Key"), item.get("Dir")
            if isinstance(key, str) and isinstance(folder, str):
                yield key, folder


def _block_name(name: Name) -> tuple[str, ...]:
    return "data" if name.mode == "data" else "resource", name.type, name.name


def _overrides(path: Path) -> bool:
    name = path.name.partition(".")[0]
    return name == "override" or name.endswith("_override")
