"""`dealwright demo`: the main job from end to end, in a workspace of its own that is thrown away afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from dealwright import _resources
from dealwright.errors import RefusedError
from dealwright.model.text import Text
from dealwright.workspace.advice import follow
from dealwright.workspace.validating import validate_files
from dealwright.workspace.workspace import Workspace

Say = Callable[[str], None]

_SETTINGS = """\
dealwright: "1"
language: {lang}
plugins: [spin]
methodologies: {{b2b: [spin]}}
allow_as: true
"""
# What a person would fill in where a type alone does not tell.
_WORDS = {
    "source": "referral", "grade": "A", "fit": "yes", "reaction": "interested", "direct_deal_open": "false",
    "influence": "4", "name": "buyer-1",
}  # fmt: skip
_BY_TYPE = {
    "text": "as agreed", "boolean": "true", "date": "+60d", "money": "120000", "month": "2027-03",
    "datetime": "2027-03-05T09:00:00Z",
}  # fmt: skip

_KINDS = {
    "follow_up": Text("follow-up", "跟进"), "sla": Text("time limit", "时限"), "stall": Text("stalls", "停滞"),
    "approval": Text("approval", "审批"), "hold": Text("hold ends", "搁置到期"), "task": Text("task", "任务"),
}  # fmt: skip


def run_demo(say: Say, lang: str) -> dict[str, Any]:
    """Play the story, telling it line by line. Returns `{v, ok, deals, events, head}`."""
    with tempfile.TemporaryDirectory(prefix="dealwright-demo-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "acme"
        Workspace.init(folder, language=lang)
        (folder / "dealwright.yaml").write_text(_SETTINGS.format(lang=lang), encoding="utf-8")
        with Workspace(folder) as ws:
            return _Story(ws, say, lang).tell()


class _Story:
    def __init__(self, ws: Workspace, say: Say, lang: str) -> None:
        self.ws = ws
        self.lang = lang
        self._say = say
        self._fields: dict[str, dict[str, Any]] = {}
        self.scan = ws.folder / "signed.eml"
        self.scan.write_text("signed\n", encoding="utf-8")

    def say(self, en: str, zh: str, depth: int = 0) -> None:
        """One line of the story."""
        self._say("  " * depth + Text(en, zh).say(self.lang))

    def tell(self) -> dict[str, Any]:
        """All chapters, then the figures."""
        self._validate()
        self._b2b()
        self._b2c()
        self._channel()
        self._figures()
        seen = self.ws.store_verify()
        self.say(f"Log verified: {seen['events']} events of {seen['deals']} deals, every chain whole.",
                 f"日志校验通过：{seen['deals']} 个项目，{seen['events']} 个事件，哈希链完整。")  # fmt: skip
        self.say("", "")
        self.say("Go on yourself: dealwright init acme --template b2b && cd acme && dealwright doctor",
                 "接下来请亲自试试：dealwright init acme --template b2b && cd acme && dealwright doctor")  # fmt: skip
        return {"v": 1, "ok": True, "deals": seen["deals"], "events": seen["events"], "head": seen["head"]}

    def _validate(self) -> None:
        paths = sorted(_resources.folder("processes").glob("*.process.yaml"))
        found = validate_files(paths, lang=self.lang)
        names = ", ".join(path.name.partition(".")[0] for path in paths)
        self.say(f"1. Shipped processes validated: {names}; {found['errors']} errors, {found['warnings']} warnings.",
                 f"1. 内置流程校验：{names}；{found['errors']} 个错误，{found['warnings']} 个警告。")  # fmt: skip

    def _b2b(self) -> None:
        self.say("", "")
        self.say(
            "2. A B2B deal, with the SPIN methodology laid over the process.", "2. 一个B2B项目，流程上叠加SPIN方法论。"
        )
        rep = self.ws.acting_as("sales-rep-1")
        deal = rep.deal_open("b2b", "Northwind pumps", texts={"amount": "12万"})["deal"]["id"]
        self._refused(rep, deal)
        self._walk(deal, until="needs")
        self.say("The branch was taken by the facts: the account fits.", "分支由事实决定：客户匹配。", 1)
        self._coached(deal)
        rep.deal_hold(deal, "+14d", "budget round")
        self.say("On hold for two weeks: its clocks stand still.", "搁置两周：时限暂停计时。", 1)
        rep.deal_resume(deal)
        self._walk(deal, until="solution")
        self._coached(deal)
        self._walk(deal, until="delivery")
        shown = self.ws.deal_show(deal)["deal"]
        stage = self._stage(deal, shown["stage"])
        self.say(f"Won, and going on at {stage.en}.", f"已赢单，继续推进至“{stage.zh}”。", 1)
        self._walk(deal, until="aftersales")

    def _refused(self, rep: Workspace, deal: str) -> None:
        try:
            rep.deal_advance(deal)
        except RefusedError as refused:
            self.say(f"Moving on too early is refused: {refused.en}.", f"过早推进被拒：{refused.zh}。", 1)
            for one in refused.details["criteria"]:
                people = ", ".join(one["fix"]["people"])
                self.say(f"- {one['text']} ({people})", f"- {one['text']}（{people}）", 2)
                for argv in one["fix"]["command"][:1]:
                    self._say("      " + " ".join(argv))

    def _coached(self, deal: str) -> None:
        why = self.ws.deal_why(deal)
        for score in why["scores"]:
            source, value = score["source"].partition(":")[2], f"{score['score']:g}"
            first = [reason for reason in score["reasons"] if reason][:2]
            self.say(f"{source} scores {value} of 100: {'; '.join(first)}",
                     f"{source} 评分 {value}/100：{'；'.join(first)}", 1)  # fmt: skip
        for prompt in [prompt for prompt in why["prompts"] if prompt["source"] != "process"][:2]:
            source = prompt["source"].partition(":")[2]
            self.say(f"{source} asks: {prompt['text']}", f"{source} 提示：{prompt['text']}", 1)

    def _b2c(self) -> None:
        self.say("", "")
        self.say("3. Two B2C customers.", "3. 两位B2C客户。")
        marketing = self.ws.acting_as("marketing-1")
        buys = marketing.deal_open("b2c", "Customer 1001", texts={"amount": "399"})["deal"]["id"]
        self._walk(buys, until="deliver", straight_to="purchase")
        self.say("One jumped straight from attraction to the purchase.", "一位从吸引阶段直接越级到购买。", 1)
        leaves = marketing.deal_open("b2c", "Customer 1002", texts={"amount": "99"})["deal"]["id"]
        reasons = [r for r in self.ws.process_show("b2c")["process"]["reasons"] if r["status"] == "lost"]
        marketing.deal_lose(leaves, reasons[0]["id"])
        title = reasons[0]["title"]
        self.say(
            f"The other was lost, for a reason of the list: {title['en']}.",
            f"另一位已丢单，原因取自清单：{title['zh']}。",
            1,
        )

    def _channel(self) -> None:
        self.say("", "")
        self.say("4. A distributor registers a deal.", "4. 一家经销商报备项目。")
        partner = self.ws.acting_as("partner-1")
        terms = {"amount": "80000", "partner_id": "P-7"}
        deal = partner.deal_open("channel", "Contoso Trading", texts=terms)["deal"]["id"]
        self._walk(deal, until="joint_solution")
        self.say("Registered, checked for conflicts, protected.", "已报备、通过冲突核查，并获报备保护。", 1)

    def _walk(self, deal: str, *, until: str, straight_to: str | None = None) -> None:
        """Go forward to a stage by following the engine's advice; tell who approved what."""
        for _ in range(200):
            why = self.ws.deal_why(deal)
            if why["stage"] == until:
                return
            ways = [w for w in why["transitions"] if w["kind"] in ("advance", "win", "complete", "skip")]
            way = next((w for w in ways if straight_to and w["to"] == straight_to), ways[0])
            unmet = [c for c in way["criteria"] if c["severity"] == "block" and c["status"] in ("unmet", "unknown")]
            if unmet:
                self._supply(deal, unmet[0])
                continue
            actor = self.ws.acting_as(self.ws.team.holders(tuple(way["roles"]))[0])
            if way["kind"] == "skip":
                actor.deal_move(deal, way["to"], reason="knows what they want")
            else:
                actor.deal_advance(deal)
            here, there = self._stage(deal, why["stage"]), self._stage(deal, way["to"])
            self.say(f"{here.en} -> {there.en}", f"{here.zh} → {there.zh}", 1)
        raise AssertionError(f"{deal} never reached {until}: {unmet}")

    def _stage(self, deal: str, stage: str | None) -> Text:
        return self.ws.load(deal)[0].stage(stage).title if stage else Text("the end", "结束")

    def _supply(self, deal: str, criterion: dict[str, Any]) -> None:
        for argv in criterion["fix"]["command"]:
            people = criterion["fix"]["people"]
            person = self._run(deal, argv, people)
            if "approve" in argv:
                program = self.ws.load(deal)[0]
                at = program.layout.artifact_at.get(argv[-1])
                title = program.layout.artifacts[at].title if at is not None else Text.plain(argv[-1])
                self.say(f"{person} approved: {title.en}", f"{person} 已审批：{title.zh}", 2)

    def _run(self, deal: str, argv: Sequence[str], people: Sequence[str]) -> str:
        """Run an offered command as the first named person whose roles allow it."""
        refused: RefusedError | None = None
        for person in people:
            try:
                follow(self.ws.acting_as(person), argv, lambda a, n, t: self._fill(deal, a, n, t))
            except RefusedError as error:
                refused = error
            else:
                return person
        raise refused or AssertionError(f"nobody may run {argv}")

    def _fill(self, deal: str, argv: Sequence[str], name: str, kind: str) -> str:
        if kind == "stakeholder":
            return str(self.ws.stakeholder_list(deal)["stakeholders"][0]["id"])
        if name in _WORDS and kind in ("choice", "text", "boolean", "number"):
            return _WORDS[name]
        if kind == "file":
            return str(self.scan)
        if kind == "person":
            return next(iter(self.ws.team.people))
        if kind in ("choice", "number", "list"):
            return self._declared(deal, argv, name, kind)
        return _BY_TYPE[kind]

    def _declared(self, deal: str, argv: Sequence[str], name: str, kind: str) -> str:
        """A value that fits the declaration the placeholder stands for."""
        process = self.ws.load(deal)[0].process
        shown = self._fields.setdefault(
            process.definition_hash, self.ws.process_show("", process.definition_hash)["process"]
        )
        declared = shown["fields"]
        if argv[1] == "artifact":
            declared = next(a for a in shown["artifacts"] if a["id"] == argv[4])["fields"]
        elif argv[1] == "activity":
            declared = next(e for e in shown["events"] if e["id"] == argv[4])["fields"]
        elif argv[2] == "item":
            declared = next(f for f in declared if f["id"] == argv[5])["of"]
        field = next(f for f in declared if f["id"] == name)
        if kind == "choice":
            return str(next(iter(field["values"])))
        if kind == "number":
            return str(int(min(80, field["max"] if field["max"] is not None else 80)))
        return msgspec.json.encode([{f["id"]: self._sample(f) for f in field["of"]}] * 5).decode()

    def _sample(self, field: dict[str, Any]) -> Any:
        """A list entry's value as JSON."""
        match field["type"]:
            case "choice":
                return next(iter(field["values"]))
            case "number":
                return min(3, field["max"] if field["max"] is not None else 3)
            case "boolean":
                return True
            case "person":
                return next(iter(self.ws.team.people))
            case kind:
                return _BY_TYPE.get(kind)

    def _figures(self) -> None:
        self.say("", "")
        self.say("5. What the log adds up to.", "5. 日志汇总。")
        today = self.ws.now().date()
        span = (today - timedelta(days=1)).isoformat(), (today + timedelta(days=2)).isoformat()
        for process in ("b2b", "b2c", "channel"):
            found = self.ws.report_funnel(process, *span, by="total")
            shown = self.ws.process_show(process)["process"]
            titles = {stage["id"]: Text(stage["title"]["en"], stage["title"]["zh"]) for stage in shown["stages"]}
            moved = [
                f"{titles[row['stage']].say(self.lang)} {row['entered']}/{row['exited']}"
                for row in found["rows"]
                if row["entered"] or row["exited"]
            ]
            self.say(f"{shown['title']['en']}, entered/left: {', '.join(moved)}",
                     f"{shown['title']['zh']}（进入/离开）：{'，'.join(moved)}", 1)  # fmt: skip
        items = self.ws.agenda()["items"]
        self.say(f"On the agenda: {len(items)} dates, the first of them:", f"日程共 {len(items)} 项，最近的几项：", 1)
        for item in items[:3]:
            kind = _KINDS[item["kind"]].say(self.lang)
            self._say(f"    {item['due_at'][:10]}  {kind}  {item['title']}  {item['person'] or ''}".rstrip())
