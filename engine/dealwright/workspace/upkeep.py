"""The store's and the workspace's health."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dealwright.errors import DealwrightError
from dealwright.workspace.core import Ground
from dealwright.workspace.validating import validate_files


class Upkeep(Ground):
    """What `store`, `plugin` and `doctor` do."""

    def store_info(self) -> dict[str, Any]:
        """Where the store is and what it holds. `bytes` counts the file and its journal."""
        return {"v": 1, **self.store.info()._asdict()}

    def plugin_list(self) -> dict[str, Any]:
        """Every plugin that is installed or allowed; a blocked one is never imported."""
        from dealwright.plugins import load_plugins

        local = self.library.local_plugins()
        none = load_plugins((), cache_dir=self.cache.folder, local=local)
        plugins = self.library.plugins if self.settings.plugins else none
        if self.settings.plugins:
            self.library.kinds()  # so does one with a schema that cannot be read
            self.library.overlays()  # a plugin with an invalid overlay shows as broken
        heard = {row["plugin"]: row for row in self._heard()}
        rows = [{**row, "delivery": heard.get(row["name"])} for row in plugins.listing(self.lang)]
        return {"v": 1, "plugins": rows}

    def _heard(self) -> list[dict[str, Any]]:
        """How far plugins that hear of events are in the log, errors said in this workspace's language."""
        if not self.library.hooked("dealwright_on_event"):
            return []
        from dealwright.workspace.delivering import Delivery

        return [
            {**row, "error": row["error"][self.lang] if row["error"] else None} for row in Delivery(self).standing()
        ]

    def doctor(self) -> dict[str, Any]:
        """Check workspace, team, processes, store, plugins, clock and zone, locale; each with what to do."""
        checks = [
            self._check("workspace", self._workspace),
            self._check("team", self._team),
            self._check("processes", self._processes),
            self._check("store", self._store_health),
            self._check("plugins", self._plugins),
            self._check("clock", self._clock),
            self._check("locale", self._locale),
        ]
        return {"v": 1, "ok": all(check["ok"] for check in checks), "checks": checks}

    def _check(self, name: str, look: Callable[[], tuple[bool, str, str, str | None]]) -> dict[str, Any]:
        try:
            ok, en, zh, fix = look()
        except DealwrightError as error:
            ok, en, zh, fix = False, error.en, error.zh, None
        return {"name": name, "ok": ok, "message": zh if self.lang == "zh" else en, "fix": fix}

    def _workspace(self) -> tuple[bool, str, str, str | None]:
        loose = self.settings.allow_as
        note = "; anybody may act as anybody (allow_as: true)" if loose else ""
        note_zh = "；任何人都可代他人操作（allow_as: true）" if loose else ""
        return True, f"{self.folder}{note}", f"{self.folder}{note_zh}", None

    def _team(self) -> tuple[bool, str, str, str | None]:
        count = len(self.team.people)
        if not count:
            return (
                False,
                "nobody is in team.yaml",
                "team.yaml 中没有人员",
                f"team.yaml: people: {{{self.os_user}: {{roles: []}}}}",
            )
        actor = self.actor
        if actor is None:
            return (
                False, f"{count} people, but the user {self.os_user} is none of them",
                f"共 {count} 人，但当前用户 {self.os_user} 不在其中", f"team.yaml: os_user: {self.os_user}",
            )  # fmt: skip
        return True, f"{count} people; you are {actor}", f"共 {count} 人；您是 {actor}", None

    def _processes(self) -> tuple[bool, str, str, str | None]:
        own = [path for path, source in self.library.files().values() if source == "workspace"]
        found = validate_files((), lang=self.lang, folder=self.folder)  # overlays and settings too
        if not found["ok"]:
            first = next(f for f in found["findings"] if f["severity"] == "error")
            where = f"{first['file']}:{first['line']}:{first['column']}: {first['message']}"
            return False, where, where, "dealwright process validate"
        usable = len(self.library.files())
        return True, f"{usable} processes, {len(own)} of your own", f"{usable} 个流程，其中自有 {len(own)} 个", None

    def _store_health(self) -> tuple[bool, str, str, str | None]:
        seen = self.store.verify()
        if seen.problems:
            first = seen.problems[0]
            return False, first.say("en"), first.say("zh"), "dealwright store verify"
        return True, f"{seen.deals} deals, {seen.events} events, all chains whole", \
            f"{seen.deals} 个项目，{seen.events} 个事件，哈希链完整", None  # fmt: skip

    def _plugins(self) -> tuple[bool, str, str, str | None]:
        wanted = {name for names in self.settings.methodologies.values() for name in names}
        bad = [p for p in self.plugin_list()["plugins"] if p["state"] in ("missing", "broken")]
        overlays = self.library.overlays() if wanted or self.settings.plugins else {}
        lost = sorted(wanted - set(overlays))
        if bad:
            return (
                False,
                f"{bad[0]['name']}: {bad[0]['state']}",
                f"{bad[0]['name']}：{bad[0]['state']}",
                "dealwright plugin list",
            )
        if lost:
            return (
                False, f"the methodology {lost[0]} is used but not allowed", f"使用了未允许的方法论 {lost[0]}",
                f"dealwright.yaml: plugins: [{lost[0]}]",
            )  # fmt: skip
        stuck = [row for row in self._heard() if row["failures"]]
        if stuck:
            return False, stuck[0]["error"], stuck[0]["error"], "dealwright tick"
        names = ", ".join(self.settings.plugins) or "-"
        return True, f"allowed: {names}", f"已允许：{names}", None

    def _clock(self) -> tuple[bool, str, str, str | None]:
        now = self.now()
        shown = f"{now.astimezone(self.zone):%Y-%m-%d %H:%M} {self.settings.timezone}"
        last = max((d["last_at"] or "" for d in self.store.deals()[1]), default="")
        if last and datetime.fromisoformat(last) > now:
            return (
                False,
                f"{shown}: the log knows later events ({last})",
                f"{shown}：日志中有更晚的事件（{last}）",
                None,
            )
        return True, shown, shown, None

    def _locale(self) -> tuple[bool, str, str, str | None]:
        import sys

        encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")  # none: not a stream of bytes
        ok = encoding in ("utf8", "gb18030")
        fix = None if ok else "PYTHONUTF8=1"
        return ok, f"language {self.lang}, output in {encoding}", f"语言 {self.lang}，输出编码 {encoding}", fix
