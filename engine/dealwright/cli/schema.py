"""`schema`."""

from __future__ import annotations

import json
from pathlib import Path

from dealwright.cli.call import Call
from dealwright.cli.options import Choice, argument, verb

KINDS = ("process", "child", "record", "library", "overlay", "workspace", "lint", "team", "import-map")


@verb(
    argument("kind", type=Choice(*KINDS)),
    note=(
        "KIND is process, child (a process that extends another), record, library, overlay, workspace, lint, team or\n"
        "import-map. For editors: completion, checks and hover in both languages, with the workspace's methodologies,\n"
        "plugins and types of record.",
        "KIND 为 process、child（继承其他流程的流程）、record、library、overlay、workspace、lint、team 或\n"
        "import-map。供编辑器补全、检查和显示双语说明，并含工作区的方法论、插件和档案类型。",
    ),
)
def schema(call: Call, *, kind: str) -> None:
    """Print a JSON Schema."""
    from dealwright.workspace.offering import schema_of

    made = schema_of(kind, Path(call.folder) if call.folder else None)
    if call.output == "table":
        # The schema itself, so that `dealwright schema process > process.schema.json` is all it takes.
        call.out.stream.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    else:
        call.show({"v": 1, "kind": kind, "schema": made}, lambda *_: None)
