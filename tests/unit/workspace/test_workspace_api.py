"""The Python API: making a workspace, finding it, acting in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dealwright.errors import (
    ConflictError,
    DealwrightError,
    InvalidDefinitionError,
    NotFoundError,
    RefusedError,
    StoreError,
    UsageError,
)
from dealwright.workspace import Workspace, setup
from dealwright.workspace.library import version_key

SETTINGS = 'dealwright: "1"\nallow_as: true\nallow_now: true\n'
READY = {"source": "referral", "grade": "A"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Workspace.init(tmp_path / "acme")
    (tmp_path / "acme" / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path / "acme"


def test_init_makes_what_it_says_and_opens(tmp_path: Path) -> None:
    made = Workspace.init(tmp_path / "acme", "b2c", "zh")
    assert made["files"] == ["dealwright.yaml", "team.yaml", "processes/b2c.process.yaml", ".dealwright/store.db"]
    assert all((tmp_path / "acme" / name).is_file() for name in made["files"])
    with Workspace.find(tmp_path / "acme") as ws:
        assert ws.lang == "zh"
        assert ws.actor == "marketing-1"  # whoever runs init holds the first role
        assert ws.deal_open("b2c", "One")["deal"]["owner"] == "marketing-1"


@pytest.mark.parametrize(
    ("there", "error"), [(".dealwright/store.db", ConflictError), ("dealwright.yaml", InvalidDefinitionError)]
)
def test_init_leaves_no_half_made_workspace(tmp_path: Path, there: str, error: type[DealwrightError]) -> None:
    path = tmp_path / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine\n", encoding="utf-8")
    before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
    with pytest.raises(error):
        Workspace.init(tmp_path)
    assert path.read_text(encoding="utf-8") == "mine\n"
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before


def test_init_completes_what_somebody_began_by_hand(tmp_path: Path) -> None:
    (tmp_path / "dealwright.yaml").write_text("language: zh\nstore: data/log.db\n", encoding="utf-8")
    (tmp_path / "team.yaml").write_text("people: {me: {roles: [marketing]}}\n", encoding="utf-8")
    assert Workspace.init(tmp_path)["files"] == ["data/log.db"]
    with Workspace.find(tmp_path) as ws:
        assert ws.lang == "zh"
        assert list(ws.team.people) == ["me"]
        assert ws.deal_list()["total"] == 0
    with pytest.raises(ConflictError):
        Workspace.init(tmp_path)


def test_init_refuses_a_file_as_folder_and_an_unknown_template(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConflictError):
        Workspace.init(tmp_path / "file")
    with pytest.raises(NotFoundError):
        Workspace.init(tmp_path / "acme", "nosuch")
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("name", ["rep", "J. Smith", "李雷", "a: b", "#1", "yes"])
def test_init_maps_any_name_of_the_operating_system(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: name)
    monkeypatch.setattr(setup, "os_user", lambda: name)
    Workspace.init(tmp_path / "acme")
    with Workspace.find(tmp_path / "acme") as ws:
        assert ws.actor is not None


def test_another_person_acts_through_the_same_store(folder: Path) -> None:
    with Workspace.find(folder, actor="sales-rep-1") as ws:
        deal = ws.deal_open("b2b", "One", texts=READY)["deal"]["id"]
        other = ws.acting_as("legal-1")
        assert other.actor == "legal-1"
        assert ws.actor == "sales-rep-1"
        with pytest.raises(RefusedError) as refused:
            other.deal_set(deal, {"fit": "yes"})
        assert refused.value.details["cause"] == "role"
        assert other.deal_show(deal)["deal"]["version"] == 1
    with Workspace.find(folder, actor="stranger") as ws, pytest.raises(UsageError):
        ws.deal_open("b2b", "Two")


def test_a_command_given_before_somebody_else_moved_the_deal_does_not_move_it_again(folder: Path) -> None:
    with Workspace.find(folder, actor="marketing-1") as ws:
        deal = ws.deal_open("b2c", "One")["deal"]["id"]
        ws.deal_lose(deal, "price")
        ws.deal_reopen(deal, "they called")
    before = datetime.now(UTC) - timedelta(seconds=60)
    with (
        Workspace.find(folder, actor="marketing-1", asked_at=before) as late,
        pytest.raises(ConflictError, match="moved"),
    ):
        late.deal_advance(deal)
    with Workspace.find(folder, actor="marketing-1", asked_at=datetime.now(UTC)) as fresh, pytest.raises(RefusedError):
        fresh.deal_advance(deal)  # now it is only the criteria that stand against it


def test_a_version_that_somebody_else_wrote_meanwhile_is_decided_again_on_fresh_state(folder: Path) -> None:
    with Workspace.find(folder, actor="sales-rep-1") as one, Workspace.find(folder, actor="sales-rep-1") as two:
        deal = one.deal_open("b2b", "One", texts=READY)["deal"]["id"]
        real = one.load
        calls = []

        def load(deal_id: str, at: datetime | None = None) -> object:
            found = real(deal_id, at)
            if not calls:
                calls.append(two.deal_set(deal, {"icp_score": "70"}))
            return found

        one.load = load  # type: ignore[method-assign,assignment]  # the race, at its worst moment
        done = one.deal_set(deal, {"fit": "yes"})["deal"]
    assert (done["version"], done["fields"]["icp_score"], done["fields"]["fit"]) == (3, 70, "yes")


def test_a_version_asked_for_is_checked_again_after_a_race(folder: Path) -> None:
    with Workspace.find(folder, actor="sales-rep-1") as one, Workspace.find(folder, actor="sales-rep-1") as two:
        deal = one.deal_open("b2b", "One", texts=READY)["deal"]["id"]
        real = one.load

        def load(deal_id: str, at: datetime | None = None) -> object:
            found = real(deal_id, at)
            one.load = real  # type: ignore[method-assign]  # once is enough
            two.deal_set(deal, {"icp_score": "70"})
            return found

        one.load = load  # type: ignore[method-assign,assignment]  # as above
        with pytest.raises(ConflictError):
            one.deal_set(deal, {"fit": "yes"}, if_version=1)
        assert one.deal_show(deal)["deal"]["version"] == 2


def test_a_workspace_without_its_store_or_settings_says_so(folder: Path, tmp_path: Path) -> None:
    (folder / ".dealwright" / "store.db").unlink()
    with Workspace.find(folder) as ws, pytest.raises(StoreError):
        ws.deal_list()
    with pytest.raises(NotFoundError):
        Workspace.find(tmp_path / "nowhere")


def test_versions_are_ordered_as_semantic_versions() -> None:
    rising = ["0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.9.0", "1.10.0", "2.0.0"]
    keys = [version_key(version) for version in rising]
    assert all(earlier < later for earlier, later in pairwise(keys))


def test_every_place_that_names_the_release_names_the_same() -> None:
    from importlib.metadata import version

    from dealwright.cli.version import VERSION
    from dealwright.workspace.core import RELEASE

    assert version("dealwright") == VERSION == RELEASE
