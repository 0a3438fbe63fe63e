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
        self.common = proofs.draft.root.get("exit_criteria")

    def leaving(self, stage: Stage) -> list[Claim]:
        """What a forward move out of `stage` asks for."""
        node = self.nodes[stage.id]
        return self._claims(criteria_of(self.places, stage), [node.get("exit_criteria"), self.common])

    def entering(self, stage: Stage) -> list[Claim]:
        """What a forward move into `stage` asks for."""
        node = self.nodes[stage.id]
        found = self._claims(stage.entry_criteria, [node.get("entry_criteria")])
        tree = self.proofs.tree(stage.condition) if stage.condition else None
        return found + ([Claim("if", tree, node.get("if"))] if tree is not None else [])

    def _claims(self, criteria: Iterable[Criterion], sections: Sequence[Node | None]) -> list[Claim]:
        found = []
        for criterion in criteria:
            tree = self._tree(criterion) if criterion.severity == "block" else None
            if tree is not None:
                entry = next(
                    (s.values[criterion.id] for s in sections if isinstance(s, Map) and criterion.id in s.values), None
                )
                node = (entry.get("condition") or entry) if isinstance(entry, Map) else None
                found.append(Claim(criterion.id, tree, node, bool(criterion.waivable_by)))
        return found

    def _tree(self, criterion: Criterion) -> t.Node | None:
        """What a criterion comes to; None where that cannot be said, as of a list's entries or of two out of three."""
        if criterion.for_each:
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
