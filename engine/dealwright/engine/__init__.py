"""The pure decider: `prepare` a process, `decide` a command, `evolve` a deal. No clock, file or global.

Names are imported at first use: reading a deal needs none of the rules.
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwright.engine.context import Context
    from dealwright.engine.decider import decide
    from dealwright.engine.folding import blank, event_of, evolve, fold
    from dealwright.engine.program import Program, prepare
    from dealwright.engine.state import from_document, to_document
    from dealwright.engine.why import options

_HOME_OF = {
    "Context": "context", "Program": "program", "blank": "folding", "decide": "decider", "event_of": "folding",
    "evolve": "folding", "fold": "folding", "from_document": "state", "options": "why", "prepare": "program",
    "to_document": "state",
}  # fmt: skip

__all__ = [
    "Context", "Program", "blank", "decide", "event_of", "evolve", "fold", "from_document", "options", "prepare",
    "to_document",
]  # fmt: skip


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
