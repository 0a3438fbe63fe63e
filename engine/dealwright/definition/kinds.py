"""Criteria of kinds that plugins add: that there is such a kind, and that its parameters fit its schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dealwright.definition.contexts import all_criteria
from dealwright.definition.nodes import Map, Scalar
from dealwright.definition.schema import shape_of
from dealwright.definition.shapes import Walk
from dealwright.hookspecs import CriterionKind
from dealwright.model.process import Overlay, PhasePatch, Process, Stage


def check_kinds(root: Map, walk: Walk, kinds: Mapping[str, CriterionKind]) -> None:
    """Take all findings of criteria with `use`."""
    for criterion in all_criteria(root):
        use = criterion.get("use")
        if not isinstance(use, Scalar):
            continue
        kind = kinds.get(use.text)
        if kind is None:
            walk.wrong(
                "unknown-criterion-kind", use, f"No allowed plugin adds a kind of criterion `{use.text}`",
                f"获准的插件均未提供条件类型 `{use.text}`", walk.suggest(use.text, kinds),
            )  # fmt: skip
        else:
            _check_given(criterion, use, kind, walk)


def _check_given(criterion: Map, use: Scalar, kind: CriterionKind, walk: Walk) -> None:
    given = criterion.get("with")
    if given is not None:
        shape_of(kind.schema).check(given, walk)
        return
    lacking = list(kind.schema.get("required", ()))
    if lacking:
        walk.wrong(
            "missing-key", use, f"`{use.text}` needs `with` and in it {', '.join(f'`{one}`' for one in lacking)}",
            f"`{use.text}` 须有 `with`，其中应有 {'、'.join(f'`{one}`' for one in lacking)}",
        )  # fmt: skip


def kinds_used(process: Process, overlays: Sequence[Overlay]) -> list[str]:
    """The kinds of criterion that a process and the overlays on it use, each once."""
    holders: list[Stage | PhasePatch] = [
        *process.stages,
        *(patch for overlay in overlays for patch in overlay.phases.values()),
    ]
    waiting = [
        *process.exit_criteria,
        *(one for held in holders for one in (*held.entry_criteria, *held.exit_criteria)),
    ]
    found: dict[str, None] = {}
    while waiting:
        one = waiting.pop(0)
        waiting += one.of
        if one.use:
            found[one.use] = None
    return list(found)


def unreadable(schema: dict[str, Any]) -> str | None:
    """Why a kind's schema cannot be checked against, or None where it can."""
    try:
        shape_of(schema)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return " ".join(str(error).split())[:200]
    return None
