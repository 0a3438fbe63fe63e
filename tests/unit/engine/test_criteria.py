"""Entry and exit criteria, `block` and `warn`, `if`, `requires`, process-wide and overlay criteria, waivers, gates."""

from __future__ import annotations

import pytest
from deal_driver import SYSTEM, WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.errors import NotFoundError, UsageError
from dealwright.hookspecs import GateResult
from dealwright.model.text import Text

BODY = """
fields: {a: {type: number}, b: {type: number}, strict: {type: boolean}}
artifacts:
  plan: {by: [rep], fields: {text: {type: text, required: true}}}
  offer: {by: [rep], fields: {price: {type: money, required: true}}, approvals: [{by: manager}]}
exit_criteria:
  common: {condition: b > 0, stages: {from: two, to: three}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    exit_criteria:
      a_set: {condition: a > 0, waivable_by: [manager]}
      b_warns: {condition: b > 5, severity: warn, unmet: B is small}
      only_strict: {condition: a > 100, if: strict}
    skip_to: {three: [manager]}
  - id: two
    title: Two
    phase: qualify
    responsible: [rep]
    entry_criteria: {b_known: {condition: has(b), waivable_by: [legal]}}
    requires: [plan, {artifact: offer, if: amount > 1000}]
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true, entry_criteria: {deep: {condition: a > 3}}}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
  - {id: five, title: Five, phase: retain, responsible: [ops]}
"""
OVERLAY = """
overlay: extra
version: 1.0.0
title: Extra
fields:
  depth: {type: number, by: [responsible]}
  width: {type: number}
phases:
  qualify:
    entry_criteria: {wide: {condition: width > 0}}
    exit_criteria: {deep_enough: {condition: depth > 0, waivable_by: [responsible]}}
  deliver:
    entry_criteria: {wide: {condition: width > 0}}
"""


def statuses(deal: Driver) -> dict[str, str]:
    """What the last event recorded."""
    return {j.id: j.status for j in deal.log[-1].data.criteria}  # type: ignore[attr-defined]


# block, warn, unknown, if


def test_unmet_and_unknown_block_and_are_all_listed() -> None:
    deal = Driver(BODY, a=0, strict=False)
    refusal = deal.no("rep-1", c.Advance())
    assert {n: r.status for n, r in by_id(refusal).items()} == {
        "a_set": "unmet", "b_warns": "unknown", "b_known": "unmet",
    }  # fmt: skip
    assert refusal.message.en == "2 criteria are not met"
    assert by_id(refusal)["b_warns"].severity == "warn"


def test_a_warning_lets_the_deal_pass_and_is_recorded() -> None:
    deal = Driver(BODY, a=1, b=1, strict=False)
    deal.on()
    assert statuses(deal) == {"a_set": "met", "b_warns": "unmet", "b_known": "met"}


def test_a_criterion_whose_if_is_false_does_not_count() -> None:
    deal = Driver(BODY, a=1, b=9, strict=False)
    assert "only_strict" not in by_id(deal.way("two"))
    deal.set(strict=True)
    assert deal.unmet() == {"only_strict": "unmet"}


def test_an_unknown_if_requires_what_it_guards() -> None:
    assert Driver(BODY, a=1, b=9).unmet() == {"only_strict": "unmet"}


def test_the_event_records_every_criterion_with_source_and_status() -> None:
    deal = Driver(BODY, OVERLAY, a=200, b=9, strict=True, width=1)
    deal.on()
    assert [(j.id, j.source, j.status) for j in deal.log[-1].data.criteria] == [  # type: ignore[attr-defined]
        ("a_set", "process", "met"), ("b_warns", "process", "met"), ("only_strict", "process", "met"),
        ("b_known", "process", "met"),
    ]  # fmt: skip


# entry, process-wide, requires


def test_entry_criteria_of_the_target_hold_the_deal_back() -> None:
    assert Driver(BODY, a=1, strict=False).unmet() == {"b_warns": "unknown", "b_known": "unmet"}


def test_a_skip_checks_the_exit_of_the_stage_and_the_entry_of_the_target() -> None:
    deal = Driver(BODY, a=0, strict=False)
    assert deal.unmet("manager-1", c.Move(to="three", reason=WHY)) == {
        "a_set": "unmet", "b_warns": "unknown", "deep": "unmet",
    }  # fmt: skip


def test_a_process_wide_criterion_holds_at_its_stages_only() -> None:
    deal = Driver(BODY, a=5, b=0, strict=False)
    deal.on()
    deal.ok("rep-1", c.RecordArtifact(artifact="plan", fields={"text": "so"}))
    deal.set(amount="5")
    assert deal.unmet() == {"common": "unmet"}
    deal.set(b=1)
    deal.on()
    deal.set(b=0)
    assert deal.unmet() == {"common": "unmet"}
    deal.set(b=1)
    deal.on()
    deal.set("ops-1", b=0)
    deal.on("ops-1")
    assert deal.deal.stage == "five"


def test_a_process_wide_criterion_without_stages_holds_everywhere() -> None:
    deal = Driver("exit_criteria: {paid: {condition: has(amount)}}")
    assert deal.unmet() == {"paid": "unmet"}
    deal.set(amount=5)
    for _ in range(3):
        deal.on()
    deal.set("ops-1", amount=None)
    assert deal.unmet("ops-1") == {"paid": "unmet"}


def test_a_required_artifact_must_be_complete_and_approved_where_it_asks() -> None:
    deal = Driver(BODY, a=5, b=9, strict=False, amount="5000")
    deal.on()
    assert deal.unmet() == {"requires.plan": "unmet", "requires.offer": "unmet", "approved.offer": "unmet"}
    deal.ok("rep-1", c.RecordArtifact(artifact="plan", fields={"text": "so"}))
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5}))
    assert deal.unmet() == {"approved.offer": "unmet"}
    deal.ok("manager-1", c.DecideArtifact(artifact="offer", granted=True))
    deal.on()
    assert deal.deal.stage == "three"


def test_a_requirement_whose_if_is_false_does_not_count_and_an_unknown_one_does() -> None:
    deal = Driver(BODY, a=5, b=9, strict=False)
    deal.on()
    assert "requires.offer" in deal.unmet()
    deal.set(amount=1000)
    assert deal.unmet() == {"requires.plan": "unmet"}


# overlays


def test_an_overlays_exit_criteria_apply_when_the_phase_is_left() -> None:
    deal = Driver(BODY, OVERLAY, a=5, b=9, strict=False, width=1, amount="5")
    deal.on()  # qualify to qualify
    deal.ok("rep-1", c.RecordArtifact(artifact="plan", fields={"text": "so"}))
    refusal = deal.no("rep-1", c.Advance())
    assert {n: r.source for n, r in by_id(refusal).items()} == {"deep_enough": "overlay:extra"}
    deal.set(depth=1)
    deal.on()
    assert deal.deal.stage == "three"


def test_an_overlays_entry_criteria_apply_when_the_phase_is_entered() -> None:
    deal = Driver(BODY, OVERLAY, a=5, b=9, strict=False, width=1, amount="5")
    assert "wide" not in by_id(deal.way("two"))
    deal.on()
    deal.ok("rep-1", c.RecordArtifact(artifact="plan", fields={"text": "so"}))
    deal.set(depth=1)
    deal.on()
    deal.set(width=0)
    assert deal.unmet() == {"wide": "unmet"}
    deal.set(width=1)
    deal.on()
    assert deal.deal.stage == "four"


def test_an_overlay_may_require_an_artifact_of_its_own() -> None:
    overlay = """
        overlay: extra
        version: 1.0.0
        title: Extra
        artifacts: {map: {by: [responsible], fields: {text: {type: text, required: true}}}}
        phases: {qualify: {requires: [map]}}
        """
    deal = Driver("", overlay)
    refusal = deal.no("rep-1", c.Advance())
    assert [(r.id, r.source) for r in refusal.criteria] == [("requires.map", "overlay:extra")]
    assert deal.no("ops-1", c.RecordArtifact(artifact="map", fields={"text": "so"})).roles == ("rep",)
    deal.ok("rep-1", c.RecordArtifact(artifact="map", fields={"text": "so"}))
    assert deal.on().type == "advanced"


def test_an_overlay_asks_nothing_of_a_deal_that_goes_back_or_ends() -> None:
    deal = Driver(BODY, OVERLAY, a=5, b=9, strict=False, width=1)
    deal.on()
    deal.back("one")
    deal.ok("rep-1", c.End(status="lost", reason="price"))


def test_responsible_means_the_stages_own_roles() -> None:
    deal = Driver(BODY, OVERLAY, a=5, b=9, strict=False, width=1, amount="5")
    assert deal.no("ops-1", c.SetFields(fields={"depth": 1})).roles == ("rep",)
    deal.on()
    deal.ok("rep-1", c.RecordArtifact(artifact="plan", fields={"text": "so"}))
    assert deal.no("manager-1", c.Waive(criterion="deep_enough", reason=WHY)).roles == ("rep",)
    deal.ok("rep-1", c.Waive(criterion="deep_enough", reason=WHY))
    deal.on()


# waivers


def test_a_waiver_is_given_by_a_role_that_the_process_names_with_its_reason() -> None:
    deal = Driver(BODY, b=9, strict=False)
    assert deal.no("rep-1", c.Waive(criterion="a_set", reason=WHY)).roles == ("manager",)
    event = deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    assert (event.type, event.data.reason, event.data.stage) == ("criterion_waived", WHY, "one")  # type: ignore[attr-defined]
    deal.on()
    assert statuses(deal)["a_set"] == "waived"


def test_a_criterion_that_names_nobody_cannot_be_waived() -> None:
    deal = Driver(BODY, a=1, strict=True)
    for criterion in ("only_strict", "b_warns"):
        refusal = deal.no("manager-1", c.Waive(criterion=criterion, reason=WHY))
        assert (refusal.cause, refusal.roles) == ("role", ())


def test_a_waiver_does_not_cover_what_is_met() -> None:
    deal = Driver(BODY, b=9, strict=False)
    deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    deal.set(a=5)
    deal.on()
    assert statuses(deal)["a_set"] == "met"


def test_a_waiver_lasts_for_one_visit_of_the_stage() -> None:
    deal = Driver(BODY, b=9, strict=False)
    deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    deal.on()
    deal.back("one")
    assert deal.unmet() == {"a_set": "unknown"}


def test_a_waiver_does_not_survive_the_end_of_the_deal() -> None:
    deal = Driver(BODY, b=9, strict=False)
    deal.ok(
        "manager-1",
        c.Waive(criterion="a_set", reason=WHY),
    )
    deal.ok("rep-1", c.End(status="lost", reason="price"), c.Reopen(reason=WHY))
    assert deal.unmet() == {"a_set": "unknown"}


def test_a_waiver_of_one_criterion_is_none_of_another_with_the_same_name() -> None:
    body = BODY.replace("{b_known: {condition: has(b), waivable_by: [legal]}}", "{a_set: {condition: a > 50}}")
    deal = Driver(body, b=9, strict=False)
    deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    assert deal.unmet() == {"a_set": "unknown"}


def test_each_waiver_counts_only_where_its_role_may_waive() -> None:
    body = BODY.replace("b_known: {condition: has(b)", "a_set: {condition: a > 50")
    deal = Driver(body, b=9, strict=False)
    deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    assert deal.unmet() == {"a_set": "unknown"}
    deal.ok("legal-1", c.Waive(criterion="a_set", reason=WHY))
    assert deal.on().type == "advanced"


def test_a_person_with_both_roles_waives_both() -> None:
    body = BODY.replace("b_known: {condition: has(b)", "a_set: {condition: a > 50")
    deal = Driver(body, b=9, strict=False)
    for role in ("manager", "legal"):
        assert deal.ok("chief-1", c.Waive(criterion="a_set", reason=WHY)).role == role
    assert deal.no("chief-1", c.Waive(criterion="a_set", reason=WHY)).cause == "status"
    assert deal.on().type == "advanced"


def test_an_entry_criterion_of_the_next_stage_may_be_waived() -> None:
    deal = Driver(BODY, a=1, strict=False)
    deal.ok("legal-1", c.Waive(criterion="b_known", reason=WHY))
    assert deal.on().type == "advanced"


def test_what_is_waived_already_is_not_waived_again() -> None:
    deal = Driver(BODY, b=9, strict=False)
    deal.ok("manager-1", c.Waive(criterion="a_set", reason=WHY))
    assert deal.no("manager-1", c.Waive(criterion="a_set", reason=WHY)).cause == "status"


def test_a_criterion_that_does_not_apply_here_is_not_found() -> None:
    deal = Driver(BODY, b=9, strict=False)
    with pytest.raises(NotFoundError, match="did you mean a_set"):
        deal.do("manager-1", c.Waive(criterion="a_sett", reason=WHY))
    with pytest.raises(NotFoundError):
        deal.do("manager-1", c.Waive(criterion="common", reason=WHY))


def test_where_two_sources_share_a_name_the_waiver_says_which() -> None:
    overlay = OVERLAY.replace("deep_enough", "a_set")
    body = BODY.replace("id: two\n    title: Two\n    phase: qualify", "id: two\n    title: Two\n    phase: discover")
    deal = Driver(body, overlay, b=9, strict=False, width=1)
    with pytest.raises(UsageError, match="process:a_set, overlay:extra:a_set"):
        deal.do("chief-1", c.Waive(criterion="a_set", reason=WHY))
    deal.ok("manager-1", c.Waive(criterion="process:a_set", reason=WHY))
    refusal = deal.no("rep-1", c.Advance())
    assert [(r.id, r.source) for r in refusal.criteria] == [("a_set", "overlay:extra")]


def test_a_waiver_is_offered_where_nothing_else_helps() -> None:
    deal = Driver("""
        fields: {by_day: {type: date}}
        stages:
          - id: one
            title: One
            phase: qualify
            responsible: [rep]
            exit_criteria: {young: {condition: days_since(opened_on) <= 10, waivable_by: [manager]}}
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.later(days=11)
    fix = by_id(deal.no("rep-1", c.Advance()))["young"].fix
    assert [r.verb for r in fix.remedies] == ["deal waive"]
    assert fix.people == ("manager-1", "manager-2", "chief-1")


# gates of plugins


def gate(status: str, severity: str = "block") -> GateResult:
    return GateResult("outside", status, Text("Asked", "问"), Text("yes", "是"), severity=severity)  # type: ignore[arg-type]


def test_a_plugins_gate_blocks_like_a_criterion_and_is_recorded() -> None:
    deal = Driver()
    deal.gates = (("checker", gate("unmet")),)
    refusal = deal.no("rep-1", c.Advance())
    assert [(r.id, r.source) for r in refusal.criteria] == [("outside", "plugin:checker")]
    deal.gates = (("checker", gate("unmet", "warn")),)
    deal.on()
    assert statuses(deal) == {"outside": "unmet"}
    deal.gates = (("checker", gate("met")),)
    deal.on()
    assert statuses(deal) == {"outside": "met"}


def test_the_system_passes_no_gate_either() -> None:
    assert Driver(BODY, strict=False, b=9).unmet(SYSTEM) == {"a_set": "unknown"}
