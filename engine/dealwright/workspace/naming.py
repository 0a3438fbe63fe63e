"""What a deal or a record may be called, and which words an option knows."""

from __future__ import annotations

import re

from dealwright.errors import UsageError
from dealwright.model.values import is_printable

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


def check_id(deal_id: str | None) -> None:
    """Raises UsageError for what is no deal id."""
    if deal_id is not None and not _ID.fullmatch(deal_id):
        raise UsageError(
            "a deal's id is 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first",
            "项目编号为 1 至 64 个字母、数字、点、连字符或下划线，且以字母或数字开头", id=deal_id[:80],
        )  # fmt: skip


def check_title(title: str) -> None:
    """Raises UsageError for an empty, overlong or unprintable title."""
    if not title.strip() or len(title) > 200 or not is_printable(title) or "\n" in title:
        raise UsageError("a title is one line of 1 to 200 characters", "标题为一行，1 至 200 个字符")


def check_external_id(external_id: str | None) -> None:
    """Raises UsageError for an empty, overlong or unprintable one."""
    if external_id is not None and (not 0 < len(external_id.strip()) <= 128 or not is_printable(external_id)):
        raise UsageError("an external id has 1 to 128 printable characters", "外部编号为 1 至 128 个可打印字符")


def check_word(option: str, word: str | None, known: tuple[str, ...]) -> None:
    """Raises UsageError: an empty answer to a misspelt question would be believed."""
    if word is not None and word not in known:
        from dealwright.engine.result import did_you_mean

        hint = did_you_mean(word, list(known))
        raise UsageError(f"{option} knows no {word}{hint.en}", f"{option} 没有 {word}{hint.zh}", value=word)
