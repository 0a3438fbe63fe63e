"""Time limits held against each other: none may end before what it is to warn of, or outlive its process."""

from __future__ import annotations

from dealwright.model.duration import Duration


def days(duration: Duration) -> float:
    """A duration in days; months count 30, as the stall limit counts them."""
    return duration.months * 30 + duration.days + duration.seconds / 86_400
