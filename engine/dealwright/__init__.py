"""dealwright: sales processes as YAML, every deal run through them, every refusal explained.

Every public name stands here and is imported when it is first used (PEP 562), so that a
command pays only for what it needs. `__init__.pyi` says the same to type checkers.
"""

from __future__ import annotations

from importlib import import_module as _import_module

_HOMES = {
    "dealwright.definition": ("Finding", "read_overlay", "read_process"),
    "dealwright.errors": (
        "ConflictError", "DealwrightError", "InvalidDefinitionError", "NotFoundError", "PluginError",
        "RefusedError", "StoreError", "UsageError",
    ),
    "dealwright.events": ("EVENT_TYPES", "Record"),
    "dealwright.hookspecs": (
        "CommandLine", "CriterionKind", "Function", "GateResult", "Judgement", "LintReport", "Proposal", "Score",
        "hookimpl",
    ),
    "dealwright.model.deal": ("Artifact", "Confirmation", "Deal", "Decided", "Fact", "FileRef", "Item", "Ref",
                              "Stakeholder"),
    "dealwright.model.duration": ("Duration",),
    "dealwright.model.layout": ("STAKEHOLDER_FIELDS", "Layout"),
    "dealwright.model.money": ("Money", "money"),
    "dealwright.model.people": ("Person", "Team"),
    "dealwright.model.process": ("ArtifactKind", "Criterion", "EventKind", "Field", "Overlay", "Process", "Role",
                                 "Stage"),
    "dealwright.model.text": ("Text",),
    "dealwright.plugins.overlay_only": ("overlay_plugin",),
    "dealwright.workspace": ("Workspace",),
    "dealwright.model.verdict": ("CriterionResult", "Explanation", "Fix", "Option", "Refusal", "Remedy"),
}  # fmt: skip

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605 - one table, not two lists to keep alike


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'dealwright' has no attribute {name!r}")
    value = getattr(_import_module(home), name)
    globals()[name] = value  # the next use costs a dict look-up
    return value


def __dir__() -> list[str]:
    return [*globals(), *(name for name in __all__ if name not in globals())]
