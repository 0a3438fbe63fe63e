"""Signatures after Standard Webhooks: the receiver knows who sent a message, and that nobody changed or kept it."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dealwright import RefusedError
from dealwright_outbox.settings import Endpoint

_PREFIX = "whsec_"
_SIZES = range(24, 65)  # bytes of a key that the standard allows


def headers(secrets: Sequence[bytes], message: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of a message sent at `at` (whole seconds of the epoch), signed with every secret."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(secret, message, at, body) for secret in secrets),
    }


def signature(secret: bytes, message: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`."""
    signed = b".".join((message.encode(), str(at).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


def secrets_of(endpoint: Endpoint, folder: Path, environment: Mapping[str, str] = os.environ) -> tuple[bytes, ...]:
    """The keys of an endpoint, the first one first; several while one takes the place of another.

    A variable or file may hold several, apart by white space. Raises RefusedError where there is
    none or one is unreadable; no message says what a secret is.
    """
    found: list[bytes] = []
    for name in endpoint.secret_env:
        if not environment.get(name, "").strip():
            raise _refused(endpoint, f"the variable {name} is not set", f"未设置环境变量 {name}")
        found += [_key(endpoint, word, name) for word in environment[name].split()]
    if endpoint.secret_file is not None:
        found += [_key(endpoint, word, endpoint.secret_file) for word in _file(endpoint, folder).split()]
    if not found:
        raise _refused(endpoint, f"{endpoint.secret_file} is empty", f"{endpoint.secret_file} 为空")
    return tuple(found)


def _file(endpoint: Endpoint, folder: Path) -> str:
    path = folder / (endpoint.secret_file or "")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "not UTF-8"
        raise _refused(
            endpoint, f"{endpoint.secret_file} cannot be read: {said}", f"无法读取 {endpoint.secret_file}：{said}"
        ) from error


def _key(endpoint: Endpoint, word: str, where: str) -> bytes:
    try:
        key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused(
            endpoint, f"{where} holds no secret of the form whsec_BASE64", f"{where} 中没有 whsec_BASE64 形式的密钥"
        ) from error
    if len(key) not in _SIZES:
        raise _refused(
            endpoint, f"a secret in {where} has {len(key)} bytes; 24 to 64 are needed",
            f"{where} 中的密钥为 {len(key)} 字节，应为 24 至 64 字节",
        )  # fmt: skip
    return key


def _refused(endpoint: Endpoint, en: str, zh: str) -> RefusedError:
    return RefusedError(
        f"No secret for the endpoint {endpoint.name}: {en}", f"端点 {endpoint.name} 没有密钥：{zh}",
        endpoint=endpoint.name,
    )  # fmt: skip
