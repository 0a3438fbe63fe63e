"""The Python API, whole: one class over a folder, a store and plugins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.workspace.comparing_methods import ComparingMethods
from dealwright.workspace.composing import Composing
from dealwright.workspace.contacts import Contacts
from dealwright.workspace.deals import Deals
from dealwright.workspace.imports import Imports
from dealwright.workspace.integrity import Integrity
from dealwright.workspace.lifecycle import Lifecycle
from dealwright.workspace.messages import Messages
from dealwright.workspace.privacy import Privacy
from dealwright.workspace.processes import Processes
from dealwright.workspace.recordkeeping import RecordKeeping
from dealwright.workspace.reports import Reports
from dealwright.workspace.supplies import Supplies
from dealwright.workspace.tasking import Tasking
from dealwright.workspace.ticking import Ticking
from dealwright.workspace.transfers import Transfers
from dealwright.workspace.upkeep import Upkeep


class Workspace(
    Processes,
    Composing,
    Deals,
    Transfers,
    RecordKeeping,
    Ticking,
    Supplies,
    Tasking,
    Contacts,
    Messages,
    Reports,
    ComparingMethods,
    Imports,
    Privacy,
    Integrity,
    Lifecycle,
    Upkeep,
):
    """A workspace: every noun and verb of the command line as a method that returns the contract's JSON data.

    Open one with `Workspace.find(folder)` and close it, or use it in a `with` block. Texts
    are read as the command line reads them: dates, money and durations in either language.
    Raises DealwrightError's kinds; each carries the exit code of the command line.
    """

    @staticmethod
    def init(folder: Path, template: str | None = None, language: str = "en") -> dict[str, Any]:
        """Make a workspace in `folder`; see `dealwright init`."""
        from dealwright.workspace.setup import init

        return init(folder, template, language)
