"""Many processes at one workspace: is every acknowledged move there, who waits how long, who wins a race.

Run `python benchmarks/races.py [MOVES] [RACES]`: 200 moves by each of eight processes on 20 deals,
then 1,000 races of two command lines to advance one deal, then two workspaces written by turns.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "acceptance"))

from crowd import both, crowd, races, track_workspace  # they lie beside the tests

from dealwright.workspace import Workspace

WRITERS, READERS, DEALS = 8, 2, 20


def at_once(folder: Path, each: int) -> bool:
    """Eight writers and two readers."""
    track_workspace(folder, DEALS)
    begin = time.perf_counter()
    moves, reads = crowd(folder, DEALS, WRITERS, each, READERS)
    took = time.perf_counter() - begin
    told = {digest for one in moves for digest in one.hashes}
    with Workspace.find(folder) as ws:
        kept = {record.hash for record in ws.store.events()}
        problems = ws.store.verify().problems
    errors = [error for one in reads for error in one.errors]
    waits = sorted(wait for one in moves for wait in one.waited)
    calls = sorted(call for one in moves for call in one.took)
    print(f"{WRITERS} processes x {each} moves on {DEALS} deals, {took:.1f} s: {len(told)} acknowledged,")
    print(f"  {len(told - kept)} of them missing, {len(problems)} problems found by verify")
    print(f"  {sum(one.conflicts for one in moves)} times somebody else had moved the deal first, and they were told")
    print(f"  waits for a turn: median {waits[len(waits) // 2]:.3f} s, longest {waits[-1]:.2f} s (goal <= 2)")
    print(f"  calls, waits included: median {calls[len(calls) // 2]:.3f} s, longest {calls[-1]:.2f} s")
    print(f"  {READERS} readers read {sum(one.rounds for one in reads)} times meanwhile, {len(errors)} errors")
    return not (told - kept or problems or errors) and len(told) == WRITERS * each and waits[-1] <= 2


def two_by_two(folder: Path, count: int) -> bool:
    """Races of two."""
    track_workspace(folder)
    begin = time.perf_counter()
    raced = list(races(folder, count))
    took = time.perf_counter() - begin
    codes = {pair: sum(one.codes == pair for one in raced) for pair in sorted({one.codes for one in raced})}
    named = sum("somebody moved it to s" in one.told.get("message", "") for one in raced)
    with Workspace.find(folder) as ws:
        moved = sum(1 for _ in ws.store.events(types=("advanced",)))
        problems = ws.store.verify().problems
    print(f"{count} races of two advances, {took:.1f} s: {moved} moves, exit codes {codes}")
    print(f"  {named} losers were told to which stage the deal had moved; {len(problems)} problems found by verify")
    return moved == named == count and codes == {(0, 4): count} and not problems


def apart(one: Path, other: Path, each: int) -> bool:
    """Two workspaces."""
    folders = (track_workspace(one, 1), track_workspace(other, 1))
    told = both(*folders, each)
    mixed = 0
    for which, folder in enumerate(folders):
        with Workspace.find(folder) as ws:
            kept = {record.hash for record in ws.store.events() if record.seq > 1}
        mixed += len(kept ^ {digest for hashes in told for digest in hashes[which]})
    print(
        f"2 workspaces, {4 * each} writes to each by 2 processes in turns: {mixed} events missing or in the wrong one"
    )
    return mixed == 0


def main() -> int:
    """Print all three; 1 where a goal is missed."""
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reached = [at_once(folder / "crowd", moves), two_by_two(folder / "races", count)]
        reached.append(apart(folder / "one", folder / "other", moves))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
