"""A deal: the state that the log of its events adds up to.

Nothing here can hold itself, so the structs stay out of the garbage collector (`gc=False`):
16 bytes less each, and a large workspace is not walked again and again.
"""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from dealwright.model.layout import Layout

DealStatus = Literal["new", "open", "won", "lost", "disqualified", "completed"]


class Ref(Struct, frozen=True, gc=False):
    """A personal value kept apart from the log: its id in the `personal` table and a salted SHA-256."""

    ref: str
    digest: str


class FileRef(Struct, frozen=True, gc=False):
    """A file kept by the store under its lower-case SHA-256. `size` is in bytes."""

    name: str
    size: int
    sha256: str


class Confirmation(Struct, frozen=True, gc=False):
    """Somebody on the buyer's side said so: which stakeholder, when, in which event of the log."""

    stakeholder: str
    at: datetime
    seq: int
    proof: FileRef | None = None


class Item(Struct, frozen=True, gc=False):
    """An entry of a list: `values` by the position of the entry's declared fields."""

    id: str
    values: tuple[Any, ...]
    closed: bool = False


class Fact(Struct, frozen=True, gc=False):
    """An activity: an act that happened, by buyer or seller, perhaps of a declared event kind."""

    id: str
    kind: str
    seq: int
    at: datetime
    by: str
    person: str
    contact: str | None = None
    channel: str | None = None
    note: Ref | None = None
    proof: FileRef | None = None
    values: tuple[Any, ...] = ()


class Decided(Struct, frozen=True, gc=False):
    """One person's answer to one approval of an artifact version or of a stage."""

    approval: str
    role: str
    person: str
    at: datetime
    seq: int
    granted: bool
    note: Ref | None = None


class Artifact(Struct, frozen=True, gc=False):
    """The latest version of one artifact; earlier ones are in the log. Fields by declared position."""

    id: str
    version: int
    seq: int
    at: datetime
    person: str
    values: tuple[Any, ...] = ()
    file: FileRef | None = None
    decisions: tuple[Decided, ...] = ()


class Stakeholder(Struct, frozen=True, gc=False):
    """Somebody on the buyer's side. `values` by the position of `STAKEHOLDER_FIELDS`."""

    id: str
    values: tuple[Any, ...]


class Hold(Struct, frozen=True, gc=False):
    """A pause: `until` a local date, `since` when it began."""

    until: date
    reason: Ref
    since: datetime


class Waived(Struct, frozen=True, gc=False):
    """A criterion let go: for `stage`, by a role that the definition allows."""

    criterion: str
    stage: str
    role: str
    person: str
    seq: int
    reason: Ref


class Task(Struct, frozen=True, gc=False):
    """Work owed by whoever holds one of `roles`. `how` it ended: None while it is open, else done or skipped."""

    id: str
    roles: tuple[str, ...]
    at: datetime
    kind: str | None = None
    title: Ref | None = None
    due_at: datetime | None = None
    optional: bool = False
    stage: str | None = None
    how: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


class Fired(Struct, frozen=True, gc=False):
    """An automation's turns: how many in all, how many in this visit of the stage, and when it last was due."""

    automation: str
    count: int
    visit: int
    due_at: datetime


FOLLOW_ON = "follow_on"  # the kind of link to a deal that this one opened


class Link(Struct, frozen=True, gc=False):
    """Another deal that belongs with this one. `kind` as in `DealLinked`."""

    deal: str
    kind: str


class Late(Struct, frozen=True, gc=False):
    """An approval not answered in time: of an artifact or of the stage; asked of `roles` since, or expired."""

    approval: str
    at: datetime
    artifact: str | None = None
    version: int | None = None
    roles: tuple[str, ...] = ()
    expired: bool = False


class Away(Struct, frozen=True, gc=False):
    """A deal on a detour: the stage it goes back to, when it left, and all that this visit of the stage had."""

    stage: str
    since: datetime
    entered_at: datetime
    due_at: datetime | None = None
    stall_at: datetime | None = None
    follow_ups: tuple[datetime, ...] = ()
    waivers: tuple[Waived, ...] = ()
    approvals: tuple[Decided, ...] = ()
    late: tuple[Late, ...] = ()
    fired: tuple[Fired, ...] = ()
    moved_by: str | None = None


class Work(Struct, frozen=True, gc=False, omit_defaults=True):
    """What only some deals have, in one place, so that the others do not carry it."""

    tasks: tuple[Task, ...] = ()
    fired: tuple[Fired, ...] = ()
    links: tuple[Link, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()  # (stage, arm)
    late: tuple[Late, ...] = ()
    away: Away | None = None
    moved_by: str | None = None  # who brought the deal to its stage
    pauses: tuple[tuple[datetime, datetime], ...] = ()  # (from, to): holds and detours, in order and apart


NO_WORK = Work()


class Deal(Struct, frozen=True, gc=False):
    """One running instance of a process.

    `values` and `artifacts` go by the positions of `layout` (None, and an empty tuple,
    where there is nothing). `version` is the seq of the last event. `regressed` holds
    (stage index, seq) of each move back: evidence from before it does not count again.
    `subject` is the id of the record that the deal is bound to.
    """

    layout: Layout
    id: str = ""
    title: str = ""
    status: DealStatus = "new"
    stage: str = ""
    owner: str | None = None
    version: int = 0
    opened_at: datetime | None = None
    entered_at: datetime | None = None
    last_at: datetime | None = None
    due_at: datetime | None = None
    stall_at: datetime | None = None
    follow_ups: tuple[datetime, ...] = ()
    won_at: datetime | None = None
    closed_at: datetime | None = None
    recall_at: datetime | None = None
    outcome: str | None = None
    reason: str | Ref | None = None
    hold: Hold | None = None
    external_id: str | None = None
    parent_deal: str | None = None
    values: tuple[Any, ...] = ()
    artifacts: tuple[tuple[Artifact, ...], ...] = ()
    facts: tuple[Fact, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    waivers: tuple[Waived, ...] = ()
    approvals: tuple[Decided, ...] = ()
    regressed: tuple[tuple[int, int], ...] = ()
    activities: int = 0
    subject: str | None = None
    work: Work = NO_WORK

    def fresh_from(self, index: int) -> int:
        """Evidence for the stage at `index` counts if its seq is greater than this."""
        newest = 0
        for stage, seq in self.regressed:
            if stage <= index and seq > newest:
                newest = seq
        return newest

    def value(self, name: str) -> Any:
        """The typed value of a declared field, or None."""
        return self.values[self.layout.field_at[name]]

    def artifact(self, artifact_id: str) -> Artifact | None:
        """The artifact with this id (`quotation`, `visit_report-2`), or None."""
        for group in self.artifacts:
            for artifact in group:
                if artifact.id == artifact_id:
                    return artifact
        return None

    def paused_since(self, instant: datetime) -> timedelta:
        """How long the deal's clocks stood still after an instant: on hold or on a detour, as far as that is over."""
        pauses = self.work.pauses
        return sum((to - max(from_, instant) for from_, to in pauses if to > instant), timedelta(0))

    def late(self, approval: str, artifact: Artifact | None = None) -> Late | None:
        """What became of an approval, of this version of an artifact or of the stage, that nobody answered in time."""
        name, version = (artifact.id, artifact.version) if artifact else (None, None)
        for late in self.work.late:
            if (late.approval, late.artifact, late.version) == (approval, name, version):
                return late
        return None

    def stakeholder(self, stakeholder_id: str) -> Stakeholder | None:
        """The stakeholder with this id, or None."""
        return next((s for s in self.stakeholders if s.id == stakeholder_id), None)
