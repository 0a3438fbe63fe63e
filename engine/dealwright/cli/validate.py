"""`process validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.failure import findings
from dealwright.cli.options import argument, flag, opt, verb
from dealwright.cli.page import Page
from dealwright.errors import UsageError


@verb(
    argument("path", nargs=-1),
    flag("--strict", en="Warnings fail too", zh="有警告也算失败"),
    flag("--fix", en="Correct what has one certain correction", zh="修正只有一种改法的问题"),
    flag("--dry-run", en="With --fix: only show what it would change", zh="与 --fix 合用：只显示将作的修正"),
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
def validate(
    call: Call, *, path: tuple[str, ...], strict: bool, fix: bool, dry_run: bool, profile: tuple[str, ...]
) -> int:
    """Check process files."""
    from dealwright.workspace import check_files

    if dry_run and not fix:
        raise UsageError("--dry-run goes with --fix", "--dry-run 须与 --fix 合用")
    place = Path(call.folder) if call.folder else None
    fixed = _fixed(call, [Path(p) for p in path], place, write=not dry_run) if fix else []
    found = check_files([Path(p) for p in path], folder=place, practice=strict, profiles=profile)
    if call.output in ("github", "sarif", "junit"):
        from dealwright.cli.checks import as_github, as_junit, as_sarif

        make = {"github": as_github, "sarif": as_sarif, "junit": as_junit}[call.output]
        call.out.stream.write(make(found, call.lang, Path.cwd()))
    else:
        told = {**found.as_json(call.lang, strict=strict), "fixed": fixed}
        if call.output == "text":
            _draw_findings(call.page(), told)
        else:
            call.show(told, _draw_findings, rows="findings")
    return 1 if found.errors or (strict and found.warnings) else 0


def _fixed(call: Call, paths: list[Path], folder: Path | None, *, write: bool) -> list[dict[str, Any]]:
    """What was changed, told on standard error where the output is not for people: it stays valid SARIF then."""
    from dealwright.workspace.mending import mend_files

    page = call.page() if call.output in ("table", "text") else call.page_on_stderr()
    rows = []
    for one in mend_files(paths, write=write, folder=folder):
        rows += one.rows()
        if call.output not in ("json", "yaml", "csv"):
            _draw_fixes(page, one.rows(), "" if write else one.diff)
    return rows


def _draw_fixes(page: Page, rows: list[dict[str, Any]], diff: str) -> None:
    """Each change on a line of its own; or the diff, where nothing was written."""
    for line in diff.splitlines():
        page.screen.raw(page.screen.style(line, "green" if line[:1] == "+" else "red" if line[:1] == "-" else ""))
    for row in rows if not diff else ():
        where = f"{row['file']}:{row['line']}:{row['column']}"
        old, new = row["old"].strip(), row["new"].strip()
        change = page.say(f"`{old}` is now `{new}`", f"`{old}` 已改为 `{new}`") if old and new else (
            page.say(f"added `{new}`", f"已补上 `{new}`") if new else page.say("deleted", "已删除"))  # fmt: skip
        page.screen.raw(f"{where}: {row['code']} {page.say('fixed: ', '已修正：')}{change}")


def _draw_findings(page: Page, data: dict[str, Any]) -> None:
    errors, warnings, count = data["errors"], data["warnings"], data["files"]
    findings(page, data["findings"], errors + warnings)
    text = page.say(
        f"{count} files: {errors} errors, {warnings} warnings", f"{count} 个文件：{errors} 个错误，{warnings} 个警告"
    )
    page.screen.line(text, "red" if errors else "yellow" if warnings else "green")
