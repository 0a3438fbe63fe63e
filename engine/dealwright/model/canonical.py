"""The canonical form of data, and its hash."""

from __future__ import annotations

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="sorted")
ZERO = "0" * 64


def canonical(data: Any) -> bytes:
    """Sorted-key JSON without spaces; defaults of structs left out."""
    return _ENCODER.encode(data)


def digest(tag: str, data: bytes) -> str:
    """Lower-case SHA-256 over a tag, a newline and `data`; the tag keeps kinds of hashes apart."""
    import hashlib  # loads OpenSSL; what only reads goes without

    return hashlib.sha256(tag.encode() + b"\n" + data).hexdigest()


def canonical_hash(tag: str, data: Any) -> str:
    """The hash of `data` in canonical form."""
    return digest(tag, canonical(data))
