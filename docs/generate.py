"""Writes the pages of docs/reference from the program itself; with `--check` it only compares.

python docs/generate.py [--check]
"""

from __future__ import annotations

import inspect
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from dealwright._resources import folder
from dealwright.cli.commands import ROOT, Entry
from dealwright.cli.main import main as dealwright
from dealwright.cli.pages import global_options
from dealwright.definition.codes_page import findings_page
from dealwright.hookspecs import (
    CommandLine,
    CriterionKind,
    Function,
    GateResult,
    HookSpecs,
    Judgement,
    LintReport,
    Proposal,
    Score,
)

sys.path.insert(0, str(Path(__file__).parent))
from methodologies_page import methodologies_page

REFERENCE = Path(__file__).parent / "reference"

_COMMANDS = """# Commands

Made by `python docs/generate.py` from the commands' own help pages. What they are for: [operators.md](../operators.md).
`DEAL` is a deal's id, its external id, or a part of its title that fits one deal only.

本页由各命令自身的帮助生成。

"""

_KEYS = """# Keys

Made by `python docs/generate.py` from `schemas/`; an asterisk marks what is required. How they work together:
[authors.md](../authors.md) for processes and overlays, [operators.md](../operators.md) for workspace and team,
[import.md](../import.md) for maps. `dealwright schema process` prints the JSON Schema itself, for editors.

"""

_FILES = {
    "process": "A process: NAME.process.yaml",
    "record": "A type of record: NAME.record.yaml",
    "library": "A library: NAME.library.yaml",
    "overlay": "An overlay: NAME.overlay.yaml",
    "workspace": "A workspace: dealwright.yaml",
    "lint": "A profile of rules: NAME.lint.yaml",
    "team": "A team: team.yaml",
    "import-map": "An import map: NAME.map.yaml",
}


def verbs() -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Every command that can be run, with its words, in the order of the table."""

    def under(words: tuple[str, ...], entries: dict[str, Entry]) -> Iterator[tuple[tuple[str, ...], Entry]]:
        for name, entry in entries.items():
            if entry.verbs:
                yield from under((*words, name), entry.verbs)
            else:
                yield (*words, name), entry

    return under((), ROOT)


def commands_page() -> str:
    """docs/reference/commands.md."""
    listed = [f"| [`{_spoken(words)}`](#{'-'.join(words)}) | {e.en} | {e.zh} |" for words, e in verbs()]
    common = "\n".join(f"    {line}".rstrip() for lang in ("en", "zh") for line in (*global_options(lang), ""))
    table = "\n".join(["| command | | |", "|---|---|---|", *listed])
    parts = [_COMMANDS + table, "## Options of every command", common.rstrip()]
    for words, _ in verbs():
        parts += [f"## {' '.join(words)}", f"```text\n{_help(words, 'en')}\n```", f"```text\n{_help(words, 'zh')}\n```"]
    return "\n\n".join(parts) + "\n"


def _spoken(words: tuple[str, ...]) -> str:
    return f"dealwright {' '.join(words)}"


def _help(words: tuple[str, ...], lang: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        dealwright([*words, "--lang", lang, "--help"])
    own, _, _ = out.getvalue().partition(global_options(lang)[0])
    return own.rstrip()


def keys_page() -> str:
    """docs/reference/keys.md."""
    parts = [_KEYS.rstrip()]
    for name, heading in _FILES.items():
        schema = json.loads((folder("schemas") / f"{name}.schema.json").read_bytes())
        parts += [f"## {heading}", *_tables(schema)]
    return "\n\n".join(parts) + "\n"


def _tables(schema: dict[str, Any]) -> Iterator[str]:
    """A table for each object of a schema that has named keys: the file itself first."""
    for title, one in [("", schema), *_objects(schema)]:
        required = one.get("required", ())
        rows = [
            f"| `{key}`{'*' * (key in required)} | {_kinds(value)} | {value['description']} | {_example(value)} |"
            for key, value in one["properties"].items()
        ]
        described = one["description"].partition(" Words beginning with x-")[0]
        yield ": ".join(part for part in (f"**{title}**" if title else "", described) if part)
        yield "\n".join(["| key | takes | says | example |", "|---|---|---|---|", *rows])


def _objects(schema: Any, title: str = "", described: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with named keys below `schema`, under its own title or the nearest one above it."""
    if isinstance(schema, list):
        children = [(title, child) for child in schema]
    elif isinstance(schema, dict):
        own = schema.get("title")
        if isinstance(own, str):
            title, described = own, str(schema.get("description", ""))
        children = [(title, child) for name, child in schema.items() if name != "$defs"]
        children += [(name.capitalize(), child) for name, child in schema.get("$defs", {}).items()]
    else:
        return
    for name, child in children:
        if isinstance(child, dict) and isinstance(child.get("properties"), dict):
            inherited = described if name == title else ""
            yield child.get("title", name), {**child, "description": child.get("description", inherited)}
        yield from _objects(child, name, described if name == title else "")


def _kinds(schema: dict[str, Any]) -> str:
    """What a value of a key is, in a word or two."""
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"]).replace("\t", "\\t")
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"stageName": "stage", "targetName": "stage or outcome", "artifactName": "artifact", "roleName": "role",
                "roles": "role, or a list", "actors": "role or `buyer`, or a list",
                "bound": "number or date"}.get(name, name)  # fmt: skip
    if "oneOf" in schema:
        return "one of several forms"
    kind = schema.get("type", "")
    return {"object": "map", "array": "list", "boolean": "`true` or `false`"}.get(kind, kind)


def _example(schema: dict[str, Any]) -> str:
    said = json.dumps(schema["examples"][0], ensure_ascii=False).replace("|", "\\|")
    return f"`{said}`"


_HOOKS = """# Hooks

Made by `python docs/generate.py` from `dealwright.hookspecs`: the contract of each hook, and the types that hooks take
and give. How to write a plugin: [plugin-developers.md](../plugin-developers.md).

Every hook sees frozen data. Hooks are called in the order in which the workspace allows its plugins. A hook takes only
those of its arguments that it names, so that arguments added later break no plugin. Each call may take `plugin_timeout`
(5 s unless the workspace says otherwise).

本页由 `dealwright.hookspecs` 生成。

"""


def hooks_page() -> str:
    """docs/reference/hooks.md."""
    hooks = [(name, one) for name, one in vars(HookSpecs).items() if name.startswith("dealwright_")]
    types = [CriterionKind, Function, GateResult, Judgement, Proposal, Score, CommandLine, LintReport]
    added = [(name, re.search(r"Version added: ([0-9.]+)\.$", _doc(one).strip())) for name, one in hooks]
    rows = [f"| [`{name}`](#{name}) | {found.group(1) if found else ''} |" for name, found in added]
    parts = [_HOOKS + "\n".join(["| hook | added in |", "|---|---|", *rows])]
    for name, one in hooks:
        arguments = [word for word in inspect.signature(one).parameters if word != "self"]
        parts += [f"## {name}", f"`{name}({', '.join(arguments)})` gives `{one.__annotations__['return']}`", _doc(one)]
    parts.append("## Types")
    for kind in types:
        parts += [f"### {kind.__name__}", _doc(kind)]
        fields = [f"| `{name}` | `{kind.__annotations__[name]}` |" for name in getattr(kind, "__struct_fields__", ())]
        if fields:
            parts.append("\n".join(["| field | type |", "|---|---|", *fields]))
        elif hasattr(kind, "add"):
            parts += [f"`add{inspect.signature(kind.add)}`".replace("(self, ", "("), _doc(kind.add)]
    return "\n\n".join(parts) + "\n"


def _doc(thing: Any) -> str:
    return inspect.getdoc(thing) or ""


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "findings.md": findings_page,
    "hooks.md": hooks_page,
    "keys.md": keys_page,
    "methodologies.md": methodologies_page,
}


def main(arguments: list[str]) -> int:
    """Write every page that differs; with `--check`, name them and fail instead."""
    stale = 0
    for name, make in PAGES.items():
        path = REFERENCE / name
        text = make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        sys.stdout.write(f"{path.name} {'is out of date' if '--check' in arguments else 'written'}\n")
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
