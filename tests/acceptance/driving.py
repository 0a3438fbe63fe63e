"""Following the advice of refusals: fill each offered command fittingly and run it as a person it names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from desk import Desk

PLACEHOLDER = re.compile(r"<([a-z0-9_]+):([a-z]+)>")
BY_TYPE = {
    "text": "as agreed", "number": "80", "boolean": "true", "date": "+60d", "month": "2027-03",
    "datetime": "2027-03-05T09:00:00Z", "money": "120000", "person": "PERSON",
}  # fmt: skip


class Driver:
    """Drives one deal. `wishes` are the values a person would fill in where the type alone does not tell."""

    def __init__(self, desk: Desk, process: dict[str, Any], deal: str, wishes: dict[str, str], now: str | None = None):
        self.desk = desk
        self.process = process
        self.deal = deal
        self.wishes = wishes
        self.now = now
        self.met: list[str] = []  # `stage: criterion` of each that was unmet first and met in the end
        self.seen: set[str] = set()
        self.stage = ""

    def why(self) -> dict[str, Any]:
        told = self.desk.ok("deal", "why", self.deal, now=self.now)
        self.stage = told["stage"]
        return told

    def everybody(self) -> list[str]:
        """The whole team."""
        return list(self._people())

    def supply(self, to: str | None) -> None:
        """Meet every criterion of the way to `to`, one after the other, by its own offered commands."""
        for _ in range(60):
            if not self._ways(to):
                return  # it went on by itself
            way = self._way(to)
            waiting = [c for c in way["criteria"] if c["status"] in ("unmet", "unknown") and c["severity"] == "block"]
            now = {c["id"] for c in waiting}
            # An entry criterion belongs to the stage ahead; elsewhere the second name is not asked for.
            self.met += [f"{place}: {name}" for name in self.seen - now for place in (self.stage, to)]
            self.seen = now
            if not waiting:
                return
            self.meet(waiting[0], to)
        raise AssertionError(f"{self.deal} never became ready for {to}: {waiting}")

    def bring(self, deal: dict[str, Any], way: dict[str, Any]) -> dict[str, Any]:
        """Over one stage; a deal that goes on by itself once everything is met needs nobody to move it."""
        self.supply(way["to"])
        now = self.desk.ok("deal", "show", self.deal, now=self.now)["deal"]
        return now if (now["stage"], now["status"]) != (deal["stage"], deal["status"]) else self.go(way)

    def meet(self, criterion: dict[str, Any], to: str | None) -> None:
        assert criterion["fix"]["command"], f"nothing is offered for {criterion['id']}: {criterion}"
        for _ in range(6):
            for argv in criterion["fix"]["command"]:
                assert argv[0] == "dealwright"
                self.run_as_somebody(argv, criterion["fix"]["people"])
            if not self._ways(to):
                return
            after = {(c["source"], c["id"]): c for c in self._way(to)["criteria"]}
            criterion = after.get((criterion["source"], criterion["id"]), criterion | {"status": "met"})
            if criterion["status"] == "met":
                return
        raise AssertionError(f"still {criterion['status']}: {criterion}")

    def run_as_somebody(self, argv: list[str], people: list[str]) -> None:
        """The first named person who may; being refused for a role is no failure as long as another one may."""
        assert people, f"nobody is named for {argv}"
        filled = [self.fill(argv, part) for part in argv[1:]]
        said = []
        for person in people:
            answer = self.desk.run(*filled, "-o", "json", as_=person, now=self.now)
            if answer.code == 0:
                return
            said.append(f"{person}: {answer.out}{answer.err}")
        raise AssertionError(f"{filled}\n" + "\n".join(said))

    def go(self, way: dict[str, Any]) -> dict[str, Any]:
        """Take a way as somebody who may."""
        people = [p for p, roles in self._people().items() if set(roles) & set(way["roles"])]
        argv = ["deal", "advance", self.deal]
        if way["kind"] == "skip":
            argv = ["deal", "move", self.deal, "--to", way["to"], "--reason", "as the process allows"]
        return self.desk.ok(*argv, as_=people[0], now=self.now)["deal"]

    def fill(self, argv: list[str], part: str) -> str:
        def value(match: re.Match[str]) -> str:
            return self.value(argv, match.group(1), match.group(2))

        return PLACEHOLDER.sub(value, part)

    def value(self, argv: list[str], name: str, kind: str) -> str:
        holder = argv[4] if argv[1:3] in (["deal", "item"], ["artifact", "add"]) else ""
        for key in (f"{argv[4] if len(argv) > 4 else ''}.{name}", f"{holder}.{name}", name):
            if key in self.wishes:
                wish = self.wishes[key]
                return wish.pop(0) if isinstance(wish, list) else wish
        if kind in ("stakeholder", "contact"):
            return self.desk.ok("stakeholder", "list", self.deal)["stakeholders"][0]["id"]
        if kind == "file":
            path = Path(self.desk.folder) / f"{name}.eml"
            path.write_text("signed\n", encoding="utf-8")
            return str(path)
        field = self.field(argv, name)
        if kind == "number":
            return str(int(min(80, field["max"]) if field["max"] is not None else 80))
        if kind == "choice":
            return next(iter(field["values"]))
        if kind == "list":
            entry = {
                f["id"]: "sales-rep-1" if f["type"] == "person" else next(iter(f["values"])) if f["values"] else
                BY_TYPE[f["type"]] if f["type"] not in ("number", "boolean") else 3 if f["type"] == "number" else True
                for f in field["of"]
            }  # fmt: skip
            return json.dumps([entry] * 5)
        if kind == "person":
            return next(iter(self._people()))
        return BY_TYPE[kind]

    def field(self, argv: list[str], name: str) -> dict[str, Any]:
        """The declaration that a placeholder's name means, by the command it stands in."""
        declared = self.process["fields"]
        if argv[1:3] == ["artifact", "add"]:
            kind = argv[4].partition("-")[0]
            declared = next(a for a in self.process["artifacts"] if a["id"] == kind)["fields"]
        elif argv[1:3] == ["activity", "log"]:
            declared = next(e for e in self.process["events"] if e["id"] == argv[4])["fields"]
        elif argv[1:4] == ["deal", "item", "add"] or argv[1:4] == ["deal", "item", "set"]:
            declared = next(f for f in self.process["fields"] if f["id"] == argv[5])["of"]
        elif argv[1] == "stakeholder":
            numbers = {"influence": 5, "attitude": 5}
            return {"values": {"EB": {}}, "max": numbers.get(name)}
        elif argv[1] == "record":
            kind = argv[3].rpartition("-")[0]
            declared = self.desk.ok("process", "show", kind)["process"]["fields"]
        return next(f for f in declared if f["id"] == name)

    def _way(self, to: str | None) -> dict[str, Any]:
        ways = self._ways(to)
        assert ways, f"no way from {self.deal} to {to}: {[(w['kind'], w['to']) for w in self.why()['transitions']]}"
        return ways[0]

    def _ways(self, to: str | None) -> list[dict[str, Any]]:
        forward = ("advance", "win", "complete", "skip", "return")
        return [w for w in self.why()["transitions"] if w["kind"] in forward and w["to"] == to]

    def _people(self) -> dict[str, list[str]]:
        team = (self.desk.folder / "team.yaml").read_text(encoding="utf-8")
        return {
            m.group(1): m.group(2).split(", ")
            for m in re.finditer(r"^  ([\w-]+): \{roles: \[([^\]]*)\]", team, re.MULTILINE)
        }
