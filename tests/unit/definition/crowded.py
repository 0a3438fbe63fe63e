"""Process files within the limits of size that are as dear as can be: each key used thousands of times."""

from __future__ import annotations

from collections.abc import Callable

_HEAD = """dealwright: "1"
process: demo
version: 1.0.0
title: Demo
roles: {rep: {title: Rep}}
outcomes: {lost: {status: lost, reasons: [price]}}
events: {agreed: {by: buyer}}
"""


def _stage(name: str, extra: str = "") -> str:
    return f"  - {{id: {name}, title: T, phase: close, responsible: rep{extra}}}\n"


def _criteria(conditions: list[str]) -> str:
    return "exit_criteria:\n" + "".join(f"  c{at}: {{condition: '{one}'}}\n" for at, one in enumerate(conditions))


_WON = ", wins: true"
_STAGES = "stages:\n" + _stage("a", _WON)
_X = "fields: {x: {type: number}}\n"

CROWDED: dict[str, Callable[[], str]] = {
    "unknown names among many fields": lambda: (
        _HEAD
        + "fields:\n"
        + "".join(f"  field_number_{i}: {{type: number}}\n" for i in range(9000))
        + _criteria([f"field_numbre_{i} > 1" for i in range(3000)])
        + _STAGES
    ),
    "unknown fields of artifact": lambda: (
        _HEAD
        + "artifacts:\n  paper:\n    by: rep\n    fields:\n"
        + "".join(f"      field_number_{i}: {{type: number}}\n" for i in range(9000))
        + _criteria([f"paper.field_numbre_{i} > 1" for i in range(3000)])
        + _STAGES
    ),
    "doubling formulas": lambda: (
        _HEAD
        + "fields:\n  f0: {type: number}\n"
        + "".join(f"  f{i}: {{type: number, formula: f{i - 1} + f{i - 1}}}\n" for i in range(1, 200))
        + _criteria(["f199 > 1"])
        + _STAGES
    ),
    "formula circle": lambda: (
        _HEAD
        + "fields:\n"
        + "".join(f"  f{i}: {{type: number, formula: f{(i + 1) % 3000} + 1}}\n" for i in range(3000))
        + _criteria(["f1 > 1"])
        + _STAGES
    ),
    "formula chain": lambda: (
        _HEAD
        + "fields:\n  f0: {type: number}\n"
        + "".join(f"  f{i}: {{type: number, formula: f{i - 1} + 1}}\n" for i in range(1, 5000))
        + _criteria(["f4999 > 1"])
        + _STAGES
    ),
    "detours": lambda: (
        _HEAD
        + "stages:\n"
        + _stage("a", _WON)
        + "".join(_stage(f"d{i}", ", detour: true") for i in range(2000))
        + "".join(_stage(f"s{i}") for i in range(1500))
    ),
    "automations": lambda: (
        _HEAD
        + "automations:\n"
        + "".join(f"  a{i}: {{after: 3d, then: {{to: s{i % 1000}}}}}\n" for i in range(2500))
        + "stages:\n"
        + _stage("a", _WON)
        + "".join(_stage(f"s{i}") for i in range(1000))
    ),
    "entered automations": lambda: (
        _HEAD
        + "automations:\n"
        + "".join(f"  a{i}: {{upon: entered, then: {{to: s{i % 1000}}}}}\n" for i in range(2500))
        + "stages:\n"
        + _stage("a", _WON)
        + "".join(_stage(f"s{i}") for i in range(1000))
    ),
    "auto ring": lambda: (
        _HEAD
        + "stages:\n"
        + _stage("a", _WON)
        + "".join(
            _stage(f"s{i}", f", auto: true, decision: {{branches: [{{id: x, to: s{(i + 1) % 1500}}}]}}")
            for i in range(1500)
        )
    ),
    "braces": lambda: _HEAD + "templates:\n  t: {title: T, body: '" + "{{" * 200_000 + "'}\n" + _STAGES,
    "holes": lambda: _HEAD + "templates:\n  t: {title: T, body: '" + "{{ amount }}" * 60_000 + "'}\n" + _STAGES,
    "bad holes": lambda: _HEAD + "templates:\n  t: {title: T, body: '" + "{{ amoumt }}" * 60_000 + "'}\n" + _STAGES,
    "parts": lambda: (
        _HEAD
        + "exit_criteria:\n  c: "
        + "{at_least: any, of: {p: " * 15
        + "{condition: amount > 1}"
        + "}}" * 15
        + "\n"
        + _STAGES
    ),
    "wide parts": lambda: (
        _HEAD
        + "exit_criteria:\n  c: {at_least: 2, of: {"
        + ", ".join(f"p{i}: {{condition: amount > {i}}}" for i in range(8000))
        + "}}\n"
        + _STAGES
    ),
    "nots": lambda: _HEAD + _criteria(["not " * 120 + "amount > " + str(i) for i in range(1800)]) + _STAGES,
    "parens": lambda: _HEAD + _criteria(["(" * 240 + "1" + ")" * 240 for i in range(1800)]) + _STAGES,
    "ors": lambda: (
        _HEAD + _X + _criteria([" or ".join(f"x > {i + j}" for j in range(30)) for i in range(1500)]) + _STAGES
    ),
    "ands": lambda: (
        _HEAD + _X + _criteria([" and ".join(f"x > {i + j}" for j in range(30)) for i in range(1500)]) + _STAGES
    ),
    "ins": lambda: (
        _HEAD
        + _X
        + _criteria(["x in [" + ",".join(str(i + j) for j in range(60)) + "]" for i in range(1500)])
        + _STAGES
    ),
    "notins": lambda: (
        _HEAD
        + _X
        + _criteria(["x not in [" + ",".join(str(i + j) for j in range(60)) + "]" for i in range(1500)])
        + _STAGES
    ),
    "andors": lambda: (
        _HEAD
        + "fields:\n"
        + "".join(f"  x{i}: {{type: number}}\n" for i in range(16))
        + _criteria([" and ".join(f"(x{j} > {i} or x{j} < {i - 5})" for j in range(16)) for i in range(1500)])
        + _STAGES
    ),
    "nested any": lambda: (
        _HEAD
        + "fields: {l: {type: list, of: {v: {type: number}}}}\n"
        + _criteria(["any(l, " * 19 + f"v > {i}" + ")" * 19 for i in range(1800)])
        + _STAGES
    ),
    "branches": lambda: (
        _HEAD
        + "fields: {x: {type: number}}\nstages:\n"
        + _stage(
            "a",
            ", wins: true, decision: {branches: ["
            + ", ".join(f"{{id: b{i}, if: x > {i}, to: lost, reason: price}}" for i in range(5000))
            + "]}",
        )
    ),
    "branches first": lambda: (
        _HEAD
        + "fields: {x: {type: number}}\nstages:\n"
        + _stage(
            "a",
            ", wins: true, decision: {hit: first, branches: ["
            + ", ".join(f"{{id: b{i}, if: x == {i}, to: lost, reason: price}}" for i in range(5000))
            + "]}",
        )
    ),
    "cases": lambda: (
        _HEAD
        + "fields: {x: {type: number}}\nstages:\n"
        + _stage(
            "a",
            ", wins: true, sla: [" + ", ".join(f"{{if: x == {i}, exit: 3d}}" for i in range(5000)) + ", {exit: 4d}]",
        )
    ),
    "starts": lambda: (
        _HEAD
        + "fields: {x: {type: number}}\nstart: ["
        + ", ".join(f"{{if: x == {i}, to: a}}" for i in range(5000))
        + "]\n"
        + _STAGES
    ),
    "wide criteria x stages": lambda: (
        _HEAD
        + _criteria([f"amount > {i}" for i in range(1500)])
        + "stages:\n"
        + "".join(_stage(f"s{i}", _WON if i == 0 else "") for i in range(3000))
    ),
    "task circle": lambda: (
        _HEAD
        + "tasks:\n"
        + "".join(f"  t{i}: {{title: T, by: rep, after: [t{(i + 1) % 3000}]}}\n" for i in range(3000))
        + _STAGES
    ),
    "task after": lambda: (
        _HEAD
        + "tasks:\n"
        + "".join(
            f"  t{i}: {{title: T, by: rep, after: [{', '.join(f't{j}' for j in range(150))}]}}\n" for i in range(200)
        )
        + _STAGES
    ),
    "approval chain": lambda: (
        _HEAD
        + "artifacts: {p: {by: rep, approvals: ["
        + ", ".join(f"{{id: a{i}, by: rep, after: a{(i + 1) % 8000}}}" for i in range(8000))
        + "]}}\n"
        + _STAGES
    ),
    "skips": lambda: (
        _HEAD
        + "stages:\n"
        + "".join(
            _stage(
                f"s{i}",
                (_WON if i == 0 else "") + ", skip_to: {" + ", ".join(f"s{j}: rep" for j in range(i + 1, 300)) + "}",
            )
            for i in range(200)
        )
    ),
    "same ids": lambda: _HEAD + "stages:\n" + "".join(_stage("a") for i in range(4000)),
    "digits": lambda: _HEAD + _criteria(["amount > " + "9" * 480 for i in range(1500)]) + _STAGES,
    "texts": lambda: (
        _HEAD
        + "fields: {x: {type: text}}\n"
        + _criteria(['x == "' + chr(0x4E00 + i) * 400 + '"' for i in range(600)])
        + _STAGES
    ),
    "unique rules": lambda: (
        _HEAD
        + "fields: {x: {type: text}}\nunique:\n"
        + "".join(f"  u{i}: {{fields: [x], on_conflict: warn}}\n" for i in range(5000))
        + _STAGES
    ),
    "related chain": lambda: (
        _HEAD + "related:\n" + "".join(f"  r{i}: {{process: demo, link: parent}}\n" for i in range(5000)) + _STAGES
    ),
    "variants": lambda: (
        _HEAD
        + "stages:\n"
        + _stage("a", ", wins: true, variants: {" + ", ".join(f"v{i}: {{title: V}}" for i in range(8000)) + "}")
    ),
    "personas": lambda: (
        _HEAD
        + "personas: {"
        + ", ".join(f"v{i}: P" for i in range(8000))
        + "}\n"
        + "stages:\n"
        + _stage("a", ", wins: true, buyer: {stage: x, expects: {" + ", ".join(f"w{i}: V" for i in range(8000)) + "}}")
    ),
}
