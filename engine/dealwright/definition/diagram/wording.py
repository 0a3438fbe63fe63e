"""The words of diagrams."""

from __future__ import annotations

from dealwright.model.process import Automation
from dealwright.model.text import Text

PHASES = {
    "prospect": Text("Prospect", "客户开拓"), "qualify": Text("Qualify", "资格确认"),
    "discover": Text("Discover", "需求分析"), "propose": Text("Propose", "方案报价"),
    "negotiate": Text("Negotiate", "商务谈判"), "close": Text("Close", "签约"),
    "deliver": Text("Deliver", "交付"), "retain": Text("Retain", "续约增购"),
}  # fmt: skip
STATUS = {
    "lost": Text("lost", "丢单"),
    "disqualified": Text("disqualified", "不合格"), "completed": Text("completed", "完成"),
}  # fmt: skip


class Words:
    """Sentences of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.zh = lang == "zh"

    def say(self, text: Text) -> str:
        """A text in this language."""
        return text.say(self.lang)

    def pick(self, en: str, zh: str) -> str:
        """The one of two that is wanted."""
        return zh if self.zh else en

    def several(self, names: list[str]) -> str:
        """Names in a row."""
        return self.pick(", ", "、").join(names)

    def count(self, number: int, one: str, many: str, zh: str) -> str:
        """`3 criteria`, `3项条件`."""
        return f"{number}{zh}" if self.zh else f"{number} {one if number == 1 else many}"

    def trigger(self, rule: Automation) -> str:
        """What sets an automation off, and under which condition."""
        since = self.several(list(rule.since)) or "entered"
        if rule.upon:
            told = self.pick(f"upon {rule.upon}", f"{rule.upon} 时")
        elif rule.after is not None:
            told = self.pick(f"{rule.after} after {since}", f"{since} 后 {rule.after}")
        elif rule.before is not None:
            told = self.pick(f"{rule.before} before {rule.of}", f"{rule.of} 前 {rule.before}")
        else:
            told = self.pick(f"every {rule.every} since {since}", f"自 {since} 起每 {rule.every}")
        return f"{told}{self.pick(' if ', '，若 ')}{rule.condition}" if rule.condition else told
