"""Three hard processes after public handbooks, driven by the real decider: the main way through, and the hard rules."""

from __future__ import annotations

from typing import Any

import pytest
from shipped_walk import MANY, MORNING, ROOT, Walk, act, buyer, item, paper, person, private, put, yes

from dealwright.definition import read_process, resolve
from dealwright.engine import blank, prepare
from dealwright.engine import commands as c
from dealwright.model.deal import Deal
from dealwright.model.people import Person, Team
from dealwright.model.verdict import Refusal

_EXAMPLES = ROOT / "tests" / "examples" / "valid"


class Hard(Walk):
    """A deal in one of the example processes."""

    def __init__(self, name: str, actor: str, **fields: Any) -> None:
        path = _EXAMPLES / f"hard-{name}.process.yaml"
        reading = read_process(path.read_bytes(), path.name, practice=True)
        assert reading.process is not None
        assert reading.findings == []
        process = resolve(reading.process, ())
        self.name = process.id
        self.program = prepare(process)
        people = [(role, number) for role in process.roles for number in range(1, MANY + 1)]
        self.team = Team({f"{role}-{number}": Person(f"{role}-{number}", (role,)) for role, number in people})
        self.now, self.known, self.rivals = MORNING, {}, {}
        self.deal: Deal = blank(self.program.layout)
        self.must(actor, c.Open(id="d-1", title="Example Ltd", owner=f"{actor}-1", fields=fields, subject=None))
        self.must(actor, person("EB"))

    def refuses(self, actor: str, command: c.Command) -> None:
        assert isinstance(self.do(actor, command), Refusal)


def approve(approval: str, granted: bool = True) -> c.Command:
    return c.DecideStage(approval=approval, granted=granted)


# -- quote to cash


def quoted(walk: Hard, discount: float = 5, days: int = 30, changed: bool = False) -> None:
    walk.must("rep", paper("quote", number="Q-1", total="90000", years=3, discount_pct=discount, payment_days=days,
                           changed_terms=changed, valid_until=walk.day(90)))  # fmt: skip


def at_proposal() -> Hard:
    walk = Hard("quote-to-cash", "rep", order_kind="new", segment="large")
    walk.must("rep", put(accepted="yes"))
    walk.goes("rep", "discovery")
    walk.must("rep", buyer("discovery_held"), put(next_step_date=walk.day(7)))
    walk.goes("rep", "scoping")
    walk.must("rep", buyer("criteria_agreed"))
    walk.goes("rep", "evaluation")
    walk.must("engineer", buyer("evaluation_passed"))
    walk.goes("rep", "proposal")
    return walk


def at_signature() -> Hard:
    walk = at_proposal()
    assert walk.refused("rep") >= {"selected", "approved.quote"}
    quoted(walk)
    walk.must("rep", buyer("selected"))
    walk.goes("rep", "negotiation")
    walk.must("rep", buyer("terms_agreed"))
    walk.goes("rep", "signature")
    return walk


def test_a_signed_form_is_booked_after_screening_and_a_second_pair_of_eyes() -> None:
    walk = at_signature()
    assert walk.refused("rep") == {"bound", "screened"}
    walk.must("rep", buyer("order_form_signed", proof=True))
    walk.must("deal_desk", put(screening="clear"))
    walk.must("deal_desk", put(screening="clear"))
    walk.goes("rep", "booking")
    walk.refuses("rep", c.Advance())
    walk.must("deal_desk", approve("deal_desk"))
    walk.goes("rep", "provisioning", "won")
    walk.must("deal_desk", act("provisioned"), put(ends_on=walk.day(365)), c.Advance())
    assert walk.deal.status == "completed"


def test_an_order_that_export_screening_holds_is_not_booked() -> None:
    walk = at_signature()
    walk.must("rep", buyer("order_form_signed", proof=True))
    walk.must("deal_desk", put(screening="held"))
    assert walk.refused("rep") == {"screened"}


def test_a_refusal_to_sign_needs_an_order_that_two_departments_read() -> None:
    walk = at_signature()
    walk.must("rep", buyer("refused_to_sign", proof=True))
    walk.must("deal_desk", put(screening="clear"))
    order = {"quote_number": "Q-1", "payment_days": 30, "entity": "inc", "own_terms": False}
    walk.must("deal_desk", paper("purchase_order", file=True, **(order | {"payment_days": 60})))
    assert walk.refused("rep") >= {"bound", "order_matches"}
    walk.must("deal_desk", paper("purchase_order", file=True, **order))
    walk.must("legal", yes("purchase_order"))
    assert walk.refused("rep") >= {"bound"}
    walk.must("finance", yes("purchase_order"))
    walk.goes("rep", "booking")


def test_a_quote_climbs_the_levels_of_the_matrix_one_after_the_other() -> None:
    walk = at_proposal()
    walk.must("rep", buyer("selected"))
    quoted(walk, discount=45, days=45, changed=True)
    walk.refuses("vice_president", yes("quote"))
    for role in ("manager", "finance", "legal", "vice_president"):
        assert walk.refused("rep") == {"approved.quote"}
        walk.must(role, yes("quote"))
    assert walk.refused("rep") == {"approved.quote"}
    walk.must("executive", yes("quote"))
    walk.goes("rep", "negotiation")


def test_a_plain_quote_asks_nobody_and_a_new_one_asks_anew() -> None:
    walk = at_proposal()
    walk.must("rep", buyer("selected"))
    quoted(walk)
    walk.fork().goes("rep", "negotiation")
    quoted(walk, discount=15)
    walk.must("manager", yes("quote"))
    quoted(walk, discount=20)
    assert walk.refused("rep") == {"approved.quote"}


def test_a_question_of_credit_that_nobody_answers_is_a_no() -> None:
    walk = at_proposal()
    walk.must("rep", buyer("selected"))
    quoted(walk, days=60)
    walk.later(3)
    walk.tick()
    assert walk.refused("rep") == {"approved.quote"}


def test_an_order_sent_back_by_the_desk_returns_to_signature() -> None:
    walk = at_signature()
    walk.must("rep", buyer("order_form_signed", proof=True))
    walk.must("deal_desk", put(screening="clear"))
    walk.goes("rep", "booking")
    walk.refuses("rep", put(next_step_date=walk.day(3)))  # locked while the desk has to answer
    walk.must("deal_desk", approve("deal_desk", granted=False))
    assert walk.deal.stage == "signature"


def test_a_small_customer_needs_no_evaluation_and_an_add_on_begins_at_the_proposal() -> None:
    assert Hard("quote-to-cash", "rep", order_kind="add_on", segment="small").deal.stage == "proposal"
    walk = Hard("quote-to-cash", "rep", order_kind="new", segment="small")
    walk.must("rep", put(accepted="yes"))
    walk.goes("rep", "discovery")
    walk.must("rep", buyer("discovery_held"), put(next_step_date=walk.day(7)))
    walk.goes("rep", "scoping")
    walk.must("rep", buyer("criteria_agreed"))
    walk.goes("rep", "proposal")


# -- a public contract


def at_writing() -> Hard:
    walk = Hard("bid-capture", "capture_manager", fit=60, closing_on="2026-06-30", draft_published=False)
    walk.must("capture_manager", buyer("customer_heard"))
    walk.goes("capture_manager", "capture")
    walk.must("capture_manager", paper("capture_plan", theme="uptime", chance=40))
    walk.must("reviewer", yes("capture_plan"))
    walk.must("board-1", approve("pursue"))
    assert walk.refused("capture_manager")
    walk.must("board-2", approve("pursue"))
    walk.goes("capture_manager", "bid_decision")
    walk.must("capture_manager", buyer("solicitation_issued"))
    walk.goes("board", "outline", branch="bid")
    walk.must("proposal_manager", paper("outline", file=True), item("requirements", text="24 hours", met=True))
    walk.must("reviewer-1", yes("outline"))
    walk.must("reviewer-2", yes("outline"))
    walk.goes("proposal_manager", "writing")
    return walk


def at_submission() -> Hard:
    walk = at_writing()
    write(walk)
    return walk


def write(walk: Hard) -> None:
    walk.must("proposal_manager", paper("draft", file=True, score=80))
    walk.must("pricing", paper("price", total="120", cost="100"))
    walk.must("reviewer-1", yes("draft"))
    walk.must("reviewer-2", yes("draft"))
    walk.must("proposal_manager", paper("final", file=True))
    walk.goes("proposal_manager", "final_review")
    walk.must("board-1", approve("gold"))
    walk.must("board-2", approve("gold"))
    walk.goes("proposal_manager", "submission")


def test_a_bid_is_reviewed_handed_in_awarded_and_signed_after_the_standstill() -> None:
    walk = at_submission()
    walk.must("proposal_manager", buyer("bid_received", proof=True))
    walk.goes("proposal_manager", "award")
    walk.must("contracts", buyer("authority_decided", proof=True, decision="award"))
    walk.goes("contracts", "standstill")
    assert walk.refused("contracts") == {"waited"}
    walk.must("contracts", buyer("protest_filed"))
    walk.later(11)
    assert walk.refused("contracts") == {"no_protest"}
    walk.must("contracts", buyer("protest_settled"))
    walk.goes("contracts", "contract")
    walk.must("contracts", buyer("signed_by_authority", proof=True))
    walk.must("contracts", c.Advance())
    assert walk.deal.status == "completed"


def test_no_hold_stops_the_closing_date() -> None:
    walk = at_submission()
    walk.later(130)
    walk.tick()
    assert (walk.deal.status, walk.deal.stage) == ("lost", "submission")


def test_discussions_lead_back_to_writing_and_the_old_receipt_no_longer_counts() -> None:
    walk = at_submission()
    walk.must("proposal_manager", buyer("bid_received", proof=True))
    walk.goes("proposal_manager", "award")
    walk.must("contracts", buyer("authority_decided", proof=True, decision="discuss"))
    walk.goes("contracts", "writing")
    write(walk)
    assert walk.refused("proposal_manager") == {"received"}


def test_a_bid_with_an_open_fault_or_a_low_score_does_not_reach_its_last_review() -> None:
    walk = at_writing()
    walk.must("proposal_manager", item("faults", text="no plan for staff", colour="red", fatal=True))
    walk.must("proposal_manager", paper("draft", file=True, score=50), paper("final", file=True))
    walk.must("pricing", paper("price", total="105", cost="100"))
    walk.must("reviewer-1", yes("draft"))
    assert walk.refused("proposal_manager") == {"score", "no_open_fault", "approved.draft", "approved.price"}
    walk.must("reviewer-2", yes("draft"))
    walk.must("board", yes("price"), c.Waive(criterion="score", reason=private("reason")))
    assert walk.refused("proposal_manager") == {"no_open_fault"}


# -- a registered deal


def at_review(**fields: Any) -> Hard:
    walk = Hard("deal-registration", "partner", customer="Example Ltd", product="server", units=500, **fields)
    walk.must(
        "partner", paper("application", contact=private("contact"), site="north", need="backup", close_on=walk.day(60))
    )
    walk.must("partner", buyer("decider_met", proof=True))
    walk.goes("partner", "review")
    return walk


def at_protected() -> Hard:
    walk = at_review()
    walk.must("channel_desk", put(checked="free"))
    walk.must("channel_manager", approve("channel_manager"))
    walk.goes("channel_desk", "protected")
    return walk


def test_a_registration_is_protected_for_half_a_year_and_won_by_the_order() -> None:
    walk = at_protected()
    walk.must("channel_desk", paper("special_price", discount_pct=10))
    walk.goes("partner", "order")
    walk.must("partner", buyer("order_placed", proof=True))
    walk.must("partner", c.Advance())
    assert walk.deal.status == "completed"


def test_silence_of_the_manager_is_a_yes_after_three_days() -> None:
    walk = at_review()
    walk.must("channel_desk", put(checked="free"))
    assert walk.refused("channel_desk")
    walk.later(4)
    walk.tick()
    walk.goes("channel_desk", "protected")


def test_a_published_tender_and_a_customer_of_our_own_are_not_taken() -> None:
    walk = at_review(tender_published_on="2026-02-01")
    walk.must("direct_sales", put(our_last_contact="2026-01-15"))
    walk.must("channel_desk", put(checked="free"))
    walk.must("channel_manager", approve("channel_manager"))
    assert walk.refused("channel_desk") == {"no_tender", "not_ours"}


def test_protection_ends_unless_progress_is_shown_and_only_twice() -> None:
    walk = at_protected()
    walk.must("partner", act("extension_asked"))
    idle = walk.fork()
    idle.later(182)
    idle.tick()
    assert idle.deal.status == "lost"
    walk.must("partner", buyer("progress_shown", proof=True), *[act("extension_asked")] * 3)
    walk.later(182 + 180 - 4)
    walk.tick()
    assert walk.deal.status == "open"
    walk.later(5)
    walk.tick()
    assert walk.deal.status == "lost"


def test_the_customers_word_overrules_the_registration() -> None:
    walk = at_protected()
    walk.must("partner", buyer("overruled", proof=True))
    assert walk.deal.status == "lost"


@pytest.mark.parametrize("discount", [31, 60])
def test_a_deep_special_price_that_nobody_approves_is_rejected(discount: int) -> None:
    walk = at_protected()
    walk.must("channel_desk", paper("special_price", discount_pct=discount))
    assert walk.refused("partner")
    walk.later(3)
    walk.tick()
    assert walk.refused("partner")
