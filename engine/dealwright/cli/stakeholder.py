"""`stakeholder add | set | list`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, WRITE, argument, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page
from dealwright.model.process import Field

_NOTE = (
    "Fields: name title dept role influence attitude preferred_channel email phone last_contact plan.",
    "字段：name title dept role influence attitude preferred_channel email phone last_contact plan。",
)


@verb(DEAL, *FORM, *WRITE, note=_NOTE)
def add(
    call: Call, *, deal: str, set_: tuple[str, ...], data: str | None, dry_run: bool, if_version: int | None
) -> None:
    """Add a stakeholder."""
    filled = form(set_, data)
    result = call.workspace().stakeholder_add(deal, filled.texts, filled.data, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL, argument("stakeholder"), *FORM, *WRITE, note=_NOTE)
def set_(
    call: Call, *, deal: str, stakeholder: str, set_: tuple[str, ...], data: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Change a stakeholder."""
    filled = form(set_, data)
    result = call.workspace().stakeholder_set(
        deal, stakeholder, filled.texts, filled.data, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List stakeholders."""
    call.show(call.workspace().stakeholder_list(deal), _draw_list, rows="stakeholders")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    from dealwright.model.layout import STAKEHOLDER_FIELDS

    rows = []
    for stakeholder in data["stakeholders"]:
        held = stakeholder.get("fields", stakeholder)
        rows.append(
            [str(stakeholder["id"]), *(_shown(page, field, held.get(field.id)) for field in STAKEHOLDER_FIELDS)]
        )
    if rows:
        titles = [(field.title.en.partition(",")[0], field.title.zh.partition("（")[0]) for field in STAKEHOLDER_FIELDS]
        page.table([("Id", "编号"), *titles], rows)
    else:
        page.line("No stakeholders yet.", "还没有干系人。")
        form = ("--set", "name=<name:text>", "--set", "role=<role:choice>")
        page.next("dealwright", "stakeholder", "add", data["deal"], *form)


def _shown(page: Page, field: Field, value: Any) -> str:
    if value is None:
        return ""
    return field.values[value].say(page.lang) if value in field.values else page.value(value)
