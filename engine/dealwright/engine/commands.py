"""What people and systems ask of a deal. One struct a verb; values are JSON data, personal ones already `Ref`s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from dealwright.hookspecs import Proposal
from dealwright.model.deal import FileRef, Ref


class Command(Struct, frozen=True, kw_only=True):
    """Any of the commands below."""


class Open(Command, frozen=True, kw_only=True):
    """Open the deal `id` of the program's process."""

    id: str
    title: str
    owner: str | None = None
    fields: Mapping[str, Any] = {}
    external_id: str | None = None
    parent_deal: str | None = None
    subject: str | None = None


class Advance(Command, frozen=True, kw_only=True):
    """Go on: advance, win, complete, or what the stage's decision says."""

    branch: str | None = None
    reason: str | Ref | None = None
    note: Ref | None = None


class Move(Command, frozen=True, kw_only=True):
    """Go to a stage or an outcome by name; the target gives the kind. `reason` is an id where it ends the deal."""

    to: str
    reason: str | Ref | None = None
    note: Ref | None = None


class End(Command, frozen=True, kw_only=True):
    """Lose or disqualify (`status`), by a reason of an outcome's closed list."""

    status: str
    reason: str | Ref
    outcome: str | None = None
    recall: date | None = None
    note: Ref | None = None


class Hold(Command, frozen=True, kw_only=True):
    """Stop the clocks until a day."""

    until: date
    reason: Ref


class Resume(Command, frozen=True, kw_only=True):
    """Let the clocks go on."""


class Reopen(Command, frozen=True, kw_only=True):
    """Bring a lost or disqualified deal back to the stage it left."""

    reason: Ref | str


class Waive(Command, frozen=True, kw_only=True):
    """Let one criterion go at the deal's stage. `criterion` is an id, or `source:id` where two share it."""

    criterion: str
    reason: Ref


class Assign(Command, frozen=True, kw_only=True):
    """Give the deal to another person of the team."""

    person: str


class SetFields(Command, frozen=True, kw_only=True):
    """Set fields by id; None clears."""

    fields: Mapping[str, Any]


class AddItem(Command, frozen=True, kw_only=True):
    """Add an entry to a list."""

    list: str
    fields: Mapping[str, Any]


class SetItem(Command, frozen=True, kw_only=True):
    """Change an entry of a list."""

    list: str
    item: str
    fields: Mapping[str, Any]


class CloseItem(Command, frozen=True, kw_only=True):
    """Close an entry of a list whose entries are open or closed."""

    list: str
    item: str


class RecordArtifact(Command, frozen=True, kw_only=True):
    """Record an artifact: of a kind (a new one, or a new version), or a new version of one by its id."""

    artifact: str
    fields: Mapping[str, Any] = {}
    file: FileRef | None = None


class DecideArtifact(Command, frozen=True, kw_only=True):
    """Approve or reject an artifact's latest version."""

    artifact: str
    granted: bool
    note: Ref | None = None


class DecideStage(Command, frozen=True, kw_only=True):
    """Approve or reject what the deal's stage asks approval for."""

    approval: str
    granted: bool
    note: Ref | None = None


class LogActivity(Command, frozen=True, kw_only=True):
    """Record an act. `at` None means now; `contact` is a stakeholder's id; `next` plans the next contact."""

    name: str
    by: str | None = None
    contact: str | None = None
    channel: str | None = None
    at: datetime | None = None
    note: Ref | None = None
    proof: FileRef | None = None
    fields: Mapping[str, Any] = {}
    next: datetime | None = None


class VoidActivity(Command, frozen=True, kw_only=True):
    """Take back an activity logged by mistake."""

    activity: str
    reason: Ref


class AddStakeholder(Command, frozen=True, kw_only=True):
    """Add somebody on the buyer's side."""

    fields: Mapping[str, Any]


class SetStakeholder(Command, frozen=True, kw_only=True):
    """Change what is known of a stakeholder."""

    stakeholder: str
    fields: Mapping[str, Any]


class ErasePersonal(Command, frozen=True, kw_only=True):
    """Erase what is kept of a subject: `count` values and the files with these hashes. `stakeholder` None: of all."""

    count: int
    reason: Ref | None
    stakeholder: str | None = None
    files: tuple[str, ...] = ()


class AddTask(Command, frozen=True, kw_only=True):
    """Give a task: one of the process by its id (`kind`), or another by its title, to whoever holds `roles`."""

    kind: str | None = None
    title: Ref | None = None
    roles: tuple[str, ...] = ()
    due: datetime | None = None
    optional: bool = True


class CloseTask(Command, frozen=True, kw_only=True):
    """A task is done, or skipped for a reason (`note`)."""

    task: str
    how: str = "done"
    note: Ref | None = None


class Transfer(Command, frozen=True, kw_only=True):
    """Carry the deal over to the program's definition; `decide` gets the target program and the deal as it is.

    `to` is the stage there (None: the one of the same id, or that was renamed from it).
    """

    reason: Ref
    to: str | None = None


class LogProposals(Command, frozen=True, kw_only=True):
    """Put what plugins propose on record: (plugin, proposal) pairs."""

    proposals: tuple[tuple[str, Proposal], ...]


class TimePassed(Command, frozen=True, kw_only=True):
    """Whatever is due by now and has not happened yet happens, in the order of its time."""


class ImportedFact(Struct, frozen=True):
    """One fact of another system: the event type it stands for, its payload, when (None: not known)."""

    what: str
    data: Mapping[str, Any]
    at: datetime | None


class Import(Command, frozen=True, kw_only=True):
    """Take over facts as they are; no criterion is evaluated, so none is claimed to have been met."""

    id: str
    facts: tuple[ImportedFact, ...]
    origin: str
