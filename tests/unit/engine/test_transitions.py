"""Each row of the table of transitions, but transfer."""

from __future__ import annotations

from datetime import date

import pytest
from deal_driver import SYSTEM, WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.errors import UsageError

TIMED = """
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: 10d
    skip_to: {three: [manager], four: [manager]}
  - {id: two, title: Two, phase: discover, responsible: [rep], sla: 5d}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true, back_to: [two]}
  - {id: four, title: Four, phase: deliver, responsible: [ops], sla: 20d}
  - {id: five, title: Five, phase: retain, responsible: [ops]}
outcomes:
  lost: {status: lost, reasons: [price, timing]}
  shelved: {status: lost, from: [two], by: [manager], reasons: [budget_cut], recall: 6mo}
  disqualified: {status: disqualified, from: [one], reasons: [no_fit]}
  churned: {status: completed, from: [five], by: [ops], reasons: [idle]}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(TIMED)


def at(deal: Driver, stage: str) -> Driver:
    while deal.deal.stage != stage:
        deal.on("ops-1" if deal.deal.stage in ("four", "five") else "rep-1")
    return deal


# open


def test_opening_starts_the_clocks_of_the_first_stage(deal: Driver) -> None:
    now = deal.deal
    assert (now.status, now.stage, now.version, now.owner) == ("open", "one", 1, "rep-1")
    assert now.due_at is not None
    assert now.opened_at is not None
    assert (now.due_at - now.opened_at).days == 10


def test_a_deal_opens_once(deal: Driver) -> None:
    refusal = deal.no("rep-1", c.Open(id="small-1", title="Again"))
    assert refusal.cause == "status"


def test_nothing_happens_to_a_deal_that_is_not_open_yet() -> None:
    deal = Driver(TIMED, opened=False)
    for command in (c.Advance(), c.SetFields(fields={"amount": 1}), c.LogActivity(name="call"), c.Resume()):
        assert deal.no("rep-1", command).cause == "status"


# advance


def test_advance_goes_to_the_next_stage_and_restarts_the_clocks(deal: Driver) -> None:
    deal.later(days=3)
    event = deal.on()
    assert (event.type, event.role) == ("advanced", "rep")
    assert deal.deal.stage == "two"
    assert deal.deal.entered_at == event.at
    assert deal.deal.due_at is not None
    assert (deal.deal.due_at - event.at).days == 5


def test_advance_takes_the_stages_own_role(deal: Driver) -> None:
    refusal = deal.no("ops-1", c.Advance())
    assert (refusal.cause, refusal.kind, refusal.to, refusal.roles) == ("role", "advance", "two", ("rep",))


def test_whoever_holds_no_role_may_do_nothing(deal: Driver) -> None:
    commands = (
        c.Advance(), c.Move(to="three", reason=WHY), c.Hold(until=date(2026, 4, 1), reason=WHY),
        c.End(status="lost", reason="price"), c.SetFields(fields={"amount": 5}), c.Assign(person="rep-2"),
        c.LogActivity(name="call"), c.AddStakeholder(fields={"dept": "IT"}),
    )  # fmt: skip
    assert {deal.no("guest-1", command).cause for command in commands} == {"role"}


def test_the_system_acts_without_a_role(deal: Driver) -> None:
    event = deal.ok(SYSTEM, c.Advance())
    assert (event.actor, event.role) == (SYSTEM, None)


def test_a_won_deal_advances_too(deal: Driver) -> None:
    assert at(deal, "five").log[-1].type == "advanced"
    assert deal.deal.status == "won"


# skip


def test_a_skip_records_the_skipped_stages_and_its_reason(deal: Driver) -> None:
    event = deal.ok("manager-1", c.Move(to="three", reason=WHY))
    assert (event.type, event.data.skipped, event.data.reason) == ("skipped", ("two",), WHY)  # type: ignore[attr-defined]
    assert deal.deal.stage == "three"
    assert deal.deal.status == "open"


def test_a_skip_takes_a_role_that_the_process_names(deal: Driver) -> None:
    refusal = deal.no("rep-1", c.Move(to="three", reason=WHY))
    assert (refusal.cause, refusal.kind, refusal.roles) == ("role", "skip", ("manager",))


def test_a_skip_needs_a_reason(deal: Driver) -> None:
    with pytest.raises(UsageError):
        deal.do("manager-1", c.Move(to="three"))


def test_a_skip_that_the_process_does_not_name_is_refused(deal: Driver) -> None:
    refusal = deal.no("manager-1", c.Move(to="five", reason=WHY))
    assert (refusal.cause, refusal.kind) == ("transition", "skip")


def test_a_skip_over_the_winning_stage_wins(deal: Driver) -> None:
    event = deal.ok("manager-1", c.Move(to="four", reason=WHY))
    assert (event.type, event.data.skipped) == ("won", ("two", "three"))  # type: ignore[attr-defined]
    assert (deal.deal.status, deal.deal.won_at) == ("won", event.at)


def test_a_won_deal_does_not_skip() -> None:
    deal = Driver(TIMED.replace("id: four, title: Four,", "id: four, title: Four, skip_to: {six: [ops]},").replace(
        "outcomes:", "  - {id: six, title: Six, phase: retain, responsible: [ops]}\noutcomes:"))  # fmt: skip
    at(deal, "four")
    assert deal.no("ops-1", c.Move(to="six", reason=WHY)).cause == "status"


def test_moving_to_the_next_stage_by_name_is_an_advance(deal: Driver) -> None:
    assert deal.ok("rep-1", c.Move(to="two")).type == "advanced"


# regress


def test_going_back_needs_a_reason_and_restarts_the_clocks(deal: Driver) -> None:
    deal.on()
    with pytest.raises(UsageError):
        deal.do("rep-1", c.Move(to="one"))
    event = deal.back("one")
    assert (event.type, deal.deal.stage, deal.deal.entered_at) == ("regressed", "one", event.at)
    assert deal.deal.due_at is not None
    assert (deal.deal.due_at - event.at).days == 10


def test_going_back_takes_the_stages_role(deal: Driver) -> None:
    deal.on()
    assert deal.no("ops-1", c.Move(to="one", reason=WHY)).cause == "role"


def test_a_stage_may_limit_the_ways_back(deal: Driver) -> None:
    at(deal, "three")
    assert deal.no("rep-1", c.Move(to="one", reason=WHY)).cause == "transition"
    assert deal.back("two").type == "regressed"


def test_a_won_deal_goes_back_but_never_over_the_winning_stage(deal: Driver) -> None:
    at(deal, "five")
    for stage in ("one", "two", "three"):
        assert deal.no("ops-1", c.Move(to=stage, reason=WHY)).cause == "transition"
    deal.ok("ops-1", c.Move(to="four", reason=WHY))
    assert (deal.deal.stage, deal.deal.status) == ("four", "won")
    assert deal.no("ops-1", c.Move(to="three", reason=WHY)).cause == "transition"


def test_a_move_to_where_the_deal_stands_is_refused(deal: Driver) -> None:
    assert deal.no("rep-1", c.Move(to="one", reason=WHY)).cause == "transition"


def test_a_target_that_does_not_exist_gets_a_suggestion(deal: Driver) -> None:
    with pytest.raises(UsageError, match="did you mean three"):
        deal.do("rep-1", c.Move(to="thre"))


# hold and resume


def test_a_hold_stops_the_clocks_and_resuming_moves_them_on(deal: Driver) -> None:
    due = deal.deal.due_at
    held = deal.ok("rep-1", c.Hold(until=date(2026, 4, 1), reason=WHY))
    assert deal.deal.status == "open"
    assert deal.deal.hold is not None
    deal.later(days=7)
    resumed = deal.ok("rep-1", c.Resume())
    assert due is not None
    assert deal.deal.hold is None
    assert deal.deal.due_at == due + (resumed.at - held.at)


def test_on_hold_only_resume_lose_set_and_activities_work(deal: Driver) -> None:
    deal.ok("rep-1", c.Hold(until=date(2026, 4, 1), reason=WHY))
    for command in (
        c.Advance(), c.Move(to="two"), c.Hold(until=date(2026, 5, 1), reason=WHY), c.Assign(person="rep-2"),
        c.End(status="disqualified", reason="no_fit"), c.Move(to="disqualified", reason="no_fit"),
        c.AddStakeholder(fields={"dept": "IT"}), c.Reopen(reason=WHY),
    ):  # fmt: skip
        assert deal.no("rep-1", command).cause == "status"
    deal.set(amount=5)
    deal.ok("rep-1", c.LogActivity(name="call"))
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    assert (deal.deal.status, deal.deal.hold) == ("lost", None)


def test_losing_by_the_outcomes_name_works_on_hold_too(deal: Driver) -> None:
    deal.ok("rep-1", c.Hold(until=date(2026, 4, 1), reason=WHY), c.Move(to="lost", reason="price"))
    assert deal.deal.status == "lost"


def test_a_hold_takes_the_role_and_a_later_day(deal: Driver) -> None:
    assert deal.no("ops-1", c.Hold(until=date(2026, 4, 1), reason=WHY)).cause == "role"
    with pytest.raises(UsageError):
        deal.do("rep-1", c.Hold(until=deal.now.date(), reason=WHY))


def test_a_won_deal_may_be_held(deal: Driver) -> None:
    at(deal, "four").ok("ops-1", c.Hold(until=date(2026, 4, 1), reason=WHY))
    assert (deal.deal.status, deal.deal.hold is not None) == ("won", True)


def test_resuming_what_is_not_on_hold_is_refused(deal: Driver) -> None:
    assert deal.no("rep-1", c.Resume()).cause == "status"


# win and complete


def test_leaving_the_winning_stage_wins_and_the_deal_goes_on(deal: Driver) -> None:
    event = at(deal, "four").log[-1]
    assert event.type == "won"
    now = deal.deal
    assert (now.status, now.stage, now.won_at, now.closed_at) == ("won", "four", event.at, None)
    assert now.due_at is not None


def test_a_win_with_nothing_after_it_also_completes() -> None:
    deal = Driver("""
        stages:
          - {id: one, title: One, phase: qualify, responsible: [rep], sla: 3d}
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.on()
    deal.on()
    assert [e.type for e in deal.log] == ["opened", "advanced", "won", "completed"]
    assert [e.seq for e in deal.log] == [1, 2, 3, 4]
    now = deal.deal
    assert (now.status, now.stage, now.version) == ("completed", "two", 4)
    assert now.won_at == now.closed_at is not None
    assert now.due_at is None


def test_leaving_the_last_stage_completes_a_won_deal(deal: Driver) -> None:
    at(deal, "five")
    event = deal.on("ops-1")
    assert (event.type, event.data.to) == ("completed", None)  # type: ignore[attr-defined]
    assert (deal.deal.status, deal.deal.closed_at, deal.deal.stage) == ("completed", event.at, "five")


def test_an_outcome_completes_a_won_deal_for_a_reason_of_its_list(deal: Driver) -> None:
    at(deal, "five")
    assert deal.no("ops-1", c.Move(to="churned", reason="bored")).cause == "transition"
    event = deal.ok("ops-1", c.Move(to="churned", reason="idle"))
    assert (event.type, deal.deal.status, deal.deal.outcome, deal.deal.reason) == (
        "completed", "completed", "churned", "idle",
    )  # fmt: skip


def test_an_open_deal_does_not_complete(deal: Driver) -> None:
    assert deal.no("ops-1", c.Move(to="churned", reason="idle")).cause == "status"


# lose and disqualify


def test_a_deal_is_lost_for_a_reason_of_the_closed_list(deal: Driver) -> None:
    assert deal.no("rep-1", c.End(status="lost", reason="pric")).message.en.endswith("did you mean price?")
    event = deal.ok("rep-1", c.End(status="lost", reason="price"))
    now = deal.deal
    assert (event.type, now.status, now.outcome, now.reason, now.stage) == ("lost", "lost", "lost", "price", "one")
    assert (now.due_at, now.follow_ups, now.closed_at) == (None, (), event.at)


def test_anybodys_own_words_are_no_reason_of_a_closed_list(deal: Driver) -> None:
    assert deal.no("rep-1", c.Move(to="lost", reason=WHY)).cause == "transition"
    assert deal.no("rep-1", c.Move(to="lost")).cause == "transition"


def test_the_reason_finds_the_outcome(deal: Driver) -> None:
    deal.on()
    refusal = deal.no("rep-1", c.End(status="lost", reason="budget_cut"))
    assert (refusal.cause, refusal.roles) == ("role", ("manager",))
    deal.ok("manager-1", c.End(status="lost", reason="budget_cut"))
    assert deal.deal.outcome == "shelved"


def test_the_outcome_may_be_named_and_must_exist(deal: Driver) -> None:
    deal.on()
    refusal = deal.no("rep-1", c.End(status="lost", outcome="lost", reason="budget_cut"))
    assert refusal.message.en.startswith("budget_cut is not among the reasons")
    assert deal.no("rep-1", c.End(status="lost", outcome="eaten", reason="price")).cause == "transition"
    deal.ok("manager-1", c.End(status="lost", outcome="shelved", reason="budget_cut"))


def test_where_an_outcome_has_no_list_the_reason_is_somebodys_own_words() -> None:
    deal = Driver("outcomes: {lost: {status: lost}, gone: {status: lost, reasons: [price]}}")
    deal.ok("rep-1", c.End(status="lost", reason=WHY))
    assert (deal.deal.outcome, deal.deal.reason) == ("lost", WHY)
    other = Driver("outcomes: {lost: {status: lost}, gone: {status: lost, reasons: [price]}}")
    other.ok("rep-1", c.End(status="lost", reason="price"))
    assert other.deal.outcome == "gone"


def test_nobodys_own_words_stand_in_an_event() -> None:
    deal = Driver(TIMED + "  gone: {status: lost}\n")
    for person, command in (
        ("rep-1", c.Move(to="gone", reason="they fell out")),
        ("manager-1", c.Move(to="three", reason="in a hurry")),
        ("rep-1", c.Advance(reason="just so")),
    ):
        with pytest.raises(UsageError, match="personal"):
            deal.do(person, command)
    deal.on()
    with pytest.raises(UsageError, match="personal"):
        deal.do("rep-1", c.Move(to="one", reason="wrong way"))
    deal.ok("rep-1", c.Move(to="one", reason="timing"))


def test_an_outcome_ends_a_deal_only_from_the_stages_it_allows(deal: Driver) -> None:
    deal.on()
    refusal = deal.no("rep-1", c.End(status="disqualified", reason="no_fit"))
    assert (refusal.cause, refusal.kind) == ("transition", "disqualify")


def test_an_unfit_account_is_disqualified_before_anything_is_met() -> None:
    deal = Driver("""
        events: {met: {by: [buyer]}}
        stages:
          - {id: one, title: One, phase: qualify, responsible: [rep], exit_criteria: {m: {condition: event(met)}}}
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.ok("rep-1", c.End(status="disqualified", reason="no_fit"))
    assert deal.deal.status == "disqualified"


def test_a_won_deal_is_not_lost(deal: Driver) -> None:
    at(deal, "four")
    for command in (c.End(status="lost", reason="price"), c.Move(to="lost", reason="price")):
        assert deal.no("ops-1", command).cause == "status"


def test_a_recall_date_is_asked_for_or_comes_from_the_outcome(deal: Driver) -> None:
    deal.ok("rep-1", c.End(status="lost", reason="price", recall=date(2026, 9, 1)))
    assert deal.deal.recall_at is not None
    assert deal.deal.recall_at.date() == date(2026, 9, 1)
    other = Driver(TIMED)
    other.on()
    event = other.ok("manager-1", c.End(status="lost", reason="budget_cut"))
    assert other.deal.recall_at == event.at.replace(month=9)


def test_a_recall_lies_ahead(deal: Driver) -> None:
    with pytest.raises(UsageError):
        deal.do("rep-1", c.End(status="lost", reason="price", recall=date(2026, 3, 2)))


# reopen


@pytest.mark.parametrize(("status", "reason"), [("lost", "price"), ("disqualified", "no_fit")])
def test_reopening_brings_a_deal_back_with_fresh_clocks(deal: Driver, status: str, reason: str) -> None:
    deal.ok("rep-1", c.End(status=status, reason=reason, recall=date(2026, 9, 1)))
    deal.later(days=90)
    assert deal.no("ops-1", c.Reopen(reason=WHY)).cause == "role"
    event = deal.ok("rep-1", c.Reopen(reason=WHY))
    now = deal.deal
    assert (event.type, now.status, now.stage, now.entered_at) == ("reopened", "open", "one", event.at)
    assert (now.outcome, now.reason, now.closed_at, now.recall_at) == (None, None, None, None)
    assert now.due_at is not None
    assert (now.due_at - event.at).days == 10


def test_only_what_was_lost_or_disqualified_reopens(deal: Driver) -> None:
    assert deal.no("rep-1", c.Reopen(reason=WHY)).cause == "status"
    at(deal, "four")
    assert deal.no("ops-1", c.Reopen(reason=WHY)).cause == "status"
    at(deal, "five").on("ops-1")
    assert deal.no("ops-1", c.Reopen(reason=WHY)).cause == "status"


def test_an_ended_deal_takes_nothing_but_activities(deal: Driver) -> None:
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    for command in (
        c.Advance(), c.Move(to="two"), c.SetFields(fields={"amount": 1}), c.Assign(person="rep-2"), c.Resume(),
        c.End(status="lost", reason="timing"), c.Hold(until=date(2026, 4, 1), reason=WHY),
    ):  # fmt: skip
        assert deal.no("rep-1", command).cause == "status"
    deal.ok("rep-1", c.LogActivity(name="call"))
    assert deal.deal.follow_ups == ()


def test_a_refusal_names_the_command_as_people_do(deal: Driver) -> None:
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    kinds = {
        deal.no("rep-1", command).kind
        for command in (
            c.SetFields(fields={"amount": 1}),
            c.Waive(criterion="x", reason=WHY),
            c.Assign(person="rep-2"),
            c.RecordArtifact(artifact="x"),
            c.End(status="disqualified", reason="no_fit"),
        )
    }
    assert kinds == {"set", "waive", "assign", "artifact", "disqualify"}


# the clock


def test_the_log_never_goes_back_in_time(deal: Driver) -> None:
    deal.on()
    first = deal.deal.last_at
    assert first is not None
    deal.later(hours=-5)
    event = deal.on()
    assert event.at == first
    assert deal.deal.entered_at == first


def test_clocks_count_from_the_events_own_instant_when_the_machines_clock_went_back(deal: Driver) -> None:
    deal.on()
    newest = deal.deal.last_at
    deal.later(hours=-5)
    event = deal.back("one")
    assert event.at == newest
    assert deal.deal.due_at is not None
    assert (deal.deal.due_at - event.at).days == 10
    held = deal.ok("rep-1", c.Hold(until=date(2026, 4, 1), reason=WHY))
    due = deal.deal.due_at
    deal.later(hours=-5)
    deal.ok("rep-1", c.Resume())
    assert held.at == newest
    assert deal.deal.due_at == due


def test_every_event_carries_who_in_which_role_and_by_which_definition(deal: Driver) -> None:
    event = deal.on()
    assert (event.actor, event.role, event.definition_hash) == (
        "rep-1", "rep", deal.program.process.definition_hash,
    )  # fmt: skip


def test_a_refusal_lists_every_unmet_criterion_with_its_fix() -> None:
    deal = Driver("""
        fields: {fit: {type: choice, values: [good, bad]}, size: {type: number, by: [manager]}}
        stages:
          - id: one
            title: One
            phase: qualify
            responsible: [rep]
            exit_criteria:
              fits: {condition: 'fit == "good"'}
              sized: {condition: size > 5}
              amount: {condition: has(amount)}
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.set(amount=5)
    refusal = deal.no("rep-1", c.Advance())
    assert (refusal.cause, refusal.kind, refusal.to) == ("criteria", "advance", "two")
    unmet = by_id(refusal)
    assert {name: r.status for name, r in unmet.items()} == {"fits": "unknown", "sized": "unknown"}
    assert unmet["fits"].fix.people == ("rep-1", "rep-2", "chief-1")
    assert unmet["sized"].fix.people == ("manager-1", "manager-2", "chief-1")
    assert unmet["sized"].fix.remedies[0].verb == "deal set"
