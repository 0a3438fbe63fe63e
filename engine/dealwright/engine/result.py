"""Building what a decision returns: events, or a refusal."""

from __future__ import annotations

from datetime import datetime

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.errors import UsageError
from dealwright.events import Event, Payload
from dealwright.model.deal import Deal, Ref
from dealwright.model.people import SYSTEM
from dealwright.model.process import RESPONSIBLE
from dealwright.model.text import Text
from dealwright.model.verdict import Cause, CriterionResult, Refusal


class RefusedByRulesError(Exception):
    """Carries a `Refusal` from deep inside a decision up to `decide`, which returns it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message.en)
        self.refusal = refusal


def refuse(
    cause: Cause,
    kind: str,
    to: str | None,
    message: Text,
    criteria: tuple[CriterionResult, ...] = (),
    roles: tuple[str, ...] = (),
) -> RefusedByRulesError:
    """A refusal to raise."""
    return RefusedByRulesError(Refusal(cause, kind, to, message, criteria, roles))


def titles(program: Program, roles: tuple[str, ...]) -> Text:
    """The roles' titles, for a sentence."""
    known = program.process.roles
    return Text(
        " or ".join(known[r].title.en if r in known else r for r in roles) or "nobody",
        "或".join(known[r].title.zh if r in known else r for r in roles) or "任何人",
    )


def permit(program: Program, context: Context, roles: tuple[str, ...], kind: str, to: str | None) -> str | None:
    """The role in which the actor may act (None for the system). Raises a refusal; deny by default."""
    if context.actor == SYSTEM:
        return None
    role = context.role_among(roles)
    if role is None:
        who = titles(program, roles)
        raise refuse(
            "role", kind, to,
            Text(f"{context.actor} may not do this: it takes {who.en}",
                 f"{context.actor} 无权执行此操作：须由{who.zh}执行"),
            roles=roles,
        )  # fmt: skip
    return role


def settle(program: Program, deal: Deal, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Declared roles as real ones: the buyer's acts and `responsible` fall to the stage's responsible roles."""
    own = program.stage(deal.stage).responsible if deal.stage else ()
    company = [role for role in roles if role != "buyer"]
    if not company:
        return own
    return tuple(dict.fromkeys(r for role in company for r in (own if role == RESPONSIBLE else (role,))))


def spoken(program: Program, reason: str | Ref | None) -> str | Ref | None:
    """A reason as an event may hold it: a word of the process file, or a reference to somebody's own words."""
    if isinstance(reason, str) and reason not in program.reasons:
        raise UsageError("own words are personal: they come as a reference", "自由填写的理由属于个人信息，须以引用给出")
    return reason


def instant(deal: Deal, context: Context) -> datetime:
    """When the next event of the deal happens: now, but never before the event that it follows.

    Clocks count from here, not from `context.now`, so that they agree with their event.
    """
    return context.now if deal.last_at is None or context.now >= deal.last_at else deal.last_at


def event(
    program: Program, deal: Deal, context: Context, kind: str, role: str | None, data: Payload,
    *, seq: int = 0, at: datetime | None = None, deal_id: str = "",
) -> Event:  # fmt: skip
    """The next event of the deal, at its `instant` unless `at` says otherwise."""
    return Event(
        deal_id or deal.id, seq or deal.version + 1, kind, at or instant(deal, context), context.actor, role,
        program.layout.definition_hash, data,
    )  # fmt: skip


def did_you_mean(name: str, known: list[str]) -> Text:
    """The rest of a sentence: the nearest known name, or all of them where they are few."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    if near:
        return Text(f"; did you mean {near[0]}?", f"；是否指 {near[0]}？")
    listed = ", ".join(known[:12])
    return Text(f"; there are: {listed}", f"；可用的有：{listed}") if known else Text("", "")
