"""`deal coach | score`: what methodologies say of a deal."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_page import headline
from dealwright.cli.options import DEAL, WRITE, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page
from dealwright.cli.reasons import draw_criteria

_ADVICE = {
    "disqualify": ("better let it go", "建议放弃"),
    "hold": ("better wait", "建议搁置"),
    "regress": ("better go back", "建议退回"),
}


@verb(DEAL)
def coach(call: Call, *, deal: str) -> None:
    """Say what is worth asking next."""
    call.show(call.workspace().deal_coach(deal), _draw_coach, rows="wants")


@verb(DEAL, *WRITE)
def propose(call: Call, *, deal: str, dry_run: bool, if_version: int | None) -> None:
    """Log what plugins propose."""
    call.show(call.workspace().deal_propose(deal, dry_run=dry_run, if_version=if_version), draw_write)


@verb(DEAL)
def score(call: Call, *, deal: str) -> None:
    """Score a deal."""
    call.show(call.workspace().deal_score(deal), _draw_score, rows="history")


def _draw_coach(page: Page, data: dict[str, Any]) -> None:
    deal = page.call.workspace().deal_show(data["deal"])["deal"]
    names = page.names(deal)
    page.screen.line(headline(page, deal, names), "bold")
    draw_flags(page, data["flags"])
    draw_prompts(page, data["prompts"])
    for phase in dict.fromkeys(want["phase"] for want in data["wants"]):
        page.screen.line()
        page.line(f"Before {phase} is left", f"离开 {phase} 阶段类别之前", "bold")
        draw_criteria(page, [want for want in data["wants"] if want["phase"] == phase], names)
    draw_proposals(page, data["proposals"])
    if not (data["flags"] or data["prompts"] or data["wants"] or data["proposals"]):
        page.line("Nothing to add: no methodology asks for anything here.", "没有补充：目前没有方法论提出要求。")
    page.screen.line()
    page.next("dealwright", "deal", "why", data["deal"])


def _draw_score(page: Page, data: dict[str, Any]) -> None:
    page.screen.line(f"{data['deal']}  {data['title']}", "bold")
    draw_scores(page, data["scores"])
    if not data["scores"]:
        page.line("No methodology scores this deal.", "没有方法论为此项目评分。")
    rows = [
        [page.moment(row["at"]), row["stage"], str(row["source"]).rpartition(":")[2], f"{row['score']:g}",
         _own(row["raw"], row["max"])]
        for row in data["history"]
    ]  # fmt: skip
    if rows:
        page.screen.line()
        headings = [("When", "时间"), ("Stage", "阶段"), ("By", "方法论"), ("Score", "评分"), ("Own scale", "自有量表")]
        page.table(headings, rows, right=(3, 4))


def draw_proposals(page: Page, proposals: list[dict[str, Any]]) -> None:
    """What plugins propose; nobody has to follow it."""
    if proposals:
        page.screen.line()
        page.line("Proposed", "建议", "bold")
    for one in proposals:
        score = f"{one['score']:g}" if one["score"] is not None else ""
        said = "; ".join(part for part in (score, one["step"] or "") if part)
        page.screen.line(f"  {said}: {one['reason']} [{str(one['source']).partition(':')[2]}]")


def draw_flags(page: Page, flags: list[dict[str, Any]]) -> None:
    """The warnings of methodologies that are up."""
    for flag in flags:
        advice = _ADVICE.get(flag["advise"] or "")
        said = page.say(f"{flag['text']}; {advice[0]}", f"{flag['text']}；{advice[1]}") if advice else flag["text"]
        page.screen.line(f"! {said} [{str(flag['source']).partition(':')[2]}]", "yellow")


def draw_prompts(page: Page, prompts: list[dict[str, Any]]) -> None:
    """Questions worth asking, each with whose it is."""
    if prompts:
        page.screen.line()
        page.line("Worth asking", "值得提问", "bold")
        for prompt in prompts:
            origin = str(prompt["source"]).partition(":")[2]
            page.screen.line(f"- {prompt['text']}{f' [{origin}]' if origin else ''}", indent=2)


def draw_scores(page: Page, scores: list[dict[str, Any]]) -> None:
    """Each score of 0 to 100, on its own scale too, with its reasons."""
    for score in scores:
        page.screen.line()
        name, of = str(score["source"]).rpartition(":")[2], _own(score["raw"], score["max"])
        known = [part for part in (of, score["band"]) if part]
        own, own_zh = (f" ({', '.join(known)})", f"（{'，'.join(known)}）") if known else ("", "")
        page.line(
            f"Score by {name}: {score['score']:g} of 100{own}",
            f"{name} 评分：{score['score']:g}（满分 100）{own_zh}",
            "bold",
        )
        for reason in score["reasons"]:
            page.screen.line(f"- {page.title(reason)}", indent=2)


def _own(raw: float, most: float) -> str:
    """A score on a scale that is not the one of 0 to 100."""
    return "" if most == 100 else f"{raw:g}/{most:g}"
