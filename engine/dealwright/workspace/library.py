"""Which processes there are, and which definition a deal runs under."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from dealwright import _resources
from dealwright.engine import Program, prepare
from dealwright.errors import InvalidDefinitionError, NotFoundError, PluginError, RefusedError, StoreError
from dealwright.hookspecs import CriterionKind, Function
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process
from dealwright.model.settings import Defaults, Settings
from dealwright.model.text import Text
from dealwright.workspace.cache import Cache
from dealwright.workspace.folder import SETTINGS_FILE, invalid
from dealwright.workspace.lock import LOCK_FILE
from dealwright.workspace.neighbours import Neighbours, Records, files_in
from dealwright.workspace.shelf import Shelf
from dealwright.workspace.versions import version_key

if TYPE_CHECKING:
    from dealwright.definition import Finding
    from dealwright.guards import Guard
    from dealwright.plugins import Plugins
    from dealwright.plugins.catalogue import Offer
    from dealwright.ports import Store

_COMPOSED = re.compile(rb"\b(?:extends|libraries|use)[\"']?\s*:")


class Source(msgspec.Struct, frozen=True):
    """An authored process and where it comes from: `published`, `workspace` or `bundled`."""

    process: Process
    source: str


class _Unplugged(Program):
    """A process that lacks a plugin. Its deals can be read and listed; a condition that needs the plugin says so."""

    def __init__(self, process: Process, functions: Mapping[str, Function], zone: tzinfo, lost: PluginError) -> None:
        super().__init__(process, functions, zone)
        self.lost = lost

    def guard(self, source: str, wants: Literal["condition", "value"] = "condition") -> Guard:
        """As in any program. Raises PluginError for a condition that uses what the missing plugin would add."""
        from dealwright.guards import InvalidGuardError

        try:
            return super().guard(source, wants)
        except InvalidGuardError as error:
            raise self.lost from error


class Library:
    """The processes of one workspace."""

    def __init__(
        self, folder: Path, settings: Settings, team: Team, cache: Cache, zone: tzinfo, lang: str,
        without: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.folder = folder
        self.settings = settings
        self.team = team
        self.cache = cache
        self.zone = zone
        self.lang = lang
        self.without = tuple(without)
        self._plugins: Plugins | None = None
        self._overlays: dict[str, tuple[str | None, Overlay]] | None = None
        self._programs: dict[str, Program] = {}
        self.neighbours = Neighbours(self.files, self.shelf)
        self.records = Records(self.neighbours)

    @property
    def plugins(self) -> Plugins:
        """The allowed plugins, loaded at first use."""
        if self._plugins is None:
            from dealwright.plugins import load_plugins

            self._plugins = load_plugins(
                self.settings.plugins, cache_dir=self.cache.folder, seconds=self.settings.plugin_timeout,
                without=self.without, local=self.local_plugins(),
            )  # fmt: skip
            if not self.without:
                self._plugins.remember(self.cache.folder, self._wanted_plugins())
        return self._plugins

    def hooked(self, hook: str) -> bool:
        """Whether an allowed plugin implements a hook. Imports plugins only where that is not known from before."""
        if not self.settings.plugins:
            return False
        if self._plugins is None:
            from dealwright.plugins.known import known

            kept = known(self.cache.folder, self._wanted_plugins())
            if kept is not None and not kept["hooks"].get(hook):
                return False
        return self.plugins.implements(hook)

    def local_plugins(self) -> tuple[Offer, ...]:
        """The one-file plugins that the workspace's folder offers; none where it does not opt in."""
        if not self.settings.local_plugins:
            return ()
        from dealwright.plugins.local import local_offers

        return local_offers(self.folder)

    def _wanted_plugins(self) -> list[str]:
        """What is allowed, and which files it may come from: another file is asked anew."""
        return [*self.settings.plugins, *(f"{offer.value}=={offer.version}" for offer in self.local_plugins())]

    def functions(self) -> Mapping[str, Function]:
        """The functions that allowed plugins add to expressions."""
        return self.plugins.functions() if self.settings.plugins else {}

    def kinds(self) -> Mapping[str, CriterionKind]:
        """The kinds of criterion that allowed plugins add; one whose schema cannot be checked by breaks its plugin."""
        if not self.hooked("dealwright_register_criteria"):
            return {}
        from dealwright.definition.kinds import unreadable

        for name, kind in self.plugins.criteria().items():
            why = unreadable(kind.schema)
            if why is not None:
                self.plugins.reject(*_unreadable_kind(self.plugins.owner_of(name) or "", name, why))
        return self.plugins.criteria()

    def overlays(self, *, skip_broken: bool = False) -> dict[str, tuple[str | None, Overlay]]:
        """Overlay id -> (the plugin it comes from or None, overlay): plugins', then the workspace's own.

        Raises InvalidDefinitionError for a broken file of the workspace, unless those are skipped.
        """
        if self._overlays is None:
            from dealwright import definition

            found: dict[str, tuple[str | None, Overlay]] = {}
            for name, (plugin, text) in self.plugins.overlays().items() if self.settings.plugins else ():
                reading = definition.read_overlay(
                    text.encode(), f"plugin:{plugin}/{name}", self.functions(), self.kinds()
                )
                if reading.overlay is None:
                    self.plugins.reject(plugin, _broken_overlay(plugin, reading.findings))
                else:
                    found[reading.overlay.id] = (plugin, reading.overlay)
            for path in sorted((self.folder / "overlays").glob("*.overlay.yaml")):
                reading = definition.read_overlay(path.read_bytes(), str(path), self.functions(), self.kinds())
                if reading.overlay is not None:
                    found[reading.overlay.id] = (None, reading.overlay)
                elif not skip_broken:
                    raise invalid(reading.findings, str(path), self.lang)
            if skip_broken:
                return found  # not for those who must know
            self._overlays = found
        return self._overlays

    def files(self) -> dict[str, tuple[Path, str]]:
        """Id -> (path, `workspace` or `bundled`) of processes and types of record; the workspace's hide bundled ones.

        Of several versions side by side the highest counts.
        """
        return files_in((_resources.folder("processes"), "bundled"), (self.folder / "processes", "workspace"))

    def shelf(self, path: Path) -> Shelf:
        """Where the parents and libraries of a file are found."""
        return Shelf(path, self.folder, defaults=self.settings.defaults != Defaults())

    def read(self, path: Path) -> tuple[Process | None, list[Finding]]:
        """A process file, with all its findings."""
        from dealwright import definition

        overlays = {name: overlay for name, (_, overlay) in self.overlays().items()}
        reading = definition.read_process(
            path.read_bytes(),
            str(path),
            overlays=overlays,
            functions=self.functions(),
            kinds=self.kinds(),
            team=self.team,
            shelf=self.shelf(path),
            records=self.records,
            processes=self.neighbours,
        )
        return reading.process, reading.findings

    def authored(self, path: Path) -> Process:
        """A process file that has no errors. Raises InvalidDefinitionError. Read once per content."""
        data = path.read_bytes()
        key = None
        if not self.settings.plugins and not (self.folder / "overlays").is_dir():
            # With plugins or overlays the reading depends on more than the file.
            key = self.cache.key("process", data, *self._parts(path, data))
            cached = self.cache.get(key, Process)
            if cached is not None:
                return cached
        process, findings = self.read(path)
        if process is None:
            raise invalid(findings, str(path), self.lang)
        if key and not _reads_others(process):
            self.cache.put(key, process)
        return process

    def _parts(self, path: Path, data: bytes) -> list[bytes]:
        """The content of everything that a file may be made of, where it is made of more than itself."""
        shelf = self.shelf(path)
        if shelf.defaults is None and not _COMPOSED.search(data):
            return []
        parts = [*shelf.paths("process"), *shelf.paths("library"), self.folder / SETTINGS_FILE, self.folder / LOCK_FILE]
        return [str(part).encode() + b"\n" + part.read_bytes() for part in parts if part.is_file()]

    def source(self, process_id: str, store: Store) -> Source:
        """Which authored process opens a deal: the highest published version, else the workspace's, else the bundled.

        Raises NotFoundError.
        """
        published = [d for d in store.definitions() if d["id"] == process_id and d["published"]]
        if published:
            newest = max(published, key=lambda d: version_key(d["version"]))
            document = store.definition(newest["definition_hash"])
            if document is None:
                raise StoreError("a published definition is missing from the store", "存储中缺少已发布的流程定义")
            return Source(msgspec.convert(document["authored"], Process), "published")
        files = self.files()
        if process_id not in files:
            listed = ", ".join(sorted(files))
            raise NotFoundError(
                f"there is no process {process_id}; there are: {listed}", f"没有流程 {process_id}；可用的有：{listed}",
                process=process_id,
            )  # fmt: skip
        path, kind = files[process_id]
        return Source(self.authored(path), kind)

    def edited(self, used: Process) -> Text | None:
        """A warning where the workspace's file says something else than the published process in use; else None."""
        path, kind = self.files().get(used.id, (None, ""))
        if path is None or kind != "workspace":
            return None
        try:
            authored = self.authored(path)
        except InvalidDefinitionError:
            authored = None
        if authored is not None and authored.source_hash == used.source_hash:
            return None
        name = path.relative_to(self.folder).as_posix()
        return Text(
            f"{name} differs from the published {used.id} {used.version}, which deals run under; "
            f"to use it, raise its version and run: dealwright process publish {name}",
            f"{name} 与项目所用的已发布版本 {used.id} {used.version} 不同；"
            f"如要启用，请提升版本号并运行：dealwright process publish {name}",
        )

    def resolve(self, authored: Process) -> Process:
        """The process with its methodologies, and those the workspace adds, laid over it."""
        from dealwright import definition

        wanted = list(dict.fromkeys((*authored.methodologies, *self.settings.methodologies.get(authored.id, ()))))
        overlays, contributors, functions = [], [], []
        for name in wanted:
            plugin = self._methodology(name)
            if plugin is not None:
                contributors.append(f"{plugin}=={self.plugins.versions().get(plugin, '0')}")
            overlays.append(self.overlays()[name][1])
        misfits = [f for f in self.added_findings(authored) if f.severity == "error"]
        if misfits:
            raise invalid(misfits, str(self.folder / SETTINGS_FILE), self.lang)
        if self.settings.plugins:
            from dealwright.definition.kinds import kinds_used

            contributors += self._owners(kinds_used(authored, overlays), contributors)
        if contributors:
            functions = sorted(self.functions())
        return definition.resolve(
            authored, overlays, tuple(contributors), tuple(functions),
            records=self.records, processes=self.neighbours,
        )  # fmt: skip

    def added_findings(self, authored: Process) -> list[Finding]:
        """What speaks against the methodologies that dealwright.yaml adds to a process, beside its own."""
        added = [n for n in self.settings.methodologies.get(authored.id, ()) if n not in authored.methodologies]
        known = self.overlays()
        if not added or not all(name in known for name in added):
            return []  # a methodology that is not there is told by its own error
        from dealwright import definition

        own = [known[name][1] for name in authored.methodologies if name in known]
        before = definition.overlay_findings(authored, own, functions=self.functions())
        told = {(f.code, f.message) for f in before}
        every = [*own, *(known[name][1] for name in added)]
        file = str(self.folder / SETTINGS_FILE)
        found = definition.overlay_findings(authored, every, file, functions=self.functions())
        return [f for f in found if (f.code, f.message) not in told]

    def _owners(self, kinds: Sequence[str], already: Sequence[str]) -> list[str]:
        """The plugins that add these kinds of criterion, as `name==version`; of a lost one its criteria tell."""
        names = dict.fromkeys(filter(None, (self.plugins.owner_of(kind) for kind in kinds)))
        found = [f"{name}=={self.plugins.versions().get(name, '0')}" for name in names]
        return [one for one in found if one not in already]

    def program(self, process: Process) -> Program:
        """A resolved process made ready. Where a plugin is not there, what needs it raises PluginError at first use."""
        program = self._programs.get(process.definition_hash)
        if program is None:
            program = prepare(process, self.functions() if process.functions else {}, self.zone)
            lost = self._lost_plugin(process)
            if lost is not None:
                program = _Unplugged(process, self.functions(), program.zone, lost)
            self._programs[process.definition_hash] = program
        return program

    def _lost_plugin(self, process: Process) -> PluginError | None:
        """Why a process whose plugins add functions cannot be run whole, or None."""
        try:
            for contributor in process.plugins if process.functions else ():
                self.plugins.require(contributor.partition("==")[0])
        except PluginError as error:
            return error
        return None

    def program_of(self, definition_hash: str, store: Store) -> Program:
        """The program of a definition that the store keeps."""
        program = self._programs.get(definition_hash)
        if program is None:
            document = store.definition(definition_hash)
            if document is None:
                raise StoreError(
                    f"definition {definition_hash[:12]} is missing from the store",
                    f"存储中缺少定义 {definition_hash[:12]}",
                )
            program = self.program(msgspec.convert(document["resolved"], Process))
        return program

    def keep(self, authored: Process, resolved: Process, store: Store, *, publish: bool) -> None:
        """Put a definition into the store. One version never has two contents: raises RefusedError."""
        for known in store.definitions():
            same = known["id"] == authored.id and known["version"] == authored.version
            if same and known["published"] and known["source_hash"] != authored.source_hash:
                raise RefusedError(
                    f"{authored.id} {authored.version} is published with other content; raise its version",
                    f"{authored.id} {authored.version} 已发布且内容不同；请提升版本号",
                    process=authored.id, version=authored.version,
                )  # fmt: skip
        document: dict[str, Any] = {
            "id": authored.id, "version": authored.version, "source_hash": authored.source_hash,
            "definition_hash": resolved.definition_hash,
            "authored": msgspec.to_builtins(authored), "resolved": msgspec.to_builtins(resolved),
        }  # fmt: skip
        store.put_definition(resolved.definition_hash, document)
        if publish:
            store.publish(resolved.definition_hash)

    def _methodology(self, name: str) -> str | None:
        """The plugin behind a methodology, or None for an overlay of the workspace. Raises PluginError."""
        if name in self.overlays():
            return self.overlays()[name][0]
        if self.settings.plugins:
            self.plugins.require(name)
        raise PluginError(
            f"the methodology {name} is not there: allow its plugin in dealwright.yaml (plugins: [{name}])",
            f"没有方法论 {name}：请在 dealwright.yaml 中允许其插件（plugins: [{name}]）", plugin=name,
        )  # fmt: skip


def _reads_others(process: Process) -> bool:
    """True where other files decide whether this one is sound."""
    if process.subject or process.records or process.related:
        return True
    every = (*process.automations, *(one for stage in process.stages for one in stage.automations))
    return any(field.type == "record" for field in process.fields) or any(one.then.open for one in every)


def _unreadable_kind(plugin: str, kind: str, why: str) -> tuple[str, PluginError]:
    return plugin, PluginError(
        f"plugin {plugin}: the schema of its criterion {kind} is not understood: {why}",
        f"插件 {plugin}：无法理解其条件 {kind} 的模式：{why}", plugin=plugin,
    )  # fmt: skip


def _broken_overlay(plugin: str, findings: list[Finding]) -> PluginError:
    first = next(f for f in findings if f.severity == "error")
    return PluginError(
        f"plugin {plugin}: its overlay is invalid at {first.line}:{first.column}: {first.message.en}",
        f"插件 {plugin}：其叠加层在 {first.line}:{first.column} 处无效：{first.message.zh}", plugin=plugin,
    )  # fmt: skip
