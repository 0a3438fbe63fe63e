"""Heads that speak for the log: the one in the head file, and one that somebody kept elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dealwright.errors import UsageError
from dealwright.model.canonical import ZERO
from dealwright.ports import Problem
from dealwright.store.head_file import Head

_GIVEN = re.compile(r"(?:([0-9]{1,18}):)?([0-9a-f]{64})")


class Given(NamedTuple):
    """A head kept outside the store; `position` is None where only the hash was kept."""

    position: int | None
    head: str


class End(NamedTuple):
    """What a walk found: the log's last position, its writes without events, and the heads that were looked for.

    `at_kept` is the head where the head file's position is; `given_at` the position that has the given hash.
    """

    position: int
    writes: int
    at_kept: str = ZERO
    at_given: str = ZERO
    given_at: int | None = None


def read_given(text: str) -> Given:
    """`POSITION:HASH`, as `store head` prints it, or a hash alone. Raises UsageError."""
    found = _GIVEN.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(
            f"{text[:80]!r} is no head: it is POSITION:HASH, as `dealwright store head` prints it, or a hash alone.",
            f"“{text[:80]}”不是有效的 head：应为 `dealwright store head` 输出的“位置:哈希”，或单独的哈希。",
            head=text[:80],
        )
    return Given(None if found[1] is None else int(found[1]), found[2])


def judge_file(kept: Head | None, whole: bool, end: End) -> Iterator[Problem]:
    """The head file against the log: it may be behind, never ahead of it or of another log. `whole`: both its lines."""
    if kept is None:
        yield _problem(
            "head-missing",
            "The head file beside the store is missing or unreadable, so a lost tail could not be noticed. "
            "Compare the head with one kept elsewhere; the next write makes the file anew.",
            "数据存储旁的 head 文件缺失或无法读取，因此无法发现日志尾部是否丢失。"
            "请与别处保存的总哈希核对；下次写入时会重新生成该文件。",
        )
        return
    if not whole:
        yield _problem(
            "head-damaged",
            "One line of the head file beside the store is damaged; the other one was used. The next write mends it.",
            "数据存储旁的 head 文件有一行已损坏，已改用另一行。下次写入时会修复。",
        )
    if kept.position > end.position:
        yield _problem(
            "tail-lost",
            f"The head file knows {kept.position} events, the log holds {end.position}: its end is lost.",
            f"head 文件记录到第 {kept.position} 个事件，而日志只有 {end.position} 个：日志尾部已丢失。",
        )
    elif kept.head != end.at_kept:
        yield _problem(
            "head-mismatch",
            f"The head file holds another head for position {kept.position}: the log was rewritten.",
            f"head 文件中位置 {kept.position} 的总哈希不同：日志被改写过。",
        )
    if kept.writes > end.writes:
        yield _problem(
            "writes-lost",
            f"The head file knows {kept.writes} writes besides the log's events, the store holds {end.writes}: "
            "the last of them are lost (definitions, counters, personal values or plugins' tables).",
            f"head 文件记录了 {kept.writes} 次事件之外的写入，而数据存储只有 {end.writes} 次："
            "最后的写入已丢失（定义、计数器、个人信息或插件的表）。",
        )


def judge_given(given: Given, end: End) -> Iterator[Problem]:
    """A head from outside against the log, which must hold it at its position (any position for a hash alone)."""
    if given in ((0, ZERO), (None, ZERO)):
        return
    if given.position is None:
        if end.given_at is None:
            yield _problem(
                "head-mismatch",
                "At no position has the log the head that was given: it was rewritten or cut before that position.",
                "日志在任何位置都没有给定的总哈希：日志曾被改写，或在该位置之前被截断。",
            )
    elif given.position > end.position:
        yield _problem(
            "tail-lost",
            f"The head that was given is of position {given.position}, the log ends at {end.position}: "
            "its end is lost.",
            f"给定的总哈希对应位置 {given.position}，而日志止于 {end.position}：日志尾部已丢失。",
        )
    elif given.head != end.at_given:
        yield _problem(
            "head-mismatch",
            f"The head that was given differs from the log's at position {given.position}: "
            "something up to there was changed, removed, added or moved.",
            f"给定的总哈希与日志在位置 {given.position} 的不同：此前的内容曾被修改、删除、添加或调换。",
        )


def _problem(code: str, en: str, zh: str) -> Problem:
    return Problem(None, None, code, en, zh)
