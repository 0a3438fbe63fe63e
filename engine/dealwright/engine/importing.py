"""Taking over facts from another system, as they are."""

from __future__ import annotations

import msgspec

from dealwright.engine.commands import Import
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import permit
from dealwright.errors import UsageError
from dealwright.events import PAYLOADS, Event, Imported
from dealwright.model.deal import Deal

_TAKEN = frozenset({
    "opened", "advanced", "skipped", "regressed", "won", "completed", "lost", "disqualified", "reopened", "fields_set",
    "owner_assigned",
})  # fmt: skip


def import_facts(program: Program, deal: Deal, command: Import, context: Context) -> tuple[Event, ...]:
    """One `imported` event a fact, each with its own `at`; an undated one carries the time of import.

    Nothing is evaluated, so nothing is claimed to have been met. Stages, outcomes and
    payload shapes must be the process's own. Needs a role that may open deals.
    """
    role = permit(program, context, program.process.stages[0].responsible, "import", None)
    events = []
    for number, fact in enumerate(command.facts, 1):
        if fact.what not in _TAKEN:
            raise UsageError(f"{fact.what} cannot be imported", f"不能导入 {fact.what}")
        try:
            msgspec.convert(fact.data, PAYLOADS[fact.what])
        except msgspec.ValidationError as error:
            raise UsageError(f"{fact.what}: {error}", f"{fact.what}：{error}") from error
        for key, known in (
            ("from", program.layout.stage_at),
            ("to", program.layout.stage_at),
            ("outcome", program.process.outcomes),
        ):
            name = fact.data.get(key)
            if name is not None and name not in known:
                raise UsageError(f"the process has no {key} {name}", f"流程中没有 {name}")
        events.append(
            Event(
                command.id,
                deal.version + number,
                "imported",
                fact.at or context.now,
                context.actor,
                role,
                program.layout.definition_hash,
                Imported(what=fact.what, data=dict(fact.data), undated=fact.at is None, origin=command.origin),
            )  # fmt: skip
        )
    return tuple(events)
