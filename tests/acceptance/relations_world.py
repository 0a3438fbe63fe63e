"""A workspace whose deals know each other: accounts, partners, registrations that queue, follow-on deals."""

from __future__ import annotations

from pathlib import Path

from desk import Desk, make_workspace

ACCOUNT = """\
dealwright: "1"
record: account
version: 1.0.0
title: {en: Account, zh: 客户}
by: [rep]
roles: {rep: {title: {en: Sales representative, zh: 销售代表}}}
fields:
  grade: {type: choice, values: [A, B, C]}
  segment: {type: choice, values: [enterprise, small]}
  contacts: {type: list, of: {channel: {type: text, required: true}}}
automations:
  review:
    every: 12mo
    since: opened
    if: status == "open"
    then:
      open: {process: review, title: {en: "Yearly review", zh: 年度回顾}}
"""
PARTNER = """\
dealwright: "1"
record: partner
version: 1.0.0
title: {en: Partner, zh: 伙伴}
by: [desk]
roles: {desk: {title: {en: Channel desk, zh: 渠道专员}}}
fields:
  tier: {type: choice, values: [gold, silver]}
"""
REVIEW = """\
dealwright: "1"
process: review
version: 1.0.0
title: {en: Review, zh: 回顾}
type: key_account
subject: account
roles: {rep: {title: {en: Sales representative, zh: 销售代表}}}
fields:
  result: {type: text}
stages:
  - {id: meet, title: {en: Meet, zh: 会面}, phase: retain, responsible: [rep]}
outcomes:
  dropped: {status: disqualified, from: [meet], by: [rep], reasons: [closed]}
"""
REGISTRATION = """\
dealwright: "1"
process: registration
version: 1.0.0
title: {en: Deal registration, zh: 项目报备}
type: channel
currency: CNY
roles:
  desk: {title: {en: Channel desk, zh: 渠道专员}}
fields:
  partner: {type: record, of: partner, required: true}
  customer: {type: text, required: true, title: {en: End customer, zh: 最终客户}}
  product: {type: text, required: true, title: {en: Product, zh: 产品}}
  contract_end: {type: date, title: {en: Contract end, zh: 合同到期日}}
  backed: {type: boolean}
events:
  evidence: {by: [desk], title: {en: Evidence of progress, zh: 进展证明}}
unique:
  live:
    title: {en: One live registration, zh: 唯一有效报备}
    fields: [customer, product]
    among: {from: protected, to: selling}
    on_conflict: queue
assignment:
  - {role: desk, pick: turn}
stages:
  - {id: checked, title: {en: Being checked, zh: 核对中}, phase: qualify, responsible: [desk]}
  - id: protected
    title: {en: Protected, zh: 保护期}
    phase: propose
    responsible: [desk]
    automations:
      expire:
        after: 90d
        since: [entered, evidence]
        then: {to: expired, reason: no_progress}
      idle:
        after: 14d
        since: [entered, evidence]
        then:
          unassign: true
          notify: {to: [desk], text: {en: "{{ customer }} lies idle", zh: "{{ customer }} 无人跟进"}}
  - {id: selling, title: {en: Selling, zh: 销售}, phase: close, responsible: [desk], wins: true}
  - {id: running, title: {en: Running, zh: 履约}, phase: deliver, responsible: [desk]}
automations:
  renewal:
    before: 90d
    of: contract_end
    if: status == "won" or status == "completed"
    then:
      open:
        process: renewal
        title: {en: "Renewal: {{ customer }}", zh: "续约：{{ customer }}"}
        set: {customer: customer}
  referral:
    upon: won
    then: {open: {process: referral, title: {en: "Referral from {{ customer }}", zh: "{{ customer }} 的转介绍"}}}
  retry:
    after: 0d
    since: recall
    then: {reopen: true}
outcomes:
  expired: {status: lost, from: [protected], by: [desk], reasons: [no_progress]}
  lost: {status: lost, by: [desk], reasons: [price], recall: 60d}
"""
RENEWAL = """\
dealwright: "1"
process: renewal
version: 1.0.0
title: {en: Renewal, zh: 续约}
type: renewal
currency: CNY
roles: {desk: {title: {en: Channel desk, zh: 渠道专员}}}
fields:
  customer: {type: text, required: true}
related:
  origin: {process: registration, link: parent, title: {en: Registration, zh: 报备}}
stages:
  - id: talk
    title: {en: Talks, zh: 洽谈}
    phase: negotiate
    responsible: [desk]
    exit_criteria:
      won_before: {condition: origin.status == "completed", unmet: {en: Deliver first, zh: 请先履约}}
  - {id: sign, title: {en: Sign, zh: 签约}, phase: close, responsible: [desk], wins: true}
outcomes:
  lost: {status: lost, by: [desk], reasons: [price]}
"""
REFERRAL = """\
dealwright: "1"
process: referral
version: 1.0.0
title: {en: Referral, zh: 转介绍}
type: b2b
roles: {desk: {title: {en: Channel desk, zh: 渠道专员}}}
fields:
  note: {type: text}
stages:
  - {id: ask, title: {en: Ask, zh: 询问}, phase: prospect, responsible: [desk]}
outcomes:
  dropped: {status: disqualified, from: [ask], by: [desk], reasons: [no]}
"""
TEAM = """\
people:
  rep-1: {roles: [rep]}
  desk-1: {roles: [desk]}
  desk-2: {roles: [desk]}
"""
SETTINGS = """\
dealwright: "1"
allow_as: true
allow_now: true
"""
RECORDS = {"account": ACCOUNT, "partner": PARTNER}
PROCESSES = {
    "registration": REGISTRATION, "renewal": RENEWAL, "referral": REFERRAL, "review": REVIEW,
}  # fmt: skip


def relations_desk(folder: Path, **changed: str) -> Desk:
    """A workspace with all of these; `changed` replaces processes by id."""
    desk = make_workspace(folder / "acme", TEAM, SETTINGS, **{**PROCESSES, **changed})
    for name, text in RECORDS.items():
        (desk.folder / "processes" / f"{name}.record.yaml").write_text(text, encoding="utf-8")
    return desk
