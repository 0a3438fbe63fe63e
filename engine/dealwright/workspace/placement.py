"""What shape D tells of a deal besides its own dates: forecast, trial, tasks, links, detour, the buyer's stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dealwright.engine import Context, Program
from dealwright.errors import PluginError
from dealwright.model.deal import Deal, Task
from dealwright.model.text import Text, humanise
from dealwright.model.values import to_json


def placement(program: Program, stage_id: str, status: str, work: Mapping[str, Any]) -> dict[str, Any]:
    """These keys, from a deal's work as a document keeps it."""
    stage = program.stage(stage_id)
    forecast: str | None = stage.forecast or None
    if status != "open":
        forecast = "closed" if status in ("won", "completed") else "omitted"
    away = work.get("away")
    return {
        "forecast": forecast,
        "variant": dict(work.get("variants", ())).get(stage_id),
        "tasks": [task_shape(program, task) for task in work.get("tasks", ())],
        "links": [{"deal": link["deal"], "kind": link["kind"]} for link in work.get("links", ())],
        "detour_from": away["stage"] if away else None,
        "buyer_stage": stage.buyer.stage if stage.buyer else None,
    }


def task_shape(program: Program, task: Mapping[str, Any] | Task) -> dict[str, Any]:
    """A task. A kind that the definition does not know (the deal came from another) is told by its id."""
    kept: Mapping[str, Any] = msgspec.to_builtins(task)
    kind = kept["kind"]
    known = next((one.title for one in program.process.tasks if one.id == kind), None)
    title: Any = {"en": kept["title"], "zh": kept["title"]}
    if kind is not None:
        said = known or humanise(kind)
        title = {"en": said.en, "zh": said.zh}
    return {
        "id": kept["id"], "kind": kind, "title": title, "roles": list(kept["roles"]), "due_at": kept["due_at"],
        "done_at": kept["closed_at"], "how": kept["how"], "optional": kept["optional"],
    }  # fmt: skip


def stage_prompts(program: Program, deal: Deal) -> list[Text]:
    """What the process would have asked now: the stage's guidance and prompts, those of the deal's arm, its banks."""
    stage = program.stage(deal.stage)
    arm = dict(deal.work.variants).get(stage.id)
    said = [stage.guidance] if stage.guidance else []
    said += stage.prompts
    said += [prompt for one in stage.variants if one.id == arm for prompt in one.prompts]
    return said + [question for bank in stage.questions for question in program.process.question_banks.get(bank, ())]


def counts_amount(program: Program) -> bool:
    """Whether the amount of the process's deals is computed, so that no document holds it."""
    return bool(program.layout.fields[program.layout.field_at["amount"]].formula)


def formulas(program: Program, deal: Deal, context: Context) -> dict[str, Any]:
    """The values of the deal's formulas by field, as JSON; None where one is unknown, or lacks a plugin."""
    found: dict[str, Any] = {}
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    for field in program.layout.fields:
        if field.formula:
            from dealwright.guards import rounded  # only a process that computes anything pays for it

            try:
                value = rounded(program.guard(field.id, "value").value(deal, fresh, context.moment))
            except PluginError:
                value = None
            found[field.id] = to_json(field, value)
    return found
