"""Whether a text holds a secret in plain sight; answers in words that hold nothing of the text."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Final

_LOOKED_AT: Final = 1 << 20

# Every repetition is bounded: the texts are somebody else's, and may be long on purpose.
_PATTERNS: Final = (
    ("an AWS access key id", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY-----")),
    ("a bearer token", re.compile(r"(?i)\bbearer\s{1,4}[A-Za-z0-9._~+/=-]{16}")),
    (
        "a JSON web token",
        re.compile(r"eyJ[A-Za-z0-9_-]{8,400}\.eyJ[A-Za-z0-9_-]{8,400}\.[A-Za-z0-9_-]{8}"),
    ),
)
_URL: Final = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@$<{\"']{0,100}:([^\s:/@\"']{1,200})@"
)
_ASSIGNMENT: Final = re.compile(
    r"(?i)(?:password|passwd|pwd|passphrase|secret|secret_?access_?key|secret_?key|private_?key"
    r"|api_?key|access_?token|auth_?token|token)"
    r"[\"']{0,2}[ \t]{0,8}(?:=|:)[ \t]{0,8}[\"']{0,2}([^\s\"',;&]{1,200})"
)
_IDENTIFIER: Final = re.compile(r"\barn:aws[a-z-]{0,8}:[a-z0-9-]{1,40}:[\w:/+.@*-]{1,400}")
_SECRET_NAME: Final = re.compile(
    r"(?i)(?:password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|access_?key"
    r"|secret_?key|credentials?)(?:_?(?:value|plain|plaintext|base64|string|[0-9]{1,3}))?$"
)
_REFERENCE: Final = re.compile(
    r"(?i)^(?:arn:|ocid1\.|[$<%({`*\\#@]|\{\{|file:|ssm:|vault:|secretsmanager:|resolve:|https?://"
    r"|/|\.{1,2}/|s3://"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|[a-z]{1,12}-[0-9a-f]{8,17}$"
    r"|[\w.+-]{1,100}(?:/[\w.+-]{1,100}){1,8}$)"
)
_PLACEHOLDER: Final = re.compile(
    r"(?i)^(?:true|false|null|none|nil|yes|no|on|off|[0-9]{1,4}|x+|\.+|-+|_+|redacted|placeholder"
    r"|required|optional|enabled|disabled|string)[).\]}]{0,3}$"
)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")


def looks_literal(text: str) -> bool:
    """Whether a text could be a secret: not a reference to one, a path, an id or a placeholder."""
    return bool(text) and not _REFERENCE.match(text) and not _PLACEHOLDER.match(text)


def names_secret(name: str) -> bool:
    """Whether a variable of this name is there to hold a secret."""
    return _SECRET_NAME.search(name) is not None


def look(text: str) -> str:
    """Say what kind of secret a text holds in plain sight; empty if none is seen."""
    # The ARN of a secret has the word "secret", a colon and a name, but only names it.
    text = _IDENTIFIER.sub("arn:", decoded(text[:_LOOKED_AT]))
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    if any(looks_literal(match[1]) for match in _URL.finditer(text)):
        return "an address with a password in it"
    if any(looks_literal(match[1]) for match in _ASSIGNMENT.finditer(text)):
        return "an assignment of a literal to a password or token"
    return ""


def decoded(text: str) -> str:
    """Undo base64, and gzip below it, as user data is often written."""
    if not _BASE64.fullmatch(text):
        return text
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
        if content[:2] == b"\x1f\x8b":
            content = zlib.decompressobj(wbits=31).decompress(content, _LOOKED_AT)
        return content.decode()
    except (binascii.Error, ValueError, zlib.error):
        return text
