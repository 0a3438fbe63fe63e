"""What methodologies say of a deal: questions worth asking, what they still want, flags, scores and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealwright.engine import Program, blank, event_of, evolve
from dealwright.engine.judge import judge
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.workspace import shapes
from dealwright.workspace.core import Ground
from dealwright.workspace.personal import told
from dealwright.workspace.placement import stage_prompts
from dealwright.workspace.scoring import fitting, flags_up, overlay_scores

if TYPE_CHECKING:
    from dealwright.hookspecs import Proposal

_SCORED_AT = frozenset({
    "opened", "advanced", "skipped", "won", "completed", "lost", "disqualified", "regressed", "reopened", "returned",
    "detoured", "transferred",
})  # fmt: skip


class Coaching(Ground):
    """What `deal coach` and `deal score` do."""

    def deal_coach(self, deal: str) -> dict[str, Any]:
        """The next best questions, what each methodology still wants from here on, and the flags that are up."""
        program, found = self.load(self.resolve(deal))
        body = {
            "v": 1, "deal": found.id, "title": found.title, "stage": found.stage, "version": found.version,
            "prompts": self.prompts(program, found), "wants": self._wants(program, found),
            "flags": self.flags(program, found),
            "proposals": [self._proposal(found, *one) for one in self.proposed(program, found)],
        }  # fmt: skip
        answer: dict[str, Any] = told(self.store, body)
        return answer

    def deal_score(self, deal: str) -> dict[str, Any]:
        """The scores with their reasons, and what each was at every move: the log is folded again and asked then."""
        program, found = self.load(self.resolve(deal))
        return {
            "v": 1, "deal": found.id, "title": found.title, "stage": found.stage,
            "scores": self.scores(program, found, self.moment(program, deal=found)), "history": self._history(found.id),
        }  # fmt: skip

    def scores(self, program: Program, deal: Deal, moment: Moment) -> list[dict[str, Any]]:
        """0 to 100 from each methodology that scores, on its own scale too, with reasons."""
        scored: list[dict[str, Any]] = [
            {
                "source": f"overlay:{one.overlay}", "score": one.value, "raw": one.raw, "max": one.most,
                "band": one.band.say(self.lang) if one.band else None,
                "reasons": [reason.say(self.lang) for reason in one.reasons],
            }
            for one in overlay_scores(program, deal, moment)
        ]  # fmt: skip
        names = [name.partition("==")[0] for name in program.process.plugins]
        if names:
            asked = self.library.plugins.without_off(names)
            scored += [
                {
                    "source": f"plugin:{name}", "score": score.value, "raw": score.value, "max": 100, "band": None,
                    "reasons": [reason.say(self.lang) for reason in score.reasons],
                }
                for name, score in self.library.plugins.scores(asked, deal, program.process, moment.now)
            ]  # fmt: skip
        return scored

    def prompts(self, program: Program, deal: Deal) -> list[dict[str, str]]:
        """Questions worth asking now: the stage's, then the methodologies'."""
        stage = program.stage(deal.stage)
        moment = self.moment(program, deal=deal)
        asked = [("process", prompt) for prompt in fitting(program, stage_prompts(program, deal), deal, moment)]
        for overlay in program.process.overlays:
            patch = overlay.phases.get(stage.phase)
            own = fitting(program, patch.prompts, deal, moment) if patch else []
            asked += [(f"overlay:{overlay.id}", prompt) for prompt in own]
        names = [name.partition("==")[0] for name in program.process.plugins]
        if names:
            found = self.library.plugins.prompts(self.library.plugins.without_off(names), deal, program.process, stage)
            asked += [(f"plugin:{name}", prompt) for name, prompt in found]
        return [{"source": source, "text": prompt.say(self.lang)} for source, prompt in asked]

    def flags(self, program: Program, deal: Deal) -> list[dict[str, Any]]:
        """The flags that are up; none once the deal has ended."""
        if deal.status not in ("open", "won"):
            return []
        return [
            {
                "source": f"overlay:{name}",
                "id": flag.id,
                "text": flag.title.say(self.lang),
                "advise": flag.advise or None,
            }
            for name, flag in flags_up(program, deal, self.moment(program, deal=deal))
        ]

    def proposed(self, program: Program, deal: Deal) -> tuple[tuple[str, Proposal], ...]:
        """What plugins of the process propose for a deal that is under way; nothing of it ever moves the deal."""
        names = [name.partition("==")[0] for name in program.process.plugins]
        if not names or deal.status not in ("open", "won"):
            return ()
        plugins = self.library.plugins
        return plugins.proposals(plugins.without_off(names), deal, program.process, self.now())

    def _proposal(self, deal: Deal, plugin: str, one: Proposal) -> dict[str, Any]:
        return {
            "source": f"plugin:{plugin}", "id": one.id, "score": one.score,
            "step": one.step.say(self.lang) if one.step else None, "reason": one.reason.say(self.lang),
            "command": shapes.spell(deal.id, one.command) if one.command else None,
        }  # fmt: skip

    def _wants(self, program: Program, deal: Deal) -> list[dict[str, Any]]:
        """What overlays and plugins still want, each with its phase, from the deal's own on, the nearest first."""
        if deal.status not in ("open", "won"):
            return []
        gated = self.context(program, self.ask_gates(program, deal), deal=deal)
        plain = self.context(program, deal=deal)
        here = program.layout.stage_at[deal.stage]
        wanted: dict[tuple[str, str], dict[str, Any]] = {}
        for phase in dict.fromkeys(stage.phase for stage in program.process.stages[here:]):
            # What plugins' gates say is of the next move alone.
            context = plain if wanted or phase != program.stage(deal.stage).phase else gated
            for result in judge(program, program.phase_plan(phase, here), deal, context):
                if result.status in ("unmet", "unknown"):
                    shape = {"phase": phase, **shapes.criterion_shape(deal.id, result, self.lang)}
                    wanted.setdefault((result.source, result.id), shape)
        return list(wanted.values())

    def _history(self, deal_id: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        deal: Deal | None = None
        for record in self.store.events(deal_id):
            program = self.program_of(record.definition_hash)
            deal = blank(program.layout) if deal is None else deal
            deal = evolve(deal, event_of(record), program.layout)
            if record.type in _SCORED_AT:
                place = {"at": shapes.when(record.at), "seq": record.seq, "type": record.type, "stage": deal.stage}
                then = self.scores(program, deal, self.moment(program, record.at))
                rows += [{**place, **{key: one[key] for key in ("source", "score", "raw", "max")}} for one in then]
        return rows
