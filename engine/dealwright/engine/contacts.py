"""Acts with the buyer and the people there: activities, stakeholders; and who owns a deal, what is waived."""

from __future__ import annotations

from msgspec.structs import replace

from dealwright.engine import clocks
from dealwright.engine.commands import (
    AddStakeholder,
    Assign,
    LogActivity,
    LogProposals,
    SetStakeholder,
    VoidActivity,
    Waive,
)
from dealwright.engine.context import Context
from dealwright.engine.decisions import forward_ways
from dealwright.engine.entries import Values
from dealwright.engine.judge import is_waived, waivers_of
from dealwright.engine.program import Check, Program
from dealwright.engine.result import did_you_mean, event, permit, refuse, settle
from dealwright.errors import NotFoundError, UsageError
from dealwright.events import ActivityLogged, ActivityVoided, Event, OwnerAssigned, Proposed, StakeholderChanged, Waiver
from dealwright.model.deal import Deal
from dealwright.model.layout import COMMON_ACTIVITIES, STAKEHOLDER_FIELDS
from dealwright.model.process import BUYER, EventKind
from dealwright.model.text import Text


def log_activity(program: Program, deal: Deal, command: LogActivity, context: Context) -> tuple[Event, ...]:
    """`activity log`: an act of the buyer names the stakeholder who did it, and brings its proof."""
    kind = program.layout.events.get(command.name)
    if kind is None and command.name not in COMMON_ACTIVITIES:
        hint = did_you_mean(command.name, [*program.layout.events, *COMMON_ACTIVITIES])
        raise UsageError(
            f"there is no activity {command.name}{hint.en}",
            f"没有活动类型 {command.name}{hint.zh}",
            activity=command.name,
        )
    by = command.by or (BUYER if kind and kind.by == (BUYER,) else "seller")
    role = _may_log(program, deal, kind, by, command.name, context)
    if command.contact is not None and deal.stakeholder(command.contact) is None:
        raise NotFoundError(f"the deal has no stakeholder {command.contact}", f"项目没有干系人 {command.contact}")
    if kind and by == BUYER and command.contact is None:
        raise UsageError(
            f"{kind.id} is the buyer's own act: --contact names who did it",
            f"{kind.id} 是客户自己的行为：请用 --contact 指明是谁",
        )
    if kind and kind.proof and command.proof is None:
        raise UsageError(f"{kind.id} needs --proof", f"{kind.id} 须用 --proof 附凭证", missing="proof")
    declared = kind.fields if kind else ()
    fields = Values(program, deal, context).fields(declared, command.fields)
    missing = [f.id for f in declared if f.required and fields.get(f.id) is None]
    if missing:
        names = ", ".join(missing)
        raise UsageError(f"{command.name} needs {names}", f"{command.name} 须填写 {names}", missing=missing)
    at = command.at or context.now
    if at > context.now:
        raise UsageError(
            "an activity cannot lie in the future; plan it with --next", "活动不能发生在未来；请用 --next 安排"
        )
    planned = clocks.after_contact(program, deal, at, context, by_buyer=by == BUYER)
    if command.next is not None:
        planned = (command.next,)
    data = ActivityLogged(
        activity=f"a{deal.activities + 1}", name=command.name, by=by, contact=command.contact,
        channel=command.channel, note=command.note, proof=command.proof,
        fields={k: v for k, v in fields.items() if v is not None},
        follow_ups=planned if deal.status in ("open", "won") else (),
    )  # fmt: skip
    return (event(program, deal, context, "activity_logged", role, data, at=at),)


def void_activity(program: Program, deal: Deal, command: VoidActivity, context: Context) -> tuple[Event, ...]:
    """`activity void`: it stays in the log and counts no more."""
    if not any(fact.id == command.activity for fact in deal.facts):
        raise NotFoundError(f"the deal has no activity {command.activity}", f"项目没有活动 {command.activity}")
    role = permit(program, context, program.stage(deal.stage).responsible, "activity", command.activity)
    data = ActivityVoided(activity=command.activity, reason=command.reason)
    return (event(program, deal, context, "activity_voided", role, data),)


def add_stakeholder(program: Program, deal: Deal, command: AddStakeholder, context: Context) -> tuple[Event, ...]:
    """`stakeholder add`: anybody who works on the deal may add people of the buyer's side."""
    role = permit(program, context, anybody(program, deal), "stakeholder", None)
    fields = Values(program, deal, context).fields(STAKEHOLDER_FIELDS, command.fields)
    if fields.get("name") is None:
        raise UsageError("a stakeholder needs a name", "干系人须填写 name（姓名）", missing=["name"])
    data = StakeholderChanged(
        stakeholder=next_stakeholder(deal), fields={k: v for k, v in fields.items() if v is not None}
    )
    return (event(program, deal, context, "stakeholder_added", role, data),)


def log_proposals(program: Program, deal: Deal, command: LogProposals, context: Context) -> tuple[Event, ...]:
    """`deal propose`: anybody who works on the deal may put on record what plugins propose. Nothing else follows."""
    role = permit(program, context, anybody(program, deal), "propose", None)
    events = []
    for number, (plugin, one) in enumerate(command.proposals):
        data = Proposed(
            source=f"plugin:{plugin}", proposal=one.id, reason={"en": one.reason.en, "zh": one.reason.zh},
            score=one.score, step={"en": one.step.en, "zh": one.step.zh} if one.step else None,
        )  # fmt: skip
        made = event(program, deal, context, "proposed", role, data)
        events.append(replace(made, seq=made.seq + number))
    return tuple(events)


def next_stakeholder(deal: Deal) -> str:
    """The id that the next stakeholder of the deal gets."""
    return f"s{len(deal.stakeholders) + 1}"


def set_stakeholder(program: Program, deal: Deal, command: SetStakeholder, context: Context) -> tuple[Event, ...]:
    """`stakeholder set`: change what is known."""
    role = permit(program, context, anybody(program, deal), "stakeholder", command.stakeholder)
    if deal.stakeholder(command.stakeholder) is None:
        raise NotFoundError(
            f"the deal has no stakeholder {command.stakeholder}", f"项目没有干系人 {command.stakeholder}"
        )
    fields = Values(program, deal, context).fields(STAKEHOLDER_FIELDS, command.fields)
    if not fields or fields.get("name", "") is None:
        raise UsageError("nothing to set, or the name cleared", "没有要设置的内容，或清空了姓名")
    data = StakeholderChanged(stakeholder=command.stakeholder, fields=fields)
    return (event(program, deal, context, "stakeholder_set", role, data),)


def assign(program: Program, deal: Deal, command: Assign, context: Context) -> tuple[Event, ...]:
    """`assign`: another person of the team owns the deal."""
    role = permit(program, context, program.stage(deal.stage).responsible, "assign", command.person)
    if command.person not in context.team.people:
        hint = did_you_mean(command.person, list(context.team.people))
        raise UsageError(
            f"nobody in the team is called {command.person}{hint.en}", f"团队中没有 {command.person}{hint.zh}"
        )
    if command.person == deal.owner:
        raise refuse("status", "assign", command.person, Text("that person owns the deal already", "该项目已由其负责"))
    return (event(program, deal, context, "owner_assigned", role, OwnerAssigned(owner=command.person)),)


def waive(program: Program, deal: Deal, command: Waive, context: Context) -> tuple[Event, ...]:
    """`waive`: one criterion of the deal's stage, by a role that the definition allows, with a reason."""
    checks = _checks_here(program, deal, context)
    named = [c for c in checks if command.criterion in (c.id, f"{c.source}:{c.id}")]
    if not named:
        hint = did_you_mean(command.criterion, list(dict.fromkeys(c.id for c in checks)))
        raise NotFoundError(
            f"no criterion {command.criterion} applies at {deal.stage}{hint.en}",
            f"{deal.stage} 阶段没有条件 {command.criterion}{hint.zh}",
        )
    sources = tuple(dict.fromkeys(f"{c.source}:{c.id}" for c in named))
    if len(sources) > 1:
        raise UsageError(f"which one? {', '.join(sources)}", f"请指明是哪一项：{'、'.join(sources)}")
    left = [c for c in named if not is_waived(program, c, deal)]
    if not left:
        raise refuse("status", "waive", command.criterion, Text("it is waived already", "该条件已获特批"))
    roles = tuple(dict.fromkeys(r for c in left for r in waivers_of(program, deal, c)))
    if not roles:
        raise refuse(
            "role", "waive", command.criterion,
            Text(f"the process lets nobody waive {command.criterion}", f"流程不允许任何人特批 {command.criterion}"),
        )  # fmt: skip
    role = permit(program, context, roles, "waive", command.criterion)
    data = Waiver(criterion=command.criterion, stage=deal.stage, reason=command.reason)
    return (event(program, deal, context, "criterion_waived", role, data),)


def anybody(program: Program, deal: Deal) -> tuple[str, ...]:
    """The stage's responsible roles first, then every other role of the process."""
    return tuple(dict.fromkeys((*program.stage(deal.stage).responsible, *program.process.roles)))


def _may_log(program: Program, deal: Deal, kind: EventKind | None, by: str, name: str, context: Context) -> str | None:
    if by not in (BUYER, "seller"):
        raise UsageError(f"--by is buyer or seller, not {by}", f"--by 应为 buyer 或 seller，而不是 {by}")
    if kind is None:
        return permit(program, context, anybody(program, deal), "activity", name)
    if by == BUYER:
        if BUYER not in kind.by:
            raise UsageError(f"{kind.id} is not an act of the buyer", f"{kind.id} 不是客户的行为")
        return permit(program, context, settle(program, deal, kind.by), "activity", name)
    if kind.by == (BUYER,):
        raise UsageError(
            f"{kind.id} is the buyer's own act: log it --by buyer", f"{kind.id} 只能是客户的行为：请用 --by buyer"
        )
    return permit(program, context, settle(program, deal, kind.by), "activity", name)


def _checks_here(program: Program, deal: Deal, context: Context) -> list[Check]:
    """The checks of every forward move from the deal's stage, or of the way back from a detour."""
    here = program.layout.stage_at[deal.stage]
    ways = [way.to for way, _ in forward_ways(program, deal, context)]
    places = [None if to is None else program.layout.stage_at[to] for to in (*program.stage(deal.stage).skip_to, *ways)]
    checks = [check for place in places for check in program.plan(here, place).checks]
    if deal.work.away is not None:
        checks += program.stage_plan(here).checks
    return list(dict.fromkeys(checks))
