"""Topic filters in a tree: who wants to hear a topic, without asking everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from store.subscribers import Subscription


@dataclass(slots=True)
class Node:
    """A level of the tree: what may come below, and whose filter ends here."""

    below: dict[str, "Node"] = field(default_factory=dict)
    here: dict[str, Subscription] = field(default_factory=dict)  # client id → its subscription

    def find(self, levels: Sequence[str], place: int) -> Iterator["Node"]:
        """The nodes of filters that hear the rest of a topic, MQTT 5 §4.7."""
        if place == len(levels):
            yield self
        for level in (levels[place], "+") if place < len(levels) else ():
            # [MQTT-4.7.2-1]: what begins with $ is not heard by a wildcard at its beginning.
            hidden = level == "+" and place == 0 and levels[0].startswith("$")
            if (node := self.below.get(level)) and not hidden:
                yield from node.find(levels, place + 1)
        rest = self.below.get("#")
        if rest and not (place == 0 and levels[0].startswith("$")):
            yield rest


class Tree:
    """Subscriptions of many clients."""

    def __init__(self) -> None:
        self._root = Node()
        self._filters: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._filters)

    def put(self, client_id: str, subscriptions: Sequence[Subscription]) -> None:
        """All that a client wants to hear; none: it is taken out."""
        for text in self._filters.pop(client_id, ()):
            self._drop(text.split("/"), client_id)
        for one in subscriptions:
            node = self._root
            for level in one.filter.split("/"):
                node = node.below.setdefault(level, Node())
            node.here[client_id] = one
        if subscriptions:
            self._filters[client_id] = tuple(one.filter for one in subscriptions)

    def _drop(self, levels: Sequence[str], client_id: str) -> None:
        """Takes a filter out, and branches that nothing hangs on any more."""
        way, node = [], self._root
        for level in levels:
            way.append((node, level))
            node = node.below[level]
        del node.here[client_id]
        for above, level in reversed(way):
            if above.below[level].below or above.below[level].here:
                return
            del above.below[level]

    def hears(self, topic: str) -> bool:
        """Whether anybody wants to hear a topic."""
        return any(node.here for node in self._root.find(topic.split("/"), 0))

    def find(self, topic: str) -> dict[str, list[Subscription]]:
        """Who wants to hear a topic, each with the subscriptions that say so."""
        found: dict[str, list[Subscription]] = {}
        for node in self._root.find(topic.split("/"), 0):
            for client_id, one in node.here.items():
                found.setdefault(client_id, []).append(one)
        return found
