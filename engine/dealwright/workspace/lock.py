"""`dealwright.lock`: what the parents and libraries of every process said when they were locked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dealwright.errors import InvalidDefinitionError
from dealwright.workspace.folder import invalid

LOCK_FILE = "dealwright.lock"
Locked = dict[str, dict[str, str]]
"""Process id -> label (`b2b@1.0.0`, `library:company@1.2.0`) -> hash of its content."""
_HEAD = """\
# What the parents and libraries of each process said when this was written. Keep it in version control.
# Made by: dealwright process lock
dealwright: "1"
"""


def read_lock(folder: Path) -> Locked:
    """The lock file of a workspace; empty where there is none. Raises InvalidDefinitionError."""
    path = folder / LOCK_FILE
    if not path.is_file():
        return {}
    from dealwright import definition

    reading = definition.read_plain(path.read_bytes(), str(path))
    if reading.data is None:
        if [finding.code for finding in reading.findings] == []:
            return {}
        raise invalid(reading.findings, str(path), "en")
    processes = reading.data.get("processes") if isinstance(reading.data, dict) else None
    if processes is not None and _is_lock(processes):
        return {name: dict(kept) for name, kept in processes.items()}
    raise InvalidDefinitionError(
        f"{path} is no lock file; make it anew with: dealwright process lock",
        f"{path} 不是锁定文件；请运行 dealwright process lock 重新生成", file=str(path), findings=[],
    )  # fmt: skip


def _is_lock(processes: object) -> bool:
    return isinstance(processes, dict) and all(
        isinstance(kept, dict) and all(isinstance(content, str) for content in kept.values())
        for kept in processes.values()
    )


def write_lock(folder: Path, locked: Mapping[str, Mapping[str, str]]) -> None:
    """Write the lock file anew, sorted, so that two people who lock the same files write the same lines."""
    lines = ["processes:"] if locked else ["processes: {}"]
    for name in sorted(locked):
        lines.append(f"  {name}:")
        lines += [f'    "{label}": "{locked[name][label]}"' for label in sorted(locked[name])]
    draft = folder / f"{LOCK_FILE}.part"
    draft.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    draft.replace(folder / LOCK_FILE)
