"""docs/reference/findings.md, made of the table of codes: `python -m dealwright.definition.codes_page > FILE`."""

from __future__ import annotations

import sys

from dealwright.definition.code import Code
from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.codes_merging import MERGING

# The examples that are no process files.
_OTHERS = {code: f"{code}.lint.yaml" for code in ("unknown-rule", "fixed-rule")}
_HEAD = """# Findings

What `dealwright process validate` can find, by code. An *error* keeps a file from being used; a *warning* does not,
a comment with a reason on its line or the line above takes it back, and settings can raise it or turn it off
([checking.md](../checking.md)):

```yaml
  # dealwright: ignore[no-buyer-evidence] desk work; the buyer first acts in the next stage
  - id: research
```

Lines and columns start at 1, columns count characters. Each code has an example among
[tests/examples/invalid](../../tests/examples/invalid).

| code | severity | means | 含义 |
|---|---|---|---|
"""


def findings_page() -> str:
    """The whole page, as Markdown."""
    rows = [f"| [{name}](#{name}) | {code.severity} | {code.title.en} | {code.title.zh} |" for name, code in _sorted()]
    sections = [
        f"## {name}\n\n{code.title.en} · {code.title.zh} ({code.severity}"
        f", [example](../../tests/examples/invalid/{_example(name)}))\n\n"
        f"{code.explanation.en}\n\n{code.explanation.zh}\n"
        for name, code in _sorted()
    ]
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(sections)


def _example(name: str) -> str:
    if name in MERGING:  # a folder each: such an example is made of several files
        return f"{name}/child.process.yaml"
    return _OTHERS.get(name, f"{name}.yaml")


def _sorted() -> list[tuple[str, Code]]:
    return sorted(FINDING_CODES.items())


if __name__ == "__main__":
    sys.stdout.buffer.write(findings_page().encode())
