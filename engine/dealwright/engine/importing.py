"""Taking over facts from another system, as they are."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.engine.commands import Import, ImportedFact
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import event, permit
from dealwright.errors import UsageError
from dealwright.events import PAYLOADS, Event, Imported
from dealwright.model.deal import Deal, Ref
from dealwright.model.values import InvalidValueError, check_value, revive

_TAKEN = frozenset({
    "opened", "advanced", "skipped", "regressed", "won", "completed", "lost", "disqualified", "reopened", "fields_set",
    "owner_assigned",
})  # fmt: skip


def import_facts(program: Program, deal: Deal, command: Import, context: Context) -> tuple[Event, ...]:
    """One `imported` event a fact, each with its own `at`; an undated one carries the time of import.

    Nothing is evaluated, so nothing is claimed to have been met. Stages, outcomes, fields and
    payload shapes must be the process's own. Needs a role that may open deals.
    """
    role = permit(program, context, program.process.stages[0].responsible, "import", None)
    events = []
    for number, fact in enumerate(command.facts, 1):
        _check(program, fact, new=deal.status == "new" and number == 1)
        data = Imported(what=fact.what, data=dict(fact.data), undated=fact.at is None, origin=command.origin)
        at = fact.at or context.now
        seq = deal.version + number
        events.append(event(program, deal, context, "imported", role, data, seq=seq, at=at, deal_id=command.id))
    return tuple(events)


def _check(program: Program, fact: ImportedFact, *, new: bool) -> None:
    """Raise UsageError for a fact that the process does not know, or that does not belong here."""
    if fact.what not in _TAKEN:
        raise UsageError(f"{fact.what} cannot be imported", f"不能导入 {fact.what}")
    if (fact.what == "opened") is not new:
        raise UsageError(
            "the first fact of a deal, and only it, is opened", "项目的第一条事实（且仅第一条）应为 opened"
        )
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
    for name, value in fact.data.get("fields", {}).items():
        _check_field(program, name, value)


def _check_field(program: Program, name: str, value: Any) -> None:
    at = program.layout.field_at.get(name)
    if at is None:
        raise UsageError(f"there is no field {name}", f"没有字段 {name}", field=name)
    field = program.layout.fields[at]
    try:
        if field.personal and value is not None:
            msgspec.convert(value, Ref)
        elif value is not None and check_value(field, value, program.layout.currency) != value:
            raise UsageError(f"{name}: {value!r} is not as the log keeps it", f"{name}：{value!r} 不是日志的写法")
        revive(field, value)
    except (InvalidValueError, msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name}: {error}", f"{name}：{error}", field=name) from error
