"""The Python API: a folder, a store and plugins; load, decide, append."""

from dealwright.workspace.validating import validate_files
from dealwright.workspace.workspace import Workspace

__all__ = ["Workspace", "validate_files"]
