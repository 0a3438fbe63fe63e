"""The pure decider: `prepare` a process, `decide` a command, `evolve` a deal. No clock, file or global."""

from dealwright.engine.context import Context
from dealwright.engine.decide import decide
from dealwright.engine.evolve import blank, event_of, evolve, fold
from dealwright.engine.program import Program, prepare
from dealwright.engine.state import from_document, to_document
from dealwright.engine.why import options

__all__ = [
    "Context",
    "Program",
    "blank",
    "decide",
    "event_of",
    "evolve",
    "fold",
    "from_document",
    "options",
    "prepare",
    "to_document",
]
