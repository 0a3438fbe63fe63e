"""`process validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.failure import findings
from dealwright.cli.options import argument, flag, opt, verb
from dealwright.cli.page import Page


@verb(
    argument("path", nargs=-1),
    flag("--strict", en="Warnings fail too", zh="有警告也算失败"),
    opt(
        "--profile",
        en="Rules to go by instead of the workspace's: strict, default, lenient or a NAME.lint.yaml",
        zh="代替工作区所用的规则配置：strict、default、lenient 或 NAME.lint.yaml 文件",
        metavar="NAME|FILE",
        multiple=True,
    ),
    note=(
        "PATH is a file or a folder; without one, everything in the workspace, or the shipped processes.\n"
        "-o also takes text (as table), github (annotations), sarif and junit.",
        "PATH 为文件或文件夹；不写则检查工作区的全部文件；没有工作区时检查内置流程。\n"
        "-o 还可取 text（同 table）、github（注解）、sarif 和 junit。",
    ),
    outputs=("text", "github", "sarif", "junit"),
)
def validate(call: Call, *, path: tuple[str, ...], strict: bool, profile: tuple[str, ...]) -> int:
    """Check process files."""
    from dealwright.workspace import check_files

    place = Path(call.folder) if call.folder else None
    found = check_files([Path(p) for p in path], folder=place, practice=strict, profiles=profile)
    if call.output in ("github", "sarif", "junit"):
        from dealwright.cli.checks import as_github, as_junit, as_sarif

        make = {"github": as_github, "sarif": as_sarif, "junit": as_junit}[call.output]
        call.out.stream.write(make(found, call.lang, Path.cwd()))
    elif call.output == "text":
        _draw_findings(call.page(), found.as_json(call.lang, strict=strict))
    else:
        call.show(found.as_json(call.lang, strict=strict), _draw_findings, rows="findings")
    return 1 if found.errors or (strict and found.warnings) else 0


def _draw_findings(page: Page, data: dict[str, Any]) -> None:
    errors, warnings, count = data["errors"], data["warnings"], data["files"]
    findings(page, data["findings"], errors + warnings)
    text = page.say(
        f"{count} files: {errors} errors, {warnings} warnings", f"{count} 个文件：{errors} 个错误，{warnings} 个警告"
    )
    page.screen.line(text, "red" if errors else "yellow" if warnings else "green")
