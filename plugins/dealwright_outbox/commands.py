"""`dealwright outbox status | deliver | list | replay | enable`: the arguments, and which part answers."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import click

from dealwright import NotFoundError, UsageError, Workspace
from dealwright_outbox import showing
from dealwright_outbox.asking import Opt, Verb, Verbs
from dealwright_outbox.delivering import Deliverer, shape
from dealwright_outbox.queue import STATES, Queue, Standing
from dealwright_outbox.queueing import replayed
from dealwright_outbox.settings import FILE, Settings, settings_of
from dealwright_outbox.standing import message_rows, status

_POLL = 2.0  # seconds between two looks at the queue while nothing is due
_LISTED = 200  # messages that `list` gives unless asked for more

outbox = Verbs("outbox", en="Webhooks: what is queued, sent and given up.", zh="Webhook：待发、已发和放弃的消息。")


@outbox.command("status", cls=Verb, en="How it is with each endpoint.", zh="查看各端点的状态。")
@click.pass_obj
def status_(call: Any) -> None:
    """How it is with each endpoint."""
    workspace: Workspace = call.workspace()
    call.show(status(workspace), showing.draw_status, rows="endpoints")


@outbox.command(
    cls=Verb, en="Send what is due; without --once go on until interrupted.",
    zh="发送到期的消息；不带 --once 则持续运行，直到中断。",
)  # fmt: skip
@click.option("--once", cls=Opt, is_flag=True, en="Send what is due, then end", zh="发送到期的消息后结束")
@click.pass_obj
def deliver(call: Any, *, once: bool) -> int:
    """Send what is due; without --once go on until interrupted."""
    workspace: Workspace = call.workspace()
    workspace.may_write()
    never = threading.Event()
    while True:
        report = _delivered(workspace)
        if once or report["attempts"] or report["unusable"]:
            call.show(report, showing.draw_delivered, rows="attempts")
        if once:
            return 1 if report["failed"] or report["dead"] or report["gone"] or report["unusable"] else 0
        never.wait(_POLL)


def _delivered(workspace: Workspace) -> dict[str, Any]:
    """One pass: what plugins have not heard of is queued first, then what is due is sent."""
    settings = _settings(workspace)
    workspace.deliver(everything=True, only="outbox")
    done = Deliverer(workspace.folder, settings, lambda: workspace.now().timestamp()).run()
    counted = {state: sum(one.state == state for one in done.attempts) for state in ("delivered", "failed", "dead")}
    return {
        "v": 1, **counted, "gone": [one.endpoint for one in done.attempts if one.state == "gone"],
        "unusable": [
            {"endpoint": name, "error": zh if workspace.lang == "zh" else en}
            for name, (en, zh) in done.unusable.items()
        ],
        "attempts": [shape(one, workspace.lang) for one in done.attempts],
    }  # fmt: skip


@outbox.command("list", cls=Verb, en="The messages, in the order of the log.", zh="按日志顺序列出消息。")
@click.option("--state", cls=Opt, metavar="STATE", en="pending, delivered or dead", zh="pending、delivered 或 dead")
@click.option("--endpoint", cls=Opt, metavar="NAME", en="Only for this endpoint", zh="仅此端点")
@click.option("--deal", cls=Opt, metavar="DEAL", en="Only of this deal", zh="仅此项目")
@click.option(
    "--limit", cls=Opt, type=click.IntRange(0), default=_LISTED, metavar="N", en="At most so many", zh="最多条数"
)
@click.pass_obj
def list_(call: Any, *, state: str | None, endpoint: str | None, deal: str | None, limit: int) -> None:
    """The messages, in the order of the log."""
    workspace: Workspace = call.workspace()
    if state is not None and state not in STATES:
        raise UsageError(f"--state takes one of {', '.join(STATES)}", f"--state 应为以下之一：{', '.join(STATES)}")
    asked = {"state": state, "endpoint": endpoint, "deal": workspace.resolve(deal) if deal else None}
    found = message_rows(workspace, {name: value for name, value in asked.items() if value is not None}, limit)
    call.show(found, showing.draw_list, rows="messages")


@outbox.command(
    cls=Verb, en="Queue messages once more; each keeps its webhook-id.", zh="将消息重新排队；webhook-id 不变。"
)
@click.option("--since", cls=Opt, metavar="INSTANT", en="What happened from then on", zh="此时刻及之后发生的事件")
@click.option("--endpoint", cls=Opt, metavar="NAME", en="Only for this endpoint", zh="仅此端点")
@click.option("--deal", cls=Opt, metavar="DEAL", en="Only of this deal", zh="仅此项目")
@click.option("--dead", cls=Opt, is_flag=True, en="Only what was given up", zh="仅已放弃的消息")
@click.option("--dry-run", cls=Opt, is_flag=True, en="Count, but queue nothing", zh="只计数，不排队")
@click.pass_obj
def replay(call: Any, *, since: str | None, endpoint: str | None, deal: str | None, dead: bool, dry_run: bool) -> None:
    """Queue messages once more; each keeps its webhook-id."""
    workspace: Workspace = call.workspace()
    settings = _settings(workspace)
    if not (since or endpoint or deal or dead):
        raise UsageError(
            "say what is to be sent again: --since, --endpoint, --deal or --dead",
            "请说明重发哪些消息：--since、--endpoint、--deal 或 --dead",
        )
    if endpoint is not None:
        _known(settings, endpoint)
    if not dry_run:
        workspace.may_write()
    start = workspace.instant(since) if since else None
    named = workspace.resolve(deal) if deal else None
    if dead:
        count = _dead_again(workspace, {"endpoint": endpoint, "deal": named}, start, dry_run=dry_run)
    else:
        count = replayed(workspace, settings, endpoint=endpoint, deal=named, since=start, dry_run=dry_run)
    call.show({"v": 1, "dry_run": dry_run, "queued": count}, showing.draw_replayed)


def _dead_again(workspace: Workspace, asked: dict[str, str | None], since: datetime | None, *, dry_run: bool) -> int:
    """Queue again what was given up."""
    if not Queue.exists(workspace.folder):
        return 0
    where = {name: value for name, value in asked.items() if value is not None}
    with Queue(workspace.folder) as queue:
        _, rows = queue.rows({"state": "dead", **where})
        if since is not None:
            happened = {record.position for record in workspace.store.events(asked["deal"], since=since)}
            rows = [row for row in rows if row["position"] in happened]
        ids = [row["id"] for row in rows]
        return len(ids) if dry_run else queue.renew(ids, workspace.now().timestamp())


@outbox.command(
    cls=Verb, en="Send again to an endpoint that was gone, or that rests.", zh="恢复向已失效或暂停的端点发送。"
)
@click.argument("endpoint")
@click.pass_obj
def enable(call: Any, *, endpoint: str) -> None:
    """Send again to an endpoint that had answered that it is gone, or that rests."""
    workspace: Workspace = call.workspace()
    _known(_settings(workspace), endpoint)
    workspace.may_write()
    if Queue.exists(workspace.folder):
        with Queue(workspace.folder) as queue:
            queue.stand(endpoint, Standing())
    call.show(status(workspace), showing.draw_status, rows="endpoints")


def _settings(workspace: Workspace) -> Settings:
    """The settings. Raises NotFoundError where there is no file, InvalidDefinitionError for a wrong one."""
    settings = settings_of(workspace.folder, workspace.lang)
    if settings is None:
        raise NotFoundError(
            f"nothing is sent without {FILE} in {workspace.folder}",
            f"{workspace.folder} 中没有 {FILE}，不会发送任何消息",
        )
    return settings


def _known(settings: Settings, endpoint: str) -> None:
    if endpoint not in settings.endpoints:
        names = ", ".join(settings.endpoints) or "-"
        raise NotFoundError(
            f"{FILE} names no endpoint {endpoint[:60]}; there are: {names}",
            f"{FILE} 中没有端点 {endpoint[:60]}；现有：{names}", endpoint=endpoint[:60],
        )  # fmt: skip
