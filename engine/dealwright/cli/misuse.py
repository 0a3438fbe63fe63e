"""Calls that cannot be understood, explained in the reader's language. Click's own errors are put in our words."""

from __future__ import annotations

from collections.abc import Iterable

import click


class Misuse(click.UsageError):
    """A usage error in both languages; `ctx` says at which command."""

    def __init__(self, en: str, zh: str, ctx: click.Context | None = None) -> None:
        super().__init__(en, ctx)
        self.en = en
        self.zh = zh


def no_such(en: str, zh: str, name: str, known: Iterable[str], ctx: click.Context | None) -> Misuse:
    """An unknown `name` of the sort that `en` and `zh` name, with the nearest ones that exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=3, cutoff=0.6)
    did_you_mean = f"; did you mean {' or '.join(near)}?" if near else ""
    perhaps = f"；您是想用 {' 或 '.join(near)} 吗？" if near else ""
    return Misuse(f"there is no {en} {name}{did_you_mean}", f"没有名为 {name} 的{zh}{perhaps}", ctx)


def explain(error: click.UsageError) -> tuple[str, str]:
    """The sentence (English, Chinese) for whatever usage error click or we have raised."""
    if isinstance(error, Misuse):
        return error.en, error.zh
    if isinstance(error, click.NoSuchOption):
        known = [] if error.ctx is None else [o for p in error.ctx.command.get_params(error.ctx) for o in p.opts]
        found = no_such("option", "选项", error.option_name, known, error.ctx)
        return found.en, found.zh
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return _missing(error.param)
    if isinstance(error, click.BadOptionUsage):
        if "does not take" in error.message:
            return f"the option {error.option_name} takes no value", f"选项 {error.option_name} 不带值"
        return f"the option {error.option_name} needs a value", f"选项 {error.option_name} 缺少值"
    return error.format_message(), f"用法有误：{error.format_message()}"


def _missing(param: click.Parameter) -> tuple[str, str]:
    if isinstance(param, click.Option):
        flag = max(param.opts, key=len)
        return f"the option {flag} is needed", f"缺少选项 {flag}"
    name = param.human_readable_name
    return f"{name} is missing", f"缺少参数 {name}"
