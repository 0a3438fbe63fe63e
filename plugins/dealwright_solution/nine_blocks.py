"""Which of the nine blocks to ask next, taking up what the buyer answered to those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dealwright import Deal, Text

# By column: reasons, impact, capabilities; in each from open questions over narrowing ones to the buyer's yes.
CREATE = ("R1", "R2", "R3", "I1", "I2", "I3", "C1", "C2", "C3")
# Who comes with a vision is first asked what they want to be able to do, and led back to the reasons.
REENGINEER = ("C1", "R1", "R2", "R3", "I1", "I2", "I3", "C2", "C3")
_SHOWN = 60

_ASK = {
    "R1": ("What do you think brings this about?", "您觉得是什么原因造成的？"),
    "R2": (
        "Go through the reasons that we can remove, one at a time: is it partly because of this one? How often?",
        "把我方能消除的原因逐条问过去：是不是部分由它造成？多久出现一次？",
    ),
    "R3": ("So these are the reasons. Is anything missing?", "那么原因就是这些，还有遗漏吗？"),
    "I1": ("Besides you, whom does it touch, and how?", "除了您，还影响到谁？影响在哪里？"),
    "I2": (
        "Go from desk to desk: if this happens here, what does it do to the next one?",
        "一个部门一个部门地问：这里出了问题，下一个环节会怎样？",
    ),
    "I3": ("So it is not one department alone. Have I got that right?", "这么看，已不是一个部门的事，对吗？"),
    "C1": ("What would it take, as you see it, to be rid of this?", "在您看来，要做到什么才能解决？"),
    "C2": (
        "Offer one capability for each reason: what if you could do this, would it help?",
        "针对每条原因提出一项能力：如果能做到这一点，会有帮助吗？",
    ),
    "C3": ("So if you could do all of that, would it solve the problem?", "如果这些都能做到，问题就解决了吗？"),
}  # fmt: skip
# A confirming block recalls what the two before it brought.
_RECALLS = {"R3": ("R1", "R2"), "I3": ("I1", "I2"), "C3": ("C1", "C2")}
# What SPIN's questions brought is no news to this grid.
_FROM_SPIN = {"I": ("I1", "I2", "I3"), "N": ("C1", "C2", "C3")}


def questions_to_ask(deal: Deal) -> list[Text]:
    """The next block's question, and where SPIN's answers already fill one. The grid done: what to do with it."""
    answers = _answers(deal)
    order = REENGINEER if deal.value("solution_start") == "reengineer" else CREATE
    following = next((block for block in order if not answers.get(block)), None)
    if following is None:
        return [
            Text(
                "All nine are answered. Write them to the sponsor in the buyer's words, and ask for the way to power.",
                "九格都有了答复：用客户的原话写给引荐人，并请对方引见能拍板的人。",
            )
        ]
    if not _pain(deal):
        return [
            Text(
                "No pain is admitted yet. Tell a story of their own trade, and ask what is familiar.",
                "客户还没有承认痛点：先讲一个同行的案例，问问哪里似曾相识。",
            )
        ]
    return [*_taken_over(deal, answers), _question(following, answers, _pain(deal))]


def _question(block: str, answers: Mapping[str, str], pain: str) -> Text:
    en, zh = _ASK[block]
    heard = [answers[one] for one in _RECALLS.get(block, ()) if answers.get(one)]
    if not heard and block in ("R1", "I1", "C1"):
        heard = [pain]
    if not heard:
        return Text(en, zh)
    quoted = "; ".join(_short(one) for one in heard)
    return Text(f"“{quoted}”: {en}", f"“{quoted}”：{zh}")


def _taken_over(deal: Deal, answers: Mapping[str, str]) -> list[Text]:
    """Answers to SPIN's implication and need-payoff questions, for columns in which nothing stands yet."""
    said = []
    for kind, blocks in _FROM_SPIN.items():
        heard = [row["answer"] for row in _rows(deal, "spin_questions") if row["type"] == kind and row["answer"]]
        if heard and not any(answers.get(block) for block in blocks):
            quote = _short(heard[-1])
            said.append(
                Text(
                    f"“{quote}” was answered already: enter it as block {blocks[0]}, and ask on from there.",
                    f"“{quote}”已经问到：请记入{blocks[0]}格，从这里接着问。",
                )
            )
    return said


def _answers(deal: Deal) -> dict[str, str]:
    """The latest answer by block."""
    return {row["block"]: row["answer"] for row in _rows(deal, "solution_blocks") if row["answer"]}


def _pain(deal: Deal) -> str:
    """The pain noted last; empty where there is none."""
    return next((str(row["text"]) for row in reversed(_rows(deal, "pains")) if row["text"]), "")


def _rows(deal: Deal, name: str) -> Sequence[Mapping[str, Any]]:
    """The entries of a list by field; none where the process has no such list."""
    at = deal.layout.field_at.get(name)
    if at is None:
        return ()
    names = [field.id for field in deal.layout.fields[at].of]
    return [dict(zip(names, item.values, strict=True)) for item in deal.value(name) or ()]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
