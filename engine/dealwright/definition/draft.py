"""What the checks of meaning look at: the nodes of a file beside the model built of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dealwright.definition.finding import Findings
from dealwright.definition.nodes import Map, Scalar, Seq
from dealwright.definition.shapes import Walk
from dealwright.definition.values import maps
from dealwright.hookspecs import Function
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process, RecordType


class Draft(Struct, frozen=True):
    """A process file, or an overlay file seen as a process that has nothing but what the overlay adds.

    `process` has the overlays merged, so that expressions see their names; `known` are
    all overlays by name, or None where nobody said which there are; `records` the types of
    record, `processes` the processes, likewise.
    """

    root: Map
    walk: Walk
    process: Process
    functions: Mapping[str, Function]
    known: Mapping[str, Overlay] | None = None
    team: Team | None = None
    is_overlay: bool = False
    records: Mapping[str, RecordType] | None = None
    processes: Mapping[str, Process] | None = None

    @property
    def findings(self) -> Findings:
        """Where findings go."""
        return self.walk.findings

    def stages(self) -> list[tuple[Scalar, Map]]:
        """Each stage with the node of its id, in order; those without a usable id are left out."""
        found = []
        for node in maps(self.root.get("stages")):
            name = node.get("id")
            if isinstance(name, Scalar):
                found.append((name, node))
        return found

    def approval_lists(self) -> list[Sequence[Map]]:
        """The approvals of each artifact and stage."""
        holders = [node for _, node in self.stages()]
        artifacts = self.root.get("artifacts")
        if isinstance(artifacts, Map):
            holders += [node for node in artifacts.values.values() if isinstance(node, Map)]
        lists = [node.get("approvals") for node in holders]
        return [maps(entry) for entry in lists if isinstance(entry, Seq)]
