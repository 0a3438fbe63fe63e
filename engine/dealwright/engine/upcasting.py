"""Payloads of older releases, brought to the shape of today before they are read.

Most changes need nothing of this: a payload gains a field with a default, and old events read as ever. A key that
this release does not know is ignored, because a newer release may have added one; what is added so must never
change what the state adds up to. Any other change raises the payload's version: its struct gets
`tag_field="v", tag=2`, so that new events say `"v": 2` in their data, and UPCASTERS gets `(type, 1)`, which
turns the data of version 1 into that of version 2. Version 1 is never written down, so hashes stay. A version
that this release does not know is refused: to guess at it would be to show a state that never was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from dealwright.errors import StoreError
from dealwright.events import PAYLOADS, Payload

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""By event type and the version that it takes; each gives the data of the next version. Never removed."""


def payload_of(kind: str, data: Mapping[str, Any]) -> Payload:
    """The typed payload of an event's data, of whichever version. Raises StoreError for one from a newer release."""
    payload = PAYLOADS.get(kind)
    if payload is None:
        raise _newer(f"events of type {kind}", f"类型为 {kind} 的事件")
    if "v" in data or (kind, 1) in UPCASTERS:  # else both are of version 1
        current = cast("int", payload.__struct_config__.tag or 1)
        if data.get("v", 1) != current:
            data = _upcast(kind, dict(data), current)
    return msgspec.convert(data, payload)


def _upcast(kind: str, data: dict[str, Any], current: int) -> dict[str, Any]:
    version = data.get("v", 1)
    if not isinstance(version, int) or not 1 <= version < current:
        raise _newer(f"version {version} of {kind} events", f"{kind} 事件的第 {version} 版")
    for older in range(version, current):
        data = UPCASTERS[kind, older](data)
    return {**data, "v": current}


def _newer(en: str, zh: str) -> StoreError:
    return StoreError(
        f"The log holds {en}, which this release does not know: a newer dealwright wrote it. Upgrade.",
        f"日志中含有{zh}，当前版本无法识别：由更新版本的 dealwright 写入。请升级。",
    )
