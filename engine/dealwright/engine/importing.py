"""Taking over facts from another system, as they are."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.engine.commands import Import, ImportedFact
from dealwright.engine.context import Context
from dealwright.engine.ends import STATUS_ZH
from dealwright.engine.program import Program
from dealwright.engine.result import event, permit
from dealwright.errors import UsageError
from dealwright.events import PAYLOADS, Event, Imported
from dealwright.model.deal import Deal, Ref
from dealwright.model.values import InvalidValueError, check_value, revive

# The statuses in which each fact can have happened, and the status that it leads to (None: stays).
_ANY = ("open", "won", "lost", "disqualified", "completed")
_TAKEN: dict[str, tuple[tuple[str, ...], str | None]] = {
    "opened": (("new",), "open"),
    "advanced": (("open", "won"), None),
    "skipped": (("open",), None),
    "regressed": (("open", "won"), None),
    "won": (("open",), "won"),
    "completed": (("won",), "completed"),
    "lost": (("open",), "lost"),
    "disqualified": (("open",), "disqualified"),
    "reopened": (("lost", "disqualified"), "open"),
    "fields_set": (_ANY, None),
    "owner_assigned": (_ANY, None),
}


def import_facts(program: Program, deal: Deal, command: Import, context: Context) -> tuple[Event, ...]:
    """One `imported` event a fact, each with its own `at`; an undated one carries the time of import.

    Nothing is evaluated, so nothing is claimed to have been met. Stages, outcomes, fields and
    payload shapes must be the process's own, and each fact possible after the one before it.
    Needs a role that may open deals.
    """
    role = permit(program, context, program.process.stages[0].responsible, "import", None)
    events = []
    status: str = deal.status
    for number, fact in enumerate(command.facts, 1):
        status = _status_after(fact.what, status)
        _check(program, fact)
        data = Imported(what=fact.what, data=dict(fact.data), undated=fact.at is None, origin=command.origin)
        at = fact.at or context.now
        seq = deal.version + number
        events.append(event(program, deal, context, "imported", role, data, seq=seq, at=at, deal_id=command.id))
    return tuple(events)


def _status_after(what: str, status: str) -> str:
    if what not in _TAKEN:
        raise UsageError(f"{what} cannot be imported", f"不能导入 {what}")
    allowed, after = _TAKEN[what]
    if status not in allowed:
        raise UsageError(
            f"{what} cannot happen to a deal that is {status}", f"状态为“{STATUS_ZH[status]}”的项目不可能发生 {what}"
        )
    return after or status


def _check(program: Program, fact: ImportedFact) -> None:
    """Raise UsageError for a fact that the process does not know."""
    try:
        payload = msgspec.convert(fact.data, PAYLOADS[fact.what])
    except msgspec.ValidationError as error:
        raise UsageError(f"{fact.what}: {error}", f"{fact.what}：{error}") from error
    layout = program.layout
    for key, known in (("from_", layout.stage_at), ("to", layout.stage_at), ("outcome", layout.outcomes)):
        name = getattr(payload, key, None)
        if name is not None and name not in known:
            raise UsageError(f"the process has no stage or outcome {name}", f"流程中没有阶段或结果 {name}", name=name)
    for name, value in getattr(payload, "fields", {}).items():
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
