"""Reach and circles in graphs of whole numbers. Nothing recurses, everything is linear in nodes and edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Edges = Sequence[Sequence[int]]
"""For each node those that it leads to."""


def reach(edges: Edges, starts: Iterable[int]) -> set[int]:
    """All nodes that can be come to from `starts`, those included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for target in edges[waiting.pop()]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def turned(edges: Edges) -> list[list[int]]:
    """The same graph with every edge the other way round."""
    into: list[list[int]] = [[] for _ in edges]
    for source, targets in enumerate(edges):
        for target in targets:
            into[target].append(source)
    return into


def components(edges: Edges, among: Iterable[int]) -> list[list[int]]:
    """The strongly connected components of the nodes `among`, each in order of its numbers.

    Two passes (Kosaraju); edges that leave `among` are not looked at.
    """
    inside = sorted(among)
    member = set(inside)
    into = turned([[t for t in edges[node] if t in member] if node in member else () for node in range(len(edges))])
    grouped: dict[int, int] = {}
    for root in reversed(_finished(edges, inside, member)):
        if root in grouped:
            continue
        grouped[root] = root
        pending = [root]
        while pending:
            for source in into[pending.pop()]:
                if source not in grouped:
                    grouped[source] = root
                    pending.append(source)
    groups: dict[int, list[int]] = {}
    for node in inside:
        groups.setdefault(grouped[node], []).append(node)
    return list(groups.values())


def _finished(edges: Edges, inside: Sequence[int], member: set[int]) -> list[int]:
    """The nodes in the order in which a depth-first walk is done with them."""
    order: list[int] = []
    seen: set[int] = set()
    for start in inside:
        if start in seen:
            continue
        seen.add(start)
        walk = [(start, iter(edges[start]))]
        while walk:
            node, rest = walk[-1]
            onward = next((target for target in rest if target in member and target not in seen), None)
            if onward is None:
                order.append(node)
                walk.pop()
            else:
                seen.add(onward)
                walk.append((onward, iter(edges[onward])))
    return order


def circles(edges: Edges, among: Iterable[int]) -> list[list[int]]:
    """The components in which a walk can go on for ever: more than one node, or a node that leads to itself."""
    return [group for group in components(edges, among) if len(group) > 1 or group[0] in edges[group[0]]]


def traps(edges: Edges, among: Iterable[int]) -> list[list[int]]:
    """The components of `among` that lead to no other of them: once in, never out."""
    member = set(among)
    groups = components(edges, member)
    group_of = {node: at for at, group in enumerate(groups) for node in group}
    leaving = {
        at for at, group in enumerate(groups) for node in group
        for target in edges[node] if target in member and group_of[target] != at
    }  # fmt: skip
    return [group for at, group in enumerate(groups) if at not in leaving]
