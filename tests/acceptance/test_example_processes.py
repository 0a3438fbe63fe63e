"""The example of each construct runs: a deal of it is opened, asked what it needs, and its log is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk import Desk, make_workspace

EXAMPLES = Path(__file__).parents[1] / "examples" / "valid"
RUN = sorted(path for path in EXAMPLES.glob("*.process.yaml")
             if b"methodologies:" not in path.read_bytes() and not path.name.startswith("hard-"))  # fmt: skip
SETTINGS = 'dealwright: "1"\ntimezone: UTC\nallow_as: true\nallow_now: true\n'
NEEDED = {"registration": ("end_customer=Northwind",), "related": ("customer=Northwind",)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    files = {path.name.split(".")[0]: path.read_text(encoding="utf-8") for path in RUN}
    roles = set(re.findall(r"^  (\w+): \{title:", "\n".join(files.values()), re.MULTILINE))
    team = f"people:\n  rep-1: {{roles: [{', '.join(sorted(roles | {'account_manager'}))}]}}\n"
    made = make_workspace(tmp_path_factory.mktemp("acme") / "workspace", team, SETTINGS, **files)
    account = (EXAMPLES / "account.record.yaml").read_text(encoding="utf-8")
    (made.folder / "processes" / "account.record.yaml").write_text(account, encoding="utf-8")
    made.ok("record", "add", "account", "--title", "Northwind", "--set", "segment=enterprise", as_="rep-1")
    return made


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.name)
def test_a_deal_of_each_example_is_opened_and_told_what_it_needs(desk: Desk, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^process: (\w+)$", text, re.MULTILINE)
    assert found
    process = found.group(1)
    subject = ("--subject", "account-1") if "\nsubject: account" in text else ()
    sets = [word for one in NEEDED.get(process, ()) for word in ("--set", one)]
    desk.ok("deal", "open", process, "--title", f"One {process}", *subject, *sets, as_="rep-1")
    shown = desk.ok("deal", "show", f"One {process}", as_="rep-1")
    assert shown["deal"]["process"] == process
    why = desk.ok("deal", "why", f"One {process}", as_="rep-1")
    assert [way["kind"] for way in why["transitions"]]
    assert desk.run("deal", "verify", f"One {process}", as_="rep-1").code == 0


def test_a_process_is_judged_anew_when_a_record_that_it_reads_changes(tmp_path: Path) -> None:
    keyed = (EXAMPLES / "keyed.process.yaml").read_text(encoding="utf-8")
    account = (EXAMPLES / "account.record.yaml").read_text(encoding="utf-8")
    desk = make_workspace(tmp_path / "acme", "people: {rep-1: {roles: [account_manager]}}\n", SETTINGS, keyed=keyed)
    file = desk.folder / "processes" / "account.record.yaml"
    file.write_text(account, encoding="utf-8")
    assert [row["error"] for row in desk.ok("process", "list", as_="rep-1")["processes"] if row["id"] == "keyed"] == [
        None
    ]
    file.write_text(account.replace("  segment:\n", "  market:\n"), encoding="utf-8")
    error = desk.fails(1, "process", "show", "keyed", as_="rep-1")
    assert "undeclared-field" in error["message"]
    file.unlink()  # now the account that comes with dealwright counts
    assert desk.run("process", "validate", "-o", "json", as_="rep-1").code in (0, 1)


def test_a_file_without_a_workspace_is_read_with_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dealwright.workspace.validating import check_files

    monkeypatch.chdir(tmp_path)
    for name in ("keyed.process.yaml", "account.record.yaml"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    found = check_files([tmp_path / "keyed.process.yaml"]).findings
    assert [f for f in found if f.severity == "error"] == []
    (tmp_path / "keyed.process.yaml").write_bytes(
        (EXAMPLES / "keyed.process.yaml").read_bytes().replace(b"account.segment", b"account.segmnt")
    )
    wrong = [f for f in check_files([tmp_path / "keyed.process.yaml"]).findings if f.severity == "error"]
    assert [(f.code, f.hint.en if f.hint else "") for f in wrong] == [("undeclared-field", "did you mean segment?")]
