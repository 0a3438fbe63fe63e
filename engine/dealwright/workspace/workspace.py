"""The Python API, whole: one class over a folder, a store and plugins, each part of it loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.workspace.core import Ground

# The parts, each with its verbs. A command needs one of them, and starting is most of what it takes.
PARTS = {
    "asking:Asking": "deal_why deal_history deal_verify",
    "coaching:Coaching": "deal_coach deal_score scores prompts flags proposed",
    "comparing_methods:ComparingMethods": "report_methodology",
    "composing:Composing": "process_resolve process_lock process_file",
    "contacts:Contacts": "activity_log activity_void activity_list stakeholder_add stakeholder_set stakeholder_list",
    "deals:Deals": (
        "deal_open deal_advance deal_move deal_hold deal_resume deal_lose deal_disqualify deal_reopen deal_waive "
        "deal_assign deal_set"
    ),
    "imports:Imports": "import_deals taken",
    "integrity:Integrity": "store_head store_verify store_recover",
    "lifecycle:Lifecycle": "store_backup store_restore store_export store_import store_compact store_migrate",
    "looking:Looking": "deal_list deal_show",
    "messages:Messages": "template_list template_show",
    "privacy:Privacy": "privacy_export privacy_erase",
    "processes:Processes": "process_list process_show",
    "publishing:Publishing": "process_publish",
    "proposing:Proposing": "deal_propose",
    "recordkeeping:RecordKeeping": (
        "record_add record_list record_show record_set record_archive record_history record_type"
    ),
    "reports:Reports": "agenda report_funnel",
    "supplies:Supplies": (
        "item_add item_set item_close artifact_add artifact_approve artifact_reject artifact_list artifact_show "
        "approval_list approval_approve approval_reject"
    ),
    "tasking:Tasking": "task_list task_add task_done task_skip",
    "ticking:Ticking": "tick",
    "transfers:Transfers": "deal_transfer",
    "upkeep:Upkeep": "store_info plugin_list doctor",
    "writing:Writing": (
        "write still open_new decided carry_out rehearse next_id append delivery deliver deliver_again gates "
        "may_write written"
    ),
}

if TYPE_CHECKING:
    from dealwright.workspace.asking import Asking
    from dealwright.workspace.comparing_methods import ComparingMethods
    from dealwright.workspace.composing import Composing
    from dealwright.workspace.contacts import Contacts
    from dealwright.workspace.deals import Deals
    from dealwright.workspace.imports import Imports
    from dealwright.workspace.integrity import Integrity
    from dealwright.workspace.lifecycle import Lifecycle
    from dealwright.workspace.looking import Looking
    from dealwright.workspace.messages import Messages
    from dealwright.workspace.privacy import Privacy
    from dealwright.workspace.processes import Processes
    from dealwright.workspace.proposing import Proposing
    from dealwright.workspace.publishing import Publishing
    from dealwright.workspace.recordkeeping import RecordKeeping
    from dealwright.workspace.reports import Reports
    from dealwright.workspace.supplies import Supplies
    from dealwright.workspace.tasking import Tasking
    from dealwright.workspace.ticking import Ticking
    from dealwright.workspace.transfers import Transfers
    from dealwright.workspace.upkeep import Upkeep

    class _Whole(
        Looking, Asking, Proposing, Deals, Transfers, Processes, Publishing, Composing, RecordKeeping, Ticking,
        Supplies, Tasking, Contacts, Messages, Reports, ComparingMethods, Imports, Privacy, Integrity, Lifecycle,
        Upkeep,
    ):  # fmt: skip
        """Every part at once, for type checkers."""
else:
    _Whole = Ground


class Workspace(_Whole):
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

    @staticmethod
    def templates() -> dict[str, Any]:
        """The shipped processes that a workspace may begin with, as `dealwright init --list-templates` tells them."""
        from dealwright.workspace.setup import templates

        return templates()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            home = _HOME_OF.get(name)
            if home is None:
                raise AttributeError(f"a workspace has no {name}")
            _take_in(home)
            return getattr(self, name)

        def __dir__(self) -> list[str]:
            return sorted({*super().__dir__(), *_HOME_OF})


_HOME_OF = {verb: home for home, verbs in PARTS.items() for verb in verbs.split()}


def _take_in(home: str) -> None:
    """Give the class all that a part has, and what the part rests on. No two parts share a name; a test says so."""
    module, _, part = home.partition(":")
    found = getattr(import_module(f"dealwright.workspace.{module}"), part)
    for base in found.__mro__:
        if base not in Workspace.__mro__:
            for name, value in vars(base).items():
                if not name.startswith("__"):
                    setattr(Workspace, name, value)
