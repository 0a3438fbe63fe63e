"""The contract suite: what every plugin has to keep, tried on one plugin case by case."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from dealwright import _resources
from dealwright.definition import overlay_findings, read_overlay, read_process, resolve
from dealwright.engine import Context, Program, options, prepare
from dealwright.errors import DealwrightError, PluginError
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process
from dealwright.model.text import Text
from dealwright.workspace.neighbours import SUFFIX, Records, around, files_in
from dealwright.workspace.plugin_samples import NOW, Sample, samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealwright.engine.program import Asked
    from dealwright.hookspecs import Judgement
    from dealwright.plugins import Plugins
    from dealwright.plugins.catalogue import Offer
    from dealwright.workspace.plugin_found import Found

HOME = "b2b"  # the bundled process whose stages the deals are in
SECONDS = 0.1  # that one call may take
CASES = (
    "imports", "hooks", "overlays", "languages", "fits", "answers", "deterministic", "never lifts", "unchanged", "fast",
)  # fmt: skip
_SHOWN = 5  # of several things that are wrong, these many are told
_LETTERS = re.compile(r"[A-Za-z]{4}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Case(NamedTuple):
    """One thing that a plugin has to keep, by a name; where it does not, `message` says what is wrong."""

    name: str
    ok: bool
    message: Text


class WrongError(Exception):
    """A case does not hold."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


def check_plugin(target: str | Path | ModuleType, local: Sequence[Offer] = ()) -> tuple[Case, ...]:
    """Try every case on a plugin: a module, a folder, a `.py` file, or the name of an installed one.

    Of a project with several plugins each case comes once for each, named `PLUGIN: CASE`. Code of
    the plugin is imported and called. Raises NotFoundError and UsageError where there is none.
    """
    from dealwright.plugins.loading import load_offer
    from dealwright.workspace.plugin_found import find

    every = find(target, local)
    cases: list[Case] = []
    for found in every:
        with found.importable():
            trial = Trial(found, load_offer(found.offer))
            told = trial.cases()
        cases += [case._replace(name=f"{found.offer.name}: {case.name}") for case in told] if every[1:] else told
    return tuple(cases)


class Trial:
    """One plugin on trial. Cases that need a sound one are left out where it is not."""

    def __init__(self, found: Found, plugins: Plugins) -> None:
        self.found = found
        self.name = found.offer.name
        self.plugins = plugins
        self.slowest: dict[str, float] = {}

    def cases(self) -> list[Case]:
        """Every case that can be tried, in order."""
        told = [self._tried("imports", self.imports)]
        steps: dict[str, Callable[[], str | None]] = {"hooks": self.hooks, "overlays": self.overlays_read}
        for name, case in steps.items():
            told.append(self._tried(name, case))
            if not told[-1].ok:
                return told
        rest: dict[str, Callable[[], str | None]] = {
            "languages": self.languages, "fits": self.fits, "answers": self.answers,
            "deterministic": self.deterministic, "never lifts": self.never_lifts, "unchanged": self.unchanged,
            "fast": self.fast,
        }  # fmt: skip
        return told + [self._tried(name, case) for name, case in rest.items()]

    def _tried(self, name: str, case: Callable[[], str | None]) -> Case:
        try:
            remark = case() or ""
        except WrongError as error:
            return Case(name, ok=False, message=error.text)
        except DealwrightError as error:
            return Case(name, ok=False, message=Text(error.en, error.zh))
        return Case(name, ok=True, message=Text.plain(remark))

    def imports(self) -> str | None:
        """It can be imported by itself. What its import does besides is told, and no fault."""
        from dealwright.workspace.plugin_import import imported_alone

        done = imported_alone(self.found)
        if done.error is not None:
            raise WrongError(f"importing it failed: {done.error}", f"导入失败：{done.error}")
        return (
            f"warning: its import does more than define things: {', '.join(done.seen[:_SHOWN])}" if done.seen else None
        )

    def hooks(self) -> str | None:
        """Its hooks are marked, known, take only arguments that there are, and register what they should."""
        from dealwright.definition.kinds import unreadable

        self.plugins.require(self.name)
        for name, kind in self.plugins.criteria().items():
            why = unreadable(kind.schema)
            if why is not None:
                raise WrongError(f"the schema of {name} cannot be used: {why}", f"{name} 的参数模式无法使用：{why}")
        row = next(row for row in self.plugins.listing() if row["name"] == self.name)
        return ", ".join(hook.removeprefix("dealwright_") for hook in row["hooks"])

    def overlays_read(self) -> str | None:
        """Its overlays hold no error by themselves."""
        told = [
            f"{f.file}:{f.line}:{f.column}: {f.code} {f.message.en}" for f in self._findings if f.severity == "error"
        ]
        if told:
            raise _wrong(told)
        warned = [f"{f.line}:{f.column} {f.code}" for f in self._findings]
        return f"{len(self.overlays)}; warnings: {', '.join(warned[:_SHOWN])}" if warned else str(len(self.overlays))

    def languages(self) -> str | None:
        """Every text of its overlays and answers is in English and in Chinese."""
        told = []
        for where, text in self._texts():
            if not _CHINESE.search(text.zh) and (_LETTERS.search(text.zh) or text.zh != text.en):
                told.append(f"{where}: no Chinese in {text.zh!r}")
            elif _CHINESE.search(text.en):
                told.append(f"{where}: no English in {text.en!r}")
        if told:
            raise _wrong(told)
        return None

    def fits(self) -> str | None:
        """Each overlay can be laid over every bundled process."""
        told = []
        for process in _bundled():
            for overlay in self.overlays:
                found = overlay_findings(process, [overlay], functions=self.plugins.functions())
                told += [f"{process.id}: {f.code} {f.message.en}" for f in found if f.severity == "error"]
            for remark in self.plugins.lint(process):
                told += [f"{process.id}: {remark.text.en}"] if remark.failed else []
        if told:
            raise _wrong(told)
        return None

    def answers(self) -> str | None:
        """At every stage, of deals with nothing, half and all filled in: typed, within bounds, nothing raised."""
        told = []
        for sample in self._samples:
            for _, ask in self._asked(sample):
                try:
                    ask()
                except PluginError as error:
                    told.append(f"{sample.deal.stage} ({sample.fill}): {error.en}")
        if told:
            raise _wrong(list(dict.fromkeys(told)))
        return None

    def deterministic(self) -> str | None:
        """The same deal at the same time gets the same answer."""
        told = []
        for sample in self._samples:
            for hook, ask in self._asked(sample):
                first, second = _quietly(ask), _quietly(ask)
                if first != second:
                    told.append(f"{hook} says one thing and then another: {sample.deal.stage} ({sample.fill})")
        if told:
            raise _wrong(told)
        return None

    def never_lifts(self) -> str | None:
        """What its gates say leaves everything that stopped a deal before."""
        told = []
        for sample in self._samples:
            said = _quietly(self._gate(sample)) or ()
            if any(result.status == "waived" for _, result in said):
                told.append(f"{sample.deal.stage}: a plugin waives nothing")
            alone, more = self._blocking(sample, ()), self._blocking(sample, said)
            told += [f"{sample.deal.stage}: lifts {one}" for one in sorted(alone - more)]
        if told:
            raise _wrong(told)
        return None

    def unchanged(self) -> str | None:
        """Deals and process are after all calls what they were before."""
        before = [repr(sample.deal) for sample in self._samples], repr(self.program.process)
        for sample in self._samples:
            for _, ask in self._asked(sample):
                _quietly(ask)
        if ([repr(sample.deal) for sample in self._samples], repr(self.program.process)) != before:
            raise WrongError("a deal or the process was changed", "项目或流程被改动")
        return None

    def fast(self) -> str | None:
        """No call takes more than a tenth of a second; of a slow one the better of several counts."""
        for sample in self._samples:
            for hook, ask in self._asked(sample):
                took = min(self._took(ask) for _ in range(2))
                if took > SECONDS:
                    took = min(took, self._took(ask), self._took(ask))
                self.slowest[hook] = max(self.slowest.get(hook, 0), took)
        told = [f"{hook} took {took:.2f} s" for hook, took in self.slowest.items() if took > SECONDS]
        if told:
            raise _wrong(told)
        return ", ".join(f"{hook} {took * 1000:.1f} ms" for hook, took in self.slowest.items())

    @cached_property
    def _read(self) -> tuple[list[Overlay], list[Any]]:
        overlays, findings = [], []
        for name, (_, text) in self.plugins.overlays().items():
            file = f"{name}.overlay.yaml"
            reading = read_overlay(text.encode(), file, self.plugins.functions(), self.plugins.criteria())
            findings += reading.findings
            overlays += [reading.overlay] if reading.overlay is not None else []
        return overlays, findings

    @property
    def overlays(self) -> list[Overlay]:
        """Its overlays that can be read."""
        return self._read[0]

    @property
    def _findings(self) -> list[Any]:
        return self._read[1]

    @cached_property
    def program(self) -> Program:
        """The home process with all of its overlays laid over it."""
        home = next(process for process in _bundled() if process.id == HOME)
        functions = self.plugins.functions()
        beside = around(_home())
        laid = resolve(
            home, self.overlays, (f"{self.name}==0",), sorted(functions), records=Records(beside), processes=beside
        )
        return prepare(laid, functions)

    @cached_property
    def _samples(self) -> list[Sample]:
        return list(samples(self.program))

    def _asked(self, sample: Sample) -> Iterator[tuple[str, Callable[[], Any]]]:
        """What is asked about a deal, by hook, and by kind of criterion as far as its own overlays use one."""
        plugins, process, names, deal = self.plugins, self.program.process, (self.name,), sample.deal
        stage = self.program.stage(deal.stage)
        asks: Mapping[str, Callable[[], Any]] = {
            "dealwright_evaluate_gate": self._gate(sample),
            "dealwright_score": lambda: plugins.scores(names, deal, process, NOW),
            "dealwright_prompts": lambda: plugins.prompts(names, deal, process, stage),
            "dealwright_propose": lambda: plugins.proposals(names, deal, process, NOW),
        }
        yield from ((hook, ask) for hook, ask in asks.items() if plugins.implements(hook))
        for one in self.program.kinds_at(self.program.layout.stage_at[deal.stage]):
            yield one.kind, partial(self._judged, one, deal)

    def _judged(self, asked: Asked, deal: Deal) -> tuple[tuple[str, Judgement], ...]:
        return ((asked.kind, self.plugins.judge(asked.kind, deal, json.loads(asked.given), NOW)),)

    def _gate(self, sample: Sample) -> Callable[[], Any]:
        process, deal = self.program.process, sample.deal
        at = self.program.layout.stage_at[deal.stage] + 1
        to = process.stages[at].id if at < len(process.stages) else None
        return lambda: self.plugins.evaluate_gate((self.name,), deal, process, deal.stage, to, NOW)

    def _blocking(self, sample: Sample, said: Any) -> set[str]:
        roles = tuple(self.program.process.roles)
        context = Context("rep-1", roles, Moment(NOW), Team({}), tuple(said))
        ways = options(self.program, sample.deal, context)
        return {f"{one.id} on the way to {way.to}" for way in ways for one in way.criteria if one.blocks}

    def _texts(self) -> Iterator[tuple[str, Text]]:
        for overlay in self.overlays:
            yield from _texts_in(overlay.id, overlay)
        for sample in self._samples:
            for hook, ask in self._asked(sample):
                for _, said in _quietly(ask) or ():
                    yield from _texts_in(f"{hook} at {sample.deal.stage}", said)

    def _took(self, ask: Callable[[], Any]) -> float:
        since = time.perf_counter()
        _quietly(ask)
        return time.perf_counter() - since


def _quietly(ask: Callable[[], Any]) -> Any:
    """What is answered; None where it is an error, which another case tells."""
    try:
        return ask()
    except PluginError:
        return None


def _wrong(told: list[str]) -> WrongError:
    more = len(told) - _SHOWN
    shown = "; ".join(told[:_SHOWN])
    return WrongError(
        f"{shown}; and {more} more" if more > 0 else shown, f"{shown}；另有 {more} 处" if more > 0 else shown
    )


def _texts_in(where: str, value: Any) -> Iterator[tuple[str, Text]]:
    """Every text in a struct, with the ids that lead to it."""
    if isinstance(value, Text):
        yield where, value
    elif isinstance(value, msgspec.Struct):
        named = getattr(value, "id", None)
        inner = f"{where}.{named}" if isinstance(named, str) and named and named != where else where
        for name in value.__struct_fields__:
            yield from _texts_in(inner, getattr(value, name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts_in(f"{where}.{key}", part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts_in(where, part)


def _home() -> Path:
    return _resources.folder("processes") / f"{HOME}{SUFFIX}"


_BUNDLED: list[Process] = []


def _bundled() -> list[Process]:
    """Every bundled process, read once."""
    if not _BUNDLED:
        beside = around(_home())
        for path, _ in files_in((_resources.folder("processes"), "bundled")).values():
            if not path.name.endswith(SUFFIX):
                continue  # a type of record has no methodologies
            reading = read_process(path.read_bytes(), str(path), records=Records(beside), processes=beside)
            _BUNDLED.extend([reading.process] if reading.process is not None else [])
    return _BUNDLED
