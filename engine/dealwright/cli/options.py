"""Verbs, nouns and options: click's classes in two languages, with the global options on every verb."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from dealwright.cli.call import Call
from dealwright.cli.commands import GLOBALS, Entry
from dealwright.cli.language import LANGUAGES
from dealwright.cli.misuse import Misuse, no_such
from dealwright.cli.pages import group_help, root_help, verb_help

OUTPUTS = ("table", "json", "yaml", "csv")
MORE_OUTPUTS = ("text", "github", "sarif", "junit")  # each of some verbs only
Run = Callable[..., int | None]


if TYPE_CHECKING:
    _Word = click.ParamType[Any]
else:
    # Generic only in newer releases of click.
    _Word = click.ParamType


class Choice(_Word):
    """One of a few words."""

    name = "choice"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself. Raises Misuse."""
        if value in self.words:
            return str(value)
        name = _shown(param)
        words = ", ".join(self.words)
        raise Misuse(
            f"{name} takes one of {words}, not {value!r}", f"{name} 应为以下之一：{words}，而不是 {value!r}", ctx
        )


class Form(Choice):
    """A form of output. Those that only some verbs have pass here too: what the verb is may not be known yet."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself. Raises Misuse."""
        return str(value) if value in MORE_OUTPUTS else super().convert(value, param, ctx)


def _shown(param: click.Parameter | None) -> str:
    """How a parameter is named in a message: an option by its long flag, an argument in upper case."""
    if isinstance(param, click.Argument):
        return param.human_readable_name
    return max(param.opts, key=len) if param else ""


class Count(_Word):
    """A whole number from 0 on."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Raises Misuse."""
        if isinstance(value, int):
            return value
        text = str(value)
        if text.isascii() and text.isdigit() and len(text) < 16:
            return int(text)
        name = _shown(param)
        raise Misuse(f"{name} takes a whole number, not {text!r}", f"{name} 应为整数，而不是 {text!r}", ctx)


class Opt(click.Option):
    """An option with its help in both languages."""

    def __init__(self, *declarations: str, en: str, zh: str, **settings: Any) -> None:
        super().__init__(list(declarations), **settings)
        self.en = en
        self.zh = zh

    def row(self, lang: str) -> tuple[str, str]:
        """How a help page lists it."""
        metavar = "" if self.is_flag else f" {self.metavar or (self.name or '').upper()}"
        help_line = self.zh if lang == "zh" else self.en
        if self.required:
            help_line += "（必填）" if lang == "zh" else " (required)"
        if self.multiple:
            help_line += "（可重复）" if lang == "zh" else " (may be repeated)"
        return f"{', '.join(self.opts)}{metavar}", help_line


def opt(*declarations: str, en: str, zh: str, **settings: Any) -> Opt:
    """An option that takes a value."""
    return Opt(*declarations, en=en, zh=zh, **settings)


def flag(*declarations: str, en: str, zh: str) -> Opt:
    """An option without a value."""
    return Opt(*declarations, en=en, zh=zh, is_flag=True)


def argument(name: str, **settings: Any) -> click.Argument:
    """A positional argument, shown in upper case."""
    return click.Argument([name], metavar=name.rstrip("_").upper(), **settings)


def _keep(ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...] | None) -> None:
    if value is not None and param.name:
        ctx.find_object(Call).keep(param.name, value)  # type: ignore[union-attr]  # app.run always sets it


def _help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        for line in ctx.get_help().splitlines():
            _call(ctx).out.raw(line)
        ctx.exit(0)


def _call(ctx: click.Context) -> Call:
    found = ctx.find_object(Call)
    # Only shell completion builds a context without one, and asks for nothing but names.
    return found if found is not None else Call([])


_TYPES = {"lang": Choice(*LANGUAGES), "output": Form(*OUTPUTS)}
_HELP = Opt(
    "--help",
    "-h",
    en="Show this help",
    zh="显示此帮助",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_help,
)
COMMON: tuple[Opt, ...] = (
    *(
        Opt(
            *option.flags, option.name, en=option.en, zh=option.zh, metavar=option.metavar,
            type=_TYPES.get(option.name), expose_value=False, callback=_keep, multiple=option.many,
        )
        for option in GLOBALS
    ),
    _HELP,
)  # fmt: skip


class Verb(click.Command):
    """A command that does something: `run(call, **parameters)` returns an exit code, None for 0.

    `outputs` are forms of output that it has beside the common ones.
    """

    def __init__(
        self, run: Run, params: tuple[click.Parameter, ...], note: tuple[str, str], outputs: tuple[str, ...] = ()
    ) -> None:
        super().__init__(
            None, params=[*params, *COMMON], add_help_option=False, context_settings={"allow_extra_args": True}
        )
        self.run = run
        self.own = params
        self.note = note
        self.outputs = outputs
        self.entry = Entry("", "")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, but say in our own words what is too much."""
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            # Click's parser leaves out where it was, and the reader is to be sent to the right page.
            error.ctx = error.ctx or ctx
            raise
        if rest and not ctx.resilient_parsing:
            shown = " ".join(rest)
            raise Misuse(
                f"too many arguments: {shown}; quote a text that has spaces",
                f"多余的参数：{shown}；含空格的文本请加引号",
                ctx,
            )
        return rest

    def invoke(self, ctx: click.Context) -> int | None:
        """Run with this call and the parsed parameters. Raises Misuse for a form that only other verbs have."""
        call = _call(ctx)
        if call.output in MORE_OUTPUTS and call.output not in self.outputs:
            words = ", ".join((*OUTPUTS, *self.outputs))
            raise Misuse(
                f"-o takes one of {words} here, not {call.output}",
                f"此处 -o 应为以下之一：{words}，而不是 {call.output}",
                ctx,
            )
        return self.run(call, **ctx.params)

    def get_help(self, ctx: click.Context) -> str:
        """The page in this call's language."""
        lang = _call(ctx).lang
        words = [_word(param) for param in self.own if isinstance(param, click.Argument)]
        rows = [param.row(lang) for param in self.own if isinstance(param, Opt)]
        note = self.note[lang == "zh"]
        return verb_help(ctx.command_path, self.entry.say(lang), words, rows, note, lang)


def _word(param: click.Argument) -> str:
    word = (param.metavar or param.human_readable_name) + ("..." if param.nargs < 0 else "")
    return word if param.required else f"[{word}]"


def verb(
    *params: click.Parameter, note: tuple[str, str] = ("", ""), outputs: tuple[str, ...] = ()
) -> Callable[[Run], Verb]:
    """Turn a function into a verb. Its help line is the one in `commands.py`; `note` adds to the page."""
    return lambda run: Verb(run, params, note, outputs)


class Noun(click.Group):
    """A group whose verbs are imported only when they are called."""

    def __init__(self, name: str, entry: Entry) -> None:
        super().__init__(
            name, params=list(COMMON), add_help_option=False, invoke_without_command=True, callback=self._needs_a_verb
        )
        self.entry = entry

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs, in the order of the table."""
        return list(self.entry.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a verb, or None."""
        entry = self.entry.verbs.get(cmd_name)
        if entry is None:
            return None if ctx.parent is not None else _of_a_plugin(ctx, cmd_name)
        if entry.verbs:
            return Noun(cmd_name, entry)
        module, _, attribute = entry.target.partition(":")
        command: Verb = getattr(import_module(f"dealwright.cli.{module}"), attribute)
        command.name, command.entry = cmd_name, entry
        command.short_help = entry.en
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one was probably meant."""
        command = self.get_command(ctx, args[0])
        if command is None:
            self._unknown(ctx, args[0])
        return args[0], command, args[1:]

    def get_help(self, ctx: click.Context) -> str:
        """The page in this call's language."""
        lang = _call(ctx).lang
        return root_help(lang) if ctx.parent is None else group_help(ctx.command_path, self.entry, lang)

    def _needs_a_verb(self) -> None:
        """Click calls this before a verb, and also where there is none."""
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is None:
            raise Misuse(
                f"{ctx.command_path} needs a verb: {', '.join(self.entry.verbs)}",
                f"{ctx.command_path} 之后要有动作：{'、'.join(self.entry.verbs)}", ctx,
            )  # fmt: skip

    def _unknown(self, ctx: click.Context, word: str) -> NoReturn:
        if word.startswith("-"):
            known = [name for param in COMMON for name in param.opts]
            raise no_such("option", "选项", word, known, ctx)
        raise no_such("command", "命令", word, self.entry.verbs, ctx)


def _of_a_plugin(ctx: click.Context, name: str) -> click.Command | None:
    """Only a word that is no command of ours is looked for among those of plugins."""
    if name.startswith("-") or ctx.resilient_parsing:
        return None
    from dealwright.cli.plugin_commands import find

    return find(_call(ctx), name, [option for option in COMMON if option is not _HELP])


DEAL = argument("deal")
DRY_RUN = flag("--dry-run", en="Decide, but write nothing", zh="只作判断，不写入")
IF_VERSION = opt(
    "--if-version",
    en="Only if the deal is still at this version",
    zh="仅当项目仍为此版本时写入",
    metavar="N",
    type=Count(),
)
WRITE: tuple[click.Parameter, ...] = (DRY_RUN, IF_VERSION)
SET = opt("--set", "set_", en="Set a field; F= clears it", zh="填写字段；F= 表示清空", metavar="F=V", multiple=True)
DATA = opt(
    "--data",
    en="All fields at once, from a YAML or JSON file; - reads standard input",
    zh="从 YAML 或 JSON 文件一次填写；- 表示标准输入",
    metavar="FILE|-",
)
FORM: tuple[click.Parameter, ...] = (SET, DATA)
NOTE = opt("--note", en="A note to keep with it", zh="备注", metavar="TEXT")
REASON = opt("--reason", en="Why", zh="原因", metavar="REASON")
WHY = opt("--reason", en="Why", zh="原因", metavar="REASON", required=True)
