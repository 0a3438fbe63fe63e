"""A process with one of everything that a diagram shows, and texts that would be more than texts."""

from __future__ import annotations

from dealwright.definition import read_process
from dealwright.model.process import Process

WHOLE = """\
dealwright: "1"
process: whole
version: 1.0.0
title: {en: All there is, zh: 应有尽有}
roles:
  rep: {title: {en: Rep, zh: 代表}}
  boss: {title: {en: Boss, zh: 主管}}
fields:
  fit: {type: choice, values: [yes, no]}
  big: {type: boolean}
events:
  met: {by: buyer, title: {en: Met, zh: 已见面}}
  order_placed: {by: buyer}
artifacts:
  brief: {by: rep, title: {en: Brief, zh: 简报}}
tasks:
  survey: {title: {en: Survey, zh: 勘察}, by: rep}
automations:
  too_old:
    title: {en: Half a year old, zh: 已满半年}
    after: 180d
    since: opened
    then: {to: lost, reason: no_decision}
  renewed: {title: {en: Once more, zh: 再来一次}, upon: won, then: {open: {process: whole}}}
stages:
  - id: meet
    title: {en: Meet, zh: 见面}
    phase: qualify
    responsible: rep
    sla: 5d
    follow_up: [1d, 3d]
    probability: 10
    requires: [brief]
    tasks: [survey]
    skip_to: {sign: [boss]}
    exit_criteria:
      met: {condition: event(met), title: {en: They met, zh: 已会面}}
      fits: {condition: fit == "yes", severity: warn, title: {en: It fits, zh: 匹配}}
    decision:
      ask: {en: Does it fit?, zh: 是否匹配？}
      branches:
        - {id: yes, title: {en: Fits, zh: 匹配}, if: fit == "yes", to: look}
        - {id: no, title: {en: No, zh: 不匹配}, if: fit == "no", to: disqualified, reason: no_fit}
  - id: look
    title: {en: Look, zh: 察看}
    phase: discover
    responsible: rep
    if: big
    exit_criteria: {met: {condition: event(met)}}
    automations:
      gone_quiet: {title: {en: Gone quiet, zh: 没有消息}, after: 30d, then: {to: lost, reason: no_decision}}
      nudge: {after: 7d, then: {task: survey}}
  - id: offer
    title: {en: Offer, zh: 报价}
    phase: propose
    responsible: [rep, boss]
    approvals:
      - {id: terms, by: boss, within: 2d, on_timeout: approve, on_reject: {to: look}}
    back_to: [meet]
    exit_criteria: {met: {condition: event(met)}}
  - id: clinic
    title: {en: Clinic, zh: 专家会诊}
    phase: propose
    responsible: boss
    detour: [look, offer]
  - id: sign
    title: {en: Sign, zh: 签约}
    phase: close
    responsible: rep
    wins: true
    exit_criteria: {order: {condition: event(order_placed)}}
  - id: deliver
    title: {en: Deliver, zh: 交付}
    phase: deliver
    responsible: rep
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
  disqualified: {status: disqualified, from: [meet], reasons: [no_fit]}
"""
HOSTILE = (
    '"]; click n0 "javascript:alert(1)"',
    '%%{init: {"theme":"dark","securityLevel":"loose"}}%%',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a] --> n1[b",
    'x" ]:::wins\nn0 --> n9',
    "end",
    "`**bold** _it_ [l](javascript:x)`",
    "1. one - two * three",
    "$$x^2$$ fa:fa-car #35; &amp; &quot; \\N \\n \\l",
    "subgraph x; direction LR; ;; --- ~~~ {a} (b) |c| @{shape: cloud}",
    "行一】、“二”\u2028三 <b>粗</b>",
    "]]></svg><!-- &#x3c; -->",
)


def whole() -> Process:
    """The process above. Fails where it is not valid."""
    reading = read_process(WHOLE.encode(), "whole.process.yaml")
    assert reading.process is not None, [finding.as_json("en") for finding in reading.findings]
    return reading.process
