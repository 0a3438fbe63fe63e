"""What a decision may know besides the deal: who acts, when, the team, what plugins said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dealwright.errors import PluginError
from dealwright.guards.moment import Moment
from dealwright.hookspecs import GateResult, Judgement
from dealwright.model.facts import Facts
from dealwright.model.people import SYSTEM, Team


class Heard(tuple[tuple[str, GateResult], ...]):
    """What plugins' gates said, as (plugin, result); `judged` what their kinds of criterion did, by the question."""

    judged: Mapping[tuple[str, bytes], Judgement | PluginError]

    @classmethod
    def of(
        cls, gates: Iterable[tuple[str, GateResult]], judged: Mapping[tuple[str, bytes], Judgement | PluginError]
    ) -> Heard:
        """Both together."""
        made = cls(gates)
        made.judged = judged
        return made


class Context:
    """The circumstances of one command.

    `roles` are those the actor may act as; `gates` the (plugin, result) pairs
    gathered for this deal before the write.
    """

    __slots__ = ("actor", "gates", "judged", "moment", "roles", "team")

    def __init__(
        self,
        actor: str,
        roles: tuple[str, ...],
        moment: Moment,
        team: Team,
        gates: tuple[tuple[str, GateResult], ...] = (),
    ) -> None:
        self.actor = actor
        self.roles = frozenset(roles)
        self.moment = moment
        self.team = team
        self.gates = gates
        self.judged: Mapping[tuple[str, bytes], Judgement | PluginError] = (
            gates.judged if isinstance(gates, Heard) else {}
        )

    @property
    def now(self) -> datetime:
        """The instant that the command's events carry."""
        return self.moment.now

    @property
    def facts(self) -> Facts:
        """What is known of other deals and records."""
        return self.moment.facts

    def by_itself(self, *, gated: bool = False) -> Context:
        """The same circumstances for what nobody does; `gated` keeps the plugins' answers."""
        return Context(SYSTEM, (), self.moment, self.team, self.gates if gated else ())

    def role_among(self, roles: tuple[str, ...]) -> str | None:
        """The first of `roles` that the actor holds."""
        held = self.roles
        for role in roles:
            if role in held:
                return role
        return None
