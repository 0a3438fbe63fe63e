"""Scores that an overlay declares as data."""

from __future__ import annotations

from dealwright.engine import Program
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.model.text import Text


def overlay_scores(program: Program, deal: Deal, moment: Moment) -> list[tuple[str, float, tuple[Text, ...]]]:
    """(overlay, 0..100, a reason a part) of each overlay that declares a score.

    A condition counts 0 or 1, a number is cut to 0..1; what is unknown counts nothing and says so.
    """
    scored = []
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    for overlay in program.process.overlays:
        if not overlay.score:
            continue
        total = 0.0
        reasons = []
        for part in overlay.score:
            value = program.guard(part.value, "value").value(deal, fresh, moment)
            share = 0.0 if value is None else min(1.0, max(0.0, float(value)))
            gained = part.points * share
            total += gained
            unknown, unknown_zh = (" (not known yet)", "（尚不清楚）") if value is None else ("", "")
            reasons.append(
                Text(f"{part.title.en}: {gained:g} of {part.points:g}{unknown}",
                     f"{part.title.zh}：{gained:g}/{part.points:g}{unknown_zh}")
            )  # fmt: skip
        scored.append((overlay.id, min(100.0, max(0.0, total)), tuple(reasons)))
    return scored
