"""The workspace's ground: who acts, when, and the one loop that loads, decides and appends."""

from __future__ import annotations

import contextlib
import copy
import getpass
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from dealwright.engine import Context, Program, blank, decide, event_of, evolve, fold, from_document, to_document
from dealwright.engine.commands import Advance, Command, Move
from dealwright.engine.why import forward_targets
from dealwright.errors import ConflictError, NotFoundError, RefusedError, UsageError
from dealwright.events import Event, Record
from dealwright.guards import Moment
from dealwright.model.dates import parse_instant
from dealwright.model.deal import Deal
from dealwright.model.text import LANGUAGES
from dealwright.model.verdict import Refusal
from dealwright.workspace import shapes
from dealwright.workspace.cache import Cache
from dealwright.workspace.files import Files
from dealwright.workspace.folder import STATE, find_folder, read_settings_file, read_team_file
from dealwright.workspace.library import Library
from dealwright.workspace.personal import Vault, told
from dealwright.workspace.reading import Reader, stakeholder_refs

if TYPE_CHECKING:
    from dealwright.hookspecs import GateResult
    from dealwright.ports import Store

RELEASE = "0.1.0"
_TRIES = 5  # how often a command decides again when others write the same deal first


class Written(NamedTuple):
    """What a command did: the deal after it, the records, and the personal values still only in memory (dry run)."""

    program: Program
    before: Deal
    deal: Deal
    records: tuple[Record, ...]
    secrets: dict[str, Any]


class Ground:
    """One open workspace. Use it as a context manager, or `close` it."""

    def __init__(self, folder: Path, *, actor: str | None = None, now: str | None = None, lang: str | None = None):
        self.folder = folder
        self.cache = Cache(folder / STATE / "cache", RELEASE)
        self.settings = read_settings_file(folder, self.cache)
        self.lang = lang or self.settings.language
        if self.lang not in LANGUAGES:
            raise UsageError(f"the language is en or zh, not {self.lang}", f"语言为 en 或 zh，而不是 {self.lang}")
        self.team = read_team_file(folder, self.cache)
        self.zone = UTC if self.settings.timezone == "UTC" else ZoneInfo(self.settings.timezone)
        self.os_user = os_user()
        self._now = self._read_now(now)
        self._as = actor
        self.library = Library(folder, self.settings, self.team, self.cache, self.zone)
        self.files = Files(folder / STATE / "files")
        self._store: Store | None = None

    @classmethod
    def find(
        cls, start: Path | None = None, *, actor: str | None = None, now: str | None = None, lang: str | None = None
    ) -> Self:
        """Open the workspace at `start`, at `$DEALWRIGHT_WORKSPACE`, or the nearest one above here."""
        return cls(find_folder(start), actor=actor, now=now, lang=lang)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def acting_as(self, person: str) -> Self:
        """The same workspace with another person acting, as `--as` does. It shares the store; close only one."""
        _ = self.store
        other = copy.copy(self)
        other._as = person
        return other

    @property
    def store(self) -> Store:
        """The workspace's store, opened at first use. Raises StoreError where it is missing or damaged."""
        if self._store is None:
            from dealwright.store import open_store

            self._store = open_store(self.folder / self.settings.store)
        return self._store

    def now(self) -> datetime:
        """`--now`, else the machine's clock; in UTC."""
        return self._now or datetime.now(UTC)

    @property
    def actor(self) -> str | None:
        """Who acts: `--as` where allowed, else the person mapped to the operating system's user; None for nobody.

        Raises RefusedError for a forbidden `--as`, UsageError for an unknown person.
        """
        if self._as is not None:
            if not self.settings.allow_as:
                raise RefusedError(
                    "--as is not allowed here: set allow_as: true in dealwright.yaml",
                    "此工作区不允许 --as：请在 dealwright.yaml 中设置 allow_as: true", cause="role",
                )  # fmt: skip
            if self._as not in self.team.people:
                known = ", ".join(self.team.people) or "-"
                raise UsageError(
                    f"nobody in team.yaml is called {self._as}; there are: {known}",
                    f"team.yaml 中没有 {self._as}；现有：{known}", person=self._as,
                )  # fmt: skip
            return self._as
        for person in self.team.people.values():
            if person.os_user == self.os_user:
                return person.id
        return self.os_user if self.os_user in self.team.people else None

    def context(self, gates: tuple[tuple[str, GateResult], ...] = ()) -> Context:
        """The circumstances of a question or a command; nobody known holds no role."""
        actor = self.actor
        roles = self.team.roles_of(actor) if actor else ()
        return Context(actor or self.os_user, roles, Moment(self.now(), self.zone), self.team, gates)

    def moment(self, program: Program) -> Moment:
        """Now, where the process's days begin."""
        return Moment(self.now(), program.zone)

    def load(self, deal_id: str, at: datetime | None = None) -> tuple[Program, Deal]:
        """A deal and its program, as it is or as it was at an instant. Raises NotFoundError."""
        document = self.store.deal(deal_id)
        if document is None:
            raise NotFoundError(f"there is no deal {deal_id}", f"没有项目 {deal_id}", deal=deal_id)
        program = self.library.program_of(document["definition_hash"], self.store)
        if at is None:
            return program, from_document(program.layout, document)
        # The fold keeps the log's order; a backdated activity counts from when it happened.
        events = [event_of(record) for record in self.store.events(deal_id) if record.at <= at]
        if not events:
            raise NotFoundError(
                f"{deal_id} did not exist at {shapes.when(at)}",
                f"{deal_id} 在 {shapes.when(at)} 尚不存在",
                deal=deal_id,
            )
        return program, fold(program.layout, events)

    def resolve(self, text: str) -> str:
        """A deal's id, from its id, external id, or a part of one title only. Raises NotFoundError, UsageError."""
        found = self.store.find_deals(text)
        if not found:
            raise NotFoundError(f"there is no deal {text[:80]}", f"没有项目 {text[:80]}", deal=text[:80])
        if len(found) > 1:
            listed = "; ".join(f"{deal_id} ({title[:40]})" for deal_id, title in found[:10])
            raise UsageError(
                f"{text[:80]} fits {len(found)} deals: {listed}", f"“{text[:80]}”对应 {len(found)} 个项目：{listed}",
                deals=[deal_id for deal_id, _ in found[:100]],
            )  # fmt: skip
        return found[0][0]

    def reader(self, program: Program, deal: Deal, vault: Vault) -> Reader:
        """A reader of this command's values."""
        refs = stakeholder_refs(deal)
        names = self.store.personal([r.ref for r in refs.values() if r]) if refs else {}
        known = {sid: names.get(ref.ref) if ref else None for sid, ref in refs.items()}
        return Reader(program, deal, known, self.files, vault, self.now(), program.zone)

    def write(
        self,
        text: str,
        build: Callable[[Reader, Deal], Command],
        *,
        dry_run: bool = False,
        if_version: int | None = None,
    ) -> Written:
        """Load, decide, append: the only way in which a deal that exists changes.

        Raises RefusedError with the refusal's details, ConflictError where `if_version` differs
        or somebody else moved the deal to another stage first.
        """
        self._may_write()
        deal_id = self.resolve(text)
        stage: str | None = None
        for _ in range(_TRIES):
            program, deal = self.load(deal_id)
            if if_version is not None and deal.version != if_version:
                raise _conflict(
                    deal,
                    f"its version is {deal.version}, not {if_version}",
                    f"其版本为 {deal.version}，而不是 {if_version}",
                )
            if stage is not None and deal.stage != stage:
                raise _conflict(deal, f"somebody moved it to {deal.stage} first", f"已被他人先移至 {deal.stage} 阶段")
            stage = deal.stage
            self._not_before(deal)
            vault = Vault(deal_id)
            reader = self.reader(program, deal, vault)
            command = build(reader, deal)
            context = self.context(self._gates(program, deal, command))
            if dry_run:
                events = self._decided(program, deal, command, context)
                return self._drafted(program, deal, events, vault)
            try:
                with self.store.transaction():
                    if self._version(deal_id) != deal.version:
                        continue  # somebody wrote since; plugins' answers may be stale, so ask again outside the lock
                    events = self._decided(program, deal, command, context)
                    return self._append(program, deal, events, vault, reader)
            except ConflictError:
                continue
        raise _conflict(self.load(deal_id)[1], "others keep writing it", "他人持续在修改该项目")

    def open_new(
        self, process_id: str, deal_id: str | None, build: Callable[[Reader, str], Command], *, dry_run: bool
    ) -> Written:
        """Open a deal of the process's newest definition, which is kept and published with it."""
        self._may_write()
        authored = self.library.source(process_id, self.store).process
        program = self.library.program(self.library.resolve(authored))
        draft = blank(program.layout, deal_id or "")
        result: Written | None = None
        with contextlib.suppress(_DryRunDone), self.store.transaction():
            new_id = deal_id or f"{process_id}-{self.store.next_number(process_id)}"
            if self.store.deal(new_id) is not None:
                raise ConflictError(f"there is a deal {new_id} already", f"项目 {new_id} 已存在", deal=new_id)
            vault = Vault(new_id)
            reader = Reader(program, draft, {}, self.files, vault, self.now(), program.zone)
            events = self._decided(program, draft, build(reader, new_id), self.context(), new_id)
            if dry_run:
                result = self._drafted(program, draft, events, vault)
                raise _DryRunDone
            self.library.keep(authored, program.process, self.store, publish=True)
            result = self._append(program, draft, events, vault, reader)
        assert result is not None  # noqa: S101  # both ways out of the block set it or raise
        return result

    def _decided(
        self, program: Program, deal: Deal, command: Command, context: Context, deal_id: str = ""
    ) -> tuple[Event, ...]:
        decision = decide(program, deal, command, context)
        if isinstance(decision, Refusal):
            raise self.refused(program, deal_id or deal.id, decision)
        return decision

    def refused(self, program: Program, deal_id: str, refusal: Refusal) -> RefusedError:
        """A refusal as an error with the contract's details."""
        del program
        people = self.team.holders(refusal.roles)
        details = told(self.store, shapes.refusal_details(deal_id, refusal, self.lang, people))
        return RefusedError(refusal.message.en, refusal.message.zh, **details)

    def _append(self, program: Program, deal: Deal, events: tuple[Event, ...], vault: Vault, reader: Reader) -> Written:
        after = deal
        for event in events:
            after = evolve(after, event)
        for ref, data in reader.attached:
            self.files.keep(ref, data)
        vault.keep(self.store)
        records = self.store.append(
            to_document(after), deal.version, events, recorded_at=datetime.now(UTC), recorded_by=self.os_user
        )
        return Written(program, deal, after, records, {})

    def _drafted(self, program: Program, deal: Deal, events: tuple[Event, ...], vault: Vault) -> Written:
        after = deal
        for event in events:
            after = evolve(after, event)
        records = tuple(shapes.draft_record(event, self.os_user) for event in events)
        return Written(program, deal, after, records, vault.told())

    def _gates(self, program: Program, deal: Deal, command: Command) -> tuple[tuple[str, GateResult], ...]:
        """What plugins say of a forward move. Asked outside the transaction: plugins may be slow."""
        if not isinstance(command, Advance | Move):
            return ()
        to = command.to if isinstance(command, Move) else None
        if to is not None and program.layout.stage_at.get(to, -1) <= program.layout.stage_at[deal.stage]:
            return ()
        return self.ask_gates(program, deal, to)

    def ask_gates(self, program: Program, deal: Deal, to: str | None = None) -> tuple[tuple[str, GateResult], ...]:
        """Gate results of the process's methodologies; a plugin that is not there closes the gate (PluginError)."""
        plugins = program.process.plugins
        if not plugins or deal.status not in ("open", "won"):
            return ()
        names = [name.partition("==")[0] for name in plugins]
        for name in names:
            self.library.plugins.require(name)
        if to is None:
            targets = forward_targets(program, deal)
            to = targets[0][0] if targets else None
        return self.library.plugins.evaluate_gate(names, deal, program.process, deal.stage, to, self.now())

    def _version(self, deal_id: str) -> int:
        document = self.store.deal(deal_id)
        return int(document["version"]) if document else 0

    def _may_write(self) -> None:
        if self._now is not None and not self.settings.allow_now:
            raise RefusedError(
                "--now may not write here: set allow_now: true in dealwright.yaml",
                "此工作区不允许以 --now 写入：请在 dealwright.yaml 中设置 allow_now: true",
            )
        if self.actor is None:
            raise RefusedError(
                f"the operating system's user {self.os_user} is nobody in team.yaml: add os_user: {self.os_user} to a person",
                f"操作系统用户 {self.os_user} 不在 team.yaml 中：请为某人添加 os_user: {self.os_user}",
                cause="role", roles=[],
            )  # fmt: skip

    def _not_before(self, deal: Deal) -> None:
        if self._now is not None and deal.last_at is not None and self._now < deal.last_at:
            last = shapes.when(deal.last_at)
            raise UsageError(
                f"--now lies before the deal's last event at {last}", f"--now 早于项目最近一次事件（{last}）"
            )

    def _read_now(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return parse_instant(text, datetime.now(UTC), self.zone)
        except ValueError as error:
            raise UsageError(f"--now {text[:60]!r} is no instant", f"--now “{text[:60]}”不是时刻") from error

    def instant(self, text: str, *, end: bool = False) -> datetime:
        """An instant or a local day of a query. Raises UsageError."""
        try:
            return parse_instant(text, self.now(), self.zone, end=end)
        except ValueError as error:
            raise UsageError(
                f"{text[:60]!r} is no date or instant", f"“{text[:60]}”不是日期或时刻", value=text[:60]
            ) from error

    def written(self, done: Written, *, dry_run: bool, **more: Any) -> dict[str, Any]:
        """What every writing command prints."""
        body = {
            "v": 1,
            "dry_run": dry_run,
            "deal": shapes.deal_whole(done.program, done.deal, self.context()),
            "events": [shapes.event_shape(record) for record in done.records],
            "warnings": self._warnings(done),
            **more,
        }
        shown: dict[str, Any] = told(self.store, body, done.secrets)
        return shown

    def _warnings(self, done: Written) -> list[str]:
        """Criteria of severity warn that the move went past."""
        warnings = []
        for record in done.records:
            for one in record.data.get("criteria", ()):
                if one["status"] in ("unmet", "unknown"):
                    text = _criterion_text(done.program, one["id"], self.lang)
                    warnings.append(f"{one['source']} {one['id']}: {text}" if text else f"{one['source']} {one['id']}")
        return warnings


class _DryRunDone(Exception):  # noqa: N818  # no error: it rolls the transaction back
    """The decision is made; nothing of it is to be kept."""


def _criterion_text(program: Program, criterion_id: str, lang: str) -> str:
    for stage in program.process.stages:
        for criterion in (*stage.exit_criteria, *stage.entry_criteria):
            if criterion.id == criterion_id:
                return criterion.unmet.say(lang)
    for overlay in program.process.overlays:
        for patch in overlay.phases.values():
            for criterion in (*patch.exit_criteria, *patch.entry_criteria):
                if criterion.id == criterion_id:
                    return criterion.unmet.say(lang)
    return ""


def _conflict(deal: Deal, en: str, zh: str) -> ConflictError:
    return ConflictError(
        f"{deal.id} has changed: {en}",
        f"{deal.id} 已发生变化：{zh}",
        deal=deal.id,
        version=deal.version,
        stage=deal.stage,
    )


def os_user() -> str:
    """The operating system's name of whoever runs this."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
