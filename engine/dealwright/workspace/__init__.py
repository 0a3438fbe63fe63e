"""The Python API: a folder, a store and plugins; load, decide, append. Each name is imported when it is first used."""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwright.workspace.checked import Checked
    from dealwright.workspace.comparing import diff_processes
    from dealwright.workspace.laying_out import format_files
    from dealwright.workspace.validating import check_files, validate_files
    from dealwright.workspace.workspace import Workspace

_HOME_OF = {
    "Checked": "checked", "Workspace": "workspace", "check_files": "validating", "diff_processes": "comparing",
    "format_files": "laying_out", "validate_files": "validating",
}  # fmt: skip

__all__ = ["Checked", "Workspace", "check_files", "diff_processes", "format_files", "validate_files"]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
