"""`process diagram`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealwright.cli.call import Call
from dealwright.cli.options import Choice, argument, flag, opt, verb
from dealwright.errors import NotFoundError

if TYPE_CHECKING:
    from dealwright.model.process import Process

FORMS = ("mermaid", "dot", "svg")


@verb(
    argument("process"),
    opt("-f", "--format", "form", en="mermaid, dot or svg; mermaid if nothing is said",
        zh="mermaid、dot 或 svg；默认 mermaid", metavar="FORMAT", type=Choice(*FORMS), default="mermaid"),
    flag("--detail", en="Criteria, documents and conditions by name", zh="列出条件、资料和分支条件的名称"),
    opt("--out", en="Write into this file", zh="写入此文件", metavar="FILE"),
    note=(
        "PROCESS is an id, ID@VERSION or a process file. --lang chooses the language of the texts.",
        "PROCESS 为流程编号、编号@版本 或流程文件。--lang 决定图中文字的语言。",
    ),
)  # fmt: skip
def diagram(call: Call, *, process: str, form: str, detail: bool, out: str | None) -> None:
    """Draw a process."""
    from dealwright.workspace.drawing import process_diagram

    text = process_diagram(_process(call, process), form, call.lang, detail=detail)  # type: ignore[arg-type]  # a Choice
    if out is not None:
        Path(out).write_text(text, encoding="utf-8", newline="\n")
        shown = {"v": 1, "process": process, "format": form, "path": out}
        call.show(shown, lambda page, _: page.line(f"Written to {out}.", f"已写入 {out}。"))
    elif call.output == "table":
        call.out.stream.write(text)
    else:
        call.show({"v": 1, "process": process, "format": form, "diagram": text}, lambda *_: None)


def _process(call: Call, name: str) -> Process:
    from dealwright.workspace import drawing

    try:
        workspace = call.workspace()
    except NotFoundError:
        if call.folder is not None:
            raise
        return drawing.process_of_file(name, call.lang)
    return drawing.process_in(workspace, name)
