"""Help pages, drawn from the table of commands; click is not needed for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealwright.cli.commands import GLOBALS, ROOT, Entry
from dealwright.cli.display import pad, width


def root_help(lang: str, plugins: Sequence[tuple[str, str]] = ()) -> str:
    """What `dealwright --help` prints; `plugins` are the commands that plugins add, with their lines."""
    zh = lang == "zh"
    intro = (
        "按流程推进每个项目；不能推进时，总能说明原因。"
        if zh
        else "Runs every deal through its sales process, and can always say why not."
    )
    start = "从这里开始：dealwright demo" if zh else "To begin: dealwright demo"
    usage = "用法：dealwright [选项] 对象 动作 ..." if zh else "Usage: dealwright [OPTIONS] NOUN VERB ..."
    more = ["", "插件命令：" if zh else "Plugins:", *columns(plugins)] if plugins else []
    return "\n".join([usage, "", intro, "", *_commands(ROOT, lang), *more, "", *global_options(lang), "", start, ""])


def group_help(path: str, entry: Entry, lang: str) -> str:
    """What `dealwright NOUN --help` prints."""
    zh = lang == "zh"
    usage = f"用法：{path} 动作 ..." if zh else f"Usage: {path} VERB ..."
    more = f"各动作的用法：{path} 动作 --help" if zh else f"How each is used: {path} VERB --help"
    return "\n".join(
        [usage, "", f"{entry.say(lang)}{'。' if zh else '.'}", "", *_commands(entry.verbs, lang), "", more, ""]
    )


def verb_help(
    path: str, summary: str, words: Sequence[str], options: Sequence[tuple[str, str]], note: str, lang: str
) -> str:
    """What `dealwright NOUN VERB --help` prints; `words` are the arguments, `note` what else to know."""
    zh = lang == "zh"
    parts = [path, *words, ("[选项]" if zh else "[OPTIONS]")]
    lines = [("用法：" if zh else "Usage: ") + " ".join(parts), "", summary + ("。" if zh else ".")]
    if note:
        lines += ["", note]
    if options:
        lines += ["", "选项：" if zh else "Options:", *columns(options)]
    return "\n".join([*lines, "", *global_options(lang), ""])


def global_options(lang: str) -> list[str]:
    """The options that every command takes, with their heading."""
    zh = lang == "zh"
    rows = [(f"{', '.join(option.flags)} {option.metavar}", option.say(lang)) for option in GLOBALS]
    rows.append(("--help", "显示此帮助" if zh else "Show this help"))
    return [
        "通用选项（动作前后均可）：" if zh else "Options of every command, before or after the verb:",
        *columns(rows),
    ]


def columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Two columns: terms, and what they mean."""
    size = min(38, max(width(term) for term, _ in rows))
    lines = []
    for term, meaning in rows:
        if width(term) > size:
            lines += [f"  {term}", f"  {' ' * size}  {meaning}"]
        else:
            lines.append(f"  {pad(term, size)}  {meaning}".rstrip())
    return lines


def _commands(entries: Mapping[str, Entry], lang: str) -> list[str]:
    heading = "命令：" if lang == "zh" else "Commands:"
    return [heading, *columns([(name, entry.say(lang)) for name, entry in entries.items()])]
