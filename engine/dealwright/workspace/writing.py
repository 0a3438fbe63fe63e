"""The one loop through which deals change: load, decide, append; and again where somebody else wrote first."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dealwright.engine import Context, Program, blank, decide, evolve
from dealwright.engine.commands import Advance, Command, Move, TimePassed
from dealwright.engine.decisions import choose
from dealwright.engine.result import RefusedByRulesError
from dealwright.engine.why import forward_targets
from dealwright.errors import ConflictError, RefusedError, UsageError
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.model.verdict import Refusal
from dealwright.workspace import shapes
from dealwright.workspace.attempt import Attempt, Written
from dealwright.workspace.core import Ground, not_allowed
from dealwright.workspace.documents import document_of
from dealwright.workspace.personal import Vault, told
from dealwright.workspace.reading import Reader

if TYPE_CHECKING:
    from dealwright.hookspecs import GateResult
    from dealwright.workspace.delivering import Delivery

ON_EVENT = "dealwright_on_event"
_TRIES = 20  # how often plugins are asked again when others write the same deal first


class Writing(Ground):
    """A workspace that may be written."""

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
        self.may_write()
        asked_at = self.asked_at or datetime.now(UTC)
        deal_id = self.resolve(text)
        program, deal = self.load(deal_id)
        stood = (deal.stage, deal.status)
        for _ in range(_TRIES):
            self.still(deal, stood, if_version)
            attempt = self._attempt(program, deal, build, asked_at)
            if dry_run:
                return self.rehearse(program, deal, attempt)
            with self.store.transaction():
                fresh, now = self.load(deal_id)
                if now.version == deal.version:
                    return self.carry_out(program, deal, attempt)
                program, deal = fresh, now
                if not _asks_plugins(program, deal, attempt.command):
                    self.still(deal, stood, if_version)
                    attempt = self._attempt(program, deal, build, asked_at)
                    return self.carry_out(program, deal, attempt)
                # Plugins' answers are for a deal that is no more; they may be slow, so ask again outside the lock.
        raise _conflict(deal, "others keep writing it", "他人持续在修改该项目")

    def still(self, deal: Deal, stood: tuple[str, str], if_version: int | None) -> None:
        """Raises ConflictError where the deal is no longer what the caller saw."""
        if if_version is not None and deal.version != if_version:
            raise _conflict(
                deal,
                f"its version is {deal.version}, not {if_version}",
                f"其版本为 {deal.version}，而不是 {if_version}",
            )
        if (deal.stage, deal.status) != stood:
            raise _moved(deal)
        if self._now is not None and deal.last_at is not None and self._now < deal.last_at:
            last = shapes.when(deal.last_at)
            raise UsageError(
                f"--now lies before the deal's last event at {last}", f"--now 早于项目最近一次事件（{last}）"
            )

    def _attempt(
        self, program: Program, deal: Deal, build: Callable[[Reader, Deal], Command], asked_at: datetime
    ) -> Attempt:
        """The command, read by the deal as it is now, and the circumstances to decide it in."""
        vault = Vault(deal.id)
        reader = self.reader(program, deal, vault)
        command = build(reader, deal)
        if isinstance(command, Advance | Move) and self._overtaken(deal, asked_at):
            raise _moved(deal)
        return Attempt(command, self.context(program, self.gates(program, deal, command)), reader, vault)

    def open_new(
        self, process_id: str, deal_id: str | None, build: Callable[[Reader, str], Command], *, dry_run: bool,
        record: bool = False,
    ) -> Written:  # fmt: skip
        """Open a deal, or add a record, of the process's newest definition, which is kept and published with it."""
        self.may_write()
        authored = self.library.source(process_id, self.store).process
        if authored.record != record:
            raise UsageError(
                f"{process_id} is a type of record: use dealwright record add {process_id}" if authored.record
                else f"{process_id} is a process: use dealwright deal open {process_id}",
                f"{process_id} 是记录类型：请用 dealwright record add {process_id}" if authored.record
                else f"{process_id} 是流程：请用 dealwright deal open {process_id}", process=process_id,
            )  # fmt: skip
        program = self.library.program(self.library.resolve(authored))
        draft = blank(program.layout, deal_id or "")
        result: Written | None = None
        with contextlib.suppress(_DryRunDone), self.store.transaction():
            new_id = deal_id or self.next_id(process_id)
            if self.store.deal(new_id) is not None:
                raise ConflictError(f"there is a deal {new_id} already", f"项目 {new_id} 已存在", deal=new_id)
            vault = Vault(new_id)
            reader = Reader(
                program, draft, {}, self.files, vault, self.now(), program.zone, self.record_of_type
            )  # fmt: skip
            attempt = Attempt(build(reader, new_id), self.context(program), reader, vault)
            self.library.keep(authored, program.process, self.store, publish=True)
            result = self.carry_out(program, draft, attempt, dry_run=dry_run)
            if dry_run:
                raise _DryRunDone
        assert result is not None  # noqa: S101  # both ways out of the block set it or raise
        return result

    def decided(
        self, program: Program, deal: Deal, command: Command, context: Context, deal_id: str = ""
    ) -> tuple[Event, ...]:
        """The decider's events. Raises RefusedError with the contract's details."""
        decision = decide(program, deal, command, context)
        if isinstance(decision, Refusal):
            raise self._refused(deal_id or deal.id, decision)
        return decision

    def carry_out(self, program: Program, deal: Deal, attempt: Attempt, *, dry_run: bool = False) -> Written:
        """Decide and write, inside a transaction; a dry run's caller takes it back. What follows on is opened as well.

        Raises RefusedError with the contract's details.
        """
        if program.looks:
            from dealwright.workspace.together import Together

            return Together(self, dry_run=dry_run).carry_out(program, deal, attempt)
        events = self.decided(program, deal, attempt.command, attempt.context, attempt.vault.deal)
        return self.append(program, deal, events, attempt, dry_run=dry_run)

    def rehearse(self, program: Program, deal: Deal, attempt: Attempt) -> Written:
        """What `carry_out` would do; nothing is written."""
        if not program.looks:
            events = self.decided(program, deal, attempt.command, attempt.context)
            return self._drafted(program, deal, events, attempt.vault)
        result: Written | None = None
        with contextlib.suppress(_DryRunDone), self.store.transaction():
            result = self.carry_out(program, deal, attempt, dry_run=True)
            raise _DryRunDone
        assert result is not None  # noqa: S101  # the block ends in no other way, or raises
        return result

    def next_id(self, process_id: str) -> str:
        """`PROCESS-N`, the next number that no deal has; take it inside a transaction."""
        while True:
            # Somebody may have given such an id by hand: without the loop no deal could be opened ever after.
            new_id = f"{process_id}-{self.store.next_number(process_id)}"
            if self.store.deal(new_id) is None:
                return new_id

    def _refused(self, deal_id: str, refusal: Refusal) -> RefusedError:
        people = self.team.holders(refusal.roles)
        details = told(self.store, shapes.refusal_details(deal_id, refusal, self.lang, people))
        return RefusedError(refusal.message.en, refusal.message.zh, **details)

    def append(
        self, program: Program, deal: Deal, events: tuple[Event, ...], attempt: Attempt, *, dry_run: bool = False
    ) -> Written:
        """Write what was decided. In a dry run the log and the state only, for others to be decided by."""
        after = deal
        for event in events:
            after = evolve(after, event, program.layout)
        if not dry_run:
            for ref, data in attempt.reader.attached if attempt.reader else ():
                self.files.keep(ref, data)
            attempt.vault.keep(self.store)
            if self.library.hooked(ON_EVENT):
                self.delivery().begin()
        records = self.store.append(
            document_of(program, after, attempt.context.now), deal.version, events,
            recorded_at=datetime.now(UTC), recorded_by=self.os_user,
        )  # fmt: skip
        if dry_run:
            return self._drafted(program, deal, events, attempt.vault)
        return Written(program, deal, after, records, {})

    def _drafted(self, program: Program, deal: Deal, events: tuple[Event, ...], vault: Vault) -> Written:
        after = deal
        for event in events:
            after = evolve(after, event, program.layout)
        records = tuple(shapes.draft_record(event, self.os_user) for event in events)
        return Written(program, deal, after, records, vault.told())

    def delivery(self) -> Delivery:
        """Who tells plugins what happened."""
        from dealwright.workspace.delivering import Delivery

        return Delivery(self)

    def deliver(self, *, everything: bool = False, only: str | None = None) -> list[dict[str, Any]]:
        """Tell plugins what they have not heard of yet, after the commit; where each stands then.

        A write tells the next hundred events at most, within one time limit; `everything` tells all.
        """
        if not self.library.hooked(ON_EVENT):
            return []
        return self.delivery().run(everything=everything, only=only)

    def deliver_again(self, plugin: str, after: int) -> None:
        """Let a plugin hear again of everything after a position of the log. Raises PluginError, RefusedError."""
        self.may_write()
        from dealwright.workspace.delivering import require_listener

        require_listener(self, plugin)
        self.delivery().go_back(plugin, after)

    def gates(self, program: Program, deal: Deal, command: Command) -> tuple[tuple[str, GateResult], ...]:
        """What plugins say of a forward move. Asked outside the transaction: plugins may be slow."""
        if not _asks_plugins(program, deal, command):
            return ()
        to = _target(program, deal, command, self.context(program, deal=deal))
        if to is not None and program.layout.stage_at.get(to, -1) <= program.layout.stage_at[deal.stage]:
            return ()
        return self.ask_gates(program, deal, to)

    def _overtaken(self, deal: Deal, asked_at: datetime) -> bool:
        """Whether the deal moved after this command was given: its giver saw another stage than the one it is in now.

        An instant in the future tells nothing: some clock was set back.
        """
        moved = deal.closed_at or deal.entered_at
        return self._now is None and moved is not None and asked_at < moved <= datetime.now(UTC)

    def may_write(self) -> None:
        """Raises RefusedError for somebody unknown, for a forbidden `--as`, and for a forbidden `--now`."""
        if self._now is not None and not self.settings.allow_now:
            raise not_allowed(
                "--now may not write here: set allow_now: true in dealwright.yaml",
                "此工作区不允许以 --now 写入：请在 dealwright.yaml 中设置 allow_now: true",
            )
        if self.actor is None:
            raise not_allowed(
                f"the operating system's user {self.os_user} is nobody in team.yaml: "
                f"add os_user: {self.os_user} to a person",
                f"操作系统用户 {self.os_user} 不在 team.yaml 中：请为某人添加 os_user: {self.os_user}",
            )

    def written(self, done: Written, *, dry_run: bool, **more: Any) -> dict[str, Any]:
        """What every writing command prints."""
        if not dry_run:
            self.deliver()
        body = {
            "v": 1,
            "dry_run": dry_run,
            "deal": shapes.deal_whole(done.program, done.deal, self.context(done.program, deal=done.deal)),
            "events": [shapes.event_shape(record) for record in (*done.records, *done.others)],
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


def _asks_plugins(program: Program, deal: Deal, command: Command) -> bool:
    """Whether plugins have a say: in a move, and where time lets the deal go on by itself."""
    asked = bool((program.process.plugins or program.uses) and deal.stage)
    return asked and isinstance(command, Advance | Move | TimePassed)


def _target(program: Program, deal: Deal, command: Command, context: Context) -> str | None:
    """Where the move is bound for; the first way forward where the decision is still open."""
    if isinstance(command, Move):
        return command.to
    try:
        return choose(program, deal, context, command.branch if isinstance(command, Advance) else None).to
    except (RefusedByRulesError, UsageError):
        ways = forward_targets(program, deal, context)
        return ways[0][0] if ways else None


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


def _moved(deal: Deal) -> ConflictError:
    return _conflict(
        deal,
        f"somebody moved it to {deal.stage} ({deal.status}) first",
        f"已被他人先移至 {deal.stage}（{deal.status}）",
    )


def _conflict(deal: Deal, en: str, zh: str) -> ConflictError:
    return ConflictError(
        f"{deal.id} has changed: {en}",
        f"{deal.id} 已发生变化：{zh}",
        deal=deal.id,
        version=deal.version,
        stage=deal.stage,
    )
