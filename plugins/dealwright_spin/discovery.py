"""What the buyer was asked and what the buyer said, read from a deal."""

from __future__ import annotations

from typing import Any, NamedTuple

from dealwright import Deal

QUESTIONS = "spin_questions"
NEEDS = "spin_needs"
BENEFITS = "spin_benefits"
REPORTS = "call_report"
PLANS = "call_plan"


class Question(NamedTuple):
    """One question. `type` is S, P, I or N."""

    id: str
    type: str
    text: str
    answer: str | None
    at: Any


class Need(NamedTuple):
    """One need. `kind` is implied or explicit; `stakeholder` an id, or None."""

    id: str
    text: str
    kind: str
    stakeholder: str | None


class Benefit(NamedTuple):
    """One benefit offered. `need` is the id of the need that it answers, or None."""

    id: str
    text: str
    need: str | None


def has_overlay(deal: Deal) -> bool:
    """True where the deal's process carries the SPIN overlay."""
    layout = deal.layout
    return all(name in layout.field_at for name in (QUESTIONS, NEEDS, BENEFITS)) and REPORTS in layout.artifact_at


def questions(deal: Deal) -> list[Question]:
    """The questions asked, in the order of recording."""
    return [Question(item.id, *item.values) for item in deal.value(QUESTIONS) or ()]


def needs(deal: Deal) -> list[Need]:
    """The needs voiced, in the order of recording."""
    return [Need(item.id, *item.values) for item in deal.value(NEEDS) or ()]


def benefits(deal: Deal) -> list[Benefit]:
    """The benefits offered, in the order of recording."""
    return [Benefit(item.id, *item.values) for item in deal.value(BENEFITS) or ()]


def explicit_needs(deal: Deal) -> dict[str, str]:
    """The explicit needs, text by id, in the order of recording."""
    return {need.id: need.text for need in needs(deal) if need.kind == "explicit"}
