"""Templates of messages: filled for whoever reads them, and nothing of it kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealwright.errors import NotFoundError
from dealwright.workspace import Workspace

PROCESS = """\
dealwright: "1"
process: letter
version: 1.0.0
title: {en: Letters, zh: 信函}
currency: EUR
roles: {rep: {title: {en: Representative, zh: 销售代表}}}
fields:
  contact: {type: text, personal: true}
  price: {type: money}
stages:
  - {id: meet, title: {en: Meet, zh: 拜访}, phase: qualify, responsible: rep}
  - {id: order, title: {en: Order, zh: 签单}, phase: close, responsible: rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
templates:
  hello:
    title: {en: Hello, zh: 问候}
    channel: mail
    stages: [meet]
    subject: {en: "About {{ price }}", zh: "关于{{ price }}"}
    body: {en: "Dear {{ contact }}, may we meet?", zh: "{{ contact }}，您好，方便见面吗？"}
  reminder:
    title: {en: Reminder, zh: 提醒}
    if: price > 1000
    body: {en: "It is {{ price }}.", zh: "价格为{{ price }}。"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Workspace.init(tmp_path)
    (tmp_path / "processes" / "letter.process.yaml").write_text(PROCESS, encoding="utf-8")
    (tmp_path / "team.yaml").write_text("people:\n  rep-1: {roles: [rep]}\n", encoding="utf-8")
    with Workspace.find(tmp_path).acting_as("rep-1") as ws:
        ws.deal_open("letter", "Sample", texts={"contact": "Plant manager"})
    return tmp_path


def test_a_message_shows_personal_values_to_its_reader_and_a_blank_for_what_is_not_known(folder: Path) -> None:
    with Workspace.find(folder) as ws:
        shown = ws.template_show("letter-1", "hello")
    assert shown["subject"] == "About ____"
    assert shown["body"] == "Dear Plant manager, may we meet?"


def test_a_message_is_filled_in_the_reader_s_language(folder: Path) -> None:
    with Workspace.find(folder, lang="zh") as ws:
        assert ws.template_show("letter-1", "hello")["body"] == "Plant manager，您好，方便见面吗？"


def test_a_template_fits_by_its_stages_and_its_condition(folder: Path) -> None:
    with Workspace.find(folder).acting_as("rep-1") as ws:
        assert {one["id"]: one["fits"] for one in ws.template_list("letter-1")["templates"]} == {
            "hello": True, "reminder": False,
        }  # fmt: skip
        ws.deal_set("letter-1", {"price": "1500"})
        ws.deal_advance("letter-1")
        assert {one["id"]: one["fits"] for one in ws.template_list("letter-1")["templates"]} == {
            "hello": False, "reminder": True,
        }  # fmt: skip
        assert ws.template_show("letter-1", "reminder")["body"] == "It is EUR 1,500."


def test_reading_a_message_writes_nothing(folder: Path) -> None:
    with Workspace.find(folder) as ws:
        before = ws.store_info()["events"]
        ws.template_show("letter-1", "hello")
        assert ws.store_info()["events"] == before


def test_a_template_that_does_not_exist_is_not_found(folder: Path) -> None:
    with Workspace.find(folder) as ws, pytest.raises(NotFoundError, match="hello"):
        ws.template_show("letter-1", "helo")
