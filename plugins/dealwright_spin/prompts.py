"""What to ask or do next, in our own words, chosen by what the deal has and lacks."""

from __future__ import annotations

from dealwright import Deal, Text
from dealwright_spin.calls import continuations
from dealwright_spin.discovery import PLANS, Need, benefits, explicit_needs, needs, questions

_MANY_FACTS = 5
_SHOWN = 60
_CLOSED_EN = ("do ", "does ", "did ", "is ", "are ", "was ", "have ", "has ", "can ", "could ", "will ", "would you ")
_CLOSED_ZH_ENDS = ("吗", "吗?", "吗？")
_CLOSED_ZH_STARTS = ("是不是", "有没有", "是否")


def questions_to_ask(deal: Deal, phase: str) -> list[Text]:
    """The prompts for one phase; empty outside discover, propose and negotiate."""
    ask = {"discover": _discover, "propose": _propose, "negotiate": _negotiate}.get(phase)
    return [*ask(deal), *_next_call(deal)] if ask else []


def _discover(deal: Deal) -> list[Text]:
    asked = questions(deal)
    kinds = [question.type for question in asked]
    voiced = needs(deal)
    said: list[Text] = []
    if not asked:
        said.append(
            Text(
                "Read up on the facts first, and ask only for those that nobody has published.",
                "先把能查到的背景查清楚，只问查不到的。",
            )
        )
    if kinds.count("S") >= _MANY_FACTS and "P" not in kinds:
        said.append(
            Text(
                f"{kinds.count('S')} questions about facts and none about trouble: the buyer learns nothing "
                "from them. Turn to what does not work.",
                f"已经问了{kinds.count('S')}个背景问题，却没有一个难点问题；客户从中得不到什么，该问问哪里不顺了。",
            )
        )
    if "P" not in kinds:
        said.append(
            Text("Where does today's way of working cost you the most trouble?", "现在的做法，最让您头疼的是哪一环？")
        )
    elif kinds.count("I") < 2:
        said += _implications(asked[-1].answer if asked[-1].type == "P" else None, voiced)
    elif "N" not in kinds:
        said.append(
            Text(
                "Suppose that trouble were gone: what would it be worth to you, and to whom else?",
                "假如这个问题没有了，对您值多少？还有谁会受益？",
            )
        )
    elif not any(need.kind == "explicit" for need in voiced):
        said.append(
            Text(
                "The value is on the table. Ask the buyer what they want changed, and record their words.",
                "价值已经谈清楚了，请客户自己说想改变什么，并记下原话。",
            )
        )
    else:
        said.append(
            Text(
                "The need is explicit. Which dated step by the buyer would you ask for next?",
                "需求已经明确：接下来想请客户在哪一天之前做哪一步？",
            )
        )
    if asked and _sounds_closed(asked[-1].text):
        said.append(
            Text(
                "A matter of style: the last question can be answered with yes or no. What would invite a story?",
                "提问风格：上一个问题用“是”或“不是”就能答完，怎样问能让客户多讲一些？",
            )
        )
    return said


def _implications(answer: str | None, voiced: list[Need]) -> list[Text]:
    heard = answer or next((need.text for need in reversed(voiced) if need.kind == "implied"), None)
    if heard:
        quote = _short(heard)
        first = Text(
            f"You heard “{quote}”. What does that set off elsewhere in the company?",
            f"客户提到“{quote}”：这会牵连到公司的哪些方面？",
        )
    else:
        first = Text("What does that problem set off elsewhere in the company?", "这个难点还会牵连到公司的哪些方面？")
    return [
        first,
        Text(
            "If nothing changes for a year, who pays for it, and how much?",
            "如果一年都不改变，谁来承担代价？大概多少？",
        ),
    ]


def _propose(deal: Deal) -> list[Text]:
    explicit = explicit_needs(deal)
    offered = benefits(deal)
    said = [
        Text(
            f"“{_short(benefit.text)}” answers no explicit need: drop it, or find out whether it matters to the buyer.",
            f"“{_short(benefit.text)}”没有对应的明确需求：要么去掉，要么先弄清客户是否在意。",
        )
        for benefit in offered
        if benefit.need not in explicit
    ]
    answered = {benefit.need for benefit in offered}
    said += [
        Text(
            f"The buyer wants “{_short(text)}”. Which benefit of ours answers it?",
            f"客户想要“{_short(text)}”：我们的哪个利益点能回应它？",
        )
        for need, text in explicit.items()
        if need not in answered
    ]
    if not explicit:
        said.append(
            Text(
                "Nothing explicit to answer yet: go back to what a change would be worth before proposing.",
                "还没有明确需求可回应：先弄清改变能给客户带来多大价值，再谈方案。",
            )
        )
    return said[:6]


def _negotiate(deal: Deal) -> list[Text]:
    explicit = list(explicit_needs(deal).values())
    said = [
        Text(
            "Which worry has nobody voiced yet? Ask for it before talking terms.",
            "还有哪些顾虑没说出口？先问出来，再谈条件。",
        )
    ]
    if explicit:
        quote = _short(explicit[-1])
        said.append(
            Text(
                f"Recall what they wanted, “{quote}”, before you name the step that you propose.",
                f"先回顾客户想要的“{quote}”，再提出您建议的下一步。",
            )
        )
    said.append(
        Text(
            "Pressure to close puts buyers of large things off: propose the step, then leave room.",
            "越是大单，逼单越容易适得其反：提出下一步，然后留出余地。",
        )
    )
    return said


def _next_call(deal: Deal) -> list[Text]:
    run = continuations(deal)
    if run:
        return [
            Text(
                f"{_calls(run)} ended without a step by the buyer. Name the step you want from the next one, "
                "and a smaller one to fall back on.",
                f"最近 {run} 次拜访，客户都没有答应行动。下次拜访前，先想好希望客户做哪一步，以及退而求其次的一步。",
            )
        ]
    at = deal.layout.artifact_at.get(PLANS)
    planned = at is not None and at < len(deal.artifacts) and bool(deal.artifacts[at])
    if planned:
        return []
    return [
        Text(
            "No call is planned yet: which step by the buyer would make the next call worth it?",
            "还没有拜访计划：客户走出哪一步，下次拜访才算没白去？",
        )
    ]


def _calls(run: int) -> str:
    return "The last call" if run == 1 else f"The last {run} calls"


def _sounds_closed(text: str) -> bool:
    plain = text.strip()
    closed_en = plain.lower().startswith(_CLOSED_EN)
    return closed_en or plain.endswith(_CLOSED_ZH_ENDS) or plain.startswith(_CLOSED_ZH_STARTS)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
