"""Criteria of kinds that plugins add: what they said before the decision."""

from __future__ import annotations

from dealwright.engine.context import Context
from dealwright.engine.program import Asked
from dealwright.errors import PluginError
from dealwright.model.text import Text
from dealwright.model.verdict import Evidence, Explanation


def explain(asked: Asked, context: Context) -> tuple[Explanation, Evidence]:
    """How the criterion stands, and on whose word.

    Unknown where its plugin is absent, failed, or was not asked of this deal.
    """
    said = context.judged.get(asked)
    wanted = Text(f"the plugin's criterion {asked.kind} holds", f"插件条件 {asked.kind} 成立")
    if said is None:
        return Explanation("unknown", wanted), "seller"
    if isinstance(said, PluginError):
        return Explanation("unknown", Text(f"{wanted.en}; {said.en}", f"{wanted.zh}；{said.zh}")), "seller"
    return Explanation(said.status, said.expected, said.found, said.remedies), said.evidence
