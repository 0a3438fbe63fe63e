"""Processes that write, read and race at one workspace; what each of them saw comes back as plain data."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from desk import make_workspace

from dealwright.cli.app import run
from dealwright.errors import ConflictError
from dealwright.workspace import Workspace

LONG = 60  # stages
TRACK = """\
dealwright: "1"
process: track
version: 1.0.0
title: {en: Track, zh: 赛道}
type: b2b
currency: CNY
roles: {rep: {title: {en: Representative, zh: 销售代表}}}
fields: {mark: {type: text}}
stages:
""" + "".join(f"  - {{id: s{n}, title: s{n}, phase: qualify, responsible: [rep]}}\n" for n in range(LONG)) + """\
  - {id: signing, title: Signing, phase: close, responsible: [rep], wins: true}
outcomes:
  lost: {status: lost, reasons: [price]}
"""  # fmt: skip
PEOPLE = "people: {rep-1: {roles: [rep]}}\n"
ALLOWED = 'dealwright: "1"\nallow_as: true\n'
_SPAWN = multiprocessing.get_context("spawn")
_TOGETHER: dict[str, Any] = {}


class Moves(NamedTuple):
    """What a writer was told: hashes of its events, how often others were first; seconds.

    `took` has what each call took, whole; `waited` what of it each wait for the store's lock took.
    """

    hashes: list[str]
    conflicts: int
    took: list[float]
    waited: list[float]


class Reads(NamedTuple):
    """How often a reader read everything, and what went wrong."""

    rounds: int
    errors: list[str]


class Raced(NamedTuple):
    """The exit codes of a race, lowest first, and what the loser was told."""

    codes: tuple[int, int]
    told: dict[str, Any]


def track_workspace(folder: Path, deals: int = 0) -> Path:
    """A workspace with a process of many stages that hold nobody, and so many deals `deal-N`."""
    made = make_workspace(folder, PEOPLE, ALLOWED, track=TRACK).folder
    with Workspace.find(made, actor="rep-1") as ws:
        for number in range(deals):
            ws.deal_open("track", f"Deal {number}", deal_id=f"deal-{number}")
    return made


def crowd(folder: Path, deals: int, writers: int, each: int, readers: int = 1) -> tuple[list[Moves], list[Reads]]:
    """`writers` processes make `each` moves on `deals` deals, while others read until they are done."""
    start, over = _SPAWN.Barrier(writers + readers), _SPAWN.Event()
    with _SPAWN.Pool(writers + readers, _share, ({"start": start, "over": over},)) as pool:
        reading = [pool.apply_async(_read, (folder, deals)) for _ in range(readers)]
        moving = [pool.apply_async(_move, (folder, deals, each, number)) for number in range(writers)]
        try:
            moved = [one.get(600) for one in moving]
        finally:
            over.set()
        return moved, [one.get(60) for one in reading]


def races(folder: Path, count: int) -> Iterator[Raced]:
    """So many times the command line twice at once: `deal advance` of one deal, both given at the same instant.

    A deal that nears its end is replaced by a new one.
    """
    shared = {"start": _SPAWN.Barrier(2), "given": _SPAWN.Value("d", 0.0)}
    with Workspace.find(folder, actor="rep-1") as ws:
        names = [f"race-{number}" for number in range(-(-count // (LONG - 5)))]
        for name in names:
            ws.deal_open("track", "Race", deal_id=name)
    deals = [name for name in names for _ in range(LONG - 5)][:count]
    with _SPAWN.Pool(2, _share, (shared,)) as pool:
        first, second = [pool.apply_async(_race, (folder, deals, number)) for number in range(2)]
        for one, other in zip(first.get(600), second.get(600), strict=True):
            low, high = sorted((one, other), key=lambda answer: answer[0])
            yield Raced((low[0], high[0]), high[1])


def both(one: Path, other: Path, each: int) -> list[tuple[list[str], list[str]]]:
    """Two processes that write to two workspaces in turns, to deals of the same ids; the hashes, by workspace."""
    with _SPAWN.Pool(2, _share, ({"start": _SPAWN.Barrier(2)},)) as pool:
        return pool.starmap(_write_both, [(one, other, each, number) for number in range(2)], chunksize=1)


def _share(shared: dict[str, Any]) -> None:
    _TOGETHER.update(shared)


def _move(folder: Path, deals: int, each: int, number: int) -> Moves:
    pick = random.Random(number)
    hashes: list[str] = []
    conflicts, took = 0, []
    with Workspace.find(folder, actor="rep-1") as ws:
        waited = _timed_lock(ws)
        _TOGETHER["start"].wait(120)
        while len(hashes) < each:
            deal = f"deal-{pick.randrange(deals)}"
            at_the_end = ws.deal_show(deal)["deal"]["stage"] == f"s{LONG - 1}"
            begin = time.perf_counter()
            try:
                done = ws.deal_move(deal, "s0", reason="once more") if at_the_end else ws.deal_advance(deal)
                hashes += [event["hash"] for event in done["events"]]
            except ConflictError:
                conflicts += 1
            took.append(time.perf_counter() - begin)
    return Moves(hashes, conflicts, took, waited)


def _timed_lock(ws: Workspace) -> list[float]:
    """The seconds of each wait for the store's lock from here on."""
    lock = ws.store.db.storage._lock
    waited: list[float] = []
    plain = lock.acquire

    def acquire() -> None:
        begin = time.perf_counter()
        try:
            plain()
        finally:
            waited.append(time.perf_counter() - begin)

    lock.acquire = acquire
    return waited


def _read(folder: Path, deals: int) -> Reads:
    rounds, errors = 0, []
    _TOGETHER["start"].wait(120)
    while not _TOGETHER["over"].is_set():
        try:
            with Workspace.find(folder) as ws:
                listed = ws.deal_list()["deals"]
                assert len(listed) == deals
                for deal in (f"deal-{rounds % deals}", f"deal-{(rounds + 7) % deals}"):
                    seen = ws.deal_show(deal)["deal"]["version"]
                    assert len(ws.deal_history(deal)["events"]) >= seen
                    assert ws.deal_verify(deal)["ok"]
        except Exception as error:  # whatever it is, a reader must not see it
            errors.append(repr(error))
        rounds += 1
    return Reads(rounds, errors)


def _race(folder: Path, deals: list[str], number: int) -> list[tuple[int, dict[str, Any]]]:
    answers = []
    for deal in deals:
        _TOGETHER["start"].wait(120)
        if number == 0:
            _TOGETHER["given"].value = time.time()
        _TOGETHER["start"].wait(120)
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            argv = ["--workspace", str(folder), "--as", "rep-1", "deal", "advance", deal, "-o", "json"]
            code = run(argv, _TOGETHER["given"].value)
        answers.append((code, json.loads(out.getvalue()).get("error") or {}))
    return answers


def _write_both(one: Path, other: Path, each: int, number: int) -> tuple[list[str], list[str]]:
    hashes: tuple[list[str], list[str]] = ([], [])
    with Workspace.find(one, actor="rep-1") as first, Workspace.find(other, actor="rep-1") as second:
        _TOGETHER["start"].wait(120)
        for turn in range(each):
            for which, (ws, name) in enumerate(((first, "one"), (second, "other"))):
                done = ws.deal_set("deal-0", {"mark": f"{name}-{number}-{turn}"})
                done["events"] += ws.activity_log("deal-0", "call", note=f"said in {name}")["events"]
                hashes[which].extend(event["hash"] for event in done["events"])
    return hashes
