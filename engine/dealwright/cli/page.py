"""What people read: sentences, tables, dates in the workspace's zone, and the next sensible command."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from dealwright.cli.names import Names, localized, names_in
from dealwright.cli.screen import Screen
from dealwright.errors import DealwrightError

if TYPE_CHECKING:
    from dealwright.workspace import Workspace

_STATUS = {
    "open": ("open", "进行中"), "won": ("won", "已赢单"), "lost": ("lost", "已丢单"),
    "disqualified": ("disqualified", "不合格"), "completed": ("completed", "已完成"),
}  # fmt: skip


class Source(Protocol):
    """What a page needs of the call that it answers."""

    lang: str

    def workspace(self) -> Workspace:
        """The workspace, opened where it is not yet."""

    def opened(self) -> Workspace | None:
        """The workspace, if it is open."""


class Page:
    """A screen in one language. Every text that is printed goes through `screen`, which sanitises it."""

    def __init__(self, screen: Screen, call: Source) -> None:
        self.screen = screen
        self.call = call
        self.lang = call.lang
        self._names: dict[str, Names] = {}

    def say(self, en: str, zh: str) -> str:
        """The one of the two that the reader wants."""
        return zh if self.lang == "zh" else en

    def title(self, value: Any) -> str:
        """A title, which may be plain text or `{en, zh}`."""
        return localized(value, self.lang)

    def line(self, en: str, zh: str, style: str = "", *, indent: int = 0) -> None:
        """One line, in the reader's language."""
        self.screen.line(self.say(en, zh), style, indent=indent)

    def table(
        self, headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
    ) -> None:
        """A table under (English, Chinese) headings; columns that are empty in every row are left out."""
        kept = [at for at in range(len(headings)) if any(row[at] for row in rows)]
        self.screen.table(
            [self.say(*headings[at]) for at in kept],
            [[row[at] for at in kept] for row in rows],
            right=[kept.index(at) for at in right if at in kept],
        )

    def pairs(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """`label  value` lines from (English label, Chinese label, value); those without a value are left out."""
        self.screen.table((), [[self.say(en, zh), value] for en, zh, value in rows if value])

    def names(self, deal: Mapping[str, Any]) -> Names:
        """The titles of the definition that a deal (shape D) is bound to."""
        key = deal["definition_hash"]
        if key not in self._names:
            try:
                shown = self.call.workspace().process_show(deal["process"], definition_hash=key)["process"]
                self._names[key] = names_in(shown, self.lang)
            except DealwrightError:
                # A missing plugin must not keep a deal from being read: then its ids have to do.
                self._names[key] = Names(deal["process"])
        return self._names[key]

    def names_of_deal(self, deal: str) -> Names:
        """The titles of the definition that the deal with this id is bound to."""
        return self.names(self.call.workspace().deal_show(deal)["deal"])

    def names_of_process(self, process: str) -> Names:
        """The titles of a process as it stands now."""
        return names_in(self.call.workspace().process_show(process)["process"], self.lang)

    @property
    def zone(self) -> tzinfo:
        """The workspace's time zone; UTC without a workspace."""
        opened = self.call.opened()
        return UTC if opened is None else opened.zone

    def moment(self, instant: str | None) -> str:
        """An instant on the workspace's wall clock, to the minute; midnight is the day; empty for None."""
        if instant is None:
            return ""
        local = datetime.fromisoformat(instant).astimezone(self.zone)
        return local.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")

    def day(self, instant: str | None) -> str:
        """The local day of an instant, or a date as it is; empty for None."""
        if instant is None or len(instant) <= 10:
            return instant or ""
        return datetime.fromisoformat(instant).astimezone(self.zone).strftime("%Y-%m-%d")

    def status(self, status: str | None) -> str:
        """A deal's status in words."""
        return self.say(*_STATUS.get(status or "", (status or "", status or "")))

    def value(self, value: Any) -> str:
        """A JSON value as a person writes it: money, entries, confirmations, yes and no."""
        if value is None:
            return self.say("nothing", "无")
        if isinstance(value, bool):
            return self.say("yes", "是") if value else self.say("no", "否")
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list):
            return self.say(", ", "、").join(self.value(entry) for entry in value) if value else self.say("none", "无")
        return str(value)

    def _record(self, value: dict[str, Any]) -> str:
        if value.keys() == {"amount", "currency"}:
            return money(value)
        if "sha256" in value:
            return f"{value.get('name')} ({value.get('size')} B)"
        if "stakeholder" in value:
            return self.say(f"confirmed by {value['stakeholder']}", f"{value['stakeholder']} 已确认")
        shown = value.get("fields", value)
        parts = [f"{key}: {self.value(inner)}" for key, inner in shown.items() if inner is not None]
        return "{" + self.say(", ", "，").join(parts) + "}"

    def warnings(self, warnings: Sequence[Any]) -> None:
        """What is not right but stops nothing."""
        for warning in warnings:
            text = warning.get("message") or warning.get("text") if isinstance(warning, dict) else warning
            self.line(f"Warning: {self.title(text)}", f"注意：{self.title(text)}", "yellow")

    def next(self, *argv: str) -> None:
        """The next sensible command."""
        self.screen.raw(self.say("Next: ", "下一步：") + command_line(argv))


def money(value: dict[str, Any]) -> str:
    """`CNY 120,000`; cents only where there are some."""
    whole, _, cents = str(value["amount"]).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}" if digits.isdigit() else digits
    return f"{value['currency']} {sign}{grouped}{'.' + cents if cents.strip('0') else ''}"


def command_line(argv: Sequence[str]) -> str:
    """A command to copy. A part still to be filled stays readable: `--set fit=<fit:choice>`."""
    return " ".join(word if _is_open(word) else shlex.quote(word) for word in argv)


def _is_open(word: str) -> bool:
    """Whether a word is plain but for one `<name:type>` at its end, so that quoting would only blur it."""
    start, bracket, rest = word.partition("<")
    return bool(bracket) and rest.endswith(">") and "<" not in rest and (not start or shlex.quote(start) == start)
