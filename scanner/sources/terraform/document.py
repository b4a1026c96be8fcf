"""From bytes to a Terraform document: archives, encodings, and what is not JSON at all."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Final

import msgspec

from scanner.errors import NotJsonError, NotTerraformError, SourceError, UnreadableError
from scanner.sources.terraform.decode import Document

_SHOW: Final = "write it with `terraform show -json plan.out`"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def bytes_of(path: str) -> tuple[str, bytes]:
    """Give the name and the bytes of a file, or of standard input for `-`."""
    if path == "-":
        return "standard input", sys.stdin.buffer.read()
    try:
        return path, Path(path).read_bytes()
    except IsADirectoryError as error:
        raise UnreadableError(path, "is a directory", "name a plan or state file in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is not a path"
        raise UnreadableError(path, f"cannot be read ({reason})") from error


def text_of(name: str, data: bytes, path: Path | None = None) -> bytes:
    """Give UTF-8 JSON text: unpacked, decoded, and shown by Terraform where it was binary."""
    if data[:2] == _GZIP:
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableError(name, "is a damaged gzip file", "copy it again") from error
    if data[:4] == _ZIP:
        data = _shown(name, path)
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    elif data[:2] in _UTF16 or (len(data) > 3 and data[:1] == b"{" and data[1:2] == b"\0"):
        # PowerShell 5 redirects (`>`) as UTF-16 with a byte order mark.
        try:
            data = data.decode("utf-16" if data[:2] in _UTF16 else "utf-16-le").encode()
        except UnicodeError as error:
            raise NotJsonError(name, "is damaged UTF-16 text", _SHOW) from error
    return data


def parse(name: str, text: bytes) -> Document:
    """Decode the outer shape of a document, or say what the text is instead."""
    start = text[:400].lstrip()
    if not start:
        if text.strip():
            start = text.strip()[:400]
        else:
            raise NotJsonError(name, "is empty", f"did the command before it fail? {_SHOW}")
    if start[:1] == b"<":
        raise NotJsonError(
            name, "is an HTML or XML page, not JSON", "perhaps a login or error page was saved"
        )
    if _is_log(start):
        raise NotTerraformError(name, "is the log of `terraform plan -json`, not a plan", _SHOW)
    try:
        return msgspec.json.decode(text, type=Document)
    except RecursionError:
        raise NotJsonError(name, "is nested too deeply to be a plan or a state", _SHOW) from None
    except msgspec.ValidationError:
        return _loosely(name, text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _not_json(name, text, error) from None


def _loosely(name: str, text: bytes) -> Document:
    """Decode a document of which some top-level part has another type than it should."""
    try:
        fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except RecursionError:
        raise NotJsonError(name, "is nested too deeply to be a plan or a state", _SHOW) from None
    except msgspec.ValidationError:
        raise NotTerraformError(name, "is JSON, but not an object", _SHOW) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _not_json(name, text, error) from None
    document = Document()
    known = {field.encode_name: field for field in msgspec.structs.fields(Document)}
    for key, raw in fields.items():
        field = known.get(key)
        if field is None:
            document.others.append(key)
            continue
        try:
            setattr(document, field.name, msgspec.json.decode(raw, type=field.type))
        except RecursionError:
            raise NotJsonError(name, "is nested too deeply to be a plan", _SHOW) from None
        except (msgspec.DecodeError, UnicodeError):
            document.damaged[field.name] = raw
    return document


def _not_json(name: str, text: bytes, error: Exception) -> SourceError:
    message = str(error)
    if "truncated" in message:
        return NotJsonError(
            name, f"ends early, after {len(text)} bytes", "the JSON text is cut off; write it again"
        )
    if b"\n" in text and _is_log(text[text.find(b"\n") :].lstrip()[:400]):
        return NotTerraformError(name, "is the log of `terraform plan -json`, not a plan", _SHOW)
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return NotJsonError(name, f"is not UTF-8 text (byte {wrong.start})", _SHOW)
    place = re.search(r"byte (\d+)", message)
    where = f" (byte {place[1]})" if place else ""
    return NotJsonError(name, f"is not JSON{where}", _SHOW)


def _is_log(start: bytes) -> bool:
    # https://developer.hashicorp.com/terraform/internals/machine-readable-ui
    return start[:1] == b"{" and b'"@level"' in start and b'"@message"' in start


def _shown(name: str, path: Path | None) -> bytes:
    """Let the local Terraform show a binary plan; it needs the directory's providers."""
    advice = "run `terraform show -json` on it and scan the result"
    program = shutil.which("terraform") or shutil.which("tofu")
    if path is None or program is None:
        raise NotJsonError(name, "is a binary plan, which only Terraform can read", advice)
    try:
        done = subprocess.run(
            [program, "show", "-json", "-no-color", path.resolve().name],
            cwd=path.resolve().parent,
            capture_output=True,
            check=False,
            timeout=600,
            env={**os.environ, "TF_IN_AUTOMATION": "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotJsonError(name, "is a binary plan that could not be shown", advice) from error
    if done.returncode != 0:
        # Terraform's own words are left out: they may quote values.
        raise NotJsonError(
            name,
            f"is a binary plan that `{Path(program).name} show -json` refused in its directory",
            "run `terraform init` there first, or show the plan where it was made",
        )
    return done.stdout
