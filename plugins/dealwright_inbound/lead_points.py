"""The lead score: how well somebody fits, and what they did lately, which counts for less the longer they are idle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dealwright import Item

POINTS = {"visit": 2, "subscription": 5, "download": 10, "webinar": 15, "prices": 20, "trial": 25}
MOST_FOR_BEHAVIOUR = 50
HALVED_EVERY = 30  # days without a touch


def lead_points(fit: float, touches: Sequence[Item], today: date) -> float:
    """0 to 100: fit (0 to 50) plus points for what they did (50 at most), halved for each full 30 idle days.

    Idle since the latest dated touch; where none has a date, nothing is known to have gone
    idle and nothing is halved. A touch dated later than `today` counts as of today.
    """
    kinds = [value for touch in touches for value in touch.values if isinstance(value, str) and value in POINTS]
    days = [value for touch in touches for value in touch.values if isinstance(value, date)]
    behaviour = min(MOST_FOR_BEHAVIOUR, sum(POINTS[kind] for kind in kinds))
    idle = max(0, (today - max(days)).days) if days else 0
    return round((fit + behaviour) / float(2 ** (idle // HALVED_EVERY)), 2)
