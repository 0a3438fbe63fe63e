"""Damages the shipped and example files at random and reads them: findings with positions, in time, never an exception.

    python benchmarks/mutating.py [N] [--seed S]

N mutants (10,000) of the shipped processes, overlays and examples, each by one to four of:
bytes flipped, lines deleted, doubled, swapped or cut short, words swapped, values and names
put for others, indentation moved, quotes added or taken, odd characters put in, aliases and merges written, parts
nested or repeated many times. Every mutant is read as what its name says. Prints how many
were refused and by which codes, the slowest, and the peak of memory. Ends with 1 if one
raised, hung for 2 seconds, took 200 MB, or was refused without a position.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "unit" / "definition"))

from mutants import mutant, read, seeds

MOST_MEMORY = 200 << 20  # bytes


def main() -> int:
    """Run N mutants and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    sources, chance = seeds(), random.Random(wanted.seed)
    codes: Counter[str] = Counter()
    refused, slowest, wrong = 0, (0.0, ""), []
    began = time.process_time()
    for number in range(wanted.count):
        name, data = chance.choice(sources)
        outcome = read(name, mutant(data, chance))
        refused += bool(outcome.codes)
        codes.update(outcome.codes)
        slowest = max(slowest, (outcome.seconds, f"{name}, number {number}"))
        if outcome.wrong:
            wrong.append(f"number {number}, {name}: {outcome.wrong}")
    took, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{wanted.count} mutants of {len(sources)} files, seed {wanted.seed}: {refused} refused, {len(wrong)} wrong")
    print(f"  {took / max(wanted.count, 1) * 1e3:.1f} ms each, the slowest {slowest[0]:.2f} s ({slowest[1]})")
    print(f"  peak of memory {peak / (1 << 20):.0f} MiB (limit {MOST_MEMORY >> 20})")
    print("  " + ", ".join(f"{code} {count}" for code, count in codes.most_common(12)))
    for problem in wrong[:10]:
        print(problem, file=sys.stderr)
    return 1 if wrong or peak > MOST_MEMORY else 0


if __name__ == "__main__":
    raise SystemExit(main())
