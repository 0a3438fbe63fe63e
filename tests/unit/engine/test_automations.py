"""Automations: what events set off, what waits for its time, what happens and what does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from deal_driver import FOUR, WHY, Driver

from dealwright.engine import Context
from dealwright.engine import commands as c
from dealwright.engine.waking import wakes_at
from dealwright.guards import Moment
from dealwright.model.deal import Ref
from dealwright.model.facts import NO_FACTS, Facts, RecordFacts
from dealwright.model.people import SYSTEM

FIELDS = """
fields:
  size: {type: number}
  label: {type: text}
  secret: {type: text, personal: true}
  ends: {type: date}
  kind: {type: choice, values: {a: {en: First kind, zh: 一类}, b: Other}}
events:
  reply: {by: [buyer]}
artifacts:
  offer: {by: [rep], fields: {price: {type: money}}, approvals: [{by: manager}]}
"""


class Timed(Driver):
    """A deal to which time happens."""

    facts: Facts = NO_FACTS

    def context(self, person: str) -> Context:
        plain = super().context(person)
        moment = Moment(self.now, self.program.zone, self.facts)
        return Context(person, tuple(plain.roles), moment, plain.team, self.gates)

    def tick(self, **spans: float) -> list[str]:
        """What happens where so much time has passed."""
        self.now += timedelta(**spans)
        before = len(self.log)
        decided = self.do(SYSTEM, c.TimePassed())
        assert isinstance(decided, tuple), decided
        return [event.type for event in self.log[before:]]

    def fired(self) -> list[tuple[str, str | None]]:
        """(automation, why it failed) of every firing."""
        return [(e.data.automation, e.data.failed) for e in self.log if e.type == "automation_fired"]  # type: ignore[attr-defined]

    @property
    def last(self) -> Any:
        """The payload of the last event."""
        return self.log[-1].data


def deal(automations: str, *, opened: bool = True, body: str = FIELDS, **fields: Any) -> Timed:
    made = Timed(f"{body}\nautomations:\n{automations}", opened=False)
    if opened:
        made.ok("rep-1", c.Open(id="small-1", title="Example Ltd", fields=fields))
    return made


# -- upon


def test_entering_a_stage_sets_off_what_is_limited_to_it():
    one = deal("  mark: {upon: entered, stages: [two], then: {set: {label: '\"there\"'}}}")
    assert one.deal.value("label") is None
    one.on()
    assert one.deal.value("label") == "there"
    assert [(e.type, e.actor, e.role) for e in one.log[-2:]] == [
        ("automation_fired", "system", None), ("fields_set", "system", None),
    ]  # fmt: skip


def test_opening_enters_the_first_stage():
    assert deal("  mark: {upon: entered, then: {set: {size: 1}}}").deal.value("size") == 1


def test_a_win_an_event_and_an_approval_set_things_off():
    one = deal("""
  a: {upon: won, then: {set: {label: '"won"'}}}
  b: {upon: reply, times: 0, then: {set: {size: count(stakeholders) + 1}}}
  c: {upon: offer.approved, then: {set: {kind: '"b"'}}}
""")
    one.said("reply")
    assert one.deal.value("size") == 2
    one.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5}))
    assert one.deal.value("kind") is None
    one.ok("manager-1", c.DecideArtifact(artifact="offer", granted=True))
    assert one.deal.value("kind") == "b"
    for _ in range(3):
        one.on()
    assert (one.deal.status, one.deal.value("label")) == ("won", "won")


def test_the_condition_is_asked_when_the_turn_comes_and_unknown_is_no():
    one = deal("""
  first: {upon: entered, stages: [two], then: {set: {size: 7}}}
  then_this: {upon: entered, stages: [two], if: size > 5, then: {set: {label: '"big"'}}}
  never: {upon: entered, if: size > 100 or has(ends) and ends > today(), then: {set: {label: '"no"'}}}
""")
    one.on()
    assert one.deal.value("label") == "big"


def test_it_fires_so_often_in_a_visit_and_anew_in_the_next():
    one = deal("  twice: {upon: reply, times: 2, stages: [one], then: {set: {size: 1}}}")
    for _ in range(3):
        one.said("reply")
    assert len(one.fired()) == 2
    one.on()
    one.said("reply")
    assert len(one.fired()) == 2
    one.back("one")
    one.said("reply")
    assert len(one.fired()) == 3


def chain(links: int) -> str:
    """So many stages, each of which sends the deal on to the next."""
    stages = "".join(f"  - {{id: s{n}, title: S{n}, phase: qualify, responsible: [rep]}}\n" for n in range(links + 1))
    rules = "".join(
        f"  a{n}: {{upon: entered, stages: [s{n}], then: {{to: s{n + 1}}}}}\n" for n in range(links)
    )  # fmt: skip
    ends = "outcomes:\n  lost: {status: lost, reasons: [price]}\n"
    return f"\nstages:\n{stages}\n{ends}\nautomations:\n{rules}"


def test_a_chain_of_sixteen_runs_and_a_longer_one_is_refused_with_the_command_that_began_it():
    one = Timed(chain(16))
    assert one.deal.stage == "s16"
    longer = Timed(chain(17), opened=False)
    refused = longer.no("rep-1", c.Open(id="small-1", title="Example Ltd"))
    assert refused.cause == "transition"
    assert "more than 16 times" in refused.message.en


def test_an_import_sets_nothing_off():
    one = deal("  mark: {upon: entered, then: {set: {size: 1}}}", opened=False)
    opened = {"title": "Old", "process": "small", "process_version": "1.0.0", "to": "one"}
    one.ok("rep-1", c.Import(id="small-1", facts=(c.ImportedFact("opened", opened, one.now),), origin="crm.csv"))
    assert one.fired() == []


# -- effects


def test_a_forward_move_meets_the_criteria_or_nothing_happens_at_all():
    stages = FOUR.replace(
        "id: two, title: Two, phase: discover, responsible: [rep]",
        "id: two, title: Two, phase: discover, responsible: [rep], "
        "entry_criteria: {sized: {condition: has(size), unmet: Size}}",
    )
    one = deal(
        "  go: {upon: reply, times: 0, then: {set: {label: '\"moved\"'}, to: two}}", body=FIELDS + stages
    )  # fmt: skip
    one.said("reply")
    assert one.fired() == [("go", "1 criterion is not met: sized")]
    assert (one.deal.stage, one.deal.value("label")) == ("one", None)
    one.set(size=3)
    one.said("reply")
    assert (one.deal.stage, one.deal.value("label")) == ("two", "moved")
    assert one.last.automation == "go"


def test_a_deal_goes_back_or_ends_for_the_reason_that_the_file_gives():
    one = deal("""
  back: {upon: reply, stages: [three], then: {to: one}}
  end: {upon: reply, stages: [two], then: {to: lost, reason: timing}}
""")
    one.on()
    one.on()
    one.said("reply")
    assert (one.deal.stage, one.last.reason, one.last.automation) == ("one", "back", "back")
    one.on()
    one.said("reply")
    assert (one.deal.status, one.deal.reason) == ("lost", "timing")


def test_an_unknown_value_leaves_the_field_as_it_is():
    one = deal("  copy: {upon: reply, then: {set: {label: kind, size: size + 1}}}", label="kept")
    one.said("reply")
    assert one.log[-1].type == "automation_fired"
    assert one.deal.value("label") == "kept"


def test_a_value_of_the_wrong_kind_fails_the_whole_firing():
    one = deal("  big: {upon: reply, then: {set: {kind: label}}}", label="neither")
    one.said("reply")
    assert one.deal.value("kind") is None
    assert one.fired()[0][1]


def test_the_one_with_the_fewest_deals_gets_it_or_the_next_in_turn():
    one = deal("  give: {upon: reply, times: 0, then: {assign: manager}}")
    one.facts = Facts(loads={"manager-1": 3, "manager-2": 2, "chief-1": 4})
    one.said("reply")
    assert one.deal.owner == "manager-2"
    turns = deal(
        "  give: {upon: reply, times: 0, then: {assign: manager}}",
        body=FIELDS + "assignment: [{role: manager, pick: turn}]\n",
    )
    turns.facts = Facts(turns={"manager": "manager-2"})
    turns.said("reply")
    assert turns.deal.owner == "chief-1"


def test_taking_a_deal_away_leaves_it_without_an_owner_once():
    one = deal("  away: {upon: reply, times: 0, then: {unassign: true}}")
    assert one.deal.owner == "rep-1"
    one.said("reply")
    assert one.deal.owner is None
    one.said("reply")
    assert one.log[-1].type == "automation_fired"


def test_a_message_tells_values_in_both_languages_and_nothing_personal():
    one = deal(
        "  tell: {upon: reply, then: {notify: {to: [manager], text: "
        '{en: "{{ kind }} of {{ size * 2 }}, {{ ends }}, {{ label }}", zh: "{{ kind }} {{ size * 2 }}"}}}}',
        kind="a", size=4, ends="2026-05-01",
    )  # fmt: skip
    one.set(secret=Ref("p1", "3" * 64))
    one.said("reply")
    assert (one.last.en, one.last.zh) == ("First kind of 8, 2026-05-01, ____", "一类 8")


def test_a_related_deal_is_linked_once():
    body = FIELDS + "related: {twin: {process: small, match: {label: label}}}\n"
    one = deal("  link: {upon: reply, times: 0, then: {link: twin}}", body=body, label="x")
    one.said("reply")
    assert one.deal.work.links == ()
    found = RecordFacts("small-9", "Twin", "small", "open", "one", None, date(2026, 1, 1), {})
    one.facts = Facts(records={"twin": found})
    one.said("reply")
    one.said("reply")
    assert [(link.deal, link.kind) for link in one.deal.work.links] == [("small-9", "twin")]


def test_a_follow_on_gets_the_next_id_and_fails_where_it_is_refused():
    one = deal("  more: {upon: reply, times: 0, then: {open: {process: small}, set: {size: 1}}}")
    one.facts = Facts(ids={"small": "small-5"})
    one.said("reply")
    one.said("reply")
    assert [link.deal for link in one.deal.work.links] == ["small-5", "small-6"]
    refused = deal("  more: {upon: reply, then: {open: {process: small}, set: {size: 1}}}")
    refused.facts = Facts(ids={"small": "small-5"}, refused={"more": "it needs a title"})
    refused.said("reply")
    assert refused.fired() == [("more", "it needs a title")]
    assert refused.deal.value("size") is None


# -- time


def test_what_waits_happens_when_its_time_has_come_and_once():
    one = deal("  late: {after: 10d, then: {set: {label: '\"late\"'}}}")
    assert one.tick(days=9) == []
    assert one.tick(days=1) == ["automation_fired", "fields_set"]
    assert one.last.fields == {"label": "late"}
    assert one.log[-2].data.due_at == one.deal.opened_at + timedelta(days=10)  # type: ignore[attr-defined, operator]
    assert one.tick() == []
    assert one.tick(days=50) == []


def test_the_latest_of_several_beginnings_counts():
    one = deal("  lapse: {after: 10d, since: [entered, reply], then: {to: lost, reason: timing}}")
    one.later(days=8)
    one.said("reply")
    assert one.tick(days=9) == []
    assert one.tick(days=2) == ["automation_fired", "lost"]


def test_dates_and_artifacts_are_counted_from():
    one = deal("""
  warn: {before: 30d, of: ends, then: {set: {label: '"soon"'}}}
  chase: {after: 3d, since: offer.recorded, then: {set: {size: 1}}}
  praise: {after: 3d, since: offer.approved, then: {set: {size: 2}}}
""", ends="2026-06-01")  # fmt: skip
    assert one.tick(days=30) == []
    one.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5}))
    assert one.tick(days=4) == ["automation_fired", "fields_set"]
    assert one.deal.value("size") == 1
    one.ok("manager-1", c.DecideArtifact(artifact="offer", granted=True))
    assert one.tick(days=4) == ["automation_fired", "fields_set"]
    assert one.deal.value("size") == 2
    one.later(days=30)
    assert one.tick() == ["automation_fired", "fields_set"]
    assert one.deal.value("label") == "soon"


def test_what_recurs_catches_up_once():
    one = deal("  monthly: {every: 1mo, since: opened, then: {set: {size: 1}}}")
    assert one.tick(days=27) == []
    assert one.tick(days=5) == ["automation_fired", "fields_set"]
    assert one.tick() == []
    assert one.tick(days=100) == ["automation_fired", "fields_set"]
    assert one.tick() == []
    assert one.tick(days=31) == ["automation_fired", "fields_set"]


def test_one_that_does_not_hold_yet_is_asked_again():
    one = deal("  late: {after: 10d, if: has(size), then: {set: {label: '\"late\"'}}}")
    assert one.tick(days=20) == []
    one.set(size=1)
    assert one.tick() == ["automation_fired", "fields_set"]


def test_what_is_due_happens_in_the_order_of_its_time_and_sets_off_more():
    one = deal("""
  second: {after: 9d, then: {set: {label: '"second"'}}}
  first: {after: 8d, stages: [one], then: {set: {label: '"first"'}, to: two}}
  on_two: {upon: entered, stages: [two], then: {set: {size: 2}}}
""")
    one.tick(days=30)
    assert [name for name, _ in one.fired()] == ["first", "on_two"]
    assert one.tick() == []
    assert one.tick(days=9) == ["automation_fired", "fields_set"]  # the second counts anew from the second stage


def test_on_hold_only_a_date_of_its_own_counts():
    one = deal("""
  idle: {after: 5d, then: {set: {size: 1}}}
  opening: {before: 1d, of: ends, then: {set: {label: '"tomorrow"'}}}
""", ends="2026-03-20")  # fmt: skip
    one.ok("rep-1", c.Hold(until=date(2026, 4, 1), reason=WHY))
    assert one.tick(days=7) == []
    assert one.tick(days=11) == ["automation_fired", "fields_set"]
    assert one.deal.value("label") == "tomorrow"
    one.ok("rep-1", c.Resume())
    assert one.tick(days=4) == []  # the clocks go on from where they stood
    assert one.tick(days=1) == ["automation_fired", "fields_set"]


def test_after_the_end_only_what_counts_from_it_runs():
    one = deal("""
  idle: {after: 5d, then: {notify: {to: [rep], text: idle}}}
  again: {after: 0d, since: recall, then: {reopen: true}}
""")
    one.ok("rep-1", c.End(status="lost", reason="price", recall=date(2026, 4, 1)))
    assert one.tick(days=10) == []
    assert one.tick(days=25) == ["automation_fired", "reopened", "automation_fired", "notified"] or one.log
    assert one.deal.status == "open"


@pytest.mark.parametrize(
    ("automation", "runs"),
    [
        ("before: 1d, of: ends, then: {notify: {to: [rep], text: x}}", True),
        ("after: 1d, since: won, then: {notify: {to: [rep], text: x}}", True),
        ("after: 1d, then: {notify: {to: [rep], text: x}}", False),
        ("before: 1d, of: ends, then: {set: {size: 1}}", False),
    ],
)
def test_on_a_completed_deal_runs_only_what_leaves_it_alone(automation, runs):
    one = deal(f"  x: {{{automation}}}", ends="2026-04-01")
    for _ in range(3):
        one.on()
    one.ok("ops-1", c.Advance())
    assert one.deal.status == "completed"
    assert bool(one.tick(days=60)) is runs


def test_plugins_keep_their_say_in_moves():
    one = deal("  go: {upon: reply, then: {to: two}}")
    process = one.program.process
    object.__setattr__(one.program, "process", __import__("msgspec").structs.replace(process, plugins=("spin==1.0",)))
    one.said("reply")
    assert one.deal.stage == "one"
    assert "plugins have a say" in str(one.fired()[0][1])


# -- waking


def test_a_deal_wakes_when_the_first_of_its_times_comes_and_not_before():
    one = deal("""
  late: {after: 10d, then: {set: {size: 1}}}
  later: {before: 1d, of: ends, then: {set: {size: 2}}}
""")
    assert wakes_at(one.program, one.deal, one.now) == one.deal.opened_at + timedelta(days=10)  # type: ignore[operator]
    one.tick(days=11)
    assert wakes_at(one.program, one.deal, one.now) is None
    one.set(ends="2026-05-01")
    assert str(wakes_at(one.program, one.deal, one.now)) == "2026-04-30 00:00:00+00:00"
    one.ok("rep-1", c.End(status="lost", reason="price"))
    assert wakes_at(one.program, one.deal, one.now) is None


def test_a_deal_wakes_for_an_approval_that_nobody_answers():
    body = FIELDS.replace("approvals: [{by: manager}]", "approvals: [{by: manager, within: 2d, on_timeout: approve}]")
    one = deal("  never: {upon: won, then: {set: {size: 1}}}", body=body)
    assert wakes_at(one.program, one.deal, one.now) is None
    one.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5}))
    assert wakes_at(one.program, one.deal, one.now) == one.now + timedelta(days=2)
    assert one.tick(days=2) == ["artifact_approved"]
    assert wakes_at(one.program, one.deal, one.now) is None
