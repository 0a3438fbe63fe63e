"""The one door for every write: a command on a deal becomes events, or a refusal with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealwright.engine import commands as c
from dealwright.engine import contacts, ends, erasing, importing, moves, supplies, tasks
from dealwright.engine.answers import locking
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import RefusedByRulesError
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.model.text import Text
from dealwright.model.verdict import Refusal


def _transfer(program: Program, deal: Deal, command: c.Transfer, context: Context) -> tuple[Event, ...]:
    from dealwright.engine.transferring import transfer  # few commands need it, nor does the next

    return transfer(program, deal, command, context)


def _pass_time(program: Program, deal: Deal, command: c.TimePassed, context: Context) -> tuple[Event, ...]:
    from dealwright.engine.timing import pass_time

    return pass_time(program, deal, command, context)


_RULES: dict[type[c.Command], Callable[[Program, Deal, Any, Context], tuple[Event, ...]]] = {
    c.Open: moves.open_deal,
    c.Advance: moves.advance,
    c.Move: moves.move,
    c.End: ends.end,
    c.Hold: ends.hold,
    c.Resume: ends.resume,
    c.Reopen: ends.reopen,
    c.Waive: contacts.waive,
    c.Assign: contacts.assign,
    c.SetFields: supplies.set_fields,
    c.AddItem: supplies.add_item,
    c.SetItem: supplies.set_item,
    c.CloseItem: supplies.close_item,
    c.RecordArtifact: supplies.record_artifact,
    c.DecideArtifact: supplies.decide_artifact,
    c.DecideStage: supplies.decide_stage,
    c.LogActivity: contacts.log_activity,
    c.VoidActivity: contacts.void_activity,
    c.AddStakeholder: contacts.add_stakeholder,
    c.SetStakeholder: contacts.set_stakeholder,
    c.ErasePersonal: erasing.erase_personal,
    c.Import: importing.import_facts,
    c.LogProposals: contacts.log_proposals,
    c.AddTask: tasks.add_task,
    c.CloseTask: tasks.close_task,
    c.Transfer: _transfer,
    c.TimePassed: _pass_time,
}

_ON_HOLD = (
    c.Resume, c.SetFields, c.LogActivity, c.VoidActivity, c.ErasePersonal, c.CloseTask, c.TimePassed, c.LogProposals,
)  # fmt: skip
_ENDED = (c.Reopen, c.LogActivity, c.VoidActivity, c.ErasePersonal, c.CloseTask, c.TimePassed)
_UNLOCKED = (c.DecideStage, c.DecideArtifact, c.TimePassed, c.ErasePersonal, c.LogProposals)
_ALONE = (
    c.Import,
    c.TimePassed,
    c.ErasePersonal,
    c.LogProposals,
)  # nothing follows from these, or they see to it themselves
_MOVES = (c.Advance, c.End, c.Hold, c.Resume, c.Waive, c.Transfer)
_NOT_WHILE_OPEN = (c.Open, c.Reopen)
_VERBS = {
    c.Open: "open", c.Advance: "advance", c.Move: "move", c.End: "lose", c.Hold: "hold", c.Resume: "resume",
    c.Reopen: "reopen", c.Waive: "waive", c.Assign: "assign", c.SetFields: "set", c.AddItem: "item",
    c.SetItem: "item", c.CloseItem: "item", c.RecordArtifact: "artifact", c.DecideArtifact: "artifact",
    c.DecideStage: "approval", c.LogActivity: "activity", c.VoidActivity: "activity", c.AddStakeholder: "stakeholder",
    c.SetStakeholder: "stakeholder", c.ErasePersonal: "erase", c.Import: "import",
    c.LogProposals: "propose", c.AddTask: "task", c.CloseTask: "task", c.Transfer: "transfer", c.TimePassed: "tick",
}  # fmt: skip


def decide(program: Program, deal: Deal, command: c.Command, context: Context) -> tuple[Event, ...] | Refusal:
    """What `command` makes happen to `deal`, or why it may not.

    Pure. Raises UsageError, NotFoundError for a command that makes no sense (an unknown
    field, a value of the wrong type); everything that the rules forbid is a `Refusal`.
    """
    try:
        if deal.status != "open" or deal.hold is not None or isinstance(command, _NOT_WHILE_OPEN):
            _may_happen_now(deal, command)
        if program.process.record and isinstance(command, _MOVES):
            raise _refused(_VERBS[type(command)], "a record is not moved; it can be archived", "记录不能推进，只能归档")
        if program.plain:
            return _RULES[type(command)](program, deal, command, context)
        if program.locks:
            _not_while_locked(program, deal, command, context)
        events = _RULES[type(command)](program, deal, command, context)
        if program.follows and not isinstance(command, _ALONE):
            from dealwright.engine.consequences import follow

            events = follow(program, deal, events, context)
        if program.process.unique and events and not isinstance(command, c.Import):
            from dealwright.engine.uniqueness import keep

            keep(program, deal, events, context)
    except RefusedByRulesError as refused:
        return refused.refusal
    return events


def _may_happen_now(deal: Deal, command: c.Command) -> None:
    """Status and hold come before everything else."""
    kind = type(command)
    verb = ends.KINDS[command.status] if isinstance(command, c.End) else _VERBS[kind]
    if deal.status == "new":
        if kind not in (c.Open, c.Import):
            raise _refused(verb, "the deal is not open yet", "项目尚未建立")
        return
    if kind is c.Open:
        raise _refused(verb, "the deal is open already", "项目已存在")
    if kind is c.Import:
        return
    if deal.status in ("lost", "disqualified", "completed"):
        word = ends.STATUS_ZH[deal.status]
        if kind not in _ENDED or (kind is c.Reopen and deal.status == "completed"):
            raise _refused(verb, f"the deal is {deal.status}", f"项目{word}")
        return
    if kind is c.Reopen:
        raise _refused(verb, f"the deal is {deal.status}: there is nothing to reopen", "项目仍在进行，无需重启")
    if deal.hold is not None and kind not in _ON_HOLD and not _loses(deal, command):
        until = deal.hold.until.isoformat()
        raise _refused(verb, f"the deal is on hold until {until}; resume it first", f"项目搁置至 {until}，请先恢复")


def _not_while_locked(program: Program, deal: Deal, command: c.Command, context: Context) -> None:
    """A locked stage takes nothing but answers, while an approval is waited for."""
    if isinstance(command, _UNLOCKED) or deal.status not in ("open", "won") or deal.hold is not None:
        return
    if isinstance(command, c.Transfer) or not program.stage(deal.stage).locked:
        return
    waiting = locking(program, deal, context)
    if waiting:
        names = ", ".join(one.id for one in waiting)
        raise _refused(
            _VERBS[type(command)], f"the deal is locked until this is answered: {names}",
            f"项目已锁定，须先完成审批：{names}",
        )  # fmt: skip


def _loses(deal: Deal, command: c.Command) -> bool:
    """Whether the command loses the deal, by status or by an outcome's name."""
    if isinstance(command, c.End):
        return command.status == "lost"
    outcome = deal.layout.outcomes.get(command.to) if isinstance(command, c.Move) else None
    return outcome is not None and outcome.status == "lost"


def _refused(verb: str, en: str, zh: str) -> RefusedByRulesError:
    return RefusedByRulesError(Refusal("status", verb, None, Text(en, zh)))
