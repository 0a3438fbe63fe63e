"""A generated process of any size, sound, with all that hangs on stages."""

from __future__ import annotations

_HEAD = """dealwright: "1"
process: large
version: 1.0.0
title: {en: A large process, zh: 大型流程}
roles:
"""


def large(stages: int) -> bytes:
    """A sound process of so many stages, with all that hangs on them; below the limits of a file."""
    kinds = max(2, stages // 10)
    lines = [_HEAD.rstrip()]
    lines += [f"  role_{n}: {{title: Role {n}}}" for n in range(20)]
    lines += ["fields:"] + [f"  size_{n}: {{type: number, min: 0, max: 1000}}" for n in range(kinds)]
    lines += [f"  kind_{n}: {{type: choice, values: [low, middle, high]}}" for n in range(kinds)]
    lines += ["events:"] + [f"  act_{n}: {{by: buyer}}" for n in range(kinds)]
    lines += ["artifacts:"]
    for n in range(kinds):
        lines.append(f"  paper_{n}: {{by: role_{n % 20}, fields: {{price: {{type: money, min: 0, required: true}}}}, "
                     f"approvals: [{{by: role_{(n + 1) % 20}, if: paper_{n}.price > 1000}}]}}")  # fmt: skip
    lines += [
        "automations:",
        "  forget: {after: 365d, since: opened, then: {to: lost, reason: no_decision}}",
        "stages:",
    ]
    for n in range(stages):
        lines += _stage(n, stages, kinds)
    lines += ["outcomes:", "  lost: {status: lost, reasons: [price, no_decision]}"]
    lines += ["  disqualified: {status: disqualified, reasons: [no_fit]}", ""]
    return "\n".join(lines).encode()


def _stage(n: int, stages: int, kinds: int) -> list[str]:
    k = n % kinds
    lines = [
        f"  - id: stage_{n}",
        "    phase: " + ("prospect", "qualify", "discover", "propose", "negotiate", "close")[min(5, 6 * n // stages)],
        f"    title: {{en: Stage {n}, zh: 第{n}步}}",
        f"    responsible: [role_{n % 20}]",
        "    sla: 14d",
        f"    requires: [paper_{k}]",
        "    exit_criteria:",
        f"      act: {{condition: event(act_{k})}}",
        f"      size: {{condition: size_{k} >= {n % 7} and size_{k} < {900 + n % 7}}}",
        f'      priced: {{condition: paper_{k}.price > {n % 50}, if: kind_{k} != "low"}}',
    ]
    if n == stages - 1:
        return [*lines, "    wins: true"]
    if n % 4 == 0 and n + 2 < stages:
        lines += [
            "    decision:",
            "      branches:",
            f"        - {{id: small, if: size_{k} < 100, to: stage_{n + 1}}}",
            f"        - {{id: large, if: size_{k} >= 100, to: stage_{n + 2}}}",
        ]
    return lines
