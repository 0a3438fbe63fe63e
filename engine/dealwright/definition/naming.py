"""Names of records, processes, tasks, fields, dates, happenings: whether there is such a thing, of a fitting type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Scalar
from dealwright.definition.problems import place_in
from dealwright.model.layout import COMMON_ACTIVITIES, Layout
from dealwright.model.process import Field
from dealwright.model.text import Text

_DATES = ("date", "month", "datetime")
_COMPARED = (
    "text", "number", "boolean", "date", "month", "datetime", "money", "choice", "person", "stakeholder", "record",
)  # fmt: skip
_LINKS = ("text", "record")
_ACTS = ("recorded", "approved")  # of an artifact
UPON = ("entered", "won")
SINCE = ("entered", "opened", "won", "closed", "recall")
_WORDS = {
    "record": ("undeclared-record", "type of record", "档案类型", "records"),
    "process": ("undeclared-process", "process", "流程", ""),
    "task": ("undeclared-task", "task", "任务", "tasks"),
    "related": ("undeclared-related", "name of related deals", "关联项目", "related"),
    "bank": ("undeclared-questions", "question bank", "问题库", "questions"),
    "persona": ("undeclared-persona", "persona", "人物画像", "personas"),
    "field": ("undeclared-field", "field", "字段", "fields"),
}


class Names:
    """What there is to be named, made once per file."""

    def __init__(self, draft: Draft) -> None:
        process = draft.process
        layout = Layout(process)
        self.draft = draft
        self.fields: dict[str, Field] = {field.id: field for field in layout.fields}
        self.artifacts = {artifact.id: {field.id: field for field in artifact.fields} for artifact in process.artifacts}
        self.events = (*layout.events, *COMMON_ACTIVITIES)
        self.known: Mapping[str, Collection[str]] = {
            "task": [task.id for task in process.tasks],
            "related": [related.id for related in process.related],
            "bank": process.question_banks,
            "persona": process.personas,
            "field": self.fields,
        }
        self.checks: Mapping[str, Callable[[Scalar], None]] = {
            "record": self._record,
            "process": self._process,
            "kind": self._kind,
            "place": lambda node: self._field_of(node, _COMPARED, "can be compared", "可以比较"),
            "date": lambda node: self._field_of(node, _DATES, "is a date", "是日期"),
            "link": self._link,
            "happening": self._happening,
            "moment": self._moment,
        }

    def check(self, kind: str, node: Scalar) -> None:
        """Take the finding where `node` names nothing of its kind."""
        check = self.checks.get(kind)
        if check is not None:
            check(node)
        elif node.text not in self.known[kind]:
            self._missing(kind, node, sorted(self.known[kind]))

    def _missing(self, kind: str, node: Scalar, known: Collection[str]) -> None:
        code, en, zh, section = _WORDS[kind]
        walk = self.draft.walk
        if node.text in walk.dropped or section in walk.dropped:
            return
        name = shown(node.text)
        walk.wrong(
            code, node, f"There is no {en} `{name}`", f"没有名为 `{name}` 的{zh}", walk.suggest(node.text, list(known))
        )  # fmt: skip

    def _record(self, node: Scalar) -> None:
        records = self.draft.records
        if records is not None and node.text in records:
            return
        if records is not None:
            self._missing("record", node, list(records))
        self.draft.walk.dropped.add(node.text)  # what is read of it cannot be judged, and need not be

    def _process(self, node: Scalar) -> None:
        draft = self.draft
        if draft.processes is None or node.text == draft.process.id:
            return
        found = draft.processes.get(node.text)
        if found is None:
            self._missing("process", node, sorted(draft.processes))
        elif found.record:
            name = shown(node.text)
            draft.walk.wrong(
                "undeclared-process",
                node,
                f"`{name}` is a type of record, no process",
                f"`{name}` 是档案类型，不是流程",
            )

    def _kind(self, node: Scalar) -> None:
        draft = self.draft
        if draft.processes is not None and node.text != draft.process.id and node.text not in draft.processes:
            self._missing("process", node, sorted(draft.processes))

    def _field_of(self, node: Scalar, types: Collection[str], en: str, zh: str) -> None:
        """A field, or ARTIFACT.FIELD, of one of these types."""
        name, dot, part = node.text.partition(".")
        walk = self.draft.walk
        if walk.dropped & {name, part}:
            return
        holder = self.artifacts.get(name) if dot else self.fields
        if holder is None:
            walk.wrong(
                "undeclared-artifact", node, f"There is no artifact `{shown(name)}`",
                f"没有名为 `{shown(name)}` 的阶段资料",
                walk.suggest(name, self.artifacts),
            )  # fmt: skip
            return
        field = holder.get(part if dot else name)
        if field is None:
            self._no_field(node, holder)
        elif field.personal:
            name = shown(node.text)
            walk.wrong(
                "unfit-field", node, f"`{name}` is personal: nothing is compared with it or counted from it",
                f"`{name}` 为个人信息：不能用于比较或计时",
            )  # fmt: skip
        elif field.type not in types:
            wanted = ", ".join(types)
            walk.wrong(
                "unfit-field", node, f"`{shown(node.text)}` is a {field.type}; wanted is a field that {en}",
                f"`{shown(node.text)}` 的类型为 {field.type}；此处的字段须{zh}",
                Text(f"types: {wanted}", f"类型：{wanted}"),
            )  # fmt: skip

    def _no_field(self, node: Scalar, known: Collection[str]) -> None:
        name, _, part = node.text.partition(".")
        wanted = shown(part or name)
        of = (f" of `{shown(name)}`", f"`{shown(name)}` ") if part else ("", "")
        walk = self.draft.walk
        line, column = place_in(node, walk.lines, len(name) + 1 if part else 0)
        walk.findings.add(
            "undeclared-field", line, column, f"There is no field `{wanted}`{of[0]}", f"{of[1]}没有字段 `{wanted}`",
            walk.suggest(part or name, list(known)),
        )  # fmt: skip

    def _link(self, node: Scalar) -> None:
        if node.text not in ("parent", "follow_on"):
            self._field_of(node, _LINKS, "can hold a deal's id", "可以存放项目编号")

    def _happening(self, node: Scalar) -> None:
        if node.text in UPON or node.text in self.events:
            return
        self._else(node, UPON, ("approved",))

    def _moment(self, node: Scalar) -> None:
        if node.text in SINCE or node.text in self.events:
            return
        name, _, part = node.text.partition(".")
        if part in _ACTS or (name not in self.artifacts and name not in self.fields):
            self._else(node, SINCE, _ACTS)
        elif part and name in self.artifacts and part not in self.artifacts[name]:
            self._no_field(node, [*self.artifacts[name], *_ACTS])
        else:
            self._field_of(node, _DATES, "is a date", "是日期")

    def _else(self, node: Scalar, words: Collection[str], acts: Collection[str]) -> None:
        """What is none of the words and no event must be an artifact's `approved` or `recorded`."""
        name, dot, part = node.text.partition(".")
        walk = self.draft.walk
        if (dot and name in self.artifacts and part in acts) or walk.dropped & {name, part}:
            return
        known = [*words, *self.events, *(f"{artifact}.{act}" for artifact in self.artifacts for act in acts)]
        said = shown(node.text)
        walk.wrong(
            "undeclared-event", node, f"`{said}` is nothing that can happen to a deal here",
            f"`{said}` 不是此处项目可能发生的事", walk.suggest(node.text, known),
        )  # fmt: skip
