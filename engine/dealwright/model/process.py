"""A process as the engine knows it: resolved, checked and frozen. Built only by `definition`."""

from typing import Literal

from msgspec import Struct

from dealwright.model.duration import Duration
from dealwright.model.text import Text

PHASES = ("prospect", "qualify", "discover", "propose", "negotiate", "close", "deliver", "retain")

FieldType = Literal[
    "text", "number", "boolean", "date", "month", "datetime", "money", "choice",
    "list", "file", "person", "stakeholder", "confirmation",
]  # fmt: skip
Severity = Literal["block", "warn"]
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


class EventKind(Struct, frozen=True, omit_defaults=True):
    """A named act that a process listens for. `by` holds roles, and `buyer` for the buyer's own acts."""

    id: str
    by: tuple[str, ...]
    title: Text
    fields: tuple[Field, ...] = ()
    proof: Literal["", "file", "mail"] = ""
    source: str = "process"


class Approval(Struct, frozen=True, omit_defaults=True):
    """One approval an artifact or a stage needs: by whom, if when, after which other, by how many people."""

    id: str
    by: tuple[str, ...]
    condition: str = ""
    after: str = ""
    count: int = 1


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

    Where the condition `applies` is given and false, the criterion does not count.
    """

    id: str
    condition: str
    title: Text
    unmet: Text
    severity: Severity = "block"
    waivable_by: tuple[str, ...] = ()
    stages: tuple[str, str] | None = None
    applies: str = ""


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


class Stage(Struct, frozen=True, omit_defaults=True):
    """Where a deal stands. `stall` is set by the builder to 1.5 times `sla` where a file is silent."""

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
    prompts: tuple[Text, ...] = ()
    skip_to: dict[str, tuple[str, ...]] = {}
    back_to: tuple[str, ...] | None = None


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


class PhasePatch(Struct, frozen=True, omit_defaults=True):
    """What an overlay adds where a forward move enters or leaves one phase."""

    requires: tuple[Requirement, ...] = ()
    entry_criteria: tuple[Criterion, ...] = ()
    exit_criteria: tuple[Criterion, ...] = ()
    prompts: tuple[Text, ...] = ()


class ScorePart(Struct, frozen=True, omit_defaults=True):
    """`points` times the value of an expression: a condition counts 0 or 1, a number is cut to 0..1."""

    id: str
    points: int | float
    value: str
    title: Text


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


class Process(Struct, frozen=True, omit_defaults=True):
    """A whole process, overlays merged. `fields`, `events` and `artifacts` include those of its overlays.

    `definition_hash` covers everything here and `plugins` (name==version of each that
    contributed); `source_hash` covers the authored file alone.
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
    overlays: tuple[Overlay, ...] = ()
    plugins: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    source_hash: str = ""
    definition_hash: str = ""
