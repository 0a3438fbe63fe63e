"""Answers with reasons: what a criterion found, what it expected, and who can put it right."""

from typing import Any, Literal

from msgspec import Struct

from dealwright.model.text import Text

Status = Literal["met", "unmet", "unknown", "waived"]
Evidence = Literal["buyer", "seller", "document", "approval"]
Cause = Literal["criteria", "role", "transition", "status"]


class Remedy(Struct, frozen=True):
    """One command that would help, without its deal: `Remedy("deal set", ("--set", "fit=yes"), ("sales_rep",))`.

    `args` follow the deal's id on the command line (`record set` has the record's id for
    its first, and no deal's); a part still to be filled reads `<name:type>`. `roles` are
    those that may run it; empty means the stage's responsible roles.
    """

    verb: str
    args: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Explanation(Struct, frozen=True):
    """What a guard says of a deal: the four-valued status, in words what it wants, and what there is.

    `found` is plain JSON data; `remedies` run in order and, filled fittingly, lead to `met`.
    """

    status: Status
    expected: Text
    found: Any = None
    remedies: tuple[Remedy, ...] = ()


class Fix(Struct, frozen=True):
    """Who can put it right, and how: roles, the people of the team who hold them, the remedies in order."""

    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


class CriterionResult(Struct, frozen=True):
    """One criterion on one deal. `source` is `process`, `overlay:NAME` or `plugin:NAME`."""

    id: str
    source: str
    evidence: Evidence
    severity: Literal["block", "warn"]
    status: Status
    text: Text
    expected: Text
    found: Any
    fix: Fix

    @property
    def blocks(self) -> bool:
        """True where this criterion alone keeps the deal from moving."""
        return self.severity == "block" and self.status in ("unmet", "unknown")


class Refusal(Struct, frozen=True):
    """Why a command may not happen. `criteria` lists every unmet one; `message` says it in a sentence.

    `kind` is the transition kind (or the command's name), `to` the stage or outcome it
    was aimed at, `roles` those that may do it where the cause is `role`.
    """

    cause: Cause
    kind: str
    to: str | None
    message: Text
    criteria: tuple[CriterionResult, ...] = ()
    roles: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """A transition that a deal could take, with all its criteria, met ones too."""

    kind: str
    to: str | None
    branch: str | None
    allowed: bool
    actor_may: bool
    roles: tuple[str, ...]
    criteria: tuple[CriterionResult, ...]
