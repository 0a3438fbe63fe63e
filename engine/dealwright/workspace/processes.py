"""Processes: listing and showing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from dealwright.errors import DealwrightError, NotFoundError
from dealwright.model.layout import Layout
from dealwright.model.process import Criterion, Field, Process, Stage
from dealwright.model.text import Text
from dealwright.workspace.core import Ground


class Processes(Ground):
    """What `process list` and `process show` do."""

    def process_list(self) -> dict[str, Any]:
        """Every process that a deal could be opened in, and whence it comes."""
        names = dict.fromkeys((*self.library.files(), *(d["id"] for d in self.store.definitions() if d["published"])))
        rows = []
        for name in sorted(names):
            try:
                source = self.library.source(name, self.store)
                resolved = self.library.resolve(source.process)
            except DealwrightError as error:
                # One broken file must not hide the others.
                rows.append({"id": name, "version": None, "source_hash": None, "definition_hash": None, "title": None,
                             "type": None, "stages": [], "methodologies": [], "source": "broken",
                             "error": error.say(self.lang)})  # fmt: skip
                continue
            rows.append({
                "id": resolved.id, "version": resolved.version, "source_hash": resolved.source_hash,
                "definition_hash": resolved.definition_hash, "title": both(resolved.title), "type": resolved.type,
                "stages": [stage.id for stage in resolved.stages], "methodologies": list(resolved.methodologies),
                "source": source.source, "error": None,
            })  # fmt: skip
        return {"v": 1, "processes": rows}

    def process_show(self, process: str, definition_hash: str | None = None) -> dict[str, Any]:
        """A process resolved: `ID`, `ID@VERSION` of a published one, or exactly the definition with a hash."""
        if definition_hash:
            return {"v": 1, "process": process_shape(self.library.program_of(definition_hash, self.store).process)}
        name, _, version = process.partition("@")
        if version:
            kept = [d for d in self.store.definitions() if d["id"] == name and d["version"] == version]
            if not kept:
                raise NotFoundError(
                    f"{name} has no version {version} here", f"{name} 没有版本 {version}", process=process
                )
            return {
                "v": 1,
                "process": process_shape(self.library.program_of(kept[-1]["definition_hash"], self.store).process),
            }
        return {"v": 1, "process": process_shape(self.library.resolve(self.library.source(name, self.store).process))}


def both(text: Text | None) -> dict[str, str] | None:
    """A title as JSON."""
    return None if text is None else {"en": text.en, "zh": text.zh}


def process_shape(process: Process) -> dict[str, Any]:
    """A process for people and scripts."""
    return {
        "id": process.id, "version": process.version, "definition_hash": process.definition_hash,
        "source_hash": process.source_hash, "title": both(process.title), "description": both(process.description),
        "noun": both(process.noun), "type": process.type, "currency": process.currency,
        "roles": [{"id": r.id, "title": both(r.title), "external": r.external} for r in process.roles.values()],
        "fields": _fields(Layout(process).fields),
        "artifacts": [
            {"id": a.id, "by": list(a.by), "title": both(a.title), "kind": a.kind, "file": a.file or None,
             "many": a.many, "fields": _fields(a.fields), "approvals": msgspec.to_builtins(a.approvals)}
            for a in process.artifacts
        ],
        "events": [
            {"id": e.id, "by": list(e.by), "title": both(e.title), "fields": _fields(e.fields),
             "proof": e.proof or None}
            for e in process.events
        ],
        "automations": [{"id": one.id, "title": both(one.title)} for one in process.every_automation],
        "tasks": [
            {"id": t.id, "title": both(t.title), "by": list(t.by), "due": str(t.due) if t.due else None,
             "optional": t.optional, "after": list(t.after)}
            for t in process.tasks
        ],
        "stages": [_stage(stage) for stage in process.stages],
        "outcomes": [
            {"id": o.id, "status": o.status, "title": both(o.title), "from": list(o.stages)}
            for o in process.outcomes.values()
        ],
        "reasons": [
            {"id": reason, "outcome": o.id, "status": o.status, "title": both(title)}
            for o in process.outcomes.values() for reason, title in o.reasons.items()
        ],
        "methodologies": list(process.methodologies), "plugins": list(process.plugins),
    }  # fmt: skip


def _fields(fields: Iterable[Field]) -> list[dict[str, Any]]:
    return [
        {"id": f.id, "type": f.type, "title": both(f.title),
         "values": {k: both(t) for k, t in f.values.items()} or None,
         "of": _fields(f.of) or None, "required": f.required,
         "min": f.min, "max": f.max, "at_least": f.at_least or None, "by": list(f.by), "personal": f.personal,
         "source": f.source}
        for f in fields
    ]  # fmt: skip


def _stage(stage: Stage) -> dict[str, Any]:
    decision = stage.decision
    return {
        "id": stage.id, "title": both(stage.title), "phase": stage.phase, "responsible": list(stage.responsible),
        "probability": stage.probability, "sla": str(stage.sla) if stage.sla else None,
        "stall": str(stage.stall) if stage.stall else None, "follow_up": [str(step) for step in stage.follow_up],
        "requires": [r.artifact for r in stage.requires], "wins": stage.wins,
        "entry_criteria": _criteria(stage.entry_criteria), "exit_criteria": _criteria(stage.exit_criteria),
        "decision": {"ask": both(decision.ask), "branches": [
            {"id": b.id, "title": both(b.title), "if": b.condition or None, "to": b.to} for b in decision.branches
        ]} if decision else None,
        "skip_to": {to: list(roles) for to, roles in stage.skip_to.items()},
        "back_to": None if stage.back_to is None else list(stage.back_to),
        "prompts": [both(prompt) for prompt in stage.prompts],
        "if": stage.condition or None, "detour": list(stage.detour), "auto": stage.auto, "locked": stage.locked,
        "goal": both(stage.goal), "guidance": both(stage.guidance), "forecast": stage.forecast or None,
        "tasks": [{"task": t.task, "if": t.condition or None} for t in stage.tasks],
        "variants": [{"id": v.id, "title": both(v.title), "share": v.share} for v in stage.variants],
        "buyer": {"stage": stage.buyer.stage, "expects": {who: both(t) for who, t in stage.buyer.expects.items()}}
        if stage.buyer else None,
    }  # fmt: skip


def _criteria(criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    return [
        {"id": c.id, "condition": c.condition, "severity": c.severity, "title": both(c.title), "unmet": both(c.unmet),
         "waivable_by": list(c.waivable_by)}
        for c in criteria
    ]  # fmt: skip
