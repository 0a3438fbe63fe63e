"""All the files a process is made of: its parents, the libraries they use, the company's defaults. Then the merge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from dealwright.definition.compose import MAX_NODES, compose
from dealwright.definition.decode import decode
from dealwright.definition.finding import Findings, shown
from dealwright.definition.merging import over
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.origins import Layer, LayerKind, Origins
from dealwright.definition.plain import plain
from dealwright.definition.schema import document
from dealwright.definition.unreadable import UnreadableError
from dealwright.definition.values import scalars, word
from dealwright.model.canonical import canonical_hash
from dealwright.model.text import Text, humanise

MAX_PARENTS = 8
PartKind = Literal["process", "library"]
_PINNED = re.compile(r"([a-z][a-z0-9_]{0,63})@(\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,40})?)", re.ASCII)
_SECTIONS = {
    "roles": "roles", "fields": "fields", "events": "events", "artifacts": "artifacts", "tasks": "tasks",
    "personas": "personas", "templates": "templates", "question_banks": "questions",
}  # fmt: skip
_NO_FILE = {"process": "unknown-parent", "library": "unknown-library"}


class Part(NamedTuple):
    """A file that others are made of; `file` is how findings call it."""

    data: bytes
    file: str


class Shelf(Protocol):
    """Where parents and libraries are looked up. Nothing is read before it is asked for."""

    @property
    def defaults(self) -> Part | None:
        """The settings file whose `defaults:` are laid under every process, or None."""

    def find(self, kind: PartKind, name: str, version: str) -> Part | None:
        """The file of this version, or None."""

    def versions(self, kind: PartKind, name: str) -> Sequence[str]:
        """The versions of which there are files."""

    def names(self, kind: PartKind) -> Sequence[str]:
        """Everything of this kind that there is."""

    def locked(self, label: str) -> str | None:
        """The hash that the lock file keeps of `NAME@VERSION`, or None."""


class Bare:
    """A shelf with nothing on it."""

    defaults = None

    def find(self, kind: PartKind, name: str, version: str) -> Part | None:  # noqa: ARG002 - the protocol's
        """None."""
        return None

    def versions(self, kind: PartKind, name: str) -> Sequence[str]:  # noqa: ARG002 - the protocol's
        """None at all."""
        return ()

    def names(self, kind: PartKind) -> Sequence[str]:  # noqa: ARG002 - the protocol's
        """None at all."""
        return ()

    def locked(self, label: str) -> str | None:  # noqa: ARG002 - the protocol's
        """None."""
        return None


def is_composed(root: Map, shelf: Shelf) -> bool:
    """True for a file that is made of others too."""
    if "extends" in root.values or "libraries" in root.values or shelf.defaults is not None:
        return True
    return any(_used(outcome) is not None for outcome in _outcomes(root))


def assemble(root: Map, lines: list[str], findings: Findings, kind: str, shelf: Shelf) -> tuple[Map | None, Origins]:
    """The merged root of a file of `kind` (`process` or `record`), and where everything comes from.

    None where a part is missing or cannot be read: what is left would only give echoes of that.
    """
    return _Assembly(root, lines, findings, kind, shelf).run()


class _Assembly:
    def __init__(self, root: Map, lines: list[str], findings: Findings, kind: str, shelf: Shelf) -> None:
        self.findings = findings
        self.kind = kind
        self.shelf = shelf
        self.origins = Origins()
        findings.origins = self.origins
        label = f"{word(root.get(kind))}@{word(root.get('version'))}"
        self.own = self.origins.add("process", label, findings.file, root, lines, _content(root))
        self.failed = False

    def run(self) -> tuple[Map | None, Origins]:
        chain = self._parents()
        libraries = self._libraries(chain)
        if self.failed:
            return None, self.origins
        defaults = [layer for layer in self.origins.layers if layer.kind == "defaults"]
        below = [self._filtered(layer.root) for layer in defaults]
        below += [self._sections(layer.root) for layer in libraries]
        merged = below[0] if below else chain[-1].root
        for top in [*below[1:], *(layer.root for layer in reversed(chain if below else chain[:-1]))]:
            merged = over(merged, top, self.findings)
        if merged is self.own.root:  # `use` alone: nothing to lie over
            merged = over(Map(merged.mark, merged.flow), merged, self.findings)
        self._list_libraries(merged, libraries)
        return merged if self._reasons(merged, libraries) else None, self.origins

    def _parents(self) -> list[Layer]:
        """The file and its parents, the next one last."""
        chain = [self.own]
        while (node := chain[-1].root.get("extends")) is not None:
            pin = self._pin(node)
            if pin is None:
                break
            label = f"{pin[0]}@{pin[1]}"
            if label in [layer.label for layer in chain]:
                self._fail("extends-cycle", node, f"`{label}` extends itself in the end", f"`{label}` 最终继承了自身")
                break
            if len(chain) > MAX_PARENTS:
                self._fail(
                    "extends-too-deep", node, f"More than {MAX_PARENTS} parents above each other",
                    f"父流程超过 {MAX_PARENTS} 层",
                )  # fmt: skip
                break
            layer = self._fetch("process", node, *pin)
            if layer is None:
                break
            chain.append(layer)
        return chain

    def _libraries(self, chain: list[Layer]) -> list[Layer]:
        """The company's libraries and the process's own; of one that both name, the process's version."""
        pins: dict[str, tuple[Node, str]] = {}
        settings = self.shelf.defaults
        if settings is not None:
            defaults = self._defaults(settings)
            if defaults is not None:
                self._pin_all(defaults.root.get("libraries"), pins)
        named = next((layer.root.get("libraries") for layer in chain if "libraries" in layer.root.values), None)
        self._pin_all(named, pins)
        found = [self._fetch("library", node, name, version) for name, (node, version) in pins.items()]
        return [layer for layer in found if layer is not None]

    def _pin_all(self, node: Node | None, pins: dict[str, tuple[Node, str]]) -> None:
        for scalar in scalars(node) if isinstance(node, Seq) else ():
            pin = self._pin(scalar)
            if pin is not None:
                pins[pin[0]] = (scalar, pin[1])

    def _defaults(self, settings: Part) -> Layer | None:
        layer = self._read("defaults", settings.file.replace("\\", "/").rpartition("/")[2], settings)
        given = layer.root.get("defaults") if layer else None
        if layer is None or not isinstance(given, Map):
            return None
        layer = layer._replace(root=given)
        self.origins.layers[-1] = layer
        return layer

    def _pin(self, node: Node) -> tuple[str, str] | None:
        found = _PINNED.fullmatch(word(node))
        if found is None:
            self._fail(
                "bad-value", node, f"Expected NAME@VERSION such as b2b@1.0.0, found `{shown(word(node))}`",
                f"此处应为 名称@版本，如 b2b@1.0.0，而不是 `{shown(word(node))}`",
            )  # fmt: skip
            return None
        return found.group(1), found.group(2)

    def _fetch(self, kind: PartKind, node: Node, name: str, version: str) -> Layer | None:
        """Look a part up, read it, and hold it to the lock."""
        part = self.shelf.find(kind, name, version)
        if part is None:
            self._missing(kind, node, name, version)
            return None
        label = f"{name}@{version}" if kind == "process" else f"library:{name}@{version}"
        layer = self._read(kind, label, part)
        if self.origins.nodes > MAX_NODES:
            self._fail(
                "too-many-nodes", node, f"What this process is made of has more than {MAX_NODES:,} values in all",
                f"此流程的各组成文件合计超过 {MAX_NODES:,} 个值",
            )  # fmt: skip
            return None
        locked = self.shelf.locked(label)
        if layer is not None and locked is not None and locked != layer.hash:
            self.findings.add(
                "lock-mismatch", node.line, node.column,
                f"`{name}@{version}` says something else than when it was locked",
                f"`{name}@{version}` 的内容与锁定时不同",
                Text("give the changed file a new version, or run: dealwright process lock",
                     "请为改动后的文件设置新版本，或运行：dealwright process lock"),
            )  # fmt: skip
        return layer

    def _missing(self, kind: PartKind, node: Node, name: str, version: str) -> None:
        versions = self.shelf.versions(kind, name)
        what, zh = ("process", "流程") if kind == "process" else ("library", "公共库")
        if versions:
            listed = ", ".join(versions)
            self._fail(
                "unknown-version", node, f"The {what} `{name}` has no version {shown(version)} here",
                f"{zh} `{name}` 没有版本 {shown(version)}", Text(f"there is {listed}", f"现有版本：{listed}"),
            )  # fmt: skip
            return
        close = _close(name, self.shelf.names(kind))
        self._fail(_NO_FILE[kind], node, f"There is no {what} `{shown(name)}`", f"没有{zh} `{shown(name)}`", close)

    def _read(self, kind: LayerKind, label: str, part: Part) -> Layer | None:
        """Read a part's nodes; what is wrong with them is found in the part's own file."""
        own = Findings(part.file)
        lines = [""]
        root: Node | None = None
        try:
            text = decode(part.data)
            lines = text.split("\n")
            root = compose(text, own)
        except UnreadableError as error:
            own.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
        usable = root if isinstance(root, Map) else Map(_Start(0, 0), flow=False)
        layer = self.origins.add(kind, label, part.file, usable, lines, _content(usable))
        if root is not usable and not own.found:
            own.add("wrong-type", 1, 1, "Expected a map of keys", "此处应为键值映射")
        for found in own.found:
            self.findings.add(
                found.code, found.line + layer.base, found.column, found.message.en, found.message.zh, found.hint
            )
            self.failed = True
        return layer if not own.found else None

    def _fail(self, code: str, node: Node, en: str, zh: str, hint: Text | None = None) -> None:
        self.failed = True
        self.findings.add(code, node.line, node.column, en, zh, hint)

    def _sections(self, library: Map) -> Map:
        """What a library brings to a process, under the keys that a process gives it."""
        known = document(self.kind)["properties"]
        brought = Map(library.mark, flow=False)
        for section, key in _SECTIONS.items():
            value = library.get(section)
            if value is not None and key in known:
                brought.values[key], brought.keys[key] = value, library.keys[section]
        return brought

    def _filtered(self, defaults: Map) -> Map:
        known = document(self.kind)["properties"]
        kept = Map(defaults.mark, flow=False)
        for name, value in defaults.values.items():
            if name != "libraries" and name in known:
                kept.values[name], kept.keys[name] = value, defaults.keys[name]
        return kept

    def _list_libraries(self, merged: Map, libraries: list[Layer]) -> None:
        """The key `libraries` as it turned out: the company's and the process's own."""
        if not libraries or "libraries" not in document(self.kind)["properties"]:
            return
        given = merged.get("libraries")
        listed = Seq(given.mark if given else merged.mark, flow=True)
        for layer in libraries:
            pinned = layer.label.removeprefix("library:")
            listed.items.append(Scalar(pinned, listed.mark, listed.mark, None))
        merged.values["libraries"] = listed
        merged.keys.setdefault("libraries", Scalar("libraries", listed.mark, listed.mark, None))

    def _reasons(self, merged: Map, libraries: list[Layer]) -> bool:
        """`reasons: {use: NAME}` becomes the list of a library, with what is written beside it laid over.

        False where there is no such list.
        """
        whole = True
        lists: dict[str, Node] = {}
        for layer in libraries:
            given = layer.root.get("reasons")
            if isinstance(given, Map):
                lists |= given.values
        for outcome in _outcomes(merged):
            name = _used(outcome)
            if name is None:
                continue
            own = outcome.get("reasons")
            listed = lists.get(name.text)
            if listed is None or not isinstance(own, Map):
                self._fail("unknown-reasons", name, f"No library has a list of reasons `{shown(name.text)}`",
                           f"没有公共库提供原因清单 `{shown(name.text)}`", _close(name.text, list(lists)))  # fmt: skip
                whole = False
                continue
            rest = Map(own.mark, own.flow)
            rest.values = {key: value for key, value in own.values.items() if key != "use"}
            rest.keys = {key: value for key, value in own.keys.items() if key != "use"}
            outcome.values["reasons"] = over(_titled(listed), rest, self.findings) if rest.values else listed
        return whole


class _Start(NamedTuple):
    line: int
    column: int


def _outcomes(root: Map) -> list[Map]:
    outcomes = root.get("outcomes")
    return [node for node in outcomes.values.values() if isinstance(node, Map)] if isinstance(outcomes, Map) else []


def _used(outcome: Map) -> Scalar | None:
    reasons = outcome.get("reasons")
    name = reasons.get("use") if isinstance(reasons, Map) else None
    return name if isinstance(name, Scalar) else None


def _titled(reasons: Node) -> Map:
    """A list of ids as a map of titles, so that others can be laid over it."""
    if isinstance(reasons, Map):
        return reasons
    made = Map(reasons.mark, flow=False)
    for scalar in scalars(reasons):
        made.keys[scalar.text] = scalar
        made.values[scalar.text] = Scalar(humanise(scalar.text).en, scalar.mark, scalar.end, '"')
    return made


def _close(name: str, known: Sequence[str]) -> Text | None:
    import difflib

    close = difflib.get_close_matches(name[:64], known, 1, 0.6)
    if close:
        return Text(f"did you mean {close[0]}?", f"是否想写 {close[0]}？")
    listed = ", ".join(sorted(known)[:12])
    return Text(f"there are: {listed}", f"现有：{listed}") if listed else None


def content_hash(data: bytes) -> str:
    """The hash that a lock file keeps of a part. Raises UnreadableError."""
    root = compose(decode(data), Findings(""))
    return _content(root if isinstance(root, Map) else Map(_Start(0, 0), flow=False))


def _content(root: Map) -> str:
    """The hash of what a file says; comments, layout and the order of keys leave it as it is."""
    return canonical_hash("dealwright-part", plain(root))
