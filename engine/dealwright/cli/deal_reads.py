"""`deal list | show | why | history | verify`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, Count, opt, verb
from dealwright.cli.page import Page, money

_AT = opt("--at", en="As it stood at this instant", zh="查看此时刻的状态", metavar="INSTANT")
STORE_DAMAGED = 5


@verb(
    opt("--process", en="Of this process", zh="限定流程", metavar="PROCESS"),
    opt("--stage", en="At this stage", zh="限定阶段", metavar="STAGE"),
    opt(
        "--status",
        en="open, won, lost, disqualified or completed",
        zh="限定状态：open won lost disqualified completed",
        metavar="STATUS",
    ),
    opt("--owner", en="Run by this person", zh="限定负责人", metavar="PERSON"),
    opt("--limit", en="At most so many", zh="最多条数", metavar="N", type=Count()),
    opt("--offset", en="Leave out the first so many", zh="跳过前若干条", metavar="N", type=Count(), default=0),
    opt("--subject", en="Only those of this record", zh="只看属于此记录的项目", metavar="RECORD"),
    _AT,
)
def list_(
    call: Call, *, process: str | None, stage: str | None, status: str | None, owner: str | None, limit: int | None,
    offset: int, subject: str | None, at: str | None,
) -> None:  # fmt: skip
    """List deals."""
    found = call.workspace().deal_list(
        process=process, stage=stage, status=status, owner=owner, subject=subject, limit=limit, offset=offset, at=at
    )
    call.show(found, _draw_list, rows="deals")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    rows = []
    for deal in data["deals"]:
        names = page.names(deal)
        status = page.say("on hold", "搁置中") if deal["on_hold"] else page.status(deal["status"])
        amount = money(deal["amount"]) if deal["amount"] else ""
        due = page.day(deal["due_at"]) if deal["status"] in ("open", "won") else ""
        place = names.stage(deal["stage"])
        rows.append([deal["id"], deal["title"], names.process, place, status, deal["owner"] or "", amount, due])
    headings = [
        ("Id", "编号"), ("Title", "名称"), ("Process", "流程"), ("Stage", "阶段"), ("Status", "状态"),
        ("Owner", "负责人"), ("Amount", "金额"), ("Due", "到期"),
    ]  # fmt: skip
    if rows:
        page.table(headings, rows, right=(6,))
    hidden = data["total"] - len(rows)
    if hidden > 0:
        page.line(f"{len(rows)} of {data['total']} deals", f"共 {data['total']} 个项目，显示 {len(rows)} 个", "dim")
    if not data["total"]:
        page.line("No deals.", "没有项目。")
        page.next("dealwright", "deal", "open", "<process:text>", "--title", "<title:text>")


@verb(DEAL, _AT)
def show(call: Call, *, deal: str, at: str | None) -> None:
    """Show a deal."""
    call.show(call.workspace().deal_show(deal, at=at), _draw_deal)


def _draw_deal(page: Page, data: dict[str, Any]) -> None:
    from dealwright.cli.deal_page import draw_deal

    draw_deal(page, data["deal"])


@verb(DEAL, opt("--to", en="Only the ways to this stage or outcome", zh="只看通往此阶段或结局的路径", metavar="STAGE"))
def why(call: Call, *, deal: str, to: str | None) -> None:
    """Explain every way on."""
    from dealwright.cli.why import draw_why

    call.show(call.workspace().deal_why(deal, to=to), draw_why, rows="transitions")


@verb(
    DEAL,
    opt("--type", "type_", en="Only events of this type", zh="只看此类事件", metavar="TYPE"),
    opt("--since", en="From then on", zh="起始时间", metavar="INSTANT"),
    opt("--until", en="Before then", zh="截止时间", metavar="INSTANT"),
)
def history(call: Call, *, deal: str, type_: str | None, since: str | None, until: str | None) -> None:
    """List events."""
    call.show(call.workspace().deal_history(deal, type=type_, since=since, until=until), draw_history, rows="events")


def draw_history(page: Page, data: dict[str, Any]) -> None:
    """The log of one deal or record, a sentence an event."""
    from dealwright.cli.story import sentence

    deal = page.call.workspace().deal_show(data["deal"])["deal"]
    names = page.names(deal)
    page.screen.line(deal["title"], "bold")
    rows = [
        [str(event["seq"]), page.moment(event["at"]), _actor(event, names), sentence(page, event, names)]
        for event in data["events"]
    ]
    page.table([("No.", "序号"), ("When", "时间"), ("Who", "何人"), ("What", "事项")], rows, right=(0,))


def _actor(event: dict[str, Any], names: Any) -> str:
    role = names.role(event["role"])
    return f"{event['actor']} ({role})" if role else str(event["actor"])


@verb(DEAL)
def verify(call: Call, *, deal: str) -> int:
    """Check the log of one deal."""
    found = call.workspace().deal_verify(deal)
    call.show(found, draw_verified)
    return 0 if found["ok"] else STORE_DAMAGED


def draw_verified(page: Page, data: dict[str, Any]) -> None:
    """The verdict on a log: whole, or where it is damaged."""
    for problem in data["problems"]:
        where = " ".join(str(problem[key]) for key in ("deal", "seq") if problem.get(key) is not None)
        page.screen.line(f"{where}{': ' if where else ''}{problem['code']} {problem['message']}", "red")
    if data["ok"]:
        page.line(f"The log is whole: {data['events']} events.", f"日志完好：{data['events']} 条事件。", "green")
        page.line(f"Head: {data['head']}", f"链首：{data['head']}", "dim")
    else:
        count = len(data["problems"])
        page.line(f"The log is damaged: {count} problems.", f"日志已受损：{count} 处问题。", "red")
