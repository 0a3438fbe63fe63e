"""What plugins cost: an advance of a deal, written to the store, with three plugins against none.

Three plugins have a gate each, and what three such plugins take away from a transition is fences, frozen views
and checked answers. Both contenders run the whole way: load, ask, decide, append, commit. Run it as:
python benchmarks/plugins.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from dealwright.workspace import Workspace
from dealwright.workspace.setup import init

GOAL = 2.0
MOVES = 60
PLUGIN = """
from dealwright import GateResult, Text, hookimpl

T = Text("Looked at", "已查看")

@hookimpl
def dealwright_register_overlays():
    return ["overlay: {name}\\nversion: 1.0.0\\ntitle: {name}\\n"]

@hookimpl
def dealwright_evaluate_gate(deal, process, to):
    return [GateResult("{name}_looked", "met" if deal.value("note") is None else "unmet", T, T, found=deal.id)]
"""
STAGES = "\n".join(
    f"  - {{id: s{n}, title: S{n}, phase: discover, responsible: rep, "
    f"exit_criteria: {{a: {{condition: event(seen)}}, b: {{condition: has(source)}}}}}}"
    for n in range(MOVES + 1)
)
PROCESS = f"""\
dealwright: "1"
process: bench
version: 1.0.0
title: Bench
METHODS
roles: {{rep: {{title: Rep}}}}
fields: {{source: {{type: text}}, note: {{type: text}}}}
events: {{seen: {{by: rep}}}}
stages:
{STAGES}
outcomes: {{lost: {{status: lost, reasons: [price]}}}}
"""


def main() -> int:
    """Print microseconds of CPU per advance and the ratio; 1 where it is above the goal."""
    with tempfile.TemporaryDirectory() as folder:
        names = _ship(Path(folder))
        bare, full = _workspace(Path(folder) / "bare", ()), _workspace(Path(folder) / "full", names)
        times: dict[str, list[float]] = {"none": [], "three": []}
        with bare, full:
            for number in range(9):  # interleaved, so that a busy machine is unfair to both alike
                for name, workspace in (("none", bare), ("three", full)):
                    times[name] += _moved(workspace, f"d{number}")
    none, three = (statistics.median(times[name]) for name in ("none", "three"))
    print(f"no plugin      {none * 1e6:8,.0f} us an advance")
    print(f"three plugins  {three * 1e6:8,.0f} us an advance")
    print(f"ratio          {three / none:8.2f} (goal: at most {GOAL:g})")
    return 0 if three / none <= GOAL else 1


def _ship(folder: Path) -> tuple[str, ...]:
    """Three distributions, on sys.path."""
    names = ("first_look", "second_look", "third_look")
    sys.path.insert(0, str(folder))
    for name in names:
        (folder / f"bench_{name}.py").write_text(PLUGIN.format(name=name), encoding="utf-8")
        info = folder / f"bench_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: bench-{name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = bench_{name}\n", encoding="utf-8")
    return names


def _workspace(folder: Path, plugins: tuple[str, ...]) -> Workspace:
    init(folder)
    listed = ", ".join(plugins)
    (folder / "dealwright.yaml").write_text(f'dealwright: "1"\nallow_as: true\nplugins: [{listed}]\n', encoding="utf-8")
    (folder / "team.yaml").write_text("people:\n  rep-1: {roles: [rep]}\n", encoding="utf-8")
    methods = f"methodologies: [{listed}]" if plugins else ""
    (folder / "processes" / "bench.process.yaml").write_text(PROCESS.replace("METHODS", methods), encoding="utf-8")
    return Workspace.find(folder, actor="rep-1")


def _moved(workspace: Workspace, deal: str) -> list[float]:
    workspace.deal_open("bench", deal, deal_id=deal, texts={"source": "referral"})
    workspace.activity_log(deal, "seen")
    begun = time.process_time()  # waiting for the disk is the same for both, and would hide what plugins cost
    for _ in range(MOVES):
        workspace.deal_advance(deal)
    return [(time.process_time() - begun) / MOVES]


if __name__ == "__main__":
    sys.exit(main())
