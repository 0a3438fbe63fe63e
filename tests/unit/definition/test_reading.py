"""What a file says becomes what the model holds; texts stay the texts that were written."""

from __future__ import annotations

import pytest

from dealwright.definition import read_overlay, read_process, read_settings, read_team
from dealwright.model.duration import Duration
from dealwright.model.people import Person
from dealwright.model.process import Approval, Process, Requirement, Start
from dealwright.model.settings import Lint, Settings
from dealwright.model.text import Text
from examples import EXAMPLES, neighbours, overlays


def valid(name: str) -> Process:
    path = EXAMPLES / "valid" / f"{name}.process.yaml"
    reading = read_process(path.read_bytes(), path.name, overlays=overlays(), processes=neighbours())
    assert reading.process is not None, reading.findings
    return reading.process


def test_texts_stay_what_was_written() -> None:
    texts = valid("texts")
    assert texts.title == Text("NO", "NO")
    assert texts.noun == Text("订单", "订单")
    assert texts.description == Text("12:30", "12:30")
    assert texts.roles["rep"].title.en == "on"
    answer, plain, *_ = texts.fields
    assert list(answer.values) == ["yes", "no", "010", "on", "12:30"]
    assert answer.values["yes"].en == "yes"
    assert answer.values["010"].en == "010"
    assert answer.values["on"] == Text("off", "off")
    assert answer.values["12:30"].zh == "2024-02-30"
    assert list(plain.values) == ["null", "~", "true", "1e3", "0x1F", ".inf", "1_000"]
    assert texts.events[0].title.en == "it's"
    assert texts.stages[0].title.en == "Over two lines"


def test_numbers_and_dates_are_typed_where_the_schema_wants_them() -> None:
    texts = valid("texts")
    amount, since = texts.fields[2:]
    assert (amount.min, amount.max) == (0, 1_000_000_000)
    assert (since.min, since.max) == ("2020-01-01", "2030-12-31")
    assert texts.stages[0].probability == 99.5
    assert isinstance(valid("every_key").stages[0].probability, int)


def test_durations_are_read_and_the_stall_limit_follows_the_sla() -> None:
    only = valid("texts").stages[0]
    assert only.sla == Duration(seconds=12 * 3600)
    assert only.stall == Duration(months=3)
    assert only.follow_up == (Duration(seconds=3600), Duration(days=2), Duration(days=7), Duration(months=1))
    assert valid("handbook").stages[0].stall == Duration(days=15)


def test_defaults_come_from_ids() -> None:
    handbook = valid("handbook")
    assert handbook.artifacts[1].title == Text.plain("Quotation")
    assert handbook.artifacts[1].kind == "record"
    assert handbook.artifacts[1].file == ""
    assert handbook.artifacts[1].approvals == (
        Approval("sales_manager", ("sales_manager",), "quotation.discount_pct > 15"),
    )
    pains = handbook.stages[1].exit_criteria[0]
    assert (pains.title.en, pains.severity, pains.applies) == ("Pains", "block", "")
    assert handbook.noun == Text("deal", "项目")
    assert list(handbook.outcomes["lost"].reasons) == ["price", "no_decision", "competitor", "timing"]


def test_every_key_reaches_the_model() -> None:
    every = valid("every_key")
    assert (every.currency, every.timezone, every.methodologies) == ("EUR", "Europe/Berlin", ("challenger",))
    assert every.overlays == ()
    assert every.roles["partner"].external
    assert every.start == (Start("quote", "urgent"), Start("first"))
    assert every.exit_criteria[0].stages == ("first", "quote")
    assert every.exit_criteria[0].severity == "warn"
    first, quote = every.stages[:2]
    assert first.requires == (Requirement("offer"), Requirement("offer", "urgent"))
    assert first.skip_to == {"close": ("boss",)}
    assert first.back_to is None
    assert quote.back_to == ("first",)
    seen = first.exit_criteria[0]
    assert (seen.applies, seen.unmet.en, seen.waivable_by) == ("not urgent", "Not seen yet", ("boss",))
    assert quote.decision is not None
    assert (quote.decision.by, quote.decision.hit) == (("boss",), "first")
    assert [b.to for b in quote.decision.branches] == ["discover_more", "first", "lost"]
    offer = every.artifacts[0]
    assert (offer.by, offer.kind, offer.file, offer.many) == (("rep", "partner"), "document", "required", True)
    assert [(a.id, a.after, a.count) for a in offer.approvals] == [
        ("price", "", 2),
        ("final", "price", 1),
        ("last", "", 1),
    ]
    agreed = next(field for field in every.fields if field.id == "agreed")
    assert (agreed.by, agreed.proof) == (("buyer",), "file")
    objections = next(field for field in every.fields if field.id == "objections")
    assert (objections.closes, objections.at_least, objections.of[0].required) == (True, 1, True)
    assert every.outcomes["lost"].stages == ("first", "quote")
    assert every.outcomes["lost"].recall == Duration(months=6)


def test_a_file_for_documents_is_optional_unless_said() -> None:
    kind = overlays()["challenger"].artifacts[0]
    assert (kind.kind, kind.file, kind.source) == ("document", "optional", "overlay:challenger")


def test_overlay_reaches_the_model() -> None:
    sandler = overlays()["sandler"]
    assert sandler.phases["discover"].exit_criteria[0].waivable_by == ("responsible",)
    assert sandler.phases["propose"].prompts[0].zh.startswith("这种情况")
    assert [(part.id, part.points) for part in sandler.score] == [("pain", 40), ("budget", 30), ("decision", 30)]
    assert {f.source for f in sandler.fields} == {"overlay:sandler"}


def test_settings_and_their_defaults() -> None:
    full = read_settings((EXAMPLES / "valid" / "full.workspace.yaml").read_bytes(), "f").settings
    assert full == Settings(
        plugins=("spin",), methodologies={"b2c": ("spin",)}, timezone="Asia/Shanghai", language="zh", allow_as=True,
        lint=Lint(("strict",), {"no-sla": "off", "plugin:spin/no-buyer-confirmation": "error"}),
    )  # fmt: skip
    assert read_settings(b"# nothing\n", "f").settings == Settings()
    assert read_settings(b"plugins: []\n", "f").settings == Settings()


def test_team_in_the_order_of_the_file() -> None:
    team = read_team((EXAMPLES / "valid" / "sales.team.yaml").read_bytes(), "f").team
    assert team is not None
    assert list(team.people) == ["rep-1", "rep-2", "manager-1"]
    assert team.people["rep-1"] == Person("rep-1", ("sales_rep",), "rep one", "rep1")
    assert team.roles_of("rep-2") == ("sales_rep",)


def test_functions_of_plugins_are_known_to_expressions() -> None:
    from dealwright.hookspecs import Function

    path = EXAMPLES / "valid" / "handbook.process.yaml"
    data = path.read_bytes().replace(b"condition: event(meeting_accepted)", b"condition: lucky(1)")
    lucky = Function("lucky", ("number",), "boolean", lambda number: number == 7, Text("Lucky", "幸运"))
    assert read_process(data, "f").process is None
    assert read_process(data, "f", functions={"lucky": lucky}).process is not None
    overlay = b"overlay: o\nversion: 1.0.0\nscore: {a: {points: 10, value: lucky(7)}}\n"
    assert read_overlay(overlay, "f").overlay is None
    assert read_overlay(overlay, "f", {"lucky": lucky}).overlay is not None


def test_expressions_may_use_the_fields_of_named_methodologies_only() -> None:
    path = EXAMPLES / "valid" / "every_key.process.yaml"
    data = path.read_bytes().replace(b"condition: has(source)", b"condition: has(insight)")
    assert read_process(data, "f", overlays=overlays()).process is not None
    without = data.replace(b"methodologies: [challenger]", b"methodologies: []")
    assert [f.code for f in read_process(without, "f", overlays=overlays()).findings] == ["guard-unknown-name"]


def test_without_a_list_of_overlays_a_name_missing_there_is_no_finding() -> None:
    data = (EXAMPLES / "valid" / "every_key.process.yaml").read_bytes()
    assert read_process(data, "f").process is not None
    assert [f.code for f in read_process(data, "f", overlays={}).findings] == ["undeclared-methodology"]


def test_finding_speaks_the_contract() -> None:
    reading = read_team(b"people:\n  rep-1: {role: [sales_rep]}\n", "team.yaml")
    assert [f.as_json("en") for f in reading.findings] == [
        {
            "file": "team.yaml", "line": 2, "column": 10, "code": "missing-key", "severity": "error",
            "message": "The key `roles` is missing here", "hint": None,
        },
        {
            "file": "team.yaml", "line": 2, "column": 11, "code": "unknown-key", "severity": "error",
            "message": "The key `role` is not known here", "hint": "did you mean roles?",
        },
    ]  # fmt: skip
    assert reading.findings[1].as_json("zh")["hint"] == "是否想写 roles？"


@pytest.mark.parametrize("word", ["yes", "No", "on", "OFF", "True", "y"])
def test_words_for_booleans_are_answered_with_true_or_false(word: str) -> None:
    meant = "true" if word.lower() in ("yes", "on", "true", "y") else "false"
    finding = read_settings(f"allow_as: {word}\n".encode(), "f").findings[0]
    assert finding.code == "boolean-word"
    assert finding.hint is not None
    assert finding.hint.en == f"write {meant}"


def test_quoted_booleans_and_numbers_are_texts() -> None:
    assert [f.code for f in read_settings(b'allow_as: "true"\n', "f").findings] == ["boolean-word"]
    path = EXAMPLES / "valid" / "handbook.process.yaml"
    data = path.read_bytes().replace(b"probability: 20", b"probability: '20'")
    assert [f.code for f in read_process(data, "f").findings if f.severity == "error"] == ["wrong-type"]
