"""Approvals of artifacts and stages: who, in which order, how many, four eyes, rejections."""

from __future__ import annotations

import pytest
from deal_driver import PAPER, SYSTEM, WHY, Driver

from dealwright.engine import commands as c
from dealwright.engine.outstanding import pending
from dealwright.errors import NotFoundError

BODY = """
fields: {rush: {type: boolean}}
artifacts:
  offer:
    by: [rep, manager]
    fields: {price: {type: money, required: true}, discount: {type: number}}
    approvals:
      - {by: manager, if: offer.discount > 15}
      - {by: legal, count: 2, after: manager}
  contract: {by: [rep], file: required, approvals: [{by: legal}]}
  note: {by: [rep], fields: {text: {type: text}}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    approvals:
      - {id: first, by: manager}
      - {id: middle, by: ops, if: rush, after: first}
      - {id: last, by: legal, after: middle}
  - {id: two, title: Two, phase: discover, responsible: [rep], requires: [offer]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, rush=False)


def offer(deal: Driver, person: str = "rep-1", **fields: object) -> None:
    deal.ok(person, c.RecordArtifact(artifact="offer", fields={"price": 5, **fields}))


def yes(artifact: str = "offer") -> c.Command:
    return c.DecideArtifact(artifact=artifact, granted=True)


def no(artifact: str = "offer") -> c.Command:
    return c.DecideArtifact(artifact=artifact, granted=False)


def stage(approval: str, granted: bool = True) -> c.Command:
    return c.DecideStage(approval=approval, granted=granted)


def needed(deal: Driver) -> bool:
    """Whether `two` still waits for the offer's approval."""
    for person, approval in (("manager-1", "first"), ("legal-1", "last")):
        if deal.deal.stage == "one":
            deal.ok(person, stage(approval))
    if deal.deal.stage == "one":
        deal.on()
    return "approved.offer" in {r.id for r in deal.way("three").criteria if r.status != "met"}


# artifacts


def test_an_artifact_takes_the_roles_that_may_provide_it(deal: Driver) -> None:
    assert deal.no("legal-1", c.RecordArtifact(artifact="offer", fields={"price": 5})).roles == ("rep", "manager")


def test_the_role_asked_approves(deal: Driver) -> None:
    offer(deal, discount=20)
    assert deal.no("ops-1", yes()).roles == ("manager", "legal")
    event = deal.ok("manager-1", yes())
    assert (event.type, event.role, event.data.approval, event.data.version) == (  # type: ignore[attr-defined]
        "artifact_approved", "manager", "manager", 1,
    )  # fmt: skip


def test_nobody_approves_what_they_recorded_themselves(deal: Driver) -> None:
    offer(deal, "manager-1", discount=20)
    refusal = deal.no("manager-1", yes())
    assert (refusal.cause, refusal.roles) == ("role", ("manager",))
    deal.ok("manager-2", yes())


def test_a_person_with_both_roles_is_still_the_same_person(deal: Driver) -> None:
    offer(deal, "chief-1", discount=20)
    assert deal.no("chief-1", yes()).cause == "role"


def test_approvals_go_in_their_order(deal: Driver) -> None:
    offer(deal, discount=20)
    refusal = deal.no("legal-1", yes())
    assert (refusal.cause, refusal.message.en) == ("transition", "manager comes first")
    deal.ok("manager-1", yes())
    deal.ok("legal-1", yes())


def test_an_approval_that_is_not_asked_for_is_not_waited_for(deal: Driver) -> None:
    offer(deal, discount=5)
    deal.ok("legal-1", yes())
    deal.ok("legal-2", yes())
    assert deal.no("manager-1", yes()).cause == "status"
    assert not needed(deal)


def test_an_unknown_if_asks_for_the_approval(deal: Driver) -> None:
    offer(deal)
    assert deal.no("legal-1", yes()).message.en == "manager comes first"


def test_as_many_people_as_counted_must_approve_each_only_once(deal: Driver) -> None:
    offer(deal, discount=5)
    deal.ok("legal-1", yes())
    assert needed(deal)
    assert deal.no("legal-1", yes()).cause == "role"
    deal.ok("legal-2", yes())
    assert not needed(deal)
    assert deal.no("chief-1", yes()).cause == "status"


def test_a_rejection_stands_until_whoever_gave_it_changes_it(deal: Driver) -> None:
    offer(deal, discount=20)
    deal.ok("manager-1", no())
    deal.ok("manager-2", yes())
    assert needed(deal)
    assert deal.no("legal-1", yes()).message.en == "manager comes first"
    deal.ok("manager-1", yes())
    deal.ok("legal-1", yes())
    deal.ok("legal-2", yes())
    assert not needed(deal)


def test_whoever_approved_may_still_reject_while_others_are_awaited(deal: Driver) -> None:
    offer(deal, discount=5)
    deal.ok("legal-1", yes())
    assert deal.ok("legal-1", no()).type == "artifact_rejected"
    deal.ok("legal-2", yes())
    assert needed(deal)


def test_a_new_version_begins_anew(deal: Driver) -> None:
    offer(deal, discount=20)
    deal.ok("manager-1", no())
    offer(deal, discount=10)
    artifact = deal.deal.artifact("offer")
    assert artifact is not None
    assert (artifact.version, artifact.decisions) == (2, ())
    deal.ok("legal-1", yes())
    deal.ok("legal-2", yes())
    assert not needed(deal)
    offer(deal, discount=11)
    assert needed(deal)


def test_a_new_version_keeps_what_it_does_not_replace_but_not_the_file(deal: Driver) -> None:
    offer(deal, discount=20)
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"discount": None}))
    deal.ok("rep-1", c.RecordArtifact(artifact="contract", file=PAPER))
    artifact = deal.deal.artifact("offer")
    assert artifact is not None
    assert [v is not None for v in artifact.values] == [True, False]
    deal.ok("rep-1", c.RecordArtifact(artifact="contract", file=PAPER))
    assert deal.deal.artifact("contract").version == 2  # type: ignore[union-attr]


def test_what_is_not_complete_is_not_approved_but_may_be_rejected(deal: Driver) -> None:
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"discount": 20}))
    refusal = deal.no("manager-1", yes())
    assert (refusal.cause, "price" in refusal.message.en) == ("transition", True)
    assert deal.ok("manager-1", no()).type == "artifact_rejected"


def test_what_asks_for_no_approval_gets_none(deal: Driver) -> None:
    deal.ok("rep-1", c.RecordArtifact(artifact="note", fields={"text": "so"}))
    assert deal.no("manager-1", yes("note")).cause == "transition"


def test_an_artifact_that_is_not_there_is_not_found(deal: Driver) -> None:
    for name in ("offer", "nothing", "offer-3"):
        with pytest.raises(NotFoundError):
            deal.do("manager-1", yes(name))


# stages


def test_a_stage_waits_for_its_approvals_and_offers_them_in_order(deal: Driver) -> None:
    refusal = deal.no("rep-1", c.Advance())
    assert {r.id: r.status for r in refusal.criteria} == {"approval.first": "unmet", "approval.last": "unmet"}
    last = refusal.criteria[1]
    assert last.evidence == "approval"
    assert [(r.args[0], r.roles) for r in last.fix.remedies] == [("first", ("manager",)), ("last", ("legal",))]


def test_stage_approvals_go_in_their_order_even_over_one_that_is_not_asked_for(deal: Driver) -> None:
    assert deal.no("legal-1", stage("last")).message.en == "first comes first"
    deal.ok("manager-1", stage("first"))
    deal.ok("legal-1", stage("last"))
    assert deal.on().type == "advanced"


def test_an_approval_whose_if_holds_is_waited_for(deal: Driver) -> None:
    deal.set(rush=True)
    deal.ok("manager-1", stage("first"))
    assert deal.no("legal-1", stage("last")).message.en == "middle comes first"
    deal.ok("ops-1", stage("middle"))
    deal.ok("legal-1", stage("last"))
    assert deal.on().type == "advanced"


def test_an_approval_that_is_not_asked_for_is_refused(deal: Driver) -> None:
    assert deal.no("ops-1", stage("middle")).cause == "transition"


def test_what_is_waited_for_is_what_is_asked_and_not_approved(deal: Driver) -> None:
    def waiting() -> list[str]:
        approvals = deal.program.stage("one").approvals
        return [a.id for a in pending(deal.program, deal.deal, approvals, deal.deal.approvals, deal.context("rep-1"))]

    assert waiting() == ["first", "last"]
    deal.ok("manager-1", stage("first"))
    assert waiting() == ["last"]
    deal.set(rush=True)
    assert waiting() == ["middle", "last"]


def test_the_system_answers_in_no_role(deal: Driver) -> None:
    event = deal.ok(SYSTEM, stage("first"))
    assert (event.type, event.role, event.data.approval) == ("stage_approved", None, "first")  # type: ignore[attr-defined]


def test_a_stage_approval_takes_its_role(deal: Driver) -> None:
    assert deal.no("rep-1", stage("first")).roles == ("manager",)


def test_a_stage_approval_that_does_not_exist_gets_a_suggestion(deal: Driver) -> None:
    with pytest.raises(NotFoundError, match="did you mean first"):
        deal.do("manager-1", stage("firs"))


def test_a_rejected_stage_approval_keeps_the_deal(deal: Driver) -> None:
    deal.ok("manager-1", stage("first", granted=False))
    deal.ok("manager-2", stage("first"))
    assert "approval.first" in deal.unmet()
    deal.ok("manager-1", stage("first"))
    assert "approval.first" not in deal.unmet()


def test_stage_approvals_are_given_anew_at_every_visit(deal: Driver) -> None:
    deal.ok("manager-1", stage("first"))
    deal.ok("legal-1", stage("last"))
    deal.on()
    deal.back("one")
    assert deal.unmet().keys() == {"approval.first", "approval.last"}


def test_stage_approvals_are_given_anew_after_reopening(deal: Driver) -> None:
    deal.ok("manager-1", stage("first"))
    deal.ok("rep-1", c.End(status="lost", reason="price"), c.Reopen(reason=WHY))
    assert "approval.first" in deal.unmet()
