"""Whatever people try, in whatever order: the decider keeps its promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from deal_driver import NINE, TEAM
from hypothesis import HealthCheck, given, settings
from random_attempts import PROGRAM, STEPS, unfolded

from dealwright.engine import (
    Context,
    blank,
    decide,
    event_of,
    evolve,
    fold,
    from_document,
    options,
    to_document,
)
from dealwright.engine import commands as c
from dealwright.errors import DealwrightError
from dealwright.events import Event, Record
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.model.verdict import Refusal

BUSY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def through_the_log(event: Event) -> Event:
    """The event as a store gives it back."""
    data = msgspec.json.decode(msgspec.json.encode(event.data))
    return event_of(
        Record(
            1, event.deal, event.seq, event.type, event.at, event.at, event.actor, "u", event.role,
            event.definition_hash, data, "", "",
        )
    )  # fmt: skip


def check_forward(before: Deal, event: Event, context: Context) -> None:
    """No criterion that blocks was passed unless it was recorded as met, or as waived by somebody who may."""
    data: Any = event.data
    if event.type not in ("advanced", "skipped", "won", "completed") or data.outcome or not data.criteria:
        return
    at = PROGRAM.layout.stage_at
    recorded = {(j.id, j.source): j.status for j in data.criteria}
    for check in PROGRAM.plan(at[data.from_], None if data.to is None else at[data.to]).checks:
        status = recorded.get((check.id, check.source))
        fresh = before.fresh_from(check.at)
        if status is None:
            assert check.applies is not None
            assert check.applies.status(before, fresh, context.moment) == "unmet"
        elif check.severity == "block":
            assert status in ("met", "waived")
            if status == "waived":
                assert any(w.criterion.endswith(check.id) for w in before.waivers)
            elif check.guard is not None:
                assert check.guard.status(before, fresh, context.moment) == "met"


def check_win(before: Deal, deal: Deal, event: Event) -> None:
    """A deal that won by the rules, and none but such a one, stays behind the winning stage."""
    assert (deal.won_at is not None) == (deal.status in ("won", "completed"))
    if before.status == "won":
        assert deal.status in ("won", "completed")
        assert PROGRAM.layout.stage_at[deal.stage] > PROGRAM.layout.stage_at["three"]


def check_state(before: Deal, deal: Deal, event: Event) -> None:
    """What holds of every deal after every event."""
    assert deal.version == before.version + 1 == event.seq
    assert deal.stage in PROGRAM.layout.stage_at
    assert (deal.closed_at is not None) == (deal.status in ("lost", "disqualified", "completed"))
    assert deal.hold is None or deal.status in ("open", "won")
    if event.type not in ("imported", "activity_logged"):
        assert before.last_at is None or event.at >= before.last_at


def attempted(deal: Deal, command: c.Command, context: Context) -> tuple[Event, ...] | Refusal:
    """What the decider says; an error that it tells on purpose is no event."""
    try:
        return decide(PROGRAM, deal, command, context)
    except DealwrightError:
        return ()


@BUSY
@given(STEPS)
def test_whatever_people_try_the_decider_keeps_its_promises(steps: list[Any]) -> None:
    deal = blank(PROGRAM.layout)
    log: list[Event] = []
    now = NINE
    for person, command, minutes in unfolded(steps):
        now += timedelta(minutes=minutes)
        context = Context(person, TEAM.roles_of(person), Moment(now), TEAM)
        options(PROGRAM, deal, context)
        decided = attempted(deal, command, context)
        if isinstance(decided, Refusal):
            assert decided.message.en
            assert decided.cause != "criteria" or any(r.blocks for r in decided.criteria)
            continue
        for event in decided:
            before, deal = deal, evolve(deal, event)
            log.append(event)
            check_forward(before, event, context)
            check_state(before, deal, event)
            if not any(e.type == "imported" for e in log):
                check_win(before, deal, event)
    assert [e.seq for e in log] == list(range(1, len(log) + 1))
    assert fold(PROGRAM.layout, [through_the_log(event) for event in log]) == deal
    document = msgspec.json.decode(msgspec.json.encode(to_document(deal)))
    assert from_document(PROGRAM.layout, document) == deal
