"""A process on a page: its stages in order, who is responsible, what each requires, how it can end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dealwright.cli.names import Names
from dealwright.cli.page import Page


def draw_process(page: Page, process: dict[str, Any]) -> None:
    """The page of `process show`."""
    names = Names(process, page.lang)
    page.screen.line(f"{names.process}  ({process['id']} {process['version']})", "bold")
    methods = process.get("methodologies") or []
    page.pairs([("Methodologies", "销售方法论", ", ".join(methods))])
    page.screen.line()
    _stages(page, process, names)
    _section(page, "Roles", "角色", _listed(process.get("roles"), names, "role"))
    _section(page, "Artifacts", "阶段资料", _listed(process.get("artifacts"), names, "artifact"))
    _section(page, "Fields", "字段", _listed(process.get("fields"), names, "field"))
    _section(page, "Events", "事件", _listed(process.get("events"), names, "event"))
    _section(page, "Reasons", "原因", _listed(process.get("reasons"), names, "reason"))
    page.screen.line()
    page.next("dealwright", "deal", "open", process["id"], "--title", "<title:text>")


def _stages(page: Page, process: dict[str, Any], names: Names) -> None:
    rows = []
    for at, stage in enumerate(process["stages"], 1):
        if not isinstance(stage, dict):
            rows.append([str(at), str(stage), "", "", "", ""])
            continue
        responsible = page.say(", ", "、").join(names.of("role", role) for role in stage.get("responsible") or ())
        needed = [r["artifact"] if isinstance(r, dict) else str(r) for r in stage.get("requires") or ()]
        requires = page.say(", ", "、").join(names.of("artifact", artifact) for artifact in needed)
        limit = str(stage.get("sla") or "")
        rows.append([str(at), names.of("stage", stage["id"]), stage["id"], responsible, requires, limit])
    headings = [
        ("No.", "序号"),
        ("Stage", "阶段"),
        ("Id", "编号"),
        ("Responsible", "负责角色"),
        ("Requires", "必备资料"),
        ("SLA", "时限"),
    ]
    page.table(headings, rows, right=(0,))


def _listed(declared: Any, names: Names, kind: str) -> Iterable[tuple[str, str]]:
    """(id, title) of each declared thing."""
    if isinstance(declared, dict):
        return [(str(identifier), names.of(kind, str(identifier))) for identifier in declared]
    return [(entry["id"], names.of(kind, entry["id"])) for entry in declared or () if isinstance(entry, dict)]


def _section(page: Page, en: str, zh: str, rows: Iterable[tuple[str, str]]) -> None:
    listed = list(rows)
    if listed:
        page.screen.line()
        page.line(en, zh, "bold")
        page.screen.table((), listed)
