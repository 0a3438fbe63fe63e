"""`schema`."""

from __future__ import annotations

import json

from dealwright._resources import folder
from dealwright.cli.call import Call
from dealwright.cli.options import Choice, argument, verb
from dealwright.errors import NotFoundError

KINDS = ("process", "overlay", "workspace", "lint", "team", "import-map")


@verb(
    argument("kind", type=Choice(*KINDS)),
    note=(
        "KIND is process, overlay, workspace, team or import-map. Editors take it for completion and checks.",
        "KIND 为 process、overlay、workspace、team 或 import-map。编辑器可用它来补全和检查。",
    ),
)
def schema(call: Call, *, kind: str) -> None:
    """Print a JSON Schema."""
    path = folder("schemas") / f"{kind}.schema.json"
    if not path.is_file():
        raise NotFoundError(f"there is no schema for {kind}", f"没有 {kind} 的 schema")
    text = path.read_text(encoding="utf-8")
    if call.output == "table":
        # The schema itself, so that `dealwright schema process > process.schema.json` is all it takes.
        call.out.stream.write(text)
    else:
        call.show({"v": 1, "kind": kind, "schema": json.loads(text)}, lambda *_: None)
