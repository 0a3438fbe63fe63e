"""Something that happens by itself at an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from dealwright.engine.context import Context
from dealwright.events import Event
from dealwright.model.deal import Deal


class Deadline(Struct, frozen=True):
    """What is due `at` an instant. `id` names it among the deal's deadlines, and orders those of one instant.

    `happen(deal, context)` gives the events, which must take the deadline off the list; they
    carry the present moment, never the one at which they were due. Raises what a decision raises.
    """

    at: datetime
    id: str
    happen: Callable[[Deal, Context], tuple[Event, ...]]
