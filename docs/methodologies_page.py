"""docs/reference/methodologies.md, made from the overlays that come with dealwright."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import distribution

from dealwright.definition import read_overlay
from dealwright.model.process import PHASES, Criterion, Overlay, PhasePatch
from dealwright.model.text import Text
from dealwright.plugins import load_plugins

_HEAD = """# Methodologies in detail

Made by `python docs/generate.py` from the overlays themselves: what each methodology asks, scores and warns of, in
both languages. How to choose and combine them, and what a plugin asks in Python beyond its overlay:
[methodologies.md](../methodologies.md).

本页由各方法论文件自动生成，列出各自的要求、评分与警示。如何选用与搭配，见 [methodologies.md](../methodologies.md)。
"""
_ADVICE = {"disqualify": Text("disqualify", "淘汰"), "hold": Text("hold", "搁置"), "regress": Text("go back", "退回")}
_COMBINE = {"sum": "the sum of", "product": "the product of", "geometric_mean": "the geometric mean of"}


def bundled() -> dict[str, Overlay]:
    """The overlays of the plugins that come with dealwright, by id."""
    points = distribution("dealwright").entry_points.select(group="dealwright")
    plugins = load_plugins(sorted(point.name for point in points))
    found = {}
    for name, (_, text) in plugins.overlays().items():
        overlay = read_overlay(text.encode(), name, plugins.functions()).overlay
        if overlay is not None:
            found[name] = overlay
    return dict(sorted(found.items()))


def methodologies_page() -> str:
    """The page, one section a methodology."""
    parts = [_HEAD.rstrip()]
    for overlay in bundled().values():
        parts += _section(overlay)
    return "\n\n".join(parts) + "\n"


def _section(overlay: Overlay) -> Iterator[str]:
    yield f"## {overlay.title.en}\n\n{overlay.title.zh} · `{overlay.id}` {overlay.version}"
    shared = [one.id for one in overlay.fields if not one.id.startswith(f"{overlay.id}_")]
    if shared:
        listed = ", ".join(f"`{name}`" for name in shared)
        yield f"Shared fields, entered once for all: {listed}. 与其他方法论共用、只填一次的字段：{listed}。"
    for phase in PHASES:
        if phase in overlay.phases:
            yield from _phase(phase, overlay.phases[phase])
    yield from _score(overlay)
    if overlay.flags:
        rows = [
            (f"`{one.id}`", one.title.en, one.title.zh, _said(_ADVICE.get(one.advise)), ", ".join(one.phases))
            for one in overlay.flags
        ]
        yield "**Flags 警示**"
        yield _table(("flag", "is up where", "警示", "advises 建议", "phases 阶段类别"), rows)


def _phase(phase: str, patch: PhasePatch) -> Iterator[str]:
    rows = [_row(one, "entering 进入") for one in patch.entry_criteria]
    rows += [
        (f"`{one.artifact}`", "the artifact is complete", "阶段资料齐全", "leaving 离开", "blocks 阻止")
        for one in patch.requires
    ]
    rows += [_row(one, "leaving 离开") for one in patch.exit_criteria]
    yield f"**{phase}**"
    if rows:
        yield _table(("criterion", "refused, it says", "未满足时的提示", "when 时机", ""), rows)
    if patch.prompts:
        yield "\n".join(f"- {prompt.en}\n  {prompt.zh}" for prompt in patch.prompts)


def _row(one: Criterion, when: str) -> tuple[str, ...]:
    weight = "warns 提醒" if one.severity == "warn" else "blocks 阻止"
    return f"`{one.id}`", one.unmet.en, one.unmet.zh, when, weight


def _score(overlay: Overlay) -> Iterator[str]:
    if not overlay.score:
        return
    scale = overlay.scale
    whose = Text("our own scale", "自定标准") if scale.own else Text("the published scale", "公开标准")
    yield (
        f"**Score 评分**: {_COMBINE[scale.combine]} its parts, of {scale.max:g}; {whose.en}. "
        f"满分 {scale.max:g}；{whose.zh}。"
    )
    yield _table(
        ("part", "评分项", "points 分值", "value 取值"),
        [(one.title.en, one.title.zh, f"{one.points:g}", f"`{one.value}`") for one in overlay.score],
    )
    if scale.bands:
        bands = sorted(scale.bands, key=lambda band: band.least, reverse=True)
        yield "Bands 评级: " + " · ".join(f"from {one.least:g} {one.title.en} {one.title.zh}" for one in bands)


def _said(text: Text | None) -> str:
    return f"{text.en} {text.zh}" if text else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
