"""When a result is of no more use to any rule of the run."""

from __future__ import annotations

from collections.abc import Sequence

from fupin_audit.evaluate.plan import Plan
from fupin_audit.packs.tree import Node


def spent_after(plans: Sequence[Plan]) -> list[list[Node]]:
    """Return for each plan the nodes that no later plan holds.

    Hundreds of rules have thousands of distinct nodes, a megabyte and more each
    on a county. Given back in time, their memory is still in the cache when the
    next node takes it.
    """
    met: set[int] = set()  # by identity: equal trees of a run are one, and need not be hashed
    found: list[list[Node]] = []
    for plan in reversed(plans):
        own: list[Node] = []
        left = [*plan.trees(), *plan.arguments, *plan.offers]
        left += [n for n in (plan.match_when, plan.doubt) if n]
        while left:
            node = left.pop()
            if id(node) not in met:  # nor is anything below one that was met
                met.add(id(node))
                own.append(node)
                left += [arg for arg in node.args if isinstance(arg, Node)]
        found.append(own)
    return found[::-1]
