"""A command on its way to the log, and what it did there."""

from __future__ import annotations

from typing import Any, NamedTuple

from dealwright.engine import Context, Program
from dealwright.engine.commands import Command
from dealwright.events import Record
from dealwright.model.deal import Deal
from dealwright.workspace.personal import Vault
from dealwright.workspace.reading import Reader


class Written(NamedTuple):
    """What a command did: the deal after it, the records, and the personal values still only in memory (dry run).

    `others` are the records of deals that were opened with it.
    """

    program: Program
    before: Deal
    deal: Deal
    records: tuple[Record, ...]
    secrets: dict[str, Any]
    others: tuple[Record, ...] = ()


class Attempt(NamedTuple):
    """A command as it was read for one version of the deal; `reader` None where nobody typed it."""

    command: Command
    context: Context
    reader: Reader | None
    vault: Vault
