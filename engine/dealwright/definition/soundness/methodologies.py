"""Stages that are really the steps of a methodology (R131)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from dealwright.model.process import Stage

_FEWEST = 3
_STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "SPIN": (
        ("situation", "背景问题", "现状问题"), ("problem", "难点问题"), ("implication", "暗示问题"),
        ("need payoff", "payoff", "价值问题", "需求效益"),
    ),
    "Sandler": (
        ("bonding", "rapport", "建立关系"), ("up front contract", "upfront contract", "事先约定"), ("pain", "痛点"),
        ("budget", "预算"), ("decision", "决策"), ("fulfilment", "fulfillment"), ("post sell", "售后巩固"),
    ),
    "Challenger": (
        ("warmer", "预热"), ("reframe", "重构认知"), ("rational drowning",), ("emotional impact", "情感冲击"),
        ("new way", "新思路"), ("our solution", "我们的方案"),
    ),
    "MEDDPICC": (
        ("metrics", "量化指标"), ("economic buyer", "经济决策人"), ("decision criteria", "决策标准"),
        ("decision process", "决策流程"), ("paper process", "合同流程"), ("pain", "identify pain", "痛点"),
        ("champion", "支持者"), ("competition", "竞争"),
    ),
    "BANT": (
        ("budget", "预算"), ("authority", "决策权"), ("need", "需求"), ("timeline", "timing", "时间表"),
    ),
    "Solution Selling": (("latent pain", "潜在痛点"), ("admitted pain", "承认痛点"), ("vision", "愿景")),
    "Inbound": (("identify", "识别"), ("connect", "联系"), ("explore", "探索"), ("advise", "建议")),
    "Consultative": (("ask", "提问"), ("listen", "倾听"), ("diagnose", "诊断"), ("advise", "建议")),
}  # fmt: skip


class Row(NamedTuple):
    """Stages `first` to `last` (positions) that follow a methodology's steps."""

    methodology: str
    first: int
    last: int


def methodology_rows(stages: Sequence[Stage]) -> list[Row]:
    """Every row of three or more neighbouring stages named after the steps of one methodology, in its order."""
    named = [_names(stage) for stage in stages]
    found = []
    for methodology, steps in _STEPS.items():
        at = [next((n for n, words in enumerate(steps) if names & set(words)), -1) for names in named]
        start = 0
        for index in range(1, len(at) + 1):
            if index < len(at) and at[index] > at[index - 1] >= 0:
                continue
            if index - start >= _FEWEST and at[start] >= 0:
                found.append(Row(methodology, start, index - 1))
            start = index
    return found


def _names(stage: Stage) -> set[str]:
    """What a stage is called: its id and titles, without punctuation."""
    said = (stage.id, stage.title.en, stage.title.zh)
    return {" ".join(re.findall(r"[^\W_]+", text.lower())) for text in said}
