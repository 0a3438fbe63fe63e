"""What the machine has to be told of each shipped process: figures that fit together, and what spoils a criterion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from shipped_machine import Spoil, Story
from shipped_walk import Walk, buyer, item, paper, put, shipped

from dealwright.engine import commands as c


def by(role: str, *commands: c.Command) -> Spoil:
    """Somebody with the role does this."""
    return lambda walk: walk.must(role, *commands)


def objection(role: str = "sales_rep") -> Spoil:
    """An objection comes up."""
    return by(role, item("objections", text="too dear"))


def protection(level: str) -> Spoil:
    """A protection for longer than any level allows."""

    def spoil(walk: Walk) -> None:
        days = {"granted_on": walk.day(), "protected_until": walk.day(365)}
        walk.must("partner", paper("protection", level=level, margin_bonus=10, **days))

    return spoil


def extension(walk: Walk) -> None:
    """A protection extended for longer than once."""
    walk.must("partner", paper("protection", granted_on=walk.day(), protected_until=walk.day(60)))
    walk.must("partner", paper("protection_extension", file=True, grounds="late", extended_until=walk.day(300)))


def late(role: str, manager: str) -> Spoil:
    """A price was asked for and the answer came too late, as the manager notes."""
    return by_all((role, buyer("price_requested")), (manager, put(answered_late=True)))


def by_all(*acts: tuple[str, c.Command]) -> Spoil:
    """Several people do something, one after the other."""

    def spoil(walk: Walk) -> None:
        for role, command in acts:
            walk.must(role, command)

    return spoil


def unowned(walk: Walk) -> None:
    """Nobody owns the deal."""
    walk.deal = msgspec.structs.replace(walk.deal, owner=None)


TEMPLATES: Mapping[str, Story] = {
    "six_stage": Story(spoils=(("negotiation.none_open", objection()),)),
    "funnel": Story(spoils=(("signing.none_open", objection()),)),
    "seven_steps": Story(spoils=(("objections.none_open", objection()),)),
    "seven_detailed": Story(
        spoils=(("objections.none_open", objection()), ("research.qualified", by("sales_rep", put(fit="misfit")))),
    ),
    "five_links": Story(spoils=(("contract.none_open", objection()),)),
    "sales_path": Story(),
    "buyer_funnel": Story(),
}
SALES: Mapping[str, Story] = {
    "b2b": Story(
        spoils=(
            ("solution.feedback", by("sales_rep", item("feedback", text="too slow"))),
            ("solution.qualified", by("sales_rep", put(fit="no"))),
            ("objections.none_open", objection()),
            ("negotiation.price_in_limits", by("sales_rep", paper("quotation", price=None))),
            ("aftersales.tickets", by("customer_service", item("tickets", text="leaks"))),
            ("referral.reason", by("account_manager", buyer("referral_answered", answer="no"))),
        ),
        before={"proposal.objection": objection(), "negotiation.objection": objection()},
    ),
    "b2c": Story(
        spoils=(
            ("convert.answered", by("shop_rep", buyer("price_requested"))),
            ("convert.answered_in_time", late("shop_rep", "shop_manager")),
        )
    ),
    "digital": Story(
        wishes={"fit_points": 50, "behaviour_points": 40},
        spoils=(("intent.in_time", late("sales_rep", "sales_manager")),),
        before={"consideration.nurture": by("marketing", put(fit_points=10, behaviour_points=10))},
    ),
    "flywheel": Story(before={"delight.dissatisfied": by("customer_service", buyer("satisfaction_given", points=2))}),
    "key_account": Story(
        wishes={"revenue": "2000000", "stakeholder.influence": 3},
        opens=({}, {"actor": "account_responsible", "deal_type": "follow_on"}),
        spoils=(("close.none_open", objection("account_responsible")),),
    ),
    "lead_to_cash": Story(
        spoils=(
            ("fulfil.no_change", by("fulfilment_responsible", item("changes", text="two more"))),
            ("opportunity.three_people", unowned),
        ),
    ),
    "tender": Story(wishes={"commercial_part.valid_until": "+200d"}),
    "channel": Story(
        wishes={"stock_days": 30, "direct_deal_open": False},
        spoils=(
            ("protected.term", protection("smb")),
            ("protected.term", protection("enterprise")),
            ("protected.extended_once", extension),
        ),
    ),
    "partner_programme": Story(),
    "tier_review": Story(),
    "market_development_funds": Story(),
    "collections": Story(
        wishes={"advance_pct": 30, "delivery_pct": 30, "acceptance_pct": 30, "retention_pct": 10,
                "warranty_ends_on": "today", "paid_in": "36000"},
        spoils=(("dispute.none_open", by("account_manager", item("disputes", text="a pump is missing"))),),
    ),
}  # fmt: skip
STORIES: Mapping[str, Story] = {**TEMPLATES, **SALES}


def wishes_of(name: str) -> dict[str, Any]:
    """A story's wishes, as somebody types them, and the record that was added for each field that holds one."""
    records = {field.id: f"{field.record}-1" for field in shipped(name).fields if field.type == "record"}
    return records | {
        field: str(wish).lower() if isinstance(wish, bool) else str(wish)
        for field, wish in STORIES[name].wishes.items()
    }
