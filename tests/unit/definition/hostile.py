"""Files made to break a reader, by what they do, and the codes of which one must be found."""

from __future__ import annotations

_K = 100_000


def _laughs(level: int, width: int) -> bytes:
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, level)]
    return "\n".join(lines).encode()


def _merges(level: int) -> bytes:
    lines = ["m0: &m0 {a: b}"]
    lines += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}" for n in range(1, level)]
    return "\n".join(lines).encode()


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "open brackets": (b"[" * _K, {"too-deep"}),
    "open braces": (b"{" * _K, {"too-deep"}),
    "brackets that close": (b"[" * 50_000 + b"]" * 50_000, {"too-deep"}),
    "dashes": (b"- " * 50_000, {"too-deep"}),
    "question marks": (b"? " * 50_000, {"too-deep"}),
    "braces of keys": (b"{a: " * 25_000, {"too-deep"}),
    "indented keys": (b"\n".join(b" " * n + b"a:" for n in range(1_000)), {"too-deep"}),
    "billion laughs": (_laughs(30, 9), {"too-many-nodes"}),
    "quadratic": (b"a: &a [" + b"x, " * 4_000 + b"x]\nb: [" + b"*a, " * 4_000 + b"*a]", {"too-many-nodes"}),
    "deep aliases": (
        b"a0: &a0 [x]\n" + b"\n".join(b"a%d: &a%d [*a%d]" % (n, n, n - 1) for n in range(1, 2_000)), {"too-deep"}
    ),
    "contains itself": (b"a: &a [*a]", {"bad-alias"}),
    "merge bomb": (_merges(40), {"too-many-nodes"}),
    "merge": (b"a: &a {b: c}\nd: {<<: *a}", {"merge-key"}),
    "duplicate keys": (b"a: b\n" * 20_000, {"duplicate-key"}),
    "many keys": (b"".join(b"key_%d: v\n" % n for n in range(20_000)), {"unknown-key"}),
    "wide list": (b"stages: [" + b"a, " * 45_000 + b"a]", {"wrong-type"}),
    "utf-16": ("dealwright: '1'".encode("utf-16"), {"not-utf8"}),
    "utf-16 without mark": ("dealwright: '1'".encode("utf-16-le"), {"odd-character"}),
    "utf-32": ("dealwright: '1'".encode("utf-32"), {"not-utf8"}),
    "overlong": (b"a: \xc0\xaf", {"not-utf8"}),
    "lone surrogate": (b"a: \xed\xa0\x80", {"not-utf8"}),
    "escaped surrogate": (b'a: "\\ud800"', {"yaml-syntax"}),
    "escaped nul": (b'a: "\\0"', {"odd-character"}),
    "nul": (b"a: b\x00c", {"odd-character"}),
    "escape sequence": (b"a: \x1b[31m", {"odd-character"}),
    "bidi": ("a: \u202etxt".encode(), {"odd-character"}),
    "mark inside": ("a: b\ufeffc".encode(), {"odd-character"}),
    "next line": ("a: b\u0085c".encode(), {"odd-character"}),
    "lone return": (b"a: b\rc: d", {"odd-character"}),
    "ten megabytes": (b"a: b\n" * 2_000_000, {"file-too-large"}),
    "one long line": (b"a" * 10_000_000, {"file-too-large"}),
    "one long line within the limit": (b"title: " + b"x" * 1_000_000, {"bad-value"}),
    "long key": (b"x" * 1_000_000 + b": a", {"yaml-syntax"}),
    "long digits": (b"stages:\n  - probability: " + b"9" * 5_000, {"wrong-type"}),
    "not a number": (b"stages:\n  - probability: .nan", {"wrong-type"}),
    "sexagesimal": (b"version: " + b"1:" * 200_000 + b"1", {"bad-value"}),
    "tag": (b"!!python/object/apply:os.system [a]", {"tag"}),
    "empty int": (b'version: !!int ""', {"tag"}),
    "slow pattern": (b"version: " + b"1." * 50_000 + b"!", {"bad-value"}),
    "slow value": (b"fields: {f: {type: choice, values: [" + b"a" * 60_000 + b"!]}}", {"bad-value"}),
    "nothing": (b"", {"empty-file"}),
    "only a mark": (b"\xef\xbb\xbf", {"empty-file"}),
    "a word": (b"hello", {"wrong-type"}),
    "a tab": (b"a:\n\tb: c", {"yaml-syntax"}),
    "documents": (b"a: b\n---\n" * 10_000, {"many-documents"}),
    "directive": (b"%YAML 9.9\n---\na: b", {"yaml-syntax", "unknown-key"}),
}  # fmt: skip
