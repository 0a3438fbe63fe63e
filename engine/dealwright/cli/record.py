"""`record add | list | show | set | history | archive`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.names import Names
from dealwright.cli.options import FORM, WRITE, Choice, Count, argument, opt, verb
from dealwright.cli.page import Page, money
from dealwright.errors import DealwrightError

_RECORD = argument("record")


@verb(
    argument("type_"),
    opt("--title", en="What people call it", zh="名称", metavar="TITLE", required=True),
    opt("--id", "record_id", en="Its id (default: TYPE-N)", zh="编号（默认 类型-N）", metavar="ID"),
    opt("--owner", en="Who looks after it (default: you)", zh="负责人（默认为本人）", metavar="PERSON"),
    *FORM,
    *WRITE,
)
def add(
    call: Call, *, type_: str, title: str, record_id: str | None, owner: str | None, set_: tuple[str, ...],
    data: str | None, dry_run: bool, if_version: int | None,
) -> None:  # fmt: skip
    """Add a record."""
    filled = form(set_, data)
    done = call.workspace().record_add(
        type_, title, record_id=record_id, owner=owner, texts=filled.texts, data=filled.data, dry_run=dry_run,
        if_version=if_version,
    )  # fmt: skip
    call.show(done, _draw_write)


@verb(
    argument("type_", required=False),
    opt("--status", en="Only open ones, or archived ones (completed)", zh="只看在册（open）或已归档（completed）",
        metavar="STATUS", type=Choice("open", "completed")),
    opt("--limit", en="At most so many", zh="最多显示几条", metavar="N", type=Count()),
    opt("--offset", en="Leave out the first so many", zh="跳过前若干条", metavar="N", type=Count(), default=0),
)  # fmt: skip
def list_(call: Call, *, type_: str | None, status: str | None, limit: int | None, offset: int) -> None:
    """List records."""
    found = call.workspace().record_list(type_, status=status, limit=limit, offset=offset)
    call.show(found, _draw_list, rows="records")


@verb(_RECORD)
def show(call: Call, *, record: str) -> None:
    """Show a record and its deals."""
    call.show(call.workspace().record_show(record), _draw_show)


@verb(_RECORD, *FORM, *WRITE)
def set_(
    call: Call, *, record: str, set_: tuple[str, ...], data: str | None, dry_run: bool, if_version: int | None
) -> None:
    """Set fields of a record."""
    filled = form(set_, data)
    done = call.workspace().record_set(record, filled.texts, filled.data, dry_run=dry_run, if_version=if_version)
    call.show(done, _draw_write)


@verb(_RECORD, *WRITE)
def archive(call: Call, *, record: str, dry_run: bool, if_version: int | None) -> None:
    """Archive a record."""
    call.show(call.workspace().record_archive(record, dry_run=dry_run, if_version=if_version), _draw_write)


@verb(_RECORD)
def history(call: Call, *, record: str) -> None:
    """List what happened to a record."""
    call.show(call.workspace().record_history(record), _draw_history, rows="events")


def _draw_write(page: Page, data: dict[str, Any]) -> None:
    from dealwright.cli.outcome import draw_write

    draw_write(page, data, record=True)


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    rows = [
        [one["id"], one["title"], page.names(one).process, one["owner"] or "", _status(page, one["status"])]
        for one in data["records"]
    ]
    if rows:
        headings = [("Id", "编号"), ("Title", "名称"), ("Type", "类型"), ("Owner", "负责人"), ("Status", "状态")]
        page.table(headings, rows)
    hidden = data["total"] - len(rows)
    if hidden > 0:
        page.line(f"{len(rows)} of {data['total']} records", f"共 {data['total']} 条记录，显示 {len(rows)} 条", "dim")
    if not data["total"]:
        page.line("No records.", "没有记录。")
        page.next("dealwright", "record", "add", "<type:text>", "--title", "<title:text>")


def _draw_show(page: Page, data: dict[str, Any]) -> None:
    record = data["record"]
    names = page.names(record)
    page.screen.line(f"{record['title']}  ({record['id']})", "bold")
    page.pairs([
        ("Type", "类型", names.process),
        ("Status", "状态", _status(page, record["status"])),
        ("Owner", "负责人", record["owner"] or ""),
        ("Added", "建立于", page.moment(record["opened_at"])),
        ("Version", "版本", str(record["version"])),
    ])  # fmt: skip
    filled = {key: value for key, value in record["fields"].items() if value not in (None, [])}
    if filled:
        page.screen.line()
        page.line("Fields", "字段", "bold")
        page.screen.table(
            (), [[names.field(key), page.value(names.value(key, value))] for key, value in filled.items()]
        )
    page.screen.line()
    if not data["deals"]:
        page.line("No deals yet.", "暂无项目。")
        return
    page.line("Deals", "项目", "bold")
    known: dict[str, Names] = {}
    rows = []
    for deal in data["deals"]:
        if deal["process"] not in known:
            known[deal["process"]] = _names_of(page, deal["process"])
        names = known[deal["process"]]
        amount = money(deal["amount"]) if deal["amount"] else ""
        rows.append([
            deal["id"], deal["title"], names.process, names.stage(deal["stage"]), page.status(deal["status"]), amount,
            page.day(deal["won_at"]),
        ])  # fmt: skip
    headings = [
        ("Id", "编号"), ("Title", "名称"), ("Process", "流程"), ("Stage", "阶段"), ("Status", "状态"),
        ("Amount", "金额"), ("Won", "赢单于"),
    ]  # fmt: skip
    page.table(headings, rows, right=(5,))


def _names_of(page: Page, process: str) -> Names:
    """The titles of a process as it is now; ids where its file is gone or broken."""
    try:
        return page.names_of_process(process)
    except DealwrightError:
        return Names(process)


def _draw_history(page: Page, data: dict[str, Any]) -> None:
    from dealwright.cli.deal_reads import draw_history

    draw_history(page, {"deal": data["record"], "events": data["events"]})


def _status(page: Page, status: str) -> str:
    return page.say("archived", "已归档") if status == "completed" else page.say("current", "在册")
