"""Deals asked: why they may not move, what happened to them, whether their log is whole."""

from __future__ import annotations

from typing import Any

from dealwright.engine import Program
from dealwright.engine.result import did_you_mean
from dealwright.engine.why import options
from dealwright.errors import UsageError
from dealwright.events import EVENT_TYPES
from dealwright.model.text import Text
from dealwright.model.verdict import Option
from dealwright.workspace import shapes
from dealwright.workspace.coaching import Coaching
from dealwright.workspace.naming import check_word
from dealwright.workspace.past import agrees
from dealwright.workspace.personal import told


class Asking(Coaching):
    """What `deal why`, `deal history` and `deal verify` do."""

    def deal_why(self, deal: str, to: str | None = None) -> dict[str, Any]:
        """Every way on and what it still needs; what methodologies ask and how they score."""
        program, found = self.load(self.resolve(deal))
        context = self.context(program, self.ask_gates(program, found), deal=found)
        ways = [o for o in options(program, found, context) if to is None or to == o.to]
        if to is not None:
            _known_target(program, to)
        body = {
            "v": 1, "deal": found.id, "title": found.title, "stage": found.stage, "status": found.status,
            "version": found.version, "transitions": [shapes.option_shape(found.id, o, self.lang) for o in ways],
            "prompts": self.prompts(program, found), "scores": self.scores(program, found, context.moment),
            "flags": self.flags(program, found), "warnings": _warned(ways, self.lang),
        }  # fmt: skip
        answer: dict[str, Any] = told(self.store, body)
        return answer

    def deal_history(
        self,
        deal: str,
        *,
        type: str | None = None,  # noqa: A002  # the option's name
        since: str | None = None,
        until: str | None = None,
    ) -> dict[str, Any]:
        """The deal's log. `until` is exclusive; a bare date means the end of that day."""
        deal_id = self.resolve(deal)
        check_word("--type", type, EVENT_TYPES)
        records = self.store.events(
            deal_id, types=(type,) if type else (),
            since=self.instant(since) if since else None, until=self.instant(until, end=True) if until else None,
        )  # fmt: skip
        return {"v": 1, "deal": deal_id, "events": told(self.store, [shapes.event_shape(r) for r in records])}

    def deal_verify(self, deal: str) -> dict[str, Any]:
        """Check one deal's rows and chain, and that its state is what its log adds up to; `ok` is false otherwise."""
        deal_id = self.resolve(deal)
        seen = self.store.verify(deal_id)
        problems = [{"seq": p.seq, "code": p.code, "message": p.say(self.lang)} for p in seen.problems]
        head = None
        if not problems:
            last = list(self.store.events(deal_id))[-1]
            head = last.hash
            if not agrees(self.store, deal_id, self.program_of):
                said = Text("the deal's state is not what its log adds up to", "项目状态与其日志不符")
                problems.append({"seq": last.seq, "code": "state-differs", "message": said.say(self.lang)})
        return {"v": 1, "deal": deal_id, "ok": not problems, "events": seen.events, "head": head, "problems": problems}


def _known_target(program: Program, to: str) -> None:
    known = [*program.layout.stage_at, *program.process.outcomes]
    if to not in known:
        hint = did_you_mean(to, known)
        raise UsageError(f"there is no stage or outcome {to}{hint.en}", f"没有名为 {to} 的阶段或结果{hint.zh}", to=to)


def _warned(ways: list[Option], lang: str) -> list[str]:
    """What would not stop a move but ought to be seen."""
    seen = dict.fromkeys(
        f"{r.source} {r.id}: {r.text.say(lang)}"
        for way in ways
        for r in way.criteria
        if r.severity == "warn" and r.status in ("unmet", "unknown")
    )
    return list(seen)
