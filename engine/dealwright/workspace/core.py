"""The workspace's ground: its settings and store, who acts, and when."""

from __future__ import annotations

import contextlib
import copy
import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Self

from dealwright.engine import Context, Program, from_document
from dealwright.errors import NotFoundError, PluginError, RefusedError, UsageError
from dealwright.guards import Moment
from dealwright.model.dates import parse_instant
from dealwright.model.deal import Artifact, Deal
from dealwright.model.process import Approval
from dealwright.model.text import LANGUAGES
from dealwright.workspace import shapes
from dealwright.workspace.cache import Cache
from dealwright.workspace.files import Files
from dealwright.workspace.folder import STATE, find_folder, read_settings_file, read_team_file
from dealwright.workspace.library import Library
from dealwright.workspace.personal import Vault
from dealwright.workspace.reading import Reader, stakeholder_refs

if TYPE_CHECKING:
    from dealwright.hookspecs import GateResult, Judgement
    from dealwright.ports import Store

RELEASE = "0.2.0"


class Ground:
    """One open workspace. Use it as a context manager, or `close` it."""

    def __init__(
        self, folder: Path, *, actor: str | None = None, now: str | None = None, lang: str | None = None,
        asked_at: datetime | None = None, without: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.folder = folder
        self.asked_at = asked_at
        self.cache = Cache(folder / STATE / "cache", RELEASE)
        self.settings = read_settings_file(folder, self.cache, lang or "en")
        self.lang = lang or self.settings.language
        if self.lang not in LANGUAGES:
            raise UsageError(f"the language is en or zh, not {self.lang}", f"语言为 en 或 zh，而不是 {self.lang}")
        self.team = read_team_file(folder, self.cache, self.lang)
        self.zone = _zone(self.settings.timezone)
        self.os_user = os_user()
        self._now = self._read_now(now)
        self._as = actor
        self.library = Library(folder, self.settings, self.team, self.cache, self.zone, self.lang, without)
        self.files = Files(folder / STATE / "files")
        self._store: Store | None = None

    @classmethod
    def find(
        cls, start: Path | None = None, *, actor: str | None = None, now: str | None = None, lang: str | None = None,
        asked_at: datetime | None = None, without: Sequence[str] = (),
    ) -> Self:  # fmt: skip
        """Open the workspace at `start`, at `$DEALWRIGHT_WORKSPACE`, or the nearest one above here.

        `asked_at` is when the one command to come was given: a deal that somebody else moved since is not moved again.
        The plugins `without` are not imported; what needs them does not pass.
        """
        return cls(find_folder(start), actor=actor, now=now, lang=lang, asked_at=asked_at, without=without)

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
                raise not_allowed(
                    "--as is not allowed here: set allow_as: true in dealwright.yaml",
                    "此工作区不允许 --as：请在 dealwright.yaml 中设置 allow_as: true",
                )
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

    def context(
        self, program: Program, gates: tuple[tuple[str, GateResult], ...] = (), *, at: datetime | None = None,
        deal: Deal | None = None,
    ) -> Context:  # fmt: skip
        """The circumstances of a question or a command, now or `at` an instant; nobody known holds no role.

        A question about `deal` may also ask what its process lets it know of others.
        """
        actor = self.actor
        roles = self.team.roles_of(actor) if actor else ()
        return Context(actor or self.os_user, roles, self.moment(program, at, deal), self.team, gates)

    def asked(
        self, deal: Deal, approval: Approval, artifact: Artifact | None = None
    ) -> tuple[tuple[str, ...], list[str]]:  # fmt: skip
        """The roles of which an approval is asked, and the people who hold them and may answer."""
        from dealwright.engine.answers import barred, roles_asked

        roles, kept_out = roles_asked(deal, approval, artifact), barred(deal, approval, artifact)
        return roles, [person for person in self.team.holders(roles) if person not in kept_out]

    def moment(self, program: Program, at: datetime | None = None, deal: Deal | None = None) -> Moment:
        """Now, or `at` an instant, where the process's days begin.

        Of other deals, `deal` knows what they are now: nothing at an instant of the past.
        """
        moment = Moment(at or self.now(), program.zone)
        if deal is not None and at is None and program.looks:
            from dealwright.workspace.facts import Gathering

            # What needs a plugin that is not there stays unknown: the deal can still be read.
            with contextlib.suppress(PluginError):
                moment.facts = Gathering(self.store, self.program_of, self.team, program).facts(deal, moment)
        return moment

    def program_of(self, definition_hash: str) -> Program:
        """The program of a definition that the store keeps."""
        return self.library.program_of(definition_hash, self.store)

    def load(self, deal_id: str, at: datetime | None = None) -> tuple[Program, Deal]:
        """A deal and its program, as it is or as it was at an instant, which must not lie before its opening.

        Raises NotFoundError.
        """
        document = self.store.deal(deal_id)
        if document is None:
            raise NotFoundError(f"there is no deal {deal_id}", f"没有项目 {deal_id}", deal=deal_id)
        if at is None:
            program = self.program_of(document["definition_hash"])
            return program, from_document(program.layout, document)
        from dealwright.workspace.past import deal_at

        found = deal_at(self.store.events(deal_id), self.program_of, at)
        if found is None:
            raise NotFoundError(
                f"{deal_id} did not exist at {shapes.when(at)}",
                f"{deal_id} 在 {shapes.when(at)} 尚不存在",
                deal=deal_id,
            )
        return found

    def resolve(self, text: str, *, records: bool = False) -> str:
        """A deal's id, from its id, external id, or a part of one title only. Raises NotFoundError, UsageError.

        With `records` it is a record's. A title that deals and records share means a deal.
        """
        found = self.store.find_deals(text) if text.strip() else []
        if records or len(found) > 1:
            found = self._of_kind(found, records=records)
        what = ("record", "记录") if records else ("deal", "项目")
        if not found:
            raise NotFoundError(
                f"there is no {what[0]} {text[:80]}", f"没有{what[1]} {text[:80]}", **{what[0]: text[:80]}
            )
        if len(found) > 1:
            listed = "; ".join(f"{deal_id} ({title[:40]})" for deal_id, title in found[:10])
            raise UsageError(
                f"{text[:80]} fits {len(found)} {what[0]}s: {listed}",
                f"“{text[:80]}”对应 {len(found)} 个{what[1]}：{listed}",
                **{f"{what[0]}s": [deal_id for deal_id, _ in found[:100]]},
            )
        return found[0][0]

    def record_of_type(self, text: str, type_: str) -> str:
        """The id of a record of a type, from its id or a part of its title. Raises NotFoundError, UsageError."""
        record = self.resolve(text, records=True)
        if (self.store.deal(record) or {}).get("process") != type_:
            raise UsageError(f"{record} is no {type_}", f"{record} 不是 {type_} 类型的记录", record=record, type=type_)
        return record

    def _of_kind(self, found: list[tuple[str, str]], *, records: bool) -> list[tuple[str, str]]:
        """Those that are records, or those that are not; where none is a deal, records will do."""
        types = set(self.store.record_types())
        if not types:
            return [] if records else found
        kept = [one for one in found if ((self.store.deal(one[0]) or {}).get("process") in types) == records]
        return kept if kept or records else found

    def reader(self, program: Program, deal: Deal, vault: Vault) -> Reader:
        """A reader of this command's values."""
        refs = stakeholder_refs(deal)
        names = self.store.personal([r.ref for r in refs.values() if r]) if refs else {}
        known = {sid: names.get(ref.ref) if ref else None for sid, ref in refs.items()}
        return Reader(program, deal, known, self.files, vault, self.now(), program.zone, self.record_of_type)

    def ask_gates(self, program: Program, deal: Deal, to: str | None = None) -> tuple[tuple[str, GateResult], ...]:
        """Gate results of the process's methodologies; a plugin that is not there closes the gate (PluginError)."""
        plugins = program.process.plugins
        if not (plugins or program.uses) or deal.status not in ("open", "won"):
            return ()
        names = [name.partition("==")[0] for name in plugins]
        asked = self.library.plugins.without_off(names)
        for name in asked:
            self.library.plugins.require(name)
        if to is None:
            from dealwright.engine.why import forward_targets

            targets = forward_targets(program, deal, self.context(program, deal=deal))
            to = targets[0][0] if targets else None
        said = self.library.plugins.evaluate_gate(asked, deal, program.process, deal.stage, to, self.now())
        results = (*said, *(self.library.plugins.closed(name) for name in names if name not in asked))
        if not program.uses:
            return results
        from dealwright.engine.context import Heard

        return Heard.of(results, self._judged(program, deal))

    def _judged(self, program: Program, deal: Deal) -> dict[tuple[str, bytes], Judgement | PluginError]:
        """What plugins' kinds of criterion say of a deal; what cannot be said blocks, and names the plugin."""
        judged: dict[tuple[str, bytes], Judgement | PluginError] = {}
        for asked in program.kinds_at(program.layout.stage_at[deal.stage]):
            try:
                judged[asked] = self.library.plugins.judge(asked.kind, deal, json.loads(asked.given), self.now())
            except PluginError as error:
                judged[asked] = error
        return judged

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

    def moment_asked(self, text: str) -> datetime:
        """The instant of `--at`; a bare date means the last one of that local day. Raises UsageError."""
        end = self.instant(text, end=True)
        return end if self.instant(text) == end else end - timedelta(microseconds=1)


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def os_user() -> str:
    """The operating system's name of whoever runs this."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def not_allowed(en: str, zh: str) -> RefusedError:
    """Whoever asks may not do so here; the details have the shape of every refusal."""
    return RefusedError(en, zh, cause="role", kind=None, to=None, deal=None, roles=[], people=[], criteria=[])
