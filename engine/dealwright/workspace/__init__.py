"""The Python API: a folder, a store and plugins; load, decide, append."""

from dealwright.workspace.checked import Checked
from dealwright.workspace.comparing import diff_processes
from dealwright.workspace.laying_out import format_files
from dealwright.workspace.validating import check_files, validate_files
from dealwright.workspace.workspace import Workspace

__all__ = ["Checked", "Workspace", "check_files", "diff_processes", "format_files", "validate_files"]
