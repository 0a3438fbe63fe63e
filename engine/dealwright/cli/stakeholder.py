"""`stakeholder add | set | list`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, WRITE, argument, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

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
    rows = []
    for stakeholder in data["stakeholders"]:
        held = stakeholder.get("fields", stakeholder)
        texts = [str(held.get(key) if held.get(key) is not None else "") for key in _COLUMNS]
        rows.append([str(stakeholder["id"]), *texts])
    if rows:
        page.table([("Id", "编号"), *_COLUMNS.values()], rows, right=(5, 6))
    else:
        page.line("No stakeholders yet.", "还没有干系人。")
        page.next(
            "dealwright", "stakeholder", "add", data["deal"], "--set", "name=<name:text>", "--set", "role=<role:choice>"
        )


_COLUMNS = {
    "name": ("Name", "姓名"),
    "title": ("Title", "职务"),
    "dept": ("Department", "部门"),
    "role": ("Role", "角色"),
    "influence": ("Influence", "影响力"),
    "attitude": ("Attitude", "态度"),
    "last_contact": ("Last contact", "最近联系"),
}
