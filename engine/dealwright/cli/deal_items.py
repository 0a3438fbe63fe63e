"""`deal item add | set | close`: entries of a deal's lists."""

from __future__ import annotations

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, WRITE, argument, verb
from dealwright.cli.outcome import draw_write


@verb(DEAL, argument("list_"), *FORM, *WRITE)
def add(
    call: Call, *, deal: str, list_: str, set_: tuple[str, ...], data: str | None, dry_run: bool, if_version: int | None
) -> None:
    """Add an entry."""
    filled = form(set_, data)
    result = call.workspace().item_add(deal, list_, filled.texts, filled.data, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL, argument("list_"), argument("item"), *FORM, *WRITE)
def set_(
    call: Call, *, deal: str, list_: str, item: str, set_: tuple[str, ...], data: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Change an entry."""
    filled = form(set_, data)
    result = call.workspace().item_set(
        deal, list_, item, filled.texts, filled.data, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL, argument("list_"), argument("item"), *WRITE)
def close(call: Call, *, deal: str, list_: str, item: str, dry_run: bool, if_version: int | None) -> None:
    """Close an entry."""
    call.show(call.workspace().item_close(deal, list_, item, dry_run=dry_run, if_version=if_version), draw_write)
