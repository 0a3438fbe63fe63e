"""Telling plugins what happened: after the commit, from the log, at least once, in order, each at its own pace."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from dealwright.errors import DealwrightError, PluginError
from dealwright.model.deal import Deal
from dealwright.model.process import Process
from dealwright.workspace.core import Ground

_MOST = 100  # events that a write waits for; `tick` delivers all
_PREFIX = "plugin:"


class Delivery:
    """How far each plugin that listens is in the log.

    A plugin begins with the first event written after it was allowed. It is told the next event
    only when it has taken the one before: one that raises is told the same event again, by the
    next write and by `tick`.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._store = ground.store
        self._plugins = ground.library.plugins

    def begin(self) -> None:
        """Inside a transaction, before anything is written: plugins that are new here hear of what follows."""
        for name in self._plugins.listeners():
            if self._store.cursor(_PREFIX + name) is None:
                self._store.put_cursor(_PREFIX + name, {"position": self._store.end()[0]})

    def run(self, *, everything: bool = False, only: str | None = None) -> list[dict[str, Any]]:
        """Tell each plugin what it has not heard of; where each stands afterwards. Never raises for a plugin's sake."""
        for name in self._plugins.listeners():
            if only in (None, name):
                self._tell(name, everything=everything)
        return self.standing()

    def standing(self) -> list[dict[str, Any]]:
        """`{plugin, position, behind, failures, error, since}` of each that listens; `since` is its first failure."""
        end = self._store.end()[0]
        rows = []
        for name in self._plugins.listeners():
            kept = self._store.cursor(_PREFIX + name) or {"position": end}
            rows.append({
                "plugin": name, "position": kept["position"], "behind": end - kept["position"],
                "failures": kept.get("failures", 0), "error": kept.get("error"), "since": kept.get("since"),
            })  # fmt: skip
        return rows

    def go_back(self, name: str, position: int) -> None:
        """Let a plugin hear again of everything after a position."""
        with self._store.transaction():
            self._store.put_cursor(_PREFIX + name, {"position": min(max(0, position), self._store.end()[0])})

    def _tell(self, name: str, *, everything: bool) -> None:
        kept = self._store.cursor(_PREFIX + name)
        if kept is None:
            return
        reached, failed = kept["position"], None
        until = time.monotonic() + self._plugins.seconds
        deals: dict[str, tuple[Process, Deal]] = {}
        for count, record in enumerate(self._store.events(after=reached)):
            if not everything and (count >= _MOST or time.monotonic() > until):
                break
            try:
                if record.deal not in deals:
                    program, deal = self._ground.load(record.deal)
                    deals[record.deal] = (program.process, deal)
                self._plugins.tell(name, record, *deals[record.deal], self._ground.folder)
            except DealwrightError as error:
                failed = error
                break
            reached = record.position or reached
        if failed is not None or reached != kept["position"] or kept.get("error"):
            self._keep(name, kept, reached, failed)

    def _keep(self, name: str, kept: dict[str, Any], reached: int, failed: DealwrightError | None) -> None:
        with self._store.transaction():
            now = self._store.cursor(_PREFIX + name)
            if now is not None and now["position"] != kept["position"]:
                return  # somebody else told it meanwhile, or sent it back: twice is allowed, leaving out is not
            document: dict[str, Any] = {"position": reached}
            if failed is not None:
                again = reached == kept["position"]
                document["failures"] = (kept.get("failures", 0) if again else 0) + 1
                document["since"] = (kept.get("since") if again else None) or datetime.now(UTC).isoformat()
                document["error"] = {"en": failed.en, "zh": failed.zh}
            self._store.put_cursor(_PREFIX + name, document)


def require_listener(ground: Ground, name: str) -> None:
    """Raises PluginError where a plugin is not active, or does not listen."""
    ground.library.plugins.require(name)
    if name not in ground.library.plugins.listeners():
        raise PluginError(
            f"Plugin {name} hears of no events: it has no dealwright_on_event",
            f"插件 {name} 不接收事件：它没有 dealwright_on_event", plugin=name,
        )  # fmt: skip
