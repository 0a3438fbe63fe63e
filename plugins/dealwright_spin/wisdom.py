"""What SPIN objects to in a process: discovery that the seller alone declares done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dealwright import Criterion, LintReport, Process, Stage

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BUYER = ("buyer",)


def object_to(process: Process, report: LintReport) -> None:
    """Report each process that lists SPIN and leaves every discovery stage on the seller's word alone.

    SPIN's own criteria rest on what the seller writes down; needs count once the buyer has said
    so: by an act that only the buyer can do, or by a confirmation that names who confirmed (R61).
    """
    stages = [stage for stage in process.stages if stage.phase == "discover"]
    if "spin" not in process.methodologies or not stages:
        return
    confirmed = set(_buyers_words(process))
    if any(confirmed & set(_NAME.findall(text)) for stage in stages for text in _conditions(stage.exit_criteria)):
        return
    first: Stage = stages[0]
    report.add(
        ("stages", first.id), "no-buyer-confirmation", "warning",
        "No stage of discovery asks the buyer to confirm a need: let an exit criterion rest on a confirmation "
        "or on an act of the buyer",
        "需求发现阶段没有任何条件要求客户确认需求：请让准出条件以客户的确认或客户的行为为依据",
    )  # fmt: skip


def _buyers_words(process: Process) -> Iterator[str]:
    """Names of what only the buyer can give: events, confirmations, and confirmations inside lists."""
    yield from (event.id for event in process.events if event.by == _BUYER)
    for field in (*process.fields, *(inner for outer in process.fields for inner in outer.of)):
        if field.type == "confirmation" and field.by in ((), _BUYER):
            yield field.id


def _conditions(criteria: Iterable[Criterion]) -> Iterator[str]:
    for criterion in criteria:
        yield criterion.condition
        yield from _conditions(criterion.of)
