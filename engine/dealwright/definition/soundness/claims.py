"""What must hold for a deal to leave a stage, or to enter one, each claim with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dealwright.definition.nodes import Map, Node
from dealwright.definition.soundness.asked import Places, criteria_of
from dealwright.definition.soundness.proofs import Proofs
from dealwright.guards import tree as t
from dealwright.model.process import Criterion, Stage


class Claim(NamedTuple):
    """One condition of a gate. `node` is where it stands; None for an overlay's."""

    name: str
    tree: t.Node
    node: Node | None
    waivable: bool = False


class Claims:
    """The claims of each stage of a file."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs
        self.places = Places(proofs.draft.process)
        self.nodes = {name.text: node for name, node in proofs.draft.stages()}
        self._leaving: dict[str, list[Claim]] = {}
        wide = proofs.draft.root.get("exit_criteria")
        self._wide = {id(one): self._of(one, [wide]) for one in proofs.draft.process.exit_criteria}

    def leaving(self, stage: Stage) -> list[Claim]:
        """What a forward move out of `stage` asks for."""
        if stage.id not in self._leaving:
            sections = [self.nodes[stage.id].get("exit_criteria")]
            self._leaving[stage.id] = self._claims(criteria_of(self.places, stage), sections)
        return self._leaving[stage.id]

    def entering(self, stage: Stage) -> list[Claim]:
        """What a forward move into `stage` asks for; its `if` is none of it, for one that is unknown lets deals in."""
        return self._claims(stage.entry_criteria, [self.nodes[stage.id].get("entry_criteria")])

    def _claims(self, criteria: Iterable[Criterion], sections: Sequence[Node | None]) -> list[Claim]:
        found = []
        for criterion in criteria:
            claims = self._wide.get(id(criterion))
            found += self._of(criterion, sections) if claims is None else claims
        return found

    def _of(self, criterion: Criterion, sections: Sequence[Node | None]) -> list[Claim]:
        tree = self._tree(criterion) if criterion.severity == "block" else None
        if tree is None:
            return []
        place = _place(criterion.id, sections)
        parts = tree.parts if criterion.of and isinstance(tree, t.And) else (tree,)
        return [Claim(criterion.id, part, place, bool(criterion.waivable_by)) for part in parts]

    def _tree(self, criterion: Criterion) -> t.Node | None:
        """What a criterion comes to; None where that cannot be said, as of a list's entries or of two out of three."""
        if criterion.for_each or criterion.use:
            return None
        tree: t.Node | None
        if criterion.of:
            parts = [self._tree(part) for part in criterion.of]
            known = tuple([part for part in parts if part is not None])
            if criterion.at_least in (0, len(parts)):
                tree = t.And("boolean", known) if known else None
            elif criterion.at_least == 1 and len(known) == len(parts):
                tree = t.Or("boolean", known)
            else:
                return None
        else:
            tree = self.proofs.tree(criterion.condition)
        if tree is None or not criterion.applies:
            return tree
        applies = self.proofs.tree(criterion.applies)
        return None if applies is None else t.Or("boolean", (t.Not("boolean", applies), tree))


def _place(name: str, sections: Sequence[Node | None]) -> Node | None:
    """Where a criterion of this name says its condition, in the first section that has it."""
    for section in sections:
        entry = section.values.get(name) if isinstance(section, Map) else None
        if isinstance(entry, Map):
            return entry.get("condition") or entry
    return None
