"""Which deals count under a rule of uniqueness, and which moves have to pass it."""

from __future__ import annotations

from dealwright.model.layout import Layout
from dealwright.model.process import Unique
from dealwright.model.text import Text

LIVE = ("open", "won")


def is_live(layout: Layout, rule: Unique, status: str, stage: str) -> bool:
    """Whether a deal of this status and stage keeps others out. A stage of another version counts."""
    if status not in LIVE:
        return False
    at = layout.stage_at
    if rule.stages is None or stage not in at:
        return True
    return at[rule.stages[0]] <= at[stage] <= at[rule.stages[1]]


def stands_before(layout: Layout, rule: Unique, leave: int | None, enter: int) -> bool:
    """Whether a move from the stage at `leave` (None: an opening) to that at `enter` asks the rule as a criterion.

    Without stages every deal counts from its opening on, whether it has the values yet or not:
    then taking them is refused, and only a warning is told at the opening.
    """
    if rule.stages is None:
        return leave is None and rule.on_conflict == "warn"
    first, last = (layout.stage_at[name] for name in rule.stages)
    return first <= enter <= last and not (leave is not None and first <= leave <= last)


def unmet(rule: Unique) -> Text:
    """What a rule says where it is not met."""
    title = rule.title if rule.title.en else Text(rule.id, rule.id)
    if rule.on_conflict == "queue":
        return Text(f"{title.en}: another deal comes first", f"{title.zh}：已有其他项目在先，须等待其结束")
    return Text(f"{title.en}: there is another deal", f"{title.zh}：已有其他项目")
