"""Other deals and records are read by name: the subject, record fields, and what is related."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from related_world import SCOPE, answer, confirmation, date, moment, money, record, some

from dealwright.guards import Guard, check, compile_guard
from dealwright.model.deal import Item, Ref
from dealwright.model.verdict import Remedy

RICH = record(
    segment="key", credit=money(500, "CNY"), employees=40, phone=Ref("r-1", "x"), audited=confirmation(3), active=True,
    grade="A", amount=money(90, "CNY"), purchases=(Item("1", (money(10, "CNY"), date(2026, 1, 1))),),
)  # fmt: skip
WHOLE: dict[str, Any] = {
    "account": RICH, "end_customer": record("account-2", segment="normal", grade="C"),
    "registration": record("channel-7", protected_until=date(2026, 5, 1), share=3, status="won", stage="live"),
    "renewals": (record("renewal-1", amount=money(5, "CNY"), risk=1), record("renewal-2", risk=4, status="lost")),
    "sites": (record("account-3", audited=confirmation(1)),),
}  # fmt: skip
DEAL = some(end_customer="account-2", floor=money(300, "CNY"))


@cache
def guard(source: str) -> Guard:
    return compile_guard(source, SCOPE)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ('account.segment == "key"', "met"), ('account.grade in ["A", "B"]', "met"), ("account.credit > floor", "met"),
        ('account.segment != "key"', "unmet"), ("account.employees * 2 < 100", "met"), ("account.audited", "met"),
        ("account.active", "met"), ("not account.active", "unmet"), ("has(account.phone)", "met"),
        ("has(account)", "met"), ('account == "account-1"', "met"), ("account != end_customer", "met"),
        ("has(account.purchases)", "met"), ("sum(account.purchases, worth) == 10", "met"),
        ("days_since(account.opened_on) == 59", "met"), ('account.status == "open"', "met"),
        ('account.owner == "rep-1"', "met"), ('account.title == "Title of account-1"', "met"),
        ('end_customer.grade == "C"', "met"), ('end_customer == "account-2"', "met"), ("has(end_customer)", "met"),
        ("has(end_customer.grade)", "met"), ("has(end_customer.credit)", "unmet"),
        ("end_customer.credit > 5", "unknown"), ("end_customer.audited", "unmet"),
        ("registration.protected_until > today()", "met"), ('registration.stage == "live"', "met"),
        ('has(registration) and registration.status == "won"', "met"), ("registration.share >= 3", "met"),
        ("count(renewals) == 2", "met"), ("count(renewals, risk > 2) == 1", "met"),
        ('any(renewals, status == "lost" and risk > 3)', "met"), ("all(renewals, risk >= 1)", "met"),
        ("sum(renewals, amount) > 1", "unknown"), ("sum(renewals, risk) == 5", "met"), ("has(renewals)", "met"),
        ("any(renewals, owner == \"rep-2\")", "unmet"), ("all(sites, audited)", "met"),
        ("any(sites, has(phone))", "unmet"),
    ],
)  # fmt: skip
def test_what_is_there_is_read(source, status):
    assert check(source, SCOPE) == []
    assert answer(guard(source), DEAL, moment(**WHOLE)) == status


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ('account.segment == "key"', "unknown"), ('account.segment != "key"', "unknown"), ("account.audited", "unmet"),
        ("not account.active", "unknown"), ("has(account.grade)", "unmet"), ("has(account)", "unmet"),
        ('account == "account-1"', "unknown"), ("has(account.purchases)", "unmet"),
        ("registration.share >= 3", "unknown"), ("has(registration)", "unmet"), ("count(renewals) == 0", "unknown"),
        ("any(renewals, risk > 2)", "unknown"), ("all(renewals, risk > 2)", "unknown"),
        ("sum(renewals, risk) == 0", "unknown"), ("has(renewals)", "unmet"), ("not has(renewals)", "met"),
    ],
)  # fmt: skip
def test_what_nobody_looked_up_is_unknown(source, status):
    assert answer(guard(source), DEAL, moment()) == status
    assert answer(guard(source), DEAL, moment(account=None, registration=None, renewals=None)) == status


def test_of_no_related_deals_there_are_none():
    none = moment(renewals=())
    assert answer(guard("count(renewals) == 0"), DEAL, none) == "met"
    assert answer(guard("sum(renewals, risk) == 0"), DEAL, none) == "met"
    assert answer(guard("any(renewals, risk > 2)"), DEAL, none) == "unmet"
    assert answer(guard("all(renewals, risk > 2)"), DEAL, none) == "unknown"


def test_another_deals_confirmations_do_not_grow_old_with_this_deals_moves():
    assert answer(guard("account.audited and all(sites, audited)"), DEAL, moment(**WHOLE), fresh=90) == "met"


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("account.grad > 1", "undeclared-field", "account.grad"),
        ('account.segment == "kez"', "guard-type", '"kez"'),
        ("account.credit == \"x\"", "guard-type", 'account.credit == "x"'),
        ("account.phone == \"1\"", "guard-personal", "account.phone"), ("account", "guard-type", "account"),
        ("account > 3", "guard-type", "account > 3"), ("renewals.risk > 1", "guard-type", "renewals.risk"),
        ("count(registration) > 1", "guard-type", "registration"),
        ("end_customer.segmet == \"key\"", "undeclared-field", "end_customer.segmet"),
        ('registration.status == "one"', "guard-type", '"one"'), ("acount.grade == 1", "undeclared-artifact", "acount"),
        ("open(account.purchases) == 0", "guard-type", "account.purchases"),
        ("entry == \"x\"", "guard-unknown-name", "entry"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_stands(source, code, at):
    problems = check(source, SCOPE)
    assert [(p.code, source[p.offset : p.offset + p.length]) for p in problems] == [(code, at)]
    assert problems[0].zh != problems[0].en


def test_inside_a_list_of_deals_their_own_names_hide_this_deals():
    sums = compile_guard("sum(renewals, amount) + amount > 0", SCOPE)
    both = moment(renewals=(record("renewal-1", amount=money(5, "CNY")),))
    assert answer(sums, some(amount=money(1, "CNY")), both) == "met"
    assert answer(compile_guard('any(renewals, stage == "current")', SCOPE), some(), both) == "met"


def test_the_names_that_a_guard_reads_are_told():
    names = guard("account.credit > floor and count(renewals) > 1 and has(end_customer.grade)").names
    assert names.records == {"account", "renewals", "end_customer"}
    assert names.fields >= {"account.credit", "floor", "end_customer.grade"}


def test_an_unmet_record_says_what_it_wants_and_what_there_is():
    said = guard('account.segment == "normal"').explain(DEAL, 0, moment(**WHOLE))
    assert said.status == "unmet"
    assert said.expected.en == "Account: Segment is normal"
    assert said.expected.zh == "客户档案的细分 为 normal"
    assert said.found == "key"
    assert said.remedies == (Remedy("record set", ("account-1", "--set", "segment=normal")),)


def test_several_needs_of_one_record_are_one_command():
    said = guard('account.segment == "normal" and has(account.credit)').explain(DEAL, 0, moment(account=record()))
    arguments = ("account-1", "--set", "segment=normal", "--set", "credit=<credit:money>")
    assert said.remedies == (Remedy("record set", arguments),)


def test_a_record_that_is_not_linked_is_linked_first():
    said = guard('end_customer.grade == "A"').explain(some(), 0, moment(account=RICH))
    assert said.remedies == (
        Remedy("deal set", ("--set", "end_customer=<end_customer:record>")),
        Remedy("record set", ("<end_customer:record>", "--set", "grade=A")),
    )


@pytest.mark.parametrize("source", ["registration.share > 50", "has(registration)", 'account.status == "lost"'])
def test_what_only_others_can_change_has_no_remedy(source):
    assert guard(source).explain(DEAL, 0, moment(account=RICH, registration=None)).remedies == ()


def test_the_words_for_a_related_deal_are_its_title():
    there = guard("has(registration) and count(renewals, risk > 2) == 0").explain(
        DEAL, 0, moment(renewals=WHOLE["renewals"])
    )
    assert there.expected.en == "there is Registration and Renewals has no entry where Risk is more than 2"
    assert "有对应的报备" in there.expected.zh
