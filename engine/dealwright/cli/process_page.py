"""A process on a page: its stages in order, who is responsible, what each requires, how it can end."""

from __future__ import annotations

from typing import Any

from dealwright.cli.names import Names, names_in
from dealwright.cli.page import Page


def draw_process(page: Page, process: dict[str, Any]) -> None:
    """The page of `process show`."""
    names = names_in(process, page.lang)
    page.screen.line(f"{names.process}  ({process['id']} {process['version']})", "bold")
    methods = process.get("methodologies") or []
    page.pairs([("Methodologies", "销售方法论", ", ".join(methods))])
    page.screen.line()
    _stages(page, process, names)
    for en, zh, titles in (
        ("Roles", "角色", names.roles), ("Artifacts", "阶段资料", names.artifacts), ("Fields", "字段", names.fields),
        ("Events", "事件", names.events), ("Tasks", "任务", names.tasks), ("Reasons", "原因", names.reasons),
    ):  # fmt: skip
        _section(page, en, zh, list(titles.items()))
    page.screen.line()
    page.next("dealwright", "deal", "open", process["id"], "--title", "<title:text>")


def _stages(page: Page, process: dict[str, Any], names: Names) -> None:
    rows = []
    for at, stage in enumerate(process["stages"], 1):
        if not isinstance(stage, dict):
            rows.append([str(at), str(stage), "", "", "", ""])
            continue
        responsible = page.say(", ", "、").join(names.role(role) for role in stage.get("responsible") or ())
        needed = [r["artifact"] if isinstance(r, dict) else str(r) for r in stage.get("requires") or ()]
        requires = page.say(", ", "、").join(names.artifact(artifact) for artifact in needed)
        limit = str(stage.get("sla") or "")
        rows.append([str(at), names.stage(stage["id"]), stage["id"], responsible, requires, limit])
    headings = [
        ("No.", "序号"),
        ("Stage", "阶段"),
        ("Id", "编号"),
        ("Responsible", "负责角色"),
        ("Requires", "必备资料"),
        ("SLA", "时限"),
    ]
    page.table(headings, rows, right=(0,))


def _section(page: Page, en: str, zh: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        page.screen.line()
        page.line(en, zh, "bold")
        page.screen.table((), rows)
