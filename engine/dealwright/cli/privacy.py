"""`privacy export | erase`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import WHY, WRITE, argument, flag, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

_SUBJECT = (
    "SUBJECT is a deal (then all its personal data is meant), or DEAL/STAKEHOLDER, such as b2b-1/s1.",
    "SUBJECT 为某个项目（指其全部个人信息），或“项目/干系人”，如 b2b-1/s1。",
)
_LEFT = 1  # exit code where a trace may be left


@verb(argument("subject"), note=_SUBJECT)
def export(call: Call, *, subject: str) -> None:
    """Show everything personal that is kept of a subject."""
    call.show(call.workspace().privacy_export(subject), _draw_export, rows="values")


def _draw_export(page: Page, data: dict[str, Any]) -> None:
    page.line(f"{data['title']} ({data['subject']})", f"{data['title']}（{data['subject']}）", "bold")
    rows = [
        [page.moment(one["at"]), one["stakeholder"] or "", one["type"], one["what"],
         page.say("erased", "已删除") if one["value"] is None else page.value(one["value"])]
        for one in data["values"]
    ]  # fmt: skip
    rows += [
        [page.moment(one["at"]), one["stakeholder"] or "", one["type"], one["what"],
         page.value(one) if one["kept"] else page.say("erased", "已删除")]
        for one in data["files"]
    ]  # fmt: skip
    if not rows:
        page.line("No personal data is kept.", "没有保存任何个人信息。")
        return
    page.table([("When", "时间"), ("Who", "干系人"), ("Event", "事件"), ("What", "内容"), ("Value", "值")], rows)


@verb(
    argument("subject"),
    WHY,
    flag("--keep-files", en="Keep the proofs, where a law demands it", zh="保留凭证文件（法律要求时）"),
    *WRITE,
    note=_SUBJECT,
)
def erase(call: Call, *, subject: str, reason: str, keep_files: bool, dry_run: bool, if_version: int | None) -> int:
    """Erase what is kept of a subject."""
    result = call.workspace().privacy_erase(
        subject, reason, keep_files=keep_files, dry_run=dry_run, if_version=if_version
    )
    call.show(result, _draw_erase)
    return _LEFT if result["left"] else 0


def _draw_erase(page: Page, data: dict[str, Any]) -> None:
    draw_write(page, data)
    for sha256 in data["erased"]["shared"]:
        page.line(
            f"Kept, because other events name it too: the file {sha256}",
            f"因其他事件也引用，文件予以保留：{sha256}", "yellow",
        )  # fmt: skip
    for path in data["copies"]:
        page.line(f"Not erased in an earlier state kept at {path}", f"较早的存储副本中未删除：{path}", "yellow")
    if data["left"]:
        names = ", ".join(data["left"])
        page.line(
            f"A long-running reader still holds {names}, so a trace may be left there. End it and run this again.",
            f"{names} 仍被长时间的读取占用，其中可能留有痕迹。请结束该读取后重新运行。", "red",
        )  # fmt: skip
