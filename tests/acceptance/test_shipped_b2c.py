"""The shipped B2C process: stage by stage, the jump to the purchase, the repeat purchase and the churn."""

from __future__ import annotations

from datetime import date

from shipped_walk import Walk, act, buyer, paper, person, private, put

from dealwright.engine import commands as c


def b2c_attracted() -> Walk:
    """A consumer who may leave `attract`."""
    walk = Walk("b2c", "marketing")
    assert walk.refused("marketing") >= {"first_touch", "consent", "source"}
    walk.must(
        "marketing",
        person("user"),
        paper("touch", channel="app", campaign="spring", consent_scope="marketing"),
        put(source="search", consent="s1"),
        buyer("first_touch"),
    )
    return walk


def b2c_bought(walk: Walk) -> None:
    """Pay, and win."""
    assert walk.refused("shop_system") >= {"paid"}
    walk.must(
        "shop_system",
        paper("order", order_no="17", items=[{"name": "kettle"}], amount="199", payment_method="alipay"),
        buyer("payment_ok"),
    )
    walk.goes("shop_system", "deliver", "won")


def b2c_at_retain() -> Walk:
    """A consumer who bought straight from `attract` and has received the goods."""
    walk = b2c_attracted()
    walk.must("shop_rep", c.Move(to="purchase", reason=private("r")))
    assert walk.deal.stage == "purchase"
    b2c_bought(walk)
    walk.must("operations", paper("receipt", received_on=walk.day()), buyer("received"))
    walk.goes("operations", "retain", "won")
    return walk


def test_a_b2c_order_runs_stage_by_stage() -> None:
    walk = b2c_attracted()
    walk.goes("marketing", "interest")
    assert walk.refused("marketing") >= {"sought_information"}
    walk.must("marketing", paper("content_log", content="guide", sent_on=walk.day()), buyer("inquiry_made"))
    walk.goes("marketing", "convert")
    walk.must("shop_rep", paper("offer", code="SPRING", expiry=walk.day(3)), buyer("price_requested"))
    assert walk.refused("shop_rep") == {"answered"}
    walk.later(1.5)
    assert {event.type for event in walk.tick()} == {"automation_fired", "fields_set", "notified"}
    walk.must("shop_rep", act("request_answered"))
    assert walk.refused("shop_rep") == {"answered_in_time"}
    walk.must("shop_manager", c.Waive(criterion="answered_in_time", reason=private("w")))
    walk.goes("shop_rep", "purchase")
    b2c_bought(walk)


def test_a_price_request_answered_within_a_day_is_in_time_whenever_somebody_looks() -> None:
    walk = b2c_attracted()
    walk.goes("marketing", "interest")
    walk.must("marketing", paper("content_log", content="guide", sent_on=walk.day()), buyer("inquiry_made"))
    walk.goes("marketing", "convert")
    walk.must("shop_rep", paper("offer", code="SPRING", expiry=walk.day(3)), buyer("price_requested"))
    assert [task.kind for task in walk.deal.work.tasks] == ["answer_request"]
    walk.must("shop_rep", act("request_answered"))
    walk.later(2)
    walk.tick()
    walk.goes("shop_rep", "purchase")


def test_a_full_cart_needs_no_answer() -> None:
    walk = b2c_attracted()
    walk.goes("marketing", "interest")
    walk.must("marketing", paper("content_log", content="guide", sent_on=walk.day()), buyer("product_viewed"))
    walk.goes("marketing", "convert")
    walk.must("shop_rep", paper("offer", code="SPRING", expiry=walk.day(3)), buyer("cart_filled"))
    walk.goes("shop_rep", "purchase")


def test_a_b2c_buyer_may_jump_to_the_purchase_and_ends_by_buying_again() -> None:
    walk = b2c_at_retain()
    for day in (7, 30, 90):
        walk.must("customer_service", paper("care_contact", day=day, contacted_on=walk.day()))
    walk.must(
        "customer_service",
        paper("feedback", rating=5),
        paper("purchase_history", orders=1, last_on=walk.day()),
    )
    assert walk.refused("customer_service") == {"repurchase"}
    walk.must("customer_service", buyer("repurchased"), c.Advance())
    assert (walk.deal.status, walk.deal.outcome) == ("completed", None)


def test_a_repeat_purchase_opens_an_order_of_its_own() -> None:
    walk = b2c_at_retain()
    walk.must("customer_service", buyer("repurchased"))
    assert [(link.deal, link.kind) for link in walk.deal.work.links] == [("b2c-9", "follow_on")]


def test_a_cart_that_was_left_is_asked_about_and_given_up_after_a_month() -> None:
    walk = b2c_attracted()
    walk.goes("marketing", "interest")
    walk.must("marketing", paper("content_log", content="guide", sent_on=walk.day()), buyer("product_viewed"))
    walk.goes("marketing", "convert")
    walk.must("shop_rep", buyer("cart_filled"))
    walk.later(1.1)
    walk.tick()
    assert [task.kind for task in walk.deal.work.tasks] == ["save_cart"]
    walk.later(29)
    walk.tick()
    assert (walk.deal.status, walk.deal.reason) == ("lost", "cart_abandoned")


def test_whoever_withdraws_the_consent_is_left_alone() -> None:
    walk = b2c_attracted()
    walk.must("marketing", buyer("unsubscribed"))
    assert (walk.deal.status, walk.deal.reason) == ("disqualified", "no_consent")


def test_a_silent_b2c_buyer_ends_as_churned_by_itself() -> None:
    walk = b2c_at_retain()
    assert walk.deal.stall_at is not None
    assert walk.deal.stall_at.date() == date.fromisoformat(walk.day(180))
    walk.later(179)
    assert walk.tick() == []
    walk.later(1)
    walk.tick()
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("completed", "churned", "idle")


def test_customer_service_may_end_an_order_as_churned_before() -> None:
    walk = b2c_at_retain()
    walk.must("customer_service", c.Move(to="churned", reason="dissatisfied"))
    assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == ("completed", "churned", "dissatisfied")
