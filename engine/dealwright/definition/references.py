"""Whether what a file names is declared. The schema says of each text what it names, so none is forgotten."""

from __future__ import annotations

from collections.abc import Collection

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.naming import Names
from dealwright.definition.nodes import Map, Scalar
from dealwright.definition.parts import approval_id
from dealwright.model.process import BUYER, RESPONSIBLE
from dealwright.model.text import Text

_WORDS = {
    "role": ("role", "角色"),
    "artifact": ("artifact", "阶段资料"),
    "stage": ("stage", "阶段"),
    "outcome": ("stage or outcome", "阶段或结局"),
    "methodology": ("methodology", "销售方法论"),
}


def check_references(draft: Draft) -> None:
    """Every role, artifact, stage, outcome, reason, approval and methodology that is named."""
    stages = {stage.id for stage in draft.process.stages}
    artifacts = {artifact.id for artifact in draft.process.artifacts}
    outcomes = set(draft.process.outcomes)
    names = Names(draft)
    for kind, node in draft.walk.named:
        if draft.findings.full:
            return
        match kind:
            case "role" | "actor":
                _role(draft, node, kind)
            case "artifact":
                _declared(draft, "artifact", node, artifacts)
            case "stage":
                _declared(draft, "stage", node, stages)
            case "target":
                _target(draft, node, stages, outcomes)
            case _:
                names.check(kind, node)
    _unreadable(draft)
    _branch_reasons(draft)
    _approvals_after(draft)
    _methodologies(draft)


def _declared(draft: Draft, kind: str, node: Scalar, declared: Collection[str]) -> None:
    section = {"role": "roles", "artifact": "artifacts", "stage": "stages", "outcome": "stages"}.get(kind, kind)
    if node.text in declared or node.text in draft.walk.dropped or section in draft.walk.dropped:
        return
    en, zh = _WORDS[kind]
    name = shown(node.text)
    draft.walk.wrong(
        f"undeclared-{kind}", node, f"There is no {en} `{name}`", f"没有名为 `{name}` 的{zh}",
        draft.walk.suggest(node.text, declared),
    )  # fmt: skip


def _role(draft: Draft, node: Scalar, kind: str) -> None:
    if kind == "actor" and node.text == BUYER:
        return
    if draft.is_overlay:
        if node.text != RESPONSIBLE:
            draft.walk.wrong(
                "undeclared-role", node, f"An overlay names no company role such as `{shown(node.text)}`",
                f"方法论不能指定公司角色 `{shown(node.text)}`", Text("write responsible", "请写 responsible"),
            )  # fmt: skip
        return
    if node.text == BUYER:
        draft.walk.wrong(
            "undeclared-role", node, "`buyer` may act in events and confirmations only",
            "`buyer` 只能用于事件和确认",
        )  # fmt: skip
        return
    if "roles" in draft.root.values:
        _declared(draft, "role", node, draft.process.roles)


def _target(draft: Draft, node: Scalar, stages: set[str], outcomes: set[str]) -> None:
    if node.text in stages or node.text in outcomes or node.text in draft.walk.dropped:
        return
    hint = draft.walk.suggest(node.text, stages | outcomes)
    meant = hint.en.removeprefix("did you mean ").removesuffix("?") if hint else ""
    code = "undeclared-outcome" if meant in outcomes else "undeclared-stage"
    name = shown(node.text)
    draft.walk.wrong(code, node, f"There is no stage or outcome `{name}`", f"没有名为 `{name}` 的阶段或结局", hint)


def _unreadable(draft: Draft) -> None:
    """Fields that link to a record of a type that is not known: what is read of it cannot be judged."""
    known = draft.records
    draft.walk.dropped.update(
        f.id for f in draft.process.fields if f.type == "record" and (known is None or f.record not in known)
    )


def _branch_reasons(draft: Draft) -> None:
    for _, stage in draft.stages():
        decision = stage.get("decision")
        for branch in v.maps(decision.get("branches")) if isinstance(decision, Map) else []:
            reason = branch.get("reason")
            outcome = draft.process.outcomes.get(v.word(branch.get("to")))
            if not isinstance(reason, Scalar) or outcome is None or reason.text in outcome.reasons:
                continue
            name = shown(reason.text)
            draft.walk.wrong(
                "undeclared-reason", reason, f"`{name}` is no reason of the outcome `{outcome.id}`",
                f"结局 `{outcome.id}` 没有原因 `{name}`", draft.walk.suggest(reason.text, list(outcome.reasons)),
            )  # fmt: skip


def _approvals_after(draft: Draft) -> None:
    for approvals in draft.approval_lists():
        names = [approval_id(node) for node in approvals]
        for node in approvals:
            after = node.get("after")
            if isinstance(after, Scalar) and after.text not in names:
                name = shown(after.text)
                draft.walk.wrong(
                    "undeclared-approval", after, f"There is no approval `{name}` in this list",
                    f"此列表中没有审批 `{name}`", draft.walk.suggest(after.text, names),
                )  # fmt: skip


def _methodologies(draft: Draft) -> None:
    if draft.known is None or draft.is_overlay:
        return
    for node in v.scalars(draft.root.get("methodologies")):
        if node.text not in draft.known:
            name = shown(node.text)
            draft.walk.wrong(
                "undeclared-methodology", node, f"No methodology `{name}` is at hand", f"找不到销售方法论 `{name}`",
                draft.walk.suggest(node.text, draft.known.keys())
                or Text("allow its plugin in dealwright.yaml", "请在 dealwright.yaml 中允许相应插件"),
            )  # fmt: skip
