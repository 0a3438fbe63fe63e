"""Each construct of the language becomes what the model holds; what others declare is taken in where it is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dealwright.definition import read_library, read_process, read_settings, read_sketch, record_type, resolve
from dealwright.model.duration import Duration
from dealwright.model.process import (
    Assignment,
    CadenceCase,
    Journey,
    Process,
    RecordType,
    Rejected,
    StageTask,
    TimeCase,
)
from dealwright.model.settings import Defaults
from examples import EXAMPLES, neighbours


def records() -> dict[str, RecordType]:
    return {name: record_type(one) for name, one in neighbours().items() if one.record}


def valid(name: str) -> Process:
    path = EXAMPLES / "valid" / name
    reading = read_process(path.read_bytes(), path.name, records=records(), processes=neighbours())
    assert reading.process is not None, reading.findings
    return reading.process


def days(count: int) -> Duration:
    return Duration(days=count)


def test_criteria_of_parts_and_of_every_entry() -> None:
    qualify, convince, _ = valid("combined.process.yaml").stages
    qualified, large = qualify.exit_criteria
    assert (qualified.condition, qualified.at_least, [part.id for part in qualified.of]) == (
        "", 2, ["money", "met", "case"],
    )  # fmt: skip
    money, met, case = qualified.of
    assert (money.at_least, [part.condition for part in money.of]) == (1, ["has(budget)", "event(budget_confirmed)"])
    assert met.unmet.en == "No meeting yet"
    assert case.applies == 'segment == "enterprise"'
    assert (large.at_least, large.applies) == (0, 'amount >= 100000 and segment == "enterprise"')
    each = convince.exit_criteria[0]
    assert (each.for_each, each.applies) == ("stakeholders", "influence >= 3")


def test_approvals_with_limits_and_rejections() -> None:
    process = valid("approvals.process.yaml")
    price, large = process.artifacts[0].approvals
    assert (price.within, price.on_timeout, price.escalate_to) == (days(2), "escalate", ("director",))
    assert (large.on_timeout, large.escalate_to, large.on_reject) == ("reject", (), None)
    offer = process.stages[1]
    assert offer.locked
    manager, director = offer.approvals
    assert (manager.four_eyes, manager.on_reject) == (True, Rejected("needs", "not convincing yet"))
    assert (director.on_timeout, director.on_reject) == ("expire", Rejected("lost", "not_approved"))


def test_tasks_of_a_process_and_of_its_stages() -> None:
    process = valid("milestones.process.yaml")
    survey, _, visit, sheet = process.tasks
    assert (survey.by, survey.due, survey.optional) == (("engineer",), days(3), False)
    assert visit.optional
    assert sheet.after == ("site_survey", "credit_check")
    assert process.stages[0].tasks[:2] == (StageTask("site_survey"), StageTask("credit_check", "amount >= 100000"))


def test_detours_conditions_and_old_names() -> None:
    process = valid("detour.process.yaml")
    needs, design, question, dispute, _ = process.stages
    assert (design.condition, design.auto, needs.renamed_from) == ("custom", True, "requirements")
    assert question.detour == ("needs", "order")
    assert dispute.detour == ("needs", "design", "order")
    assert process.fields[0].renamed_from == "special"


def test_automations_with_each_trigger_and_effect() -> None:
    process = valid("automations.process.yaml")
    found = {one.id: one for one in process.automations}
    assert found["protect"].then.values == {"protected_until": "today() + 90"}
    pool = found["back_to_pool"]
    assert (pool.after, pool.since, pool.stages, pool.condition, pool.times) == (
        days(30), ("entered", "meeting_held"), ("qualify",), "not event(meeting_held)", 1,
    )  # fmt: skip
    assert pool.then.unassign
    assert pool.then.notify is not None
    assert pool.then.notify.roles == ("sales_manager",)
    renew = found["renew"].then.open
    assert renew is not None
    assert (renew.process, renew.values["amount"], renew.subject) == ("automations", "amount * 1.05", "")
    assert (found["remind"].before, found["remind"].of) == (days(90), "contract.ends_on")
    again = found["look_again"]
    assert (again.every, again.since, again.times, again.then.reopen, again.then.assign) == (
        days(30), ("closed",), 3, True, "sales_rep",
    )  # fmt: skip
    lapse = process.stages[0].automations[0]
    assert (lapse.stages, lapse.since, lapse.then.to, lapse.then.reason) == (
        ("qualify",), ("entered",), "lost", "no_answer",
    )  # fmt: skip
    assert process.assignment == (Assignment("sales_rep", 'region == "north"', "turn"), Assignment("sales_rep"))


def test_every_goes_on_without_end_unless_it_is_counted() -> None:
    account = valid("account.record.yaml")
    assert (account.automations[0].times, account.automations[0].since) == (0, ("opened", "reviewed"))


def test_limits_by_case_and_the_stall_limits_that_follow() -> None:
    talk, order = valid("cadence.process.yaml").stages
    assert (talk.sla, talk.sla_cases) == (days(14), (TimeCase("amount >= 60000", days(28)),))
    assert (talk.stall, talk.stall_cases) == (days(28), (TimeCase("amount >= 60000", days(56)),))
    assert talk.follow_up == (days(5),)
    assert talk.follow_up_cases == (CadenceCase("amount >= 60000", (days(2), days(5), days(10))),)
    assert (order.stall, order.stall_cases) == (days(20), (TimeCase('deal_type == "new"', days(30)),))
    assert valid("cadence.process.yaml").grade_factor == {"A": 0.7, "B": 1.0, "C": 1.5}


def test_what_people_read_at_a_stage() -> None:
    process = valid("journey.process.yaml")
    talk, order = process.stages
    assert (talk.accountable, talk.consulted, talk.informed) == ("sales_manager", ("legal",), ("finance",))
    assert (talk.forecast, order.forecast) == ("pipeline", "commit")
    assert talk.goal is not None
    assert talk.guidance is not None
    assert talk.questions == ("situation", "worth")
    first = process.question_banks["situation"][0]
    assert (first.en, first.zh) == ("How do you do it today?", "目前怎么做？")
    assert talk.buyer is not None
    assert (talk.buyer.stage, list(talk.buyer.expects)) == ("consideration", ["cfo", "user"])
    assert order.buyer == Journey("purchase")
    visit, thanks = process.templates
    assert (visit.channel, visit.stages, visit.condition) == ("email", ("talk",), "has(next_meeting)")
    assert "{{ contact_name }}" in visit.body.zh
    assert (thanks.subject, thanks.title.en) == (None, "Thanks")


def test_trials_have_arms_with_their_own_cadence() -> None:
    call, sample = valid("trial.process.yaml").stages[0].variants
    assert (call.share, call.follow_up, sample.share) == (2, (days(1), days(3)), 1)


def test_a_type_of_record_is_a_process_of_one_stage() -> None:
    account = valid("account.record.yaml")
    assert (account.record, account.type, account.id) == (True, "record", "account")
    assert [(stage.id, stage.phase, stage.responsible) for stage in account.stages] == [
        ("current", "retain", ("account_manager", "sales_manager"))
    ]
    assert [(one.id, one.status) for one in account.outcomes.values()] == [("archived", "completed")]


def test_resolving_takes_in_what_the_process_reads_of_others() -> None:
    keyed = valid("keyed.process.yaml")
    assert keyed.records == {}
    whole = resolve(keyed, [], records=records(), processes=neighbours())
    assert [field.id for field in whole.records["account"].fields] == [
        "segment", "preferred_channel", "reviewed_on", "parent",
    ]  # fmt: skip
    related = resolve(valid("related.process.yaml"), [], records=records(), processes=neighbours())
    registration, siblings, origin = related.related
    assert [field.id for field in registration.fields] == ["end_customer", "product", "protected_until"]
    assert siblings.fields == origin.fields == related.fields
    assert (registration.match, siblings.pick, origin.link) == (
        {"end_customer": "customer", "product": "product"}, "all", "parent",
    )  # fmt: skip
    assert whole.definition_hash != resolve(keyed, []).definition_hash
    assert whole.source_hash == keyed.source_hash


def test_a_process_that_reads_nobody_asks_for_nobody() -> None:
    class Closed(Mapping[str, Process]):
        def __getitem__(self, key: str) -> Process:
            raise AssertionError(key)

        def __iter__(self) -> Iterator[str]:
            raise AssertionError

        def __len__(self) -> int:
            raise AssertionError

    path = EXAMPLES / "valid" / "handbook.process.yaml"
    process = read_process(path.read_bytes(), "f", records=Closed(), processes=Closed()).process  # type: ignore[arg-type]
    assert process is not None
    resolve(process, [], records=Closed(), processes=Closed())  # type: ignore[arg-type]


def test_what_is_not_known_is_not_judged() -> None:
    path = EXAMPLES / "valid" / "keyed.process.yaml"
    data = path.read_bytes().replace(b"account.segment", b"account.whatever")
    assert read_process(data, "f").process is not None
    found = read_process(data, "f", records=records(), processes=neighbours()).findings
    assert [(f.code, f.hint) for f in found] == [("undeclared-field", None)]


def test_a_sketch_tells_what_others_may_read_even_of_a_process_that_is_wrong() -> None:
    data = (EXAMPLES / "valid" / "registration.process.yaml").read_bytes()
    wrong = data.replace(b"condition: event(customer_met)", b"condition: nothing_like_it", 1)
    assert read_process(wrong, "f").process is None
    sketch = read_sketch(wrong, "f")
    assert sketch is not None
    assert [field.id for field in sketch.fields] == ["end_customer", "product", "protected_until"]
    assert read_sketch(b"process: [", "f") is None


def test_a_library_is_read_with_its_name() -> None:
    data = (EXAMPLES / "valid" / "company.library.yaml").read_bytes()
    library = read_library(data, "company.library.yaml")
    assert (library.id, library.version, library.findings) == ("company", "1.2.0", [])
    assert library.root is not None
    assert read_library(data.replace(b"library: company", b"process: company"), "f").root is None


def test_defaults_of_a_workspace() -> None:
    text = (
        "defaults: {libraries: [company@1.2.0], currency: EUR, timezone: Europe/Berlin, stall_factor: 2, "
        "grade_factor: {A: 0.5}}"
    )
    settings = read_settings(text.encode(), "dealwright.yaml").settings
    assert settings is not None
    assert settings.defaults == Defaults(("company@1.2.0",), "EUR", "Europe/Berlin", 2, {"A": 0.5})
    found = read_settings(b"defaults: {timezone: Mars/Olympus, currency: euro}", "dealwright.yaml").findings
    assert [f.code for f in found] == ["bad-value", "bad-value"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("combined", "        at_least: all\n", ""),
        ("automations", "every: 30d", "every: 30d\n    if: true"),
        ("automations", "after: 180d,", "after: 180d, since: entered, times: 1,"),
        ("trial", "share: 1, ", ""),
        ("related", "    pick: latest\n", ""),
        ("registration", "    on_conflict: queue\n", ""),
        ("approvals", "four_eyes: true, on_reject: {to: needs", "four_eyes: true, count: 1, on_reject: {to: needs"),
    ],
)
def test_writing_a_default_out_changes_no_hash(name: str, before: str, after: str) -> None:
    path = EXAMPLES / "valid" / f"{name}.process.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    one, other = (
        read_process(data.encode(), "f", records=records(), processes=neighbours()).process
        for data in (text, text.replace(before, after))
    )
    assert one is not None
    assert other is not None
    assert (one.source_hash == other.source_hash) == ("if: true" not in after)


def test_neighbours_are_files_read_once(tmp_path: Path) -> None:
    from dealwright.workspace.neighbours import Neighbours, Records, files_in

    for name in ("account.record.yaml", "registration.process.yaml"):
        (tmp_path / name).write_bytes((EXAMPLES / "valid" / name).read_bytes())
    (tmp_path / "broken.record.yaml").write_text("record: broken\nfields: {", encoding="utf-8")
    found = Neighbours(lambda: files_in((tmp_path, "here")))
    assert set(found) == {"account", "registration", "broken"}
    assert "broken" not in found
    assert found["account"] is found["account"]
    assert "registration" not in Records(found)
    assert Records(found)["account"].fields[0].id == "segment"
    (tmp_path / "account.record.yaml").unlink()
    assert "account" in found
