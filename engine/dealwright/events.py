"""What can happen to a deal. Frozen and versioned: a log written today is read by every later release."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from dealwright.model.deal import FileRef, Ref

EVENT_TYPES = (
    "opened", "advanced", "skipped", "regressed", "held", "resumed", "won", "completed", "lost", "disqualified",
    "reopened", "transferred", "imported", "fields_set", "item_added", "item_set", "item_closed",
    "artifact_recorded", "artifact_approved", "artifact_rejected", "stage_approved", "stage_rejected",
    "activity_logged", "activity_voided", "stakeholder_added", "stakeholder_set", "criterion_waived",
    "owner_assigned", "personal_erased", "detoured", "returned", "task_added", "task_closed", "automation_fired",
    "approval_escalated", "approval_expired", "deal_linked", "notified",
    "proposed",
)  # fmt: skip


class Payload(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The data of one event type. Fields are only ever added, each with a default; `v` is kept for versions."""


class Clocks(Struct, frozen=True, omit_defaults=True, gc=False):
    """The dates that entering a stage set: the SLA's end, the stall limit, the planned contacts."""

    due_at: datetime | None = None
    stall_at: datetime | None = None
    follow_ups: tuple[datetime, ...] = ()


class Judged(Struct, frozen=True, gc=False):
    """How one criterion stood when the move was decided."""

    id: str
    source: str
    status: str


class Opened(Payload, frozen=True, kw_only=True, gc=False):
    """`opened`, and `imported` as `opened`. `fields` holds JSON values by field id."""

    title: str
    process: str
    process_version: str
    to: str
    owner: str | None = None
    fields: dict[str, Any] = {}
    external_id: str | None = None
    parent_deal: str | None = None
    subject: str | None = None
    variant: str | None = None
    clocks: Clocks = Clocks()
    criteria: tuple[Judged, ...] = ()


class Moved(Payload, frozen=True, kw_only=True, gc=False):
    """Every transition after opening. `to` is a stage; None where the deal ends.

    `reason` is an id of an outcome's list, a word of the process file, or somebody's free text as `Ref`.
    `variant` is the arm of the entered stage's trial; `automation` what moved the deal by itself.
    """

    from_: str = field(name="from")
    to: str | None = None
    branch: str | None = None
    outcome: str | None = None
    reason: str | Ref | None = None
    note: Ref | None = None
    skipped: tuple[str, ...] = ()
    recall_at: datetime | None = None
    variant: str | None = None
    automation: str | None = None
    clocks: Clocks = Clocks()
    criteria: tuple[Judged, ...] = ()


class Held(Payload, frozen=True, kw_only=True, gc=False):
    """`held`. `until` is a local date."""

    until: date
    reason: Ref


class Resumed(Payload, frozen=True, kw_only=True, gc=False):
    """`resumed`: the clocks, moved on by as long as the deal was held."""

    clocks: Clocks = Clocks()


class Imported(Payload, frozen=True, kw_only=True, gc=False):
    """One fact from somebody else's system. `what` is the event type it stands for, `data` that payload.

    `undated` marks a fact whose time the source did not know: its `at` is the time of import.
    """

    what: str
    data: dict[str, Any]
    undated: bool = False
    origin: str = ""


class FieldsSet(Payload, frozen=True, kw_only=True, gc=False):
    """JSON values by field id; null clears."""

    fields: dict[str, Any]


class ItemChanged(Payload, frozen=True, kw_only=True, gc=False):
    """`item_added`, `item_set`, `item_closed`: an entry of the list `list`; `fields` holds JSON values."""

    list: str
    item: str
    fields: dict[str, Any] = {}


class ArtifactRecorded(Payload, frozen=True, kw_only=True, gc=False):
    """A new version of the artifact `artifact` of kind `kind`."""

    artifact: str
    kind: str
    version: int
    fields: dict[str, Any] = {}
    file: FileRef | None = None


class ApprovalGiven(Payload, frozen=True, kw_only=True, gc=False):
    """`artifact_approved|rejected` (with `artifact` and `version`), `stage_approved|rejected` (with `stage`).

    `timed_out`: nobody answered in time, and the process says what that means.
    """

    approval: str
    artifact: str | None = None
    version: int | None = None
    stage: str | None = None
    note: Ref | None = None
    timed_out: bool = False


class ActivityLogged(Payload, frozen=True, kw_only=True, gc=False):
    """Something done with the buyer. `by` is `buyer` or `seller`; `contact` a stakeholder's id."""

    activity: str
    name: str
    by: str
    contact: str | None = None
    channel: str | None = None
    note: Ref | None = None
    proof: FileRef | None = None
    fields: dict[str, Any] = {}
    follow_ups: tuple[datetime, ...] = ()


class ActivityVoided(Payload, frozen=True, kw_only=True, gc=False):
    """An activity that was logged by mistake counts no more."""

    activity: str
    reason: Ref


class StakeholderChanged(Payload, frozen=True, kw_only=True, gc=False):
    """`stakeholder_added`, `stakeholder_set`: JSON values by field id, personal ones as `Ref`."""

    stakeholder: str
    fields: dict[str, Any]


class Waiver(Payload, frozen=True, kw_only=True, gc=False):
    """`criterion_waived` at a stage, for a reason."""

    criterion: str
    stage: str
    reason: Ref


class OwnerAssigned(Payload, frozen=True, kw_only=True, gc=False):
    """The deal's new owner; None where it was taken away from the last one."""

    owner: str | None = None


class TaskAdded(Payload, frozen=True, kw_only=True, gc=False):
    """`task_added`: work for whoever holds one of `roles`. `kind` is a task of the process, None for one of its own.

    `title` is somebody's own words (`Ref`) where there is no kind.
    """

    task: str
    roles: tuple[str, ...]
    kind: str | None = None
    title: Ref | None = None
    due_at: datetime | None = None
    optional: bool = False
    stage: str | None = None


class TaskClosed(Payload, frozen=True, kw_only=True, gc=False):
    """`task_closed`: `done`, or `skipped` for a reason."""

    task: str
    how: str
    note: Ref | None = None


class AutomationFired(Payload, frozen=True, kw_only=True, gc=False):
    """`automation_fired`: an automation's turn came (`due_at` for one that waits); its effects follow.

    `failed` says in English why an effect could not happen; the deal then stays as it was.
    """

    automation: str
    due_at: datetime | None = None
    failed: str | None = None


class ApprovalLate(Payload, frozen=True, kw_only=True, gc=False):
    """`approval_escalated` (asked of `roles` as well), `approval_expired`: nobody answered in time."""

    approval: str
    artifact: str | None = None
    version: int | None = None
    stage: str | None = None
    roles: tuple[str, ...] = ()


class DealLinked(Payload, frozen=True, kw_only=True, gc=False):
    """`deal_linked`: this deal belongs with another. `kind`: `follow_on` (opened by this one), or a related name."""

    deal: str
    kind: str
    automation: str | None = None


class Notified(Payload, frozen=True, kw_only=True, gc=False):
    """`notified`: what an automation tells whoever holds one of `roles`, in both languages."""

    roles: tuple[str, ...]
    en: str
    zh: str
    automation: str | None = None


class Proposed(Payload, frozen=True, kw_only=True, gc=False):
    """`proposed`: what a plugin suggests, a score of 0 to 100 or a next step, and why. It changes nothing of a deal.

    `reason` and `step` are texts in both languages.
    """

    source: str
    proposal: str
    reason: dict[str, str]
    score: float | None = None
    step: dict[str, str] | None = None


class Transferred(Payload, frozen=True, kw_only=True, gc=False):
    """`transferred` to another definition: what of the deal's facts it keeps, under which names.

    `fields` holds every value that is kept, as JSON under its new id; `artifacts` and `events` the
    new kind of each that is kept; `dropped` names what the new definition does not know (it stays in the log).
    """

    from_process: str
    from_version: str
    process: str
    process_version: str
    from_: str = field(name="from")
    to: str
    reason: Ref
    fields: dict[str, Any] = {}
    artifacts: dict[str, str] = {}
    events: dict[str, str] = {}
    dropped: tuple[str, ...] = ()
    variant: str | None = None
    clocks: Clocks = Clocks()
    criteria: tuple[Judged, ...] = ()


class PersonalErased(Payload, frozen=True, kw_only=True, gc=False):
    """`personal_erased`: of whom (a deal's id, or `DEAL/STAKEHOLDER`), how many values, and the hashes of files."""

    subject: str
    count: int
    files: tuple[str, ...] = ()
    reason: Ref | None = None


PAYLOADS: dict[str, type[Payload]] = {
    "opened": Opened,
    **dict.fromkeys(
        (
            "advanced",
            "skipped",
            "regressed",
            "won",
            "completed",
            "lost",
            "disqualified",
            "reopened",
            "detoured",
            "returned",
        ),
        Moved,
    ),
    "held": Held,
    "resumed": Resumed,
    "imported": Imported,
    "fields_set": FieldsSet,
    **dict.fromkeys(("item_added", "item_set", "item_closed"), ItemChanged),
    "artifact_recorded": ArtifactRecorded,
    **dict.fromkeys(("artifact_approved", "artifact_rejected", "stage_approved", "stage_rejected"), ApprovalGiven),
    "activity_logged": ActivityLogged,
    "activity_voided": ActivityVoided,
    **dict.fromkeys(("stakeholder_added", "stakeholder_set"), StakeholderChanged),
    "criterion_waived": Waiver,
    "owner_assigned": OwnerAssigned,
    "personal_erased": PersonalErased,
    "task_added": TaskAdded,
    "task_closed": TaskClosed,
    "automation_fired": AutomationFired,
    **dict.fromkeys(("approval_escalated", "approval_expired"), ApprovalLate),
    "deal_linked": DealLinked,
    "notified": Notified,
    "proposed": Proposed,
    "transferred": Transferred,
}


class Event(Struct, frozen=True, gc=False):
    """An immutable fact, as the decider made it. `seq` counts from 1 within the deal, without gaps."""

    deal: str
    seq: int
    type: str
    at: datetime
    actor: str
    role: str | None
    definition_hash: str
    data: Payload


class Record(Struct, frozen=True):
    """An event as it stands in the log (the contract's shape E). `data` is plain JSON data.

    `position` is global and gapless; `prev_hash` is the hash of the deal's event before it
    (64 zeros at the first). In a dry run position, recorded_at, prev_hash and hash are None.
    """

    position: int | None
    deal: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime | None
    actor: str
    recorded_by: str
    role: str | None
    definition_hash: str
    data: dict[str, Any]
    prev_hash: str | None
    hash: str | None
