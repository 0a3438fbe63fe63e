"""`plugin list`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import verb
from dealwright.cli.page import Page

_STATES = {
    "active": ("active", "已启用"),
    "blocked": ("not allowed", "未允许"),
    "missing": ("missing", "缺失"),
    "broken": ("broken", "损坏"),
}
_ORIGINS = {
    "bundled": ("bundled", "内置"),
    "installed": ("installed", "已安装"),
    "workspace": ("workspace", "工作区"),
}


@verb()
def list_(call: Call) -> None:
    """List plugins."""
    call.show(call.workspace().plugin_list(), _draw, rows="plugins")


def _draw(page: Page, data: dict[str, Any]) -> None:
    rows = [
        [
            plugin["name"], plugin["version"] or "", page.say(*_ORIGINS.get(plugin["origin"], ("", ""))),
            page.say(*_STATES.get(plugin["state"], (plugin["state"],) * 2)),
            plugin["distribution"] or "", ", ".join(h.removeprefix("dealwright_") for h in plugin["hooks"] or ()),
            page.title(plugin["error"]),
        ]
        for plugin in data["plugins"]
    ]  # fmt: skip
    headings = [
        ("Plugin", "插件"),
        ("Version", "版本"),
        ("Origin", "来源"),
        ("State", "状态"),
        ("Distribution", "发行包"),
        ("Hooks", "钩子"),
        ("Error", "错误"),
    ]
    if rows:
        page.table(headings, rows)
    else:
        page.line("No plugins are installed.", "没有安装插件。")
