"""Messages ready to send: a process's templates, filled with a deal's values for whoever reads them."""

from __future__ import annotations

from typing import Any

from dealwright.engine import Program
from dealwright.engine.result import did_you_mean
from dealwright.errors import NotFoundError
from dealwright.guards import Moment
from dealwright.model.deal import Deal, Ref
from dealwright.model.process import Template
from dealwright.model.text import Text
from dealwright.workspace.core import Ground


class Messages(Ground):
    """What `template list|show` do. Nothing of what they show is kept in the log."""

    def template_list(self, deal: str) -> dict[str, Any]:
        """Every template of the deal's process, and whether it fits the deal now, by its stages and its `if`."""
        program, found = self.load(self.resolve(deal))
        moment = self.moment(program, deal=found)
        rows = [
            {"id": one.id, "title": {"en": one.title.en, "zh": one.title.zh}, "channel": one.channel or None,
             "stages": list(one.stages), "fits": _fits(program, found, one, moment)}
            for one in program.process.templates
        ]  # fmt: skip
        return {"v": 1, "deal": found.id, "stage": found.stage, "templates": rows}

    def template_show(self, deal: str, template: str) -> dict[str, Any]:
        """One template filled in the reader's language. What is not known reads `____`; personal values are shown.

        Raises NotFoundError where the process has no such template.
        """
        program, found = self.load(self.resolve(deal))
        one = next((one for one in program.process.templates if one.id == template), None)
        if one is None:
            known = [each.id for each in program.process.templates]
            hint = did_you_mean(template, known)
            raise NotFoundError(
                f"there is no template {template}{hint.en}", f"没有模板 {template}{hint.zh}", template=template
            )
        moment = self.moment(program, deal=found)
        shown = {
            "id": one.id, "title": {"en": one.title.en, "zh": one.title.zh}, "channel": one.channel or None,
            "fits": _fits(program, found, one, moment),
            "subject": self._filled(program, found, one.subject, moment) if one.subject else None,
            "body": self._filled(program, found, one.body, moment),
        }  # fmt: skip
        return {"v": 1, "deal": found.id, **shown}

    def _filled(self, program: Program, deal: Deal, text: Text, moment: Moment) -> str:
        from dealwright.guards import compile_text  # only who reads a message pays for it

        def known(ref: Ref) -> str | None:
            value = self.store.personal([ref.ref]).get(ref.ref)
            return None if value is None else str(value)

        pattern = compile_text(text.say(self.lang), program.scope, personal=True)
        return pattern.fill(deal, _fresh(program, deal), moment, self.lang, known)


def _fits(program: Program, deal: Deal, template: Template, moment: Moment) -> bool:
    if template.stages and deal.stage not in template.stages:
        return False
    if not template.condition:
        return True
    return program.guard(template.condition).status(deal, _fresh(program, deal), moment) == "met"


def _fresh(program: Program, deal: Deal) -> int:
    return deal.fresh_from(program.layout.stage_at[deal.stage])
