"""What every store must do. A store's test module derives from `StoreContract` and says how one is made."""

from __future__ import annotations

import abc
import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from store_events import advanced, at, event, fields_set, imported, open_deal, opened, state, write

from dealwright.errors import ConflictError, DealwrightError, StoreError
from dealwright.events import FieldsSet
from dealwright.model.canonical import ZERO
from dealwright.ports import Move, Store


@contextmanager
def failing(store: Store) -> Iterator[None]:
    """A transaction that fails at its end."""

    def run() -> Iterator[None]:
        with store.transaction():
            yield
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), contextmanager(run)():
        yield


class StoreContract(abc.ABC):
    """The cases. `make` creates a store in a folder, `reopen` opens the one that is there."""

    @abc.abstractmethod
    def make(self, folder: Path) -> Store: ...

    @abc.abstractmethod
    def reopen(self, folder: Path) -> Store: ...

    @pytest.fixture
    def store(self, tmp_path: Path):
        made = self.make(tmp_path)
        yield made
        made.close()

    # -- the log

    def test_an_appended_event_reads_back_as_it_was_returned(self, store, tmp_path):
        (record,) = open_deal(store, "b2b-1")
        store.close()
        again = self.reopen(tmp_path)
        assert list(again.events()) == [record]
        assert again.deal("b2b-1") == state("b2b-1", 1)
        assert (record.position, record.seq, record.recorded_by) == (1, 1, "os-rep")
        assert record.data["clocks"] == {"due_at": "2026-03-12T09:30:00Z"}
        again.close()

    def test_positions_run_over_all_deals_and_chains_within_each(self, store):
        (first,) = open_deal(store, "b2b-1")
        (other,) = open_deal(store, "b2b-2")
        second, third = write(
            store, state("b2b-1", 3), 1, advanced("b2b-1", 2), advanced("b2b-1", 3, "needs", "solution")
        )
        assert [r.position for r in store.events()] == [1, 2, 3, 4]
        assert first.prev_hash == other.prev_hash == ZERO
        assert second.prev_hash == first.hash
        assert third.prev_hash == second.hash
        assert len({first.hash, other.hash, second.hash, third.hash}) == 4

    def test_new_deals_written_together_are_as_if_written_one_by_one(self, store, tmp_path):
        open_deal(store, "b2b-1")
        events = [(opened("b2b-2"), imported("b2b-2", 2, "advanced", {"from": "qualify", "to": "needs"})),
                  (opened("b2b-3"),), (imported("b2b-4", 1, "opened", {"to": "qualify"}, undated=True),)]  # fmt: skip
        deals = [(state(f"b2b-{n}", len(own)), own) for n, own in enumerate(events, 2)]
        store.append_new(deals, recorded_at=at(1000), recorded_by="os-rep")
        (tmp_path / "other").mkdir()
        other = self.make(tmp_path / "other")
        open_deal(other, "b2b-1")
        for document, own in deals:
            write(other, document, 0, *own)
        assert list(store.events()) == list(other.events())
        assert store.deals() == other.deals()
        assert list(store.moves("b2b")) == list(other.moves("b2b"))
        assert store.end() == other.end()
        assert store.verify().problems == ()
        other.close()

    def test_a_new_deal_that_is_there_already_takes_back_all_that_came_with_it(self, store):
        open_deal(store, "b2b-1")
        before = store.head()
        deals = [(state(name, 1), (opened(name),)) for name in ("b2b-2", "b2b-1")]
        with pytest.raises(StoreError):
            store.append_new(deals, recorded_at=at(1000), recorded_by="os-rep")
        assert (store.head(), store.deal("b2b-2")) == (before, None)
        with pytest.raises(ValueError, match="do not follow"):
            store.append_new([(state("b2b-3", 2), (opened("b2b-3"),))], recorded_at=at(1000), recorded_by="os-rep")
        store.append_new([], recorded_at=at(1000), recorded_by="os-rep")
        assert store.head() == before

    def test_numbers_may_be_taken_many_at_a_time(self, store):
        assert store.next_number("b2b", 3) == 1
        assert store.next_number("b2b") == 4
        assert store.next_number("b2b", 2) == 5
        assert store.next_number("b2b") == 7

    def test_the_names_of_all_deals_are_told_in_order_of_opening(self, store):
        open_deal(store, "b2b-2", external_id="crm-7")
        open_deal(store, "shop-1", process="b2c")
        assert store.deal_names() == [("b2b-2", "b2b", "crm-7"), ("shop-1", "b2c", None)]

    def test_the_head_changes_with_each_event_and_survives_reopening(self, store, tmp_path):
        heads = [store.head()]
        for number in range(3):
            open_deal(store, f"b2b-{number}")
            heads.append(store.head())
        assert heads[0] == ZERO
        assert len(set(heads)) == 4
        store.close()
        again = self.reopen(tmp_path)
        assert again.head() == heads[-1]
        again.close()

    def test_instants_are_kept_in_utc_to_the_microsecond(self, store):
        odd = at(1).replace(microsecond=7).astimezone(timezone(timedelta(hours=8)))
        event_ = event("b2b-1", 2, "fields_set", FieldsSet(fields={}), when=odd)
        open_deal(store, "b2b-1")
        write(store, state("b2b-1", 2), 1, event_)
        kept = list(store.events("b2b-1"))[1].at
        assert kept == odd
        assert kept.utcoffset() == timedelta(0)
        assert kept.tzinfo is UTC

    def test_the_log_is_read_by_deal_type_and_time(self, store):
        open_deal(store, "b2b-1")
        open_deal(store, "b2b-2")
        write(store, state("b2b-1", 2), 1, advanced("b2b-1", 2))
        write(store, state("b2b-1", 3), 2, fields_set("b2b-1", 3, fit="yes"))

        def positions(*args: Any, **asked: Any) -> list[int | None]:
            return [r.position for r in store.events(*args, **asked)]

        assert positions("b2b-1") == [1, 3, 4]
        assert positions(types=("opened",)) == [1, 2]
        assert positions(types=("advanced", "fields_set")) == [3, 4]
        assert positions("b2b-2", types=("advanced",)) == []
        assert positions(since=at(2)) == [3, 4]
        assert positions(until=at(2)) == [1, 2]
        assert positions(since=at(2), until=at(3)) == [3]
        assert positions("no-such-deal") == []

    # -- versions and transactions

    def test_an_append_on_another_version_is_a_conflict_that_says_what_it_found(self, store):
        open_deal(store, "b2b-1")
        write(store, state("b2b-1", 2, stage="needs"), 1, advanced("b2b-1", 2))
        with pytest.raises(ConflictError) as caught:
            write(store, state("b2b-1", 2), 1, advanced("b2b-1", 2))
        assert caught.value.details["version"] == 2
        assert caught.value.details["stage"] == "needs"
        assert caught.value.zh != caught.value.en
        assert len(list(store.events())) == 2

    def test_a_deal_is_not_opened_twice_nor_continued_before_it_is_opened(self, store):
        open_deal(store, "b2b-1")
        with pytest.raises(ConflictError):
            open_deal(store, "b2b-1")
        with pytest.raises(ConflictError):
            write(store, state("b2b-2", 2), 1, advanced("b2b-2", 2))

    @pytest.mark.parametrize(
        ("version", "events"),
        [
            (2, [opened("b2b-1")]),
            (1, [advanced("b2b-1", 2)]),
            (1, [opened("b2b-9")]),
            (2, [opened("b2b-1"), advanced("b2b-1", 3)]),
        ],
    )
    def test_events_that_do_not_follow_on_the_state_are_refused(self, store, version, events):
        with pytest.raises(ValueError, match=r"follow|another deal"):
            write(store, state("b2b-1", version), 0, *events)
        assert list(store.events()) == []

    def test_a_failed_transaction_leaves_nothing(self, store):
        open_deal(store, "b2b-1")
        head = store.head()
        with failing(store):
            open_deal(store, "b2b-2")
            store.put_personal("p1", "subject-1", "Ms Example", "salt")
            store.next_number("b2b")
        assert store.head() == head
        assert store.deal("b2b-2") is None
        assert store.personal(["p1"]) == {}
        assert store.next_number("b2b") == 1
        assert store.verify().problems == ()

    def test_an_inner_transaction_takes_back_its_own_part_only(self, store):
        with store.transaction():
            open_deal(store, "b2b-1")
            with failing(store):
                open_deal(store, "b2b-2")
                with store.transaction():
                    open_deal(store, "b2b-3")
            with store.transaction():
                open_deal(store, "b2b-4")
        assert [r.deal for r in store.events()] == ["b2b-1", "b2b-4"]
        assert [r.position for r in store.events()] == [1, 2]
        assert store.verify().problems == ()

    def test_an_outer_failure_takes_back_finished_inner_transactions(self, store):
        with failing(store), store.transaction():
            open_deal(store, "b2b-1")
        assert list(store.events()) == []

    def test_what_a_transaction_wrote_is_seen_by_others_only_after_it(self, store, tmp_path):
        other = self.reopen(tmp_path)
        with store.transaction():
            open_deal(store, "b2b-1")
            assert other.deal("b2b-1") is None
            assert other.head() == ZERO
        assert other.deal("b2b-1") == state("b2b-1", 1)
        assert other.verify().problems == ()
        other.close()

    def test_nan_is_refused_in_events_and_states(self, store):
        for bad in (math.nan, math.inf):
            with pytest.raises(DealwrightError):
                write(store, state("b2b-1", 1, fields={"n": bad}), 0, opened("b2b-1"))
            open_event = opened("b2b-1")
            with pytest.raises(DealwrightError):
                write(store, state("b2b-1", 2), 0, open_event, fields_set("b2b-1", 2, n=bad))
        assert list(store.events()) == []

    # -- deals

    def test_deals_are_filtered_counted_and_paged_in_order_of_opening(self, store):
        special = {3: {"stage": "needs"}, 4: {"status": "won"}, 6: {"process": "b2c"}, 7: {"process": "b2c"}}
        for number in range(1, 8):
            open_deal(store, f"d-{number}", **{"owner": f"rep-{number % 2}"} | special.get(number, {}))

        def ids(**asked: Any) -> tuple[int, list[str]]:
            total, found = store.deals(**asked)
            return total, [d["id"] for d in found]

        assert ids() == (7, [f"d-{n}" for n in range(1, 8)])
        assert ids(process="b2c") == (2, ["d-6", "d-7"])
        assert ids(process="b2b", owner="rep-1") == (3, ["d-1", "d-3", "d-5"])
        assert ids(stage="needs") == (1, ["d-3"])
        assert ids(status="won") == (1, ["d-4"])
        assert ids(limit=2, offset=3) == (7, ["d-4", "d-5"])
        assert ids(process="b2b", limit=2) == (5, ["d-1", "d-2"])
        assert ids(offset=6) == (7, ["d-7"])
        assert ids(limit=0) == (7, [])
        assert ids(owner="nobody") == (0, [])

    def test_a_deal_is_found_by_id_then_external_id_then_part_of_its_title(self, store):
        open_deal(store, "b2b-1", title="Müller Pumpen STRASSE", external_id="X-7")
        open_deal(store, "b2b-2", title="上海泵业 二期", external_id="b2b-1")
        open_deal(store, "b2b-3", title="pumpenwerk", external_id="X-7")
        assert store.find_deals("b2b-1") == [("b2b-1", "Müller Pumpen STRASSE")]
        assert [i for i, _ in store.find_deals("X-7")] == ["b2b-1", "b2b-3"]
        assert [i for i, _ in store.find_deals("PUMPEN")] == ["b2b-1", "b2b-3"]
        assert [i for i, _ in store.find_deals("straße")] == ["b2b-1"]
        assert store.find_deals("泵业") == [("b2b-2", "上海泵业 二期")]
        assert store.find_deals("nothing like it") == []

    def test_an_unknown_deal_is_none(self, store):
        assert store.deal("b2b-1") is None

    def test_deals_of_some_processes_can_be_left_out_of_a_list(self, store):
        for number, process in enumerate(("b2b", "account", "b2b", "partner", "b2b"), 1):
            open_deal(store, f"d-{number}", process=process, status="won" if number == 5 else "open")

        def ids(**asked: Any) -> tuple[int, list[str]]:
            total, found = store.deals(without=("account", "partner"), **asked)
            return total, [d["id"] for d in found]

        assert ids() == (3, ["d-1", "d-3", "d-5"])
        assert ids(limit=1, offset=1) == (3, ["d-3"])
        assert ids(status="open", limit=1) == (2, ["d-1"])
        assert ids(process="account") == (0, [])

    @pytest.mark.parametrize("inside", [False, True])
    def test_deals_are_found_by_what_their_documents_hold(self, store, inside):
        price = {"amount": "120000", "currency": "CNY"}
        held: list[dict[str, Any]] = [
            {"fields": {"customer": 'Acme\'s "Works"', "rank": 1}},
            {"fields": {"customer": "示例泵业", "rank": True, "budget": price}, "subject": "account-1"},
            {"fields": {"customer": "示例泵业"}, "status": "won", "subject": "account-1"},
            {"fields": {"customer": "示例泵业"}, "status": "lost"},
            {"fields": {}, "process": "channel", "artifacts": {"claim": [{"values": {"product": "pump"}}]}},
        ]
        for number, over in enumerate(held, 1):
            open_deal(store, f"d-{number}", **over)

        def ids(equal: dict[str, Any], **asked: Any) -> list[str]:
            with store.transaction() if inside else nullcontext():
                return [d["id"] for d in store.deals_where(equal, **asked)]

        assert ids({"fields.customer": "示例泵业"}) == ["d-2", "d-3", "d-4"]
        assert ids({"fields.customer": "示例泵业"}, statuses=("open", "won")) == ["d-2", "d-3"]
        assert ids({"fields.customer": "示例泵业", "subject": "account-1"}, process="b2b") == ["d-2", "d-3"]
        assert ids({"fields.customer": 'Acme\'s "Works"'}) == ["d-1"]
        assert ids({"fields.rank": 1}) == ["d-1"]
        assert ids({"fields.rank": True}) == ["d-2"]
        assert ids({"fields.budget": price}) == ["d-2"]
        assert ids({"artifacts.claim.0.values.product": "pump"}, process="channel") == ["d-5"]
        assert ids({"artifacts.claim.0.values.product": "pump"}, process="b2b") == []
        assert ids({}, process="channel") == ["d-5"]
        assert ids({"fields.customer": "nobody"}) == []

    def test_what_is_found_by_a_value_follows_every_write(self, store, tmp_path):
        open_deal(store, "d-1", fields={"customer": "old"})
        with store.transaction():
            assert [d["id"] for d in store.deals_where({"fields.customer": "old"})] == ["d-1"]
        other = self.reopen(tmp_path)
        write(other, state("d-1", 2, fields={"customer": "new"}), 1, fields_set("d-1", 2, customer="new"))
        open_deal(other, "d-2", fields={"customer": "new"})
        with failing(other):
            open_deal(other, "d-3", fields={"customer": "new"})
        other.close()
        assert store.deals_where({"fields.customer": "old"}) == []
        assert [d["id"] for d in store.deals_where({"fields.customer": "new"})] == ["d-1", "d-2"]
        assert store.verify().problems == ()

    def test_a_place_that_no_document_can_have_is_an_error_of_the_caller(self, store):
        with pytest.raises(ValueError, match="place"):
            store.deals_where({"fields.') OR 1 --": "x"})

    def test_deals_wake_when_their_document_says_so(self, store):
        for number, wakes in enumerate(("2026-03-05T09:30:00.000000Z", None, "2026-03-02T09:30:00.500000Z"), 1):
            open_deal(store, f"d-{number}", wakes_at=wakes)
        open_deal(store, "d-4")
        assert store.deals_waking(at(0)) == []
        assert store.deals_waking(at(1)) == ["d-3"]
        with store.transaction():
            assert store.deals_waking(at(72)) == ["d-3", "d-1"]
        assert store.deals_waking(at(72)) == ["d-3", "d-1"]

    def test_the_load_of_each_owner_counts_live_deals_of_a_process(self, store):
        owned = [("rep-1", "open"), ("rep-1", "won"), ("rep-1", "lost"), ("rep-2", "open"), (None, "open")]
        for number, (owner, status) in enumerate(owned):
            open_deal(store, f"d-{number}", owner=owner, status=status)
        open_deal(store, "d-9", owner="rep-2", process="channel")
        assert store.loads("b2b") == {"rep-1": 2, "rep-2": 1}
        with store.transaction():
            assert store.loads("channel") == {"rep-2": 1}

    # -- moves

    def test_moves_are_openings_moves_and_ends_of_one_process(self, store):
        open_deal(store, "b2b-1")
        write(
            store, state("b2b-1", 4), 1,
            fields_set("b2b-1", 2, fit="yes"),
            advanced("b2b-1", 3),
            advanced("b2b-1", 4, "needs", None, kind="lost"),  # type: ignore[arg-type]
        )  # fmt: skip
        open_deal(store, "shop-1", process="b2c")
        assert list(store.moves("b2b")) == [
            Move("b2b-1", 1, "opened", at(1), None, "qualify"),
            Move("b2b-1", 3, "advanced", at(3), "qualify", "needs"),
            Move("b2b-1", 4, "lost", at(4), "needs", None),
        ]
        assert [m.deal for m in store.moves("b2c")] == ["shop-1"]
        assert list(store.moves("none")) == []

    def test_imported_moves_count_and_one_without_a_date_has_none(self, store):
        opening = {"title": "Old", "process": "b2b", "process_version": "1.0.0", "to": "engaging"}
        write(
            store, state("b2b-1", 3), 0,
            imported("b2b-1", 1, "opened", opening, undated=True),
            imported("b2b-1", 2, "fields_set", {"fields": {"fit": "yes"}}),
            imported("b2b-1", 3, "won", {"from": "engaging"}),
        )  # fmt: skip
        assert list(store.moves("b2b")) == [
            Move("b2b-1", 1, "opened", None, None, "engaging"),
            Move("b2b-1", 3, "won", at(3), "engaging", None),
        ]
        assert [r.type for r in store.events(types=("imported",))] == ["imported"] * 3

    # -- the rest

    def test_numbers_count_up_per_process(self, store, tmp_path):
        assert [store.next_number("b2b") for _ in range(3)] == [1, 2, 3]
        assert store.next_number("b2c") == 1
        assert (store.last_number("b2b"), store.last_number("b2c"), store.last_number("none")) == (3, 1, 0)
        store.close()
        again = self.reopen(tmp_path)
        assert again.next_number("b2b") == 4
        again.close()

    def test_a_definition_is_kept_whole_once_and_can_be_published(self, store):
        first = {
            "id": "b2b",
            "version": "1.0.0",
            "source_hash": "s1",
            "stages": [{"id": "qualify", "title": {"zh": "资格确认"}}],
        }
        second = {"id": "b2b", "version": "1.1.0", "source_hash": "s2", "stages": []}
        store.put_definition("h1", first)
        store.put_definition("h2", second)
        store.publish("h2")
        store.put_definition("h2", second)
        assert store.definition("h1") == first
        assert store.definition("h3") is None
        assert store.definitions() == [
            {"definition_hash": "h1", "id": "b2b", "version": "1.0.0", "source_hash": "s1", "published": False},
            {"definition_hash": "h2", "id": "b2b", "version": "1.1.0", "source_hash": "s2", "published": True},
        ]
        with pytest.raises(StoreError):
            store.publish("h3")

    def test_types_of_record_are_told_from_processes(self, store):
        said = {"id": "note", "fields": [{"record": "account"}], "title": '"record":true'}
        kinds = [("account", {"record": True}), ("b2b", {}), ("account", {"record": True})]
        for number, (name, more) in enumerate(kinds):
            store.put_definition(f"h{number}", {"id": name, "version": f"1.{number}.0", "resolved": {**said, **more}})
        assert store.record_types() == ["account"]

    def test_personal_values_are_kept_apart_and_read_by_ref(self, store):
        store.put_personal("p1", "subject-1", "Ms Example", "salt-1")
        store.put_personal("p2", "subject-1", {"phone": "+86 555 0100"}, "salt-2")
        assert store.personal(["p2", "p1", "gone"]) == {"p1": "Ms Example", "p2": {"phone": "+86 555 0100"}}
        assert store.personal([]) == {}

    def test_info_counts(self, store):
        open_deal(store, "b2b-1")
        write(store, state("b2b-1", 2), 1, advanced("b2b-1", 2))
        info = store.info()
        assert (info.deals, info.events, info.head, info.schema) == (1, 2, store.head(), 1)
        assert info.bytes > 0

    def test_a_sound_store_verifies_whole_and_deal_by_deal(self, store):
        fresh = store.verify()
        assert (fresh.deals, fresh.events, fresh.head, fresh.problems) == (0, 0, ZERO, ())
        for number in range(1, 4):
            open_deal(store, f"b2b-{number}")
            write(store, state(f"b2b-{number}", 2), 1, advanced(f"b2b-{number}", 2))
        found = store.verify()
        assert (found.deals, found.events, found.head, found.problems) == (3, 6, store.head(), ())
        one = store.verify("b2b-2")
        last = list(store.events("b2b-2"))[-1]
        assert (one.deals, one.events, one.head, one.problems) == (1, 2, last.hash, ())

    def test_opening_what_is_not_there_says_what_to_do(self, tmp_path):
        with pytest.raises(StoreError, match="dealwright init"):
            self.reopen(tmp_path / "elsewhere")
