"""`plugin new | check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import Choice, argument, opt, verb
from dealwright.cli.page import Page
from dealwright.errors import NotFoundError

_KINDS = ("methodology", "criteria")
_CASES = {
    "imports": "导入", "hooks": "钩子", "overlays": "叠加层", "languages": "双语", "fits": "适配内置流程",
    "answers": "返回值", "deterministic": "结果确定", "never lifts": "不放行", "unchanged": "不改数据", "fast": "够快",
}  # fmt: skip


@verb(
    argument("name"),
    opt(
        "--kind", en="methodology (what it asks, as data), or criteria (a rule in Python)",
        zh="methodology（以数据写成的要求），或 criteria（以 Python 写成的规则）", metavar="|".join(_KINDS),
        type=Choice(*_KINDS), required=True,
    ),
    opt(
        "--folder", en="Where to write it; default: a folder of its name, here",
        zh="写入何处；默认为当前目录下的同名文件夹", metavar="DIR",
    ),
    note=(
        "Writes a package with its tests, which installs and passes them. Files that are there already stay.",
        "生成一个带测试的软件包，可直接安装并通过测试。已有的文件不会被覆盖。",
    ),
)  # fmt: skip
def new(call: Call, *, name: str, kind: str, folder: str | None) -> None:
    """Write the package of a new plugin."""
    from dealwright.workspace.plugin_new import new_plugin

    call.show(new_plugin(name, kind, Path(folder) if folder else None), _draw_new)


def _draw_new(page: Page, data: dict[str, Any]) -> None:
    page.line(f"The plugin {data['name']} in {data['path']}:", f"插件 {data['name']} 已写入 {data['path']}：")
    for file in data["files"]:
        page.screen.line(str(file), indent=2)
    page.line("Install it, run its tests, check it:", "安装、运行测试并检查：")
    for argv in (["pip", "install", "-e", data["path"]], ["pytest", data["path"]]):
        page.screen.raw("  " + " ".join(argv))
    page.next("dealwright", "plugin", "check", data["path"])


@verb(
    argument("plugin"),
    note=(
        "PLUGIN is a folder with a project or a package, a .py file, or the name of a plugin that is installed or in "
        "the workspace. Its code is imported and called.",
        "PLUGIN 为含项目或包的文件夹、.py 文件，或已安装插件、工作区插件的名称。会导入并调用其代码。",
    ),
)
def check(call: Call, *, plugin: str) -> int:
    """Try everything that a plugin has to keep."""
    from dealwright.workspace.plugin_trial import check_plugin

    cases = check_plugin(plugin, _local(call))
    found = {
        "v": 1, "ok": all(case.ok for case in cases),
        "cases": [{"name": case.name, "ok": case.ok, "message": case.message.say(call.lang)} for case in cases],
    }  # fmt: skip
    call.show(found, _draw_check, rows="cases")
    return 0 if found["ok"] else 1


def _local(call: Call) -> Any:
    try:
        return call.workspace().library.local_plugins()
    except NotFoundError:
        return ()  # a plugin can be checked where there is no workspace


def _draw_check(page: Page, data: dict[str, Any]) -> None:
    for case in data["cases"]:
        mark = ("✓" if case["ok"] else "✗") if page.screen.can_show("✓✗") else "[ok]" if case["ok"] else "[!!]"
        said = page.title(case["message"])
        colon = page.say(": ", "：") if said else ""
        name = page.title(case["name"])
        shown = page.say(name, _CASES.get(name, name))
        page.screen.line(f"{mark} {shown}{colon}{said}", "green" if case["ok"] else "red")
    sound = data["ok"]
    page.line(
        *(
            ("It keeps its contract.", "符合插件约定。")
            if sound
            else ("It does not keep its contract.", "不符合插件约定。")
        )
    )
