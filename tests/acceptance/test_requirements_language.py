"""Rows of docs/requirements.md that the process language turned: what a user would notice of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import Desk
from shipped_bring import at, owed, ready, supply
from shipped_walk import SHIPPED, TEMPLATES, Walk, act, buyer, done, item, paper, person, private, put, shipped

from dealwright.engine import commands as c

# R1 to R7: the steps of each model, as the trade calls them.
MODELS = {
    "R1": ("six_stage", "潜在客户识别 需求分析 方案制定 客户拜访 谈判与合同签署 售后服务"),
    "R2": ("funnel", "潜在客户识别 需求分析 方案制定 提案与报价 谈判与签约 售后服务"),
    "R3": ("seven_steps", "客户开发 准备 接近 介绍 处理异议 结束成交 跟进"),
    "R4": ("seven_detailed", "客户开发 联系与资格判定 企业背调 推介与演示 处理异议 成交 持续培育"),
    "R5": ("five_links", "市场分析与客户识别 客户沟通与需求挖掘 产品介绍与方案制定 谈判与合同签订 订单执行与售后服务"),
    "R6": ("sales_path", "识别潜在客户 销售线索收集 需求分析 商机转化 成交 交付 客户关系管理"),
    "R7": ("buyer_funnel", "意识 兴趣 考虑 意向 购买 忠诚"),
}
ONWARD = ("advance", "win", "complete")


@pytest.mark.parametrize("row", MODELS)
def test_a_deal_takes_every_step_of_a_model_and_none_unprepared(row: str) -> None:
    name, steps = MODELS[row]
    walk = Walk(name)
    taken = []
    while walk.deal.status in ("open", "won"):
        stage = walk.program.stage(walk.deal.stage)
        taken.append(stage.title.zh)
        assert walk.refused(stage.responsible[0])
        supply(walk)
        walk.must(stage.responsible[0], c.Advance())
    assert taken == steps.split()
    assert walk.deal.status == "completed"
    assert walk.deal.won_at is not None


# The row, its process and stage, who acts, what the buyer does, and what is unmet before and met after.
ONLINE: dict[str, tuple[str, str, list[c.Command], str]] = {
    "R38": ("awareness", "marketing", [buyer("site_visited", utm_source="search")], "visited"),
    "R39": ("interest", "marketing", [buyer("downloaded")], "sought"),
    "R40": ("engagement", "marketing", [buyer("replied")], "two_way"),
    "R41": ("consideration", "marketing", [buyer("trial_started")], "weighed"),
    "R42": ("intent", "sales_rep", [buyer("price_requested"), act("request_answered")], "answered"),
    "R43": ("purchase", "sales_rep", [buyer("payment_ok")], "bought"),
    "R44": ("loyalty", "customer_service", [buyer("bought_again")], "loyal"),
}


@pytest.mark.parametrize("row", ONLINE)
def test_only_what_the_buyer_does_moves_an_online_buyer(row: str) -> None:
    stage, actor, acts, criterion = ONLINE[row]
    walk = at("digital", stage)
    if stage == "awareness":
        walk.must("marketing", person("user"))
    assert criterion in walk.refused(actor)
    walk.must(actor, *acts)
    assert criterion not in walk.refused(actor)


def test_r10_every_stage_of_the_digital_process_is_left_by_an_act_of_the_buyer() -> None:
    walk = Walk("digital")
    for stage in walk.program.process.stages:
        place = at("digital", stage.id, {"consideration": "nurture"} if stage.id == "nurture" else None)
        way = next(way for way in place.ways() if way.kind in (*ONWARD, "return"))
        assert "buyer" in {criterion.evidence for criterion in way.criteria}, stage.id


def test_r12_a_key_account_goes_from_selection_over_its_decision_chain_to_upkeep() -> None:
    walk = Walk("key_account")
    seen = []
    for stage in walk.program.process.stages:
        seen.append(at("key_account", stage.id).deal.stage)
    assert seen == [
        "select",
        "insight",
        "decision_chain",
        "account_plan",
        "opportunity",
        "bid",
        "close",
        "deliver",
        "maintain",
    ]


def test_r13_customers_are_classified_first_and_large_ones_are_answered_sooner() -> None:
    walk = Walk("lead_to_cash")
    assert "segment" in walk.refused("marketing")
    supply(walk)
    walk.must("marketing", put(grade="A"), c.Advance())
    slow = Walk("lead_to_cash")
    supply(slow)
    slow.must("marketing", put(grade="C"), c.Advance())
    assert walk.deal.due_at is not None
    assert slow.deal.due_at is not None
    assert walk.deal.due_at < slow.deal.due_at


def test_r15_precise_leads_and_a_fast_answer() -> None:
    walk = at("digital", "intent")
    walk.must("sales_rep", buyer("price_requested"))
    [task] = [task for task in walk.deal.work.tasks if task.kind == "call_back"]
    assert task.due_at is not None
    assert (task.due_at - task.at).total_seconds() == 4 * 3600


def test_r15_what_customers_say_changes_what_is_done_before_they_are_asked_to_buy_again() -> None:
    walk = ready("flywheel", "delight")
    walk.must("customer_service", buyer("satisfaction_given", points=2), c.Advance())
    assert (walk.deal.stage, owed(walk)) == ("recover", ["mend"])


def test_r15_online_and_offline_stand_in_one_history() -> None:
    walk = at("digital", "engagement")
    for channel in ("webinar", "phone", "social"):
        walk.must("marketing", paper("engagement_log", channel=channel, exchange="asked about uptime"))
    logged = walk.deal.artifacts[walk.program.layout.artifact_at["engagement_log"]]
    assert len(logged) == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_r17_every_stage_says_where_the_buyer_stands(name: str) -> None:
    for stage in shipped(name).stages:
        assert stage.buyer is not None, stage.id
        assert set(stage.buyer.expects) <= set(shipped(name).personas), stage.id


def test_r17_a_deal_shows_where_its_buyer_stands(desk: Desk) -> None:
    deal = desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")["deal"]
    assert deal["buyer_stage"] == "awareness"


CHILD = """\
dealwright: "1"
process: ours
version: 1.0.0
extends: six_stage@1.0.0
title: {en: Our way of selling, zh: 本公司销售流程}
stages:
  - {id: visit, sla: 5d, decision: {branches: [{id: ready, to: trial}]}}
  - id: trial
    after: visit
    title: {en: Trial, zh: 试用}
    phase: propose
    responsible: [sales_rep]
    probability: 70
    sla: 30d
    exit_criteria:
      tried: {condition: event(trial_ended), title: {en: Tried, zh: 已试用}, unmet: {en: Not tried, zh: 尚未试用}}
events:
  trial_ended: {by: [buyer], title: {en: Trial ended, zh: 试用结束}}
"""


def test_r18_a_company_takes_a_model_and_changes_what_is_different_with_it(desk: Desk) -> None:
    (desk.folder / "processes" / "ours.process.yaml").write_text(CHILD, encoding="utf-8")
    assert desk.ok("process", "validate")["ok"]
    stages = {stage["id"]: stage for stage in desk.ok("process", "show", "ours")["process"]["stages"]}
    assert list(stages) == ["identify", "needs", "solution", "visit", "trial", "negotiation", "after_sales"]
    assert stages["visit"]["sla"] == "5d"
    assert stages["needs"]["sla"] == "14d"  # as in the model


@pytest.mark.parametrize("name", SHIPPED)
def test_r19_every_stage_has_a_goal_of_its_own(name: str) -> None:
    goals = [stage.goal for stage in shipped(name).stages]
    assert all(goals)
    assert len({goal.en for goal in goals if goal}) == len(goals)


def test_r20_flexible_at_marked_points_only() -> None:
    walk = Walk("b2b")
    for criterion, refused in (("profile", False), ("contact_verified", True)):
        waived = walk.do("sales_manager", c.Waive(criterion=criterion, reason=private("w")))
        assert isinstance(waived, tuple) is not refused


def test_r20_one_standard_for_all_and_what_differs_by_customer_is_said_in_it() -> None:
    for name in ("key_account", "lead_to_cash"):
        process = shipped(name)
        assert process.grade_factor
        assert any(stage.sla_cases for stage in process.stages)


@pytest.mark.parametrize("persona", ["managing_director", "user_head", "purchasing", "it_head"])
def test_r92_what_each_persona_expects_is_said_along_the_way(persona: str) -> None:
    stages = shipped("b2b").stages
    assert all(stage.buyer and stage.buyer.expects for stage in stages)
    assert len([stage for stage in stages if stage.buyer and persona in stage.buyer.expects]) >= 3


# The row, its stage of the key-account process, who acts, what is missing, and what supplies it.
KEY: dict[str, tuple[str, str, set[str], Callable[[Walk], None]]] = {
    "R45": ("select", "key_account_manager", {"carries", "requires.account_file"}, supply),
    "R46": ("insight", "key_account_manager", {"meetings", "requires.account_insight"}, supply),
    "R47": ("decision_chain", "key_account_manager", {"everyone_known", "coach", "confirmed"}, supply),
    "R48": ("close", "account_responsible", {"signed", "approved.contract"}, supply),
    "R49": ("maintain", "key_account_manager", {"qbr", "deciders_seen", "next_need"}, supply),
}


@pytest.mark.parametrize("row", KEY)
def test_a_key_account_deal_leaves_a_stage_only_with_what_the_requirement_asks(row: str) -> None:
    stage, actor, wanted, bring = KEY[row]
    walk = at("key_account", stage)
    if row == "R48":
        walk.must(actor, item("objections", text="worried about the start"))
        wanted = wanted | {"none_open"}
    assert walk.refused(actor) >= wanted
    bring(walk)
    walk.must(actor, c.Advance())
    assert walk.deal.stage != stage or walk.deal.status == "completed"


def test_r56_messages_quotations_and_contracts_have_their_templates(desk: Desk) -> None:
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")
    listed = desk.ok("template", "list", "b2b-1")["templates"]
    assert {one["id"]: one["fits"] for one in listed}["first_contact"] is True
    assert {"proposal_cover", "quotation_form", "contract_norm"} <= {one["id"] for one in listed}
    desk.ok("artifact", "add", "b2b-1", "quotation", "--set", "price=80000", as_="sales-rep-1")
    assert "CNY 80,000" in desk.ok("template", "show", "b2b-1", "quotation_form")["body"]


@pytest.mark.parametrize(("kind", "contacts"), [("new", 3), ("repeat", 2)])
def test_r59_new_and_repeat_buyers_are_followed_up_differently(kind: str, contacts: int) -> None:
    walk = ready("key_account", "select")
    walk.knows("account", "account-1", buyer_kind=kind, segment="enterprise")
    walk.goes("key_account_manager", "insight")
    assert len(walk.deal.follow_ups) == contacts


def test_r61_open_questions_are_at_hand_where_they_are_asked() -> None:
    walk = at("b2b", "needs")
    banks = walk.program.process.question_banks
    assert set(walk.program.stage("needs").questions) == {"discovery"}
    assert all(question.en.endswith("?") and question.zh.endswith("？") for bank in banks.values() for question in bank)
    closed = ("Do ", "Does ", "Is ", "Are ", "Have ", "Has ", "Can ", "Will ")
    assert not [question.en for bank in banks.values() for question in bank if question.en.startswith(closed)]


@pytest.mark.parametrize(
    ("change", "unmet"),
    [
        ({"floor": "130000"}, "price_in_limits"),
        ({"payment": "net_90"}, "payment_allowed"),
        ({"delivery": 5}, "delivery_possible"),
    ],
)
def test_r65_floor_payment_and_delivery_are_the_limits_of_a_negotiation(change: dict[str, Any], unmet: str) -> None:
    walk = ready("b2b", "negotiation")
    values = {name: walk.day(value) if name == "delivery" else value for name, value in change.items()}
    walk.must("sales_rep", paper("negotiation_plan", **values))
    assert unmet in walk.refused("sales_rep")


def test_r65_alternatives_are_prepared_and_the_manager_sets_the_limits() -> None:
    walk = at("b2b", "negotiation")
    plan = {
        "target": "100000",
        "floor": "80000",
        "payment": "net_30",
        "delivery": walk.day(60),
        "objections_expected": "price",
    }
    walk.must("sales_rep", paper("negotiation_plan", **plan, alternatives=[{"text": "fewer lines"}]))
    assert "requires.negotiation_plan" in walk.refused("sales_rep")
    walk.must("sales_rep", paper("negotiation_plan", alternatives=[{"text": "fewer lines"}, {"text": "longer term"}]))
    assert "requires.negotiation_plan" not in walk.refused("sales_rep")
    assert "approved.negotiation_plan" in walk.refused("sales_rep")


@pytest.mark.parametrize(
    ("stage", "task", "next_one"),
    [("solution", "foresee_objections", "demo"), ("proposal", "foresee_differences", "negotiation")],
)
def test_r76_objections_are_prepared_before_the_demo_and_again_before_the_negotiation(
    stage: str, task: str, next_one: str
) -> None:
    walk = at("b2b", stage)
    assert f"task.{task}" in walk.refused("sales_rep")
    walk.must("sales_rep", done(task))
    assert f"task.{task}" not in walk.refused("sales_rep")
    supply(walk)
    walk.goes("sales_rep", next_one)


@pytest.mark.parametrize("kind", ["discount", "limited_time", "gift"])
def test_r81_an_offer_at_intent_runs_out(kind: str) -> None:
    walk = at("b2c", "convert")
    offer = c.RecordArtifact(artifact="offer", fields={"code": "SPRING", "kind": kind, "expiry": walk.day(3)})
    walk.must("shop_rep", offer, buyer("cart_filled"))
    gone = walk.fork()
    walk.goes("shop_rep", "purchase")
    gone.later(4)
    assert gone.refused("shop_rep") == {"offer_valid"}


def test_r82_a_checkout_of_few_steps_and_several_methods() -> None:
    walk = ready("b2c", "attract")
    walk.must("shop_rep", c.Move(to="purchase", reason=private("r")))
    order = next(kind for kind in walk.program.layout.artifacts if kind.id == "order")
    methods = next(field for field in order.fields if field.id == "payment_method").values
    assert len(methods) >= 2
    for method in methods:
        paid = walk.fork()
        paid.must(
            "shop_system", paper("order", order_no="1", items=[{"name": "kettle"}], amount="1", payment_method=method)
        )
        paid.must("shop_system", buyer("payment_ok"), c.Advance())
        assert paid.deal.status == "won"


def test_r84_every_step_names_its_owner_its_norm_and_its_standard(desk: Desk) -> None:
    for stage in shipped("b2b").stages:
        assert stage.accountable, stage.id  # who answers for it
        assert stage.guidance, stage.id  # how it is done
        assert stage.goal, stage.id  # by what it is judged
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")
    said = [prompt["text"] for prompt in desk.ok("deal", "why", "b2b-1")["prompts"]]
    guidance = shipped("b2b").stages[0].guidance
    assert guidance is not None
    assert guidance.en in said


@pytest.mark.parametrize(
    ("name", "stage", "roles"),
    [
        ("b2b", "delivery", {"operations", "technical", "customer_success", "marketing"}),
        ("five_links", "execution", {"operations", "technical"}),
        ("tender", "prepare", {"technical", "finance", "bid_manager", "legal", "operations"}),
    ],
)
def test_r142_departments_have_their_tasks_with_dates_in_one_process(name: str, stage: str, roles: set[str]) -> None:
    walk = at(name, stage)
    while walk.deal.stage == stage and owed(walk):
        for task in [task for task in walk.deal.work.tasks if task.how is None]:
            assert task.due_at is not None
            walk.must(task.roles[0], c.CloseTask(task=task.id))
    assert {role for task in walk.deal.work.tasks if task.stage == stage for role in task.roles} == roles


def test_templates_are_the_seven_models() -> None:
    assert {name for name, _ in MODELS.values()} == set(TEMPLATES)
