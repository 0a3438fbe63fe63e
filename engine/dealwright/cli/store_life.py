"""`store backup | restore | export | import | compact | migrate`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_reads import STORE_DAMAGED
from dealwright.cli.options import Choice, argument, flag, opt, verb
from dealwright.cli.page import Page
from dealwright.cli.progress import progress


@verb(argument("path"), note=("PATH is a new folder, best on another disk.", "PATH 为新的文件夹，最好位于另一磁盘。"))
def backup(call: Call, *, path: str) -> int:
    """Copy store and files."""
    with progress(call, "Backing up", "正在备份") as report:
        done = call.workspace().store_backup(path, report)
    call.show(done, _draw_backup)
    return STORE_DAMAGED if done["damaged"] else 0


def _draw_backup(page: Page, data: dict[str, Any]) -> None:
    page.line(
        f"Backed up and checked: {_counts(data)} in {data['path']}",
        f"已备份并核对：{_counts_zh(data)}，位于 {data['path']}",
    )
    _damaged(page, data)
    page.screen.line(page.say(f"Head: {data['head']}", f"链首：{data['head']}"))


@verb(
    argument("path"),
    flag("--replace", en="Although there is a store; it is kept aside", zh="即使已有存储也恢复；原存储另行保留"),
)
def restore(call: Call, *, path: str, replace: bool) -> int:
    """Make a backup the store again."""
    with progress(call, "Restoring", "正在恢复") as report:
        done = call.workspace().store_restore(path, replace=replace, progress=report)
    call.show(done, _draw_restore)
    return STORE_DAMAGED if done["damaged"] else 0


def _draw_restore(page: Page, data: dict[str, Any]) -> None:
    page.line(
        f"Restored and checked: {_counts(data)} in {data['path']}",
        f"已恢复并核对：{_counts_zh(data)}，位于 {data['path']}",
    )
    if data["aside"]:
        page.line(f"The store that was there is in {data['aside']}", f"原存储保留在 {data['aside']}")
    _damaged(page, data)
    page.next("dealwright", "store", "verify")


@verb(
    opt("--format", "form", en="jsonl, tinydb or csv", zh="jsonl、tinydb 或 csv", metavar="FORMAT",
        type=Choice("jsonl", "tinydb", "csv"), required=True),
    opt("--out", en="The file; for csv a folder", zh="输出文件；csv 为文件夹", metavar="PATH", required=True),
    flag("--no-personal", en="Leave all personal values out", zh="不含任何个人信息"),
    flag("--replace", en="Although there is such a file", zh="即使文件已存在也重新写入"),
)  # fmt: skip
def export(call: Call, *, form: str, out: str, no_personal: bool, replace: bool) -> None:
    """Write the log in another form."""
    with progress(call, "Exporting", "正在导出") as report:
        done = call.workspace().store_export(form, out, personal=not no_personal, replace=replace, progress=report)
    call.show(done, _draw_export)


def _draw_export(page: Page, data: dict[str, Any]) -> None:
    files = ", ".join(data["files"])
    page.line(f"Exported {_numbers(data)} to {files}", f"已导出 {_numbers_zh(data)} 到 {files}")
    if data["personal"]:
        page.line("Personal values are in it; --no-personal leaves them out.",
                  "其中含个人信息；--no-personal 可将其排除。", "yellow")  # fmt: skip


@verb(argument("file"))
def import_(call: Call, *, file: str) -> None:
    """Take an exported log into an empty store."""
    with progress(call, "Importing", "正在导入") as report:
        done = call.workspace().store_import(file, report)
    call.show(done, _draw_import)


def _draw_import(page: Page, data: dict[str, Any]) -> None:
    page.line(
        f"Imported {_numbers(data)}; the head is the exported one.", f"已导入 {_numbers_zh(data)}，总哈希与导出时一致。"
    )
    if not data["personal"]:
        page.line(
            "Personal values were not in the file; they read as erased.", "文件不含个人信息，相应内容显示为已删除。"
        )
    page.screen.line(page.say(f"Head: {data['head']}", f"链首：{data['head']}"))


@verb()
def compact(call: Call) -> None:
    """Give back space."""
    with progress(call, "Compacting", "正在压缩") as report:
        done = call.workspace().store_compact(report)
    call.show(done, _draw_compact)


def _draw_compact(page: Page, data: dict[str, Any]) -> None:
    page.pairs([
        ("Before", "压缩前", f"{data['bytes_before']:,} B"), ("Now", "现在", f"{data['bytes']:,} B"),
        ("Files removed", "清理文件", f"{data['files_removed']} ({data['files_bytes']:,} B)"),
        ("Caches removed", "清理缓存", str(data["caches_removed"])),
    ])  # fmt: skip


@verb()
def migrate(call: Call) -> None:
    """Bring an older store to this release."""
    with progress(call, "Migrating", "正在升级") as report:
        done = call.workspace().store_migrate(report)
    call.show(done, _draw_migrate)


def _draw_migrate(page: Page, data: dict[str, Any]) -> None:
    if data["backup"] is None:
        page.line(f"Nothing to do: the store has schema {data['to']}.", f"无需升级：存储版本已是 {data['to']}。")
        return
    page.line(
        f"Migrated from schema {data['from']} to {data['to']}. The store as it was is in {data['backup']}",
        f"已从版本 {data['from']} 升级到 {data['to']}。原存储保留在 {data['backup']}",
    )


def _numbers(data: dict[str, Any]) -> str:
    return f"{data['deals']} deals, {data['events']} events"


def _numbers_zh(data: dict[str, Any]) -> str:
    return f"{data['deals']} 个项目、{data['events']} 个事件"


def _counts(data: dict[str, Any]) -> str:
    return f"{_numbers(data)}, {data['files']} files"


def _counts_zh(data: dict[str, Any]) -> str:
    return f"{_numbers_zh(data)}、{data['files']} 个文件"


def _damaged(page: Page, data: dict[str, Any]) -> None:
    for sha256 in data["damaged"]:
        page.line(f"Damaged, and so left out: the file {sha256}", f"文件已损坏，未包含在内：{sha256}", "red")
