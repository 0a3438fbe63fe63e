"""The JSON shapes of the contract as data: every key with its type. A key left out or of another type is a failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_HASH = re.compile(r"[0-9a-f]{64}")
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
_GLOBAL = frozenset({"--workspace", "--as", "--now", "--lang", "-o", "--output"})
_PLACEHOLDER = re.compile(r"<[a-z][a-z0-9_]*:[a-z]+>")


def one_of(*words: Any) -> Check:
    return lambda value: value in words


def text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def anything(_: Any) -> bool:
    return True


def instant(value: Any) -> bool:
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None


def date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def digest(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def record(value: Any) -> bool:
    return isinstance(value, dict)


def argv(value: Any) -> bool:
    """A command as a person or script runs it: `dealwright` first, no global options, placeholders `<name:type>`."""
    if not (isinstance(value, list) and value and all(isinstance(word, str) for word in value)):
        return False
    if value[0] != "dealwright" or any(
        w in ("--workspace", "--as", "--now", "--lang", "-o", "--output") for w in value
    ):
        return False
    left = _PLACEHOLDER.sub("", " ".join(value))
    return "<" not in left and ">" not in left


class Shape:
    """An object that has at least these keys, each fitting its check, shape, or `[entry]` for a list."""

    def __init__(self, /, *, exact: bool = False, **keys: Any) -> None:
        self.keys = {name.rstrip("_"): check for name, check in keys.items()}
        self.exact = exact

    def faults(self, value: Any, where: str = "") -> list[str]:
        if not isinstance(value, dict):
            return [f"{where or 'it'} is no object: {value!r}"]
        found = [f"{where}.{name} is left out" for name in self.keys if name not in value]
        if self.exact:
            found += [f"{where}.{name} is not of the shape" for name in value if name not in self.keys]
        for name, check in self.keys.items():
            if name in value:
                found += faults(check, value[name], f"{where}.{name}")
        return found

    def but(self, *left_out: str, **other: Any) -> Shape:
        kept = {name: check for name, check in self.keys.items() if name not in left_out}
        return Shape(exact=self.exact, **{**kept, **other})


class Maybe:
    """The shape or null."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner


class MapOf:
    """An object with any keys, its values of one shape."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner


def faults(check: Any, value: Any, where: str) -> list[str]:
    """What about `value` does not fit, in words."""
    if isinstance(check, Maybe):
        return [] if value is None else faults(check.inner, value, where)
    if isinstance(check, MapOf):
        if not isinstance(value, dict):
            return [f"{where} is no object: {value!r}"]
        return [fault for name, inner in value.items() for fault in faults(check.inner, inner, f"{where}.{name}")]
    if isinstance(check, Shape):
        return check.faults(value, where)
    if isinstance(check, list):
        if not isinstance(value, list):
            return [f"{where} is no list: {value!r}"]
        return [fault for at, entry in enumerate(value) for fault in faults(check[0], entry, f"{where}[{at}]")]
    return [] if check(value) else [f"{where} is not {getattr(check, '__name__', 'as it should')}: {value!r}"]


def fits(shape: Any, value: Any) -> None:
    """Fails with every fault at once."""
    found = faults(shape, value, "")
    assert not found, "\n".join(found)


MONEY = Shape(exact=True, amount=lambda v: isinstance(v, str) and _AMOUNT.fullmatch(v) is not None,
              currency=lambda v: isinstance(v, str) and re.fullmatch("[A-Z]{3}", v) is not None)  # fmt: skip
TITLE = Shape(exact=True, en=text, zh=text)
FILE = Shape(exact=True, name=text, size=count, sha256=digest)
APPROVAL = Shape(role=text, status=one_of("pending", "approved", "rejected", "expired"), by=Maybe(text),
                 at=Maybe(instant), note=Maybe(text))  # fmt: skip
ARTIFACT = Shape(
    id=text, kind=text, version=count, status=one_of("recorded", "pending", "approved", "rejected", "expired"),
    missing=[text], fields=record, file=Maybe(FILE), approvals=[APPROVAL],
)  # fmt: skip
TASK = Shape(
    exact=True, id=text, kind=Maybe(text), title=TITLE, roles=[text], due_at=Maybe(instant), done_at=Maybe(instant),
    how=Maybe(one_of("done", "skipped")), optional=flag,
)  # fmt: skip
DEAL = Shape(
    exact=True, id=text, title=text, process=text, process_version=text, definition_hash=digest,
    status=one_of("open", "won", "lost", "disqualified", "completed"),
    on_hold=Maybe(Shape(exact=True, until=date, reason=Maybe(text))), stage=text,
    phase=one_of("prospect", "qualify", "discover", "propose", "negotiate", "close", "deliver", "retain"),
    owner=Maybe(text), amount=Maybe(MONEY), version=count, opened_at=instant, entered_stage_at=instant,
    due_at=Maybe(instant), won_at=Maybe(instant), closed_at=Maybe(instant), reason=Maybe(text),
    external_id=Maybe(text), parent_deal=Maybe(text), methodologies=[text], fields=record, artifacts=[ARTIFACT],
    subject=Maybe(text), forecast=Maybe(one_of("omitted", "pipeline", "best_case", "commit", "closed")),
    variant=Maybe(text), tasks=[TASK], links=[Shape(exact=True, deal=text, kind=text)], detour_from=Maybe(text),
    buyer_stage=Maybe(text),
)  # fmt: skip
BRIEF = DEAL.but("fields", "artifacts")
EVENT = Shape(
    exact=True, position=count, deal=text, seq=count, type=text, at=instant, recorded_at=instant, actor=text,
    recorded_by=text, role=Maybe(text), definition_hash=digest, data=record, prev_hash=digest, hash=digest,
)  # fmt: skip
DRAFT = EVENT.but(**{name: lambda value: value is None for name in ("position", "recorded_at", "prev_hash", "hash")})
CRITERION = Shape(
    exact=True, id=text,
    source=lambda v: isinstance(v, str) and re.fullmatch(r"process|(overlay|plugin):[\w.-]+", v) is not None,
    evidence=one_of("buyer", "seller", "document", "approval"), severity=one_of("block", "warn"),
    status=one_of("met", "unmet", "unknown", "waived"), text=text, expected=text, found=anything,
    fix=Shape(exact=True, roles=[text], people=[text], command=[argv]),
)  # fmt: skip
WRITE = Shape(v=one_of(1), dry_run=flag, deal=DEAL, events=[EVENT], warnings=[text])
DRY_WRITE = WRITE.but(dry_run=one_of(True), events=[DRAFT])
ACTIVITY = Shape(id=text, name=text, by=one_of("buyer", "seller"), contact=Maybe(text), channel=Maybe(text), at=instant,
                 note=Maybe(text))  # fmt: skip
TRANSITION = Shape(kind=text, to=Maybe(text), branch=Maybe(text), allowed=flag, actor_may=flag, roles=[text],
                   criteria=[CRITERION])  # fmt: skip
WHY = Shape(v=one_of(1), deal=text, stage=text, version=count, transitions=[TRANSITION])
REFUSAL = Shape(cause=one_of("criteria", "role", "transition", "status"), kind=text, to=Maybe(text),
                criteria=[CRITERION])  # fmt: skip
ERROR = Shape(exact=True, kind=one_of("refused", "usage", "not_found", "conflict", "store", "bug"), message=text,
              details=record)  # fmt: skip
FINDING = Shape(
    file=text, line=lambda v: count(v) and v >= 1, column=lambda v: count(v) and v >= 1,
    code=lambda v: isinstance(v, str) and re.fullmatch(r"[a-z0-9-]+", v) is not None,
    severity=one_of("error", "warning"), message=text, hint=Maybe(text),
)  # fmt: skip
VALIDATION = Shape(v=one_of(1), ok=flag, files=count, errors=count, warnings=count, findings=[FINDING], truncated=flag)
LISTED_PROCESS = Shape(
    id=text, version=text, source_hash=digest, definition_hash=digest, title=TITLE, type=text, stages=[text],
    methodologies=[text], source=text,
)  # fmt: skip
PROCESS = Shape(
    id=text, version=text, definition_hash=digest, title=TITLE, roles=anything, fields=anything, artifacts=anything,
    events=[Shape(id=text, by=[text], title=TITLE)], stages=anything, reasons=anything, methodologies=[text],
)  # fmt: skip
VERIFIED = Shape(v=one_of(1), deal=text, ok=flag, events=count, head=Maybe(digest),
                 problems=[Shape(seq=Maybe(count), code=text, message=text)])  # fmt: skip
STORE_VERIFIED = Shape(v=one_of(1), ok=flag, deals=count, events=count, head=digest,
                       problems=[Shape(deal=Maybe(text), seq=Maybe(count), code=text, message=text)])  # fmt: skip
STORE_INFO = Shape(v=one_of(1), path=text, deals=count, events=count, head=digest, bytes=count, schema=count)
AGENDA = Shape(v=one_of(1), items=[Shape(
    kind=one_of("follow_up", "sla", "stall", "approval", "task", "hold"), deal=text, title=text, stage=text,
    person=Maybe(text), due_at=instant, overdue=flag, grade=Maybe(text), form=Maybe(text),
)])  # fmt: skip
FUNNEL = Shape(
    v=one_of(1), process=text, by=one_of("month", "quarter", "total"), timezone=text, undated=count, reconciled=flag,
    rows=[Shape(stage=text, from_=date, to=date, opening=count, entered=count, exited=count, closing=count)],
)  # fmt: skip
PLUGINS = Shape(v=one_of(1), plugins=[Shape(
    name=text, version=Maybe(text), distribution=Maybe(text),
    origin=Maybe(one_of("bundled", "installed", "workspace")), state=one_of("active", "blocked", "missing", "broken"),
    hooks=Maybe([text]), error=Maybe(text), delivery=Maybe(Shape(
        plugin=text, position=count, behind=count, failures=count, error=Maybe(text), since=Maybe(text),
    )),
)])  # fmt: skip
DOCTOR = Shape(v=one_of(1), ok=flag, checks=[Shape(name=text, ok=flag, message=text, fix=Maybe(text))])
IMPORTED = Shape(
    v=one_of(1), dry_run=flag, rows=count, created=count, updated=count, unchanged=count, rejected=count,
    doubtful=count, by_code=MapOf(count), issues=[Shape(
        line=lambda v: count(v) and v >= 1, column=Maybe(text), code=text, severity=one_of("error", "doubt"),
        value=anything, message=text, suggestion=Maybe(text),
    )],
)  # fmt: skip
