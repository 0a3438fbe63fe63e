"""The gate of every move that has criteria: what the event records of them, or a refusal with all that is unmet."""

from __future__ import annotations

from dealwright.engine.context import Context
from dealwright.engine.judge import judge, passes, records
from dealwright.engine.program import Plan, Program
from dealwright.engine.result import refuse
from dealwright.events import Judged
from dealwright.model.deal import Deal
from dealwright.model.text import Text


def must_pass(
    program: Program, plan: Plan, deal: Deal, context: Context, kind: str, to: str | None
) -> tuple[Judged, ...]:  # fmt: skip
    """What the event records of the criteria; raises a refusal that lists all unmet ones."""
    if passes(plan, deal, context):
        return records(plan, None)
    results = judge(program, plan, deal, context)
    if any(result.blocks for result in results):
        unmet = tuple(r for r in results if r.status in ("unmet", "unknown"))
        blocking = sum(1 for r in unmet if r.blocks)
        raise refuse(
            "criteria", kind, to,
            Text(f"{blocking} {'criterion is' if blocking == 1 else 'criteria are'} not met",
                 f"有 {blocking} 项条件未满足"),
            unmet,
        )  # fmt: skip
    return records(plan, results)
