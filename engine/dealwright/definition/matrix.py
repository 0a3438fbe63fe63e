"""How methodologies go together, phase by phase: which may not meet, which one leads, and what the other keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from dealwright.model.process import Attachment, Flag, Overlay, PhasePatch, Process, Relation
from dealwright.model.text import Text

Clash = tuple[Overlay, tuple[str, Text]]
"""The later of two overlays; a finding code and what it says."""


def attached(process: Process, overlays: Sequence[Overlay]) -> tuple[Overlay, ...]:
    """The overlays as they attach to this process.

    Each keeps the phases that the process gives it. Where another one that it is in tension
    with leads, it keeps its prompts and flags, and asks nothing.
    """
    placed = [_placed(overlay, process.attachments.get(overlay.id)) for overlay in overlays]
    return tuple(_led(overlay, placed, process.attachments) for overlay in placed)


def clashes(process: Process, overlays: Sequence[Overlay]) -> Iterator[Clash]:
    """What speaks against each pair, in every phase where both attach."""
    placed = [_placed(overlay, process.attachments.get(overlay.id)) for overlay in overlays]
    for at, overlay in enumerate(placed):
        for other in placed[:at]:
            relation = relation_of(overlay, other)
            if overlay.id in other.conflicts or other.id in overlay.conflicts:
                said = Text(
                    f"`{overlay.id}` does not go with `{other.id}`", f"`{overlay.id}` 与 `{other.id}` 不能同时使用"
                )
                yield overlays[at], ("conflicting-methodologies", said)
            elif relation is not None:
                for phase in _meeting(overlay, other, relation):
                    found = _clash(overlay, other, relation, phase, process.attachments)
                    if found is not None:
                        yield overlays[at], found


def relation_of(one: Overlay, other: Overlay) -> Relation | None:
    """What either says of the other; None where nobody says anything."""
    return one.relations.get(other.id) or other.relations.get(one.id)


def _placed(overlay: Overlay, attachment: Attachment | None) -> Overlay:
    if attachment is None or not attachment.phases:
        return overlay
    kept = attachment.phases
    phases = {phase: patch for phase, patch in overlay.phases.items() if phase in kept}
    flags = [replace(flag, phases=_within(flag, kept)) for flag in overlay.flags]
    return replace(overlay, phases=phases, flags=tuple(flag for flag in flags if flag.phases))


def _within(flag: Flag, kept: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phase for phase in kept if not flag.phases or phase in flag.phases)


def _led(overlay: Overlay, placed: Sequence[Overlay], attachments: Mapping[str, Attachment]) -> Overlay:
    phases = {
        phase: PhasePatch(prompts=patch.prompts) if _follows(overlay, phase, placed, attachments) else patch
        for phase, patch in overlay.phases.items()
    }
    return overlay if phases == overlay.phases else replace(overlay, phases=phases)


def _follows(overlay: Overlay, phase: str, placed: Sequence[Overlay], attachments: Mapping[str, Attachment]) -> bool:
    """Whether one that it is in tension with leads in this phase."""
    if phase in attachments.get(overlay.id, Attachment()).primary:
        return False
    leading = [o for o in placed if o.id != overlay.id and phase in attachments.get(o.id, Attachment()).primary]
    relations = [(other, relation_of(overlay, other)) for other in leading]
    return any(r is not None and r.kind == "tension" and phase in _meeting(overlay, o, r) for o, r in relations)


def _meeting(one: Overlay, other: Overlay, relation: Relation) -> list[str]:
    """The phases where both attach and the relation counts."""
    return [p for p in one.phases if p in other.phases and (not relation.phases or p in relation.phases)]


def _clash(
    overlay: Overlay, other: Overlay, relation: Relation, phase: str, attachments: Mapping[str, Attachment]
) -> tuple[str, Text] | None:
    note = relation.note
    pair = f"`{overlay.id}`"
    if relation.kind == "conflict":
        return "conflicting-methodologies", Text(
            f"{pair} and `{other.id}` may not both attach to the phase {phase}: {note.en}",
            f"{pair} 与 `{other.id}` 不能同时附着于阶段类别 {phase}：{note.zh}",
        )
    if relation.kind == "tension":
        leading = [o.id for o in (overlay, other) if phase in attachments.get(o.id, Attachment()).primary]
        if len(leading) == 1:
            return None
        both = bool(leading)
        return "methodology-tension", Text(
            f"{pair} and `{other.id}` {'both lead' if both else 'pull apart'} in the phase {phase}: {note.en}",
            f"{pair} 与 `{other.id}` 在阶段类别 {phase} {'都为主' if both else '存在张力'}：{note.zh}",
        )
    return "methodology-overlap", Text(
        f"{pair} and `{other.id}` overlap in the phase {phase}: {note.en}",
        f"{pair} 与 `{other.id}` 在阶段类别 {phase} 有重叠：{note.zh}",
    )
