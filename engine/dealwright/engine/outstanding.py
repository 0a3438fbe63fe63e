"""What an artifact or a stage still lacks: fields, a file, approvals."""

from __future__ import annotations

from dealwright.engine.answers import is_asked, late_of, standing
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.model.deal import Artifact, Deal, Decided
from dealwright.model.process import Approval, ArtifactKind


def kind_of(program: Program, artifact_id: str) -> ArtifactKind:
    """The kind of an artifact's id: `visit_report-2` is a `visit_report`."""
    return program.layout.artifacts[program.layout.artifact_at[artifact_id.partition("-")[0]]]


def missing_fields(kind: ArtifactKind, artifact: Artifact) -> list[str]:
    """What the artifact lacks to be complete, as `complete(...)` has it: ids of fields, `file`."""
    from dealwright.guards.standing import missing  # most deals that are shown have no artifact yet

    return list(missing(kind, artifact))


def pending(
    program: Program, deal: Deal, approvals: tuple[Approval, ...], given: tuple[Decided, ...], context: Context,
    artifact: Artifact | None = None,
) -> list[Approval]:  # fmt: skip
    """The approvals still waited for, in their order; `artifact` is whose they are, None for the stage's.

    One that has expired is waited for no more.
    """
    return [
        a for a in approvals
        if is_asked(program, deal, a, context) and standing(a, given) != "approved"
        and ((late := late_of(deal, a, artifact)) is None or not late.expired)
    ]  # fmt: skip
