"""What people supply at each stage of the shipped B2B process."""

from __future__ import annotations

from collections.abc import Callable

from shipped_walk import Walk, act, buyer, done, item, paper, person, private, put, yes

from dealwright.engine import commands as c


def b2b_identify(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("target_record", company="Example Ltd", contact=private("c"), grade_basis="large"),
        paper("persona", position="Plant manager", pains="stops"),
        put(source="referral", grade="A", icp_score=80),
        act("contact_verified"),
    )


def b2b_research(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("research_note", firm="pumps", goals="growth", pains="stops", objections_expected="price"),
        item("pain_hypotheses", text="stops"),
        item("departments_heard", department="production"),
        item("departments_heard", department="purchasing"),
    )


def b2b_qualify(walk: Walk) -> None:
    questions = ("role_in_firm", "daily_work", "problem", "importance", "other_options")
    walk.must("sales_rep", *(item("answers", question=question, answer="so") for question in questions))
    walk.must(
        "sales_rep",
        person("user"),
        paper("contact_log", contacted_on=walk.day(), channel="phone"),
        put(fit="yes", next_step_date=walk.day(3)),
        buyer("meeting_accepted"),
    )


def b2b_needs(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("customer_file", business="pumps", organisation="three plants"),
        paper("needs_record", criteria="uptime", timeline="by May", confirmed_on=walk.day()),
        put(budget="900000", decision_process="board of three"),
        item("pains", text="stops", confirmed="s1"),
        c.SetStakeholder(stakeholder="s1", fields={"role": "EB"}),
    )


def b2b_solution(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("solution_doc", bundle="A and B", plan="six weeks", service="two years"),
        paper("qa_list", entries=[{"question": "how long", "answer": "six weeks"}]),
        item("need_map", need="stops", answer="spare line"),
        item("feedback", text="shorter"),
        c.CloseItem(list="feedback", item="1"),
        buyer("solution_reviewed"),
        done("foresee_objections"),
    )
    walk.must("technical", put(feasible=True), yes("solution_doc"))


def b2b_demo(walk: Walk, reaction: str = "positive") -> None:
    walk.must(
        "sales_rep",
        paper("demo_record", attendees=private("a"), questions="noise", reaction="quiet"),
        paper("case_study", customer_kind="pumps", result="no stops"),
        buyer("buyer_reaction", reaction=reaction),
    )
    walk.must("engineer", act("demo_held"))


def b2b_evaluation(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        person("technical"),
        paper("evaluation_record", options="two rivals", criteria="uptime", verdict="first of three"),
        buyer("verdict_given", verdict="shortlist"),
    )


def b2b_proposal(walk: Walk, response: str = "negotiate", discount: int = 10) -> None:
    walk.must(
        "sales_rep",
        paper("proposal", scope="two plants", benefits="no stops"),
        paper("quotation", items=[{"name": "A"}], price="800000", discount_pct=discount, valid_until=walk.day(30)),
        act("proposal_sent"),
        act("proposal_explained"),
        buyer("proposal_response", response=response),
    )
    if any(task.kind == "foresee_differences" and task.how is None for task in walk.deal.work.tasks):
        walk.must("sales_manager", done("foresee_differences"))


def b2b_objections(walk: Walk) -> None:
    walk.must("sales_rep", paper("objection_log", summary="price, met with cost make-up"), buyer("objections_settled"))


def b2b_negotiation(walk: Walk, floor: str = "700000", payment: str = "net_30") -> None:
    walk.must(
        "sales_rep",
        paper(
            "negotiation_plan", target="820000", floor=floor, payment=payment, delivery=walk.day(60),
            objections_expected="price", alternatives=[{"text": "fewer lines"}, {"text": "longer term"}],
        ),
        buyer("terms_agreed"),
    )  # fmt: skip
    walk.must("sales_manager", yes("negotiation_plan"))


def b2b_contract(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("contract", file=True, parties="both", clauses="ten", starts_on=walk.day(5)),
        paper("archive_entry", archive_id="2026-17"),
        buyer("signed_by_buyer", proof=True),
    )
    walk.must("legal", yes("contract"), paper("contract_review", findings="none"))
    walk.must("sales_manager", act("signed_by_us"))


def b2b_handover(walk: Walk) -> None:
    walk.must(
        "sales_rep",
        paper("handover_note", promises="none beyond the contract", people=private("p")),
    )
    walk.must("operations", paper("order", items=[{"name": "A"}], delivery_on=walk.day(25), status="confirmed"))
    walk.must("account_manager", act("handover_accepted"))
    walk.must("sales_manager", put(commission="16000"))


def b2b_delivery(walk: Walk) -> None:
    walk.must(
        "operations",
        paper("delivery_receipt", delivered_on=walk.day()),
        buyer("delivery_accepted"),
        done("produce"),
    )
    walk.must("technical", done("install"))
    walk.must("customer_success", done("train_users"))


def b2b_aftersales(walk: Walk) -> None:
    for day in (7, 30, 90):
        walk.must(
            "customer_service",
            paper("visit_report", day=day, visited_on=walk.day(), use="daily", satisfaction=4, suggestions="none"),
        )
    walk.must("customer_service", item("tickets", text="noise"), c.CloseItem(list="tickets", item="1"))
    walk.must("customer_service", buyer("feedback_given"))


def b2b_grow(walk: Walk) -> None:
    walk.must(
        "account_manager",
        paper("expansion_note", need="none"),
        paper("renewal_record", expires_on=walk.day(60), decided_on=walk.day()),
        put(expansion_decision="none", renewal_decision="renewed"),
    )


B2B: tuple[tuple[str, str, Callable[[Walk], None]], ...] = (
    ("identify", "sales_rep", b2b_identify),
    ("research", "sales_rep", b2b_research),
    ("qualify", "sales_rep", b2b_qualify),
    ("needs", "sales_rep", b2b_needs),
    ("solution", "sales_rep", b2b_solution),
    ("demo", "sales_rep", b2b_demo),
    ("evaluation", "sales_rep", b2b_evaluation),
    ("proposal", "sales_rep", b2b_proposal),
    ("negotiation", "sales_rep", b2b_negotiation),
    ("contract", "sales_rep", b2b_contract),
    ("handover", "account_manager", b2b_handover),
    ("delivery", "operations", b2b_delivery),
    ("aftersales", "customer_service", b2b_aftersales),
    ("grow", "account_manager", b2b_grow),
)


def b2b_at(stage: str) -> Walk:
    """A deal brought to a stage by doing, at each before it, what it asks; each first refuses an empty hand."""
    walk = Walk("b2b", "sales_rep")
    for name, actor, supply in B2B:
        if walk.deal.stage == stage:
            break
        assert walk.deal.stage == name
        asked = walk.refused(actor)
        assert asked >= {one.id for one in walk.program.stage(name).exit_criteria if not already(name, one.id)}, name
        supply(walk)
        walk.must(actor, c.Advance())
    assert walk.deal.stage == stage
    return walk


def already(stage: str, criterion: str) -> bool:
    """What a straight run has met before it arrives: nothing to object to, no ticket, the price and its validity."""
    return criterion in ("feedback", "none_open", "tickets") or (stage, criterion) == ("negotiation", "price_in_limits")
