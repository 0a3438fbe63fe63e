"""A process as the engine knows it: resolved, checked and frozen. Built only by `definition`."""

from typing import Any, Literal

from msgspec import Struct

from dealwright.model.duration import Duration
from dealwright.model.text import Prompt, Text

PHASES = ("prospect", "qualify", "discover", "propose", "negotiate", "close", "deliver", "retain")

FieldType = Literal[
    "text", "number", "boolean", "date", "month", "datetime", "money", "choice",
    "list", "file", "person", "stakeholder", "confirmation", "record",
]  # fmt: skip
Severity = Literal["block", "warn"]
Forecast = Literal["", "omitted", "pipeline", "best_case", "commit", "closed"]
BUYER = "buyer"
RESPONSIBLE = "responsible"  # in an overlay: whoever is responsible for the deal's stage


class Role(Struct, frozen=True, omit_defaults=True):
    """What may be done. `external` roles (a partner's people) are held outside the company."""

    id: str
    title: Text
    external: bool = False


class Field(Struct, frozen=True, omit_defaults=True):
    """A typed place for a value on a deal, an artifact, an event kind or a list entry.

    `values` are a choice's options by id; `of` a list entry's fields; `at_least` the
    entries a list needs to count as filled; `min`/`max` JSON numbers, or ISO dates for
    dates; `by` the roles that may set it (none: the stage's responsible roles; for a
    confirmation: who confirms); `closes` marks a list whose entries are open or closed.
    `record` is the type of record that a `record` field links to, by its id; a field with
    a `formula` is never set: its value is the expression's. `renamed_from` is the id it
    had in an earlier version, for deals that are transferred.
    """

    id: str
    type: FieldType
    title: Text
    values: dict[str, Text] = {}
    of: tuple["Field", ...] = ()
    at_least: int = 0
    required: bool = False
    min: int | float | str | None = None  # with `int`: read back, 1 must stay 1, or the hash would change
    max: int | float | str | None = None
    by: tuple[str, ...] = ()
    personal: bool = False
    closes: bool = False
    proof: Literal["", "file", "mail"] = ""
    source: str = "process"
    record: str = ""
    formula: str = ""
    renamed_from: str = ""


class EventKind(Struct, frozen=True, omit_defaults=True):
    """A named act that a process listens for. `by` holds roles, and `buyer` for the buyer's own acts."""

    id: str
    by: tuple[str, ...]
    title: Text
    fields: tuple[Field, ...] = ()
    proof: Literal["", "file", "mail"] = ""
    source: str = "process"


class Rejected(Struct, frozen=True, omit_defaults=True):
    """Where a rejection sends the deal: back to a stage or to an outcome, for a reason."""

    to: str
    reason: str = ""


class Approval(Struct, frozen=True, omit_defaults=True):
    """One approval an artifact or a stage needs: by whom, if when, after which other, by how many people.

    `four_eyes`: neither the deal's owner nor whoever brought it to the stage may answer.
    Not answered `within` its time, it is approved, rejected or expired by the system, or
    asked of `escalate_to` as well. A rejection leaves the deal where it is (`rework`)
    unless `on_reject` says where it goes.
    """

    id: str
    by: tuple[str, ...]
    condition: str = ""
    after: str = ""
    count: int = 1
    four_eyes: bool = False
    within: Duration | None = None
    on_timeout: Literal["", "approve", "reject", "expire", "escalate"] = ""
    escalate_to: tuple[str, ...] = ()
    on_reject: Rejected | None = None


class ArtifactKind(Struct, frozen=True, omit_defaults=True):
    """A document or record that deals carry. `many` keeps several side by side, each with versions."""

    id: str
    by: tuple[str, ...]
    title: Text
    kind: Literal["record", "mail", "document", "signed_document"] = "record"
    file: Literal["", "required", "optional"] = ""
    many: bool = False
    fields: tuple[Field, ...] = ()
    approvals: tuple[Approval, ...] = ()
    source: str = "process"


class Criterion(Struct, frozen=True, omit_defaults=True):
    """A named condition. `stages` (first, last) limits a process-wide one; None means everywhere.

    Where the condition `applies` is given and false, the criterion does not count. A
    criterion with parts (`of`) has no condition of its own: `at_least` of them must hold
    (0: all). With `for_each`, a list, the condition must hold for every entry for which
    `applies` does, and names of the entry come first in both. `use` is instead a kind of
    criterion of a plugin, and `given` the parameters that it is asked with.
    """

    id: str
    condition: str
    title: Text
    unmet: Text
    severity: Severity = "block"
    waivable_by: tuple[str, ...] = ()
    stages: tuple[str, str] | None = None
    applies: str = ""
    at_least: int = 0
    of: tuple["Criterion", ...] = ()
    for_each: str = ""
    use: str = ""
    given: dict[str, Any] = {}


class Requirement(Struct, frozen=True, omit_defaults=True):
    """An artifact that must be complete, and approved where it asks for approval, before leaving."""

    artifact: str
    condition: str = ""


class Branch(Struct, frozen=True, omit_defaults=True):
    """One answer of a decision; `to` is a stage or an outcome."""

    id: str
    title: Text
    to: str
    condition: str = ""
    reason: str = ""


class Decision(Struct, frozen=True, omit_defaults=True):
    """The question at the end of a stage. Without conditions on its branches, a person answers it."""

    ask: Text
    branches: tuple[Branch, ...]
    by: tuple[str, ...] = ()
    hit: Literal["unique", "first"] = "unique"

    @property
    def asks_a_person(self) -> bool:
        """True where no branch has a condition, so that `--branch` decides."""
        return not any(branch.condition for branch in self.branches)


class TaskKind(Struct, frozen=True, omit_defaults=True):
    """Work that a role owes. `due` counts from when it is given; an `optional` one keeps no deal in its stage.

    It is given once those named in `after` are done.
    """

    id: str
    title: Text
    by: tuple[str, ...]
    due: Duration | None = None
    optional: bool = False
    after: tuple[str, ...] = ()


class StageTask(Struct, frozen=True, omit_defaults=True):
    """A task given where a deal enters a stage, if its condition holds (unknown: it is given)."""

    task: str
    condition: str = ""


class Spawn(Struct, frozen=True, omit_defaults=True):
    """A deal to open: of which process, under what title, with which fields (expressions of the opening deal).

    `title` may hold `{{ EXPRESSION }}`; None takes the opening deal's. `subject`, an
    expression, is the record it is bound to (empty: the same as the opening deal's).
    """

    process: str
    title: Text | None = None
    values: dict[str, str] = {}
    subject: str = ""


class Notice(Struct, frozen=True, omit_defaults=True):
    """A message to whoever holds a role. `text` may hold `{{ EXPRESSION }}`."""

    roles: tuple[str, ...]
    text: Text


class Effects(Struct, frozen=True, omit_defaults=True):
    """What an automation does, in this order; `to` is a stage or an outcome, for `reason`.

    `assign` is a role, given to whom the rules of assignment choose; `values` are
    expressions by field; `link` names one of the process's related deals.
    """

    values: dict[str, str] = {}
    assign: str = ""
    unassign: bool = False
    task: str = ""
    open: Spawn | None = None
    link: str = ""
    notify: Notice | None = None
    reopen: bool = False
    to: str = ""
    reason: str = ""


class Automation(Struct, frozen=True, omit_defaults=True):
    """What happens by itself: at one trigger, in `stages` (none: all), if `condition` holds (unknown: it does not).

    Triggers: `upon` (`entered`, `won`, an event kind, `ARTIFACT.approved`); `after` a time
    `since` (`entered`, `opened`, `won`, `closed`, an event kind, `ARTIFACT.recorded`,
    `ARTIFACT.approved`, or a date field or `ARTIFACT.FIELD`; the latest counts); `before` the
    date `of` (a field or `ARTIFACT.FIELD`); `every` so long since `since`. `times` is how
    often at most per visit of a stage (0: as often as it is triggered).
    """

    id: str
    then: Effects
    title: Text | None = None
    upon: str = ""
    after: Duration | None = None
    before: Duration | None = None
    every: Duration | None = None
    since: tuple[str, ...] = ()
    of: str = ""
    stages: tuple[str, ...] = ()
    condition: str = ""
    times: int = 1


class TimeCase(Struct, frozen=True, omit_defaults=True):
    """A time limit for the deals of which `condition` holds; the first such case counts."""

    condition: str
    exit: Duration


class CadenceCase(Struct, frozen=True, omit_defaults=True):
    """Planned contacts for the deals of which `condition` holds; the first such case counts."""

    condition: str
    at: tuple[Duration, ...]


class Variant(Struct, frozen=True, omit_defaults=True):
    """One arm of a stage's trial. `share` is its weight among the arms; a deal keeps its arm for good."""

    id: str
    title: Text
    share: int | float = 1
    prompts: tuple[Prompt, ...] = ()
    follow_up: tuple[Duration, ...] = ()


class Journey(Struct, frozen=True, omit_defaults=True):
    """Where the buyer stands meanwhile, and what each persona (by id) expects there (R17, R92)."""

    stage: str
    expects: dict[str, Text] = {}


class Stage(Struct, frozen=True, omit_defaults=True):
    """Where a deal stands. `stall` is set by the builder to 1.5 times `sla` where a file is silent.

    `sla`, `stall` and `follow_up` hold where no case before them does. Where `condition` is
    plainly unmet the stage is passed over. `detour` names the stages from which a deal may
    be sent here, to go back there afterwards; the order of stages passes it over. An
    `auto` stage is left by itself once its criteria hold; a `locked` one takes nothing but
    answers while an approval is waited for.
    """

    id: str
    title: Text
    phase: str
    responsible: tuple[str, ...]
    probability: int | float | None = None
    sla: Duration | None = None
    stall: Duration | None = None
    follow_up: tuple[Duration, ...] = ()
    requires: tuple[Requirement, ...] = ()
    entry_criteria: tuple[Criterion, ...] = ()
    exit_criteria: tuple[Criterion, ...] = ()
    decision: Decision | None = None
    approvals: tuple[Approval, ...] = ()
    wins: bool = False
    prompts: tuple[Prompt, ...] = ()
    skip_to: dict[str, tuple[str, ...]] = {}
    back_to: tuple[str, ...] | None = None
    condition: str = ""
    sla_cases: tuple[TimeCase, ...] = ()
    stall_cases: tuple[TimeCase, ...] = ()
    follow_up_cases: tuple[CadenceCase, ...] = ()
    tasks: tuple[StageTask, ...] = ()
    automations: tuple[Automation, ...] = ()
    auto: bool = False
    locked: bool = False
    detour: tuple[str, ...] = ()
    goal: Text | None = None
    guidance: Text | None = None
    forecast: Forecast = ""
    accountable: str = ""
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    buyer: Journey | None = None
    questions: tuple[str, ...] = ()
    renamed_from: str = ""


class Outcome(Struct, frozen=True, omit_defaults=True):
    """An end of a deal other than running off the last stage. `stages` empty: allowed from any."""

    id: str
    status: Literal["lost", "disqualified", "completed"]
    title: Text
    stages: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    reasons: dict[str, Text] = {}
    recall: Duration | None = None


class Start(Struct, frozen=True, omit_defaults=True):
    """A stage at which a deal may begin; the first one whose condition holds is taken."""

    to: str
    condition: str = ""


class RecordType(Struct, frozen=True, omit_defaults=True):
    """What a process may read of a kind of record (an account, a partner): its fields, as they were when resolved."""

    id: str
    title: Text
    fields: tuple[Field, ...] = ()


class Related(Struct, frozen=True, omit_defaults=True):
    """Other deals that expressions may read under this name: of `process`, those that fit.

    `match` holds an expression of this deal by each field of theirs that must equal it (or
    by `subject`, `parent_deal`, `owner`); `link` is instead a field of this deal that holds
    their id, `parent`, or `follow_on`: those that this deal opened. `condition` is asked of
    them. `pick`: the `latest` opened, the `first`, or `all` of them as a list. `fields` are
    theirs, as they were when resolved.
    """

    id: str
    process: str
    match: dict[str, str] = {}
    link: str = ""
    condition: str = ""
    pick: Literal["latest", "first", "all"] = "latest"
    title: Text = Text("", "")
    fields: tuple[Field, ...] = ()


class Unique(Struct, frozen=True, omit_defaults=True):
    """No two live deals of the process share these fields (or `ARTIFACT.FIELD`s).

    A deal is live from the stage `stages[0]` to `stages[1]` (None: wherever it is open or
    won). Another one `queue`s before the first of these stages until the live one has
    left, is refused, or goes on with a warning.
    """

    id: str
    fields: tuple[str, ...]
    stages: tuple[str, str] | None = None
    on_conflict: Literal["queue", "refuse", "warn"] = "queue"
    title: Text = Text("", "")


class Assignment(Struct, frozen=True, omit_defaults=True):
    """Who owns a new deal: the first rule whose condition holds. `pick`: by fewest live deals, or in turn."""

    role: str
    condition: str = ""
    pick: Literal["fewest", "turn"] = "fewest"


class Template(Struct, frozen=True, omit_defaults=True):
    """A message ready to fill. `subject` and `body` may hold `{{ EXPRESSION }}`; `stages` none: everywhere."""

    id: str
    title: Text
    body: Text
    subject: Text | None = None
    channel: str = ""
    stages: tuple[str, ...] = ()
    condition: str = ""


class PhasePatch(Struct, frozen=True, omit_defaults=True):
    """What an overlay adds where a forward move enters or leaves one phase."""

    requires: tuple[Requirement, ...] = ()
    entry_criteria: tuple[Criterion, ...] = ()
    exit_criteria: tuple[Criterion, ...] = ()
    prompts: tuple[Prompt, ...] = ()


class ScorePart(Struct, frozen=True, omit_defaults=True):
    """`points` times the value of an expression: a condition counts 0 or 1, a number is cut to 0..1."""

    id: str
    points: int | float
    value: str
    title: Text


class Band(Struct, frozen=True, omit_defaults=True):
    """What a score of so much or more (of the scale's `max`) is called."""

    least: int | float
    title: Text


class Scale(Struct, frozen=True, omit_defaults=True):
    """How the parts of a score come together.

    `sum`: their points add up to `max`. `product` and `geometric_mean`: of the parts' values,
    0 to 1 each; one that is 0 makes it 0. `own` marks a scale of ours, not a published one.
    """

    max: int | float = 100
    combine: Literal["sum", "product", "geometric_mean"] = "sum"
    bands: tuple[Band, ...] = ()
    own: bool = False


class Flag(Struct, frozen=True, omit_defaults=True):
    """A warning that is up while `condition` holds (unknown: down), in `phases` (none: in all). It never blocks.

    `advise` is what the methodology would have done: end the deal, hold it, or go back.
    """

    id: str
    condition: str
    title: Text
    advise: Literal["", "disqualify", "hold", "regress"] = ""
    phases: tuple[str, ...] = ()


class Relation(Struct, frozen=True, omit_defaults=True):
    """How a methodology goes with another in the phases where both attach (`phases`: in these only).

    `conflict`: not in one phase; `tension`: one of them leads there; `overlap`, `partial`: both, and `note` says how.
    """

    kind: Literal["conflict", "tension", "overlap", "partial"]
    note: Text
    phases: tuple[str, ...] = ()


class Attachment(Struct, frozen=True, omit_defaults=True):
    """Where a process has a methodology attach (`phases` none: wherever it can), and where it leads."""

    phases: tuple[str, ...] = ()
    primary: tuple[str, ...] = ()


class Overlay(Struct, frozen=True, omit_defaults=True):
    """A methodology as data: what it adds to any process. It never names a stage or a company role."""

    id: str
    version: str
    title: Text
    fields: tuple[Field, ...] = ()
    events: tuple[EventKind, ...] = ()
    artifacts: tuple[ArtifactKind, ...] = ()
    phases: dict[str, PhasePatch] = {}
    score: tuple[ScorePart, ...] = ()
    conflicts: tuple[str, ...] = ()
    combines: tuple[str, ...] = ()
    scale: Scale = Scale()
    flags: tuple[Flag, ...] = ()
    relations: dict[str, Relation] = {}


class Process(Struct, frozen=True, omit_defaults=True):
    """A whole process, overlays merged. `fields`, `events` and `artifacts` include those of its overlays.

    `definition_hash` covers everything here and `plugins` (name==version of each that
    contributed); `source_hash` covers the authored file alone. `extends` is `PARENT@VERSION`,
    `libraries` `NAME@VERSION`s: what the file was merged from. A `record` process keeps
    records (accounts, partners): one stage, and no end but being archived. `subject` is the
    type of record that every deal is bound to.
    """

    id: str
    version: str
    title: Text
    type: str
    currency: str
    roles: dict[str, Role]
    stages: tuple[Stage, ...]
    outcomes: dict[str, Outcome]
    noun: Text = Text("deal", "项目")
    description: Text | None = None
    timezone: str = ""
    start: tuple[Start, ...] = ()
    fields: tuple[Field, ...] = ()
    events: tuple[EventKind, ...] = ()
    artifacts: tuple[ArtifactKind, ...] = ()
    exit_criteria: tuple[Criterion, ...] = ()
    methodologies: tuple[str, ...] = ()
    attachments: dict[str, Attachment] = {}
    overlays: tuple[Overlay, ...] = ()
    plugins: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    extends: str = ""
    libraries: tuple[str, ...] = ()
    record: bool = False
    subject: str = ""
    records: dict[str, RecordType] = {}
    related: tuple[Related, ...] = ()
    unique: tuple[Unique, ...] = ()
    tasks: tuple[TaskKind, ...] = ()
    assignment: tuple[Assignment, ...] = ()
    automations: tuple[Automation, ...] = ()
    grade_factor: dict[str, float] = {}
    personas: dict[str, Text] = {}
    question_banks: dict[str, tuple[Prompt, ...]] = {}
    templates: tuple[Template, ...] = ()
    source_hash: str = ""
    definition_hash: str = ""

    @property
    def every_automation(self) -> tuple[Automation, ...]:
        """Those at the top of the file, then those of its stages."""
        return (*self.automations, *(one for stage in self.stages for one in stage.automations))
