"""Scores that an overlay declares as data, on the scale that it gives them; and the flags that are up."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from dealwright.engine import Program
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.model.process import Flag, Overlay, Scale
from dealwright.model.text import Prompt, Text


class Scored(NamedTuple):
    """An overlay's score: 0 to 100, as `raw` of `most` on its own scale with the band's title, a reason a part."""

    overlay: str
    value: float
    raw: float
    most: float
    band: Text | None
    reasons: tuple[Text, ...]


def overlay_scores(program: Program, deal: Deal, moment: Moment) -> list[Scored]:
    """The score of each overlay that declares one.

    A condition counts 0 or 1, a number is cut to 0..1; what is unknown counts nothing and says so.
    """
    return [_scored(program, overlay, deal, moment) for overlay in program.process.overlays if overlay.score]


def _scored(program: Program, overlay: Overlay, deal: Deal, moment: Moment) -> Scored:
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    scale = overlay.scale
    shares, reasons = [], []
    for part in overlay.score:
        value = program.guard(part.value, "value").value(deal, fresh, moment)
        share = 0.0 if value is None else min(1.0, max(0.0, float(value)))
        shares.append(share)
        most = part.points if scale.combine == "sum" else 1
        unknown, unknown_zh = (" (not known yet)", "（尚不清楚）") if value is None else ("", "")
        gained = round(most * share, 2) + 0.0  # never -0, of a part that takes points away
        reasons.append(
            Text(f"{part.title.en}: {gained:g} of {most:g}{unknown}",
                 f"{part.title.zh}：{gained:g}/{most:g}{unknown_zh}")
        )  # fmt: skip
    whole = _whole(overlay, shares)
    raw = round(whole * scale.max, 2)
    return Scored(overlay.id, round(100 * whole, 2), raw, scale.max, _band(scale, raw), tuple(reasons))


def _whole(overlay: Overlay, shares: Sequence[float]) -> float:
    """What the parts come to, 0 to 1."""
    match overlay.scale.combine:
        case "product":
            return prod(shares)
        case "geometric_mean":
            return float(prod(shares) ** (1 / len(shares)))
    points = sum(part.points * share for part, share in zip(overlay.score, shares, strict=True))
    return min(1.0, max(0.0, points / overlay.scale.max))


def _band(scale: Scale, raw: float) -> Text | None:
    reached = [band for band in scale.bands if raw >= band.least]
    return max(reached, key=lambda band: band.least).title if reached else None


def flags_up(program: Program, deal: Deal, moment: Moment) -> list[tuple[str, Flag]]:
    """(overlay, flag) of each flag whose condition holds where the deal stands."""
    stage = program.stage(deal.stage)
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    return [
        (overlay.id, flag)
        for overlay in program.process.overlays
        for flag in overlay.flags
        if (not flag.phases or stage.phase in flag.phases)
        and program.guard(flag.condition).status(deal, fresh, moment) == "met"
    ]


def fitting(program: Program, prompts: Sequence[Text], deal: Deal, moment: Moment) -> list[Text]:
    """Those of `prompts` whose condition is not plainly unmet."""
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    return [
        prompt
        for prompt in prompts
        if not isinstance(prompt, Prompt)
        or not prompt.condition
        or program.guard(prompt.condition).status(deal, fresh, moment) != "unmet"
    ]
